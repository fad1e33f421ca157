"""Tables of questions, CSV or XLSX: a line a question, a column an option; and back.

What the columns cannot say (weights, units, gaps, cases) stands in the column `body` as JSON.
"""

import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import IO, Any

from lms.kernel.csv_records import csv_records
from lms.kernel.faults import Faults, FileRefused
from lms.kernel.folding import fold
from lms.kernel.writers import csv_lines, write_xlsx
from lms.kernel.xlsx_records import xlsx_records

from ..bodies import wrong_with
from ..marking_numbers import readings
from .markup import tidy
from .records import Broken, Note, NotTaken, Reading, Taken, Unreadable, Why, Written, letters, shortened
from .weights import decimal_text
from .writing import each

_OPTIONS = "abcdefghij"
_VIETNAMESE = {
    "code": "mã", "name": "tên", "kind": "loại", "objective": "mục tiêu", "difficulty": "mức độ",
    "tags": "nhãn", "source": "nguồn", "law": "căn cứ", "stem": "câu hỏi", "answer": "đáp án",
    "explanation": "giải thích", "body": "nội dung",
}  # fmt: skip
COLUMNS = [
    *("code", "name", "kind", "objective", "difficulty", "tags", "source", "law", "stem"),
    *_OPTIONS, "answer", "explanation", *(f"why_{one}" for one in _OPTIONS), "body",
]  # fmt: skip
_HEADERS: dict[str, str] = {fold(name).replace("_", " "): name for name in COLUMNS}
_HEADERS |= {fold(called): name for name, called in _VIETNAMESE.items()}
_HEADERS |= {f"phuong an {one}": one for one in _OPTIONS}
_HEADERS |= {f"vi sao {one}": f"why_{one}" for one in _OPTIONS}
_KINDS = {
    "mot dap an": "single", "nhieu dap an": "several", "dung sai": "true_false", "sap xep": "order",
    "ghep cap": "match", "dien so": "numeric", "tra loi ngan": "short_text", "dien cho trong": "gap",
    "tu luan": "essay", "nop tep": "file", "tinh huong": "case",
}  # fmt: skip
_MOST_ROWS = 200_000
_LONGEST_CELL = 100_000
_TOLERANCE = re.compile(r"(.+?)(?:±|\+/-|\+-)(.+)", re.DOTALL)


def read(file: IO[bytes]) -> Reading:
    """Every row is taken or left; a file that is no table, or has an unknown column, is refused whole."""
    reading = Reading()
    faults = Faults()
    start = file.read(4)
    file.seek(0)
    try:
        if start.startswith(b"PK"):
            records: Iterable[tuple[int, list[str]]] = xlsx_records(file, faults, _MOST_ROWS)
        else:
            records = csv_records(file, faults, lambda row: sum(_column(cell) in COLUMNS for cell in row))
        _rows(iter(records), reading, faults)
    except FileRefused as refusal:
        raise Unreadable(Broken.NOT_A_TABLE, str(refusal)) from refusal
    for fault in faults.listed:
        reading.left.append(Note("", Why.BROKEN, fault.message, str(fault.line or "")))
    return reading


def _rows(records: Any, reading: Reading, faults: Faults) -> None:
    _line, header = next(((n, row) for n, row in records if any(cell.strip() for cell in row)), (0, []))
    names = [_column(cell) for cell in header]
    while names and not names[-1]:
        names.pop()
    unknown = [cell for cell, name in zip(header, names, strict=False) if name not in COLUMNS]
    if unknown or "stem" not in names or len(set(names)) < len(names):
        raise Unreadable(Broken.NOT_A_TABLE, ", ".join(unknown) or ("stem" if "stem" not in names else ""))
    for line, row in records:
        cells = {name: tidy(cell) for name, cell in zip(names, row, strict=False) if cell.strip()}
        if not cells:
            continue
        name = cells.get("name") or shortened(cells.get("stem", "") or cells.get("code", ""))
        try:
            if any(len(cell) > _LONGEST_CELL for cell in row):
                raise NotTaken(Why.BROKEN)
            reading.take(_question(cells, str(line)))
        except NotTaken as refusal:
            reading.left.append(Note(name, refusal.why, refusal.detail, str(line)))


def _column(header: str) -> str:
    return _HEADERS.get(fold(header).replace("_", " "), "")


def _question(cells: dict[str, str], where: str) -> Taken:
    stated = fold(cells.get("kind", "")).replace("/", " ").replace(",", "")
    kind = _KINDS.get(stated, stated.replace(" ", "_"))
    body = _from_json(cells["body"]) if cells.get("body") else _from_columns(kind or _guessed(cells), cells)
    kind = kind or _guessed(cells)
    if not isinstance(body, dict):
        raise NotTaken(Why.BROKEN)
    body = {**body, "stem": cells.get("stem", ""), "explanation": cells.get("explanation", "")}
    try:
        wrong_with(kind, body)
    except (TypeError, AttributeError, KeyError) as error:
        raise NotTaken(Why.BROKEN) from error
    return Taken(
        kind,
        body,
        name=cells.get("name", ""),
        code=cells.get("code", ""),
        tags=tuple(dict.fromkeys(tag for one in cells.get("tags", "").split(";") if (tag := one.strip()))),
        objective=_small(cells.get("objective", "")),
        difficulty=_small(cells.get("difficulty", "")),
        source=cells.get("source", ""),
        law=cells.get("law", ""),
        where=where,
    )


def _guessed(cells: dict[str, str]) -> str:
    if fold(cells.get("answer", "")) in ("dung", "sai", "true", "false") and not cells.get("c"):
        return "true_false"
    if "a" not in cells:
        return "short_text" if "answer" in cells else "essay"
    return "several" if len(_places(cells)) > 1 else "single"


def _small(cell: str) -> int:
    return int(cell) if cell.isascii() and cell.isdecimal() and 0 < int(cell) < 1000 else 1


def _from_json(cell: str) -> Any:
    try:
        return json.loads(cell)
    except ValueError as error:
        raise NotTaken(Why.BROKEN) from error


def _from_columns(kind: str, cells: dict[str, str]) -> dict[str, Any]:
    filled = [one for one in _OPTIONS if one in cells]
    ids = letters(len(filled))
    match kind:
        case "single" | "several":
            places = _places(cells)
            if not places or not set(places) <= set(filled):
                raise NotTaken(Why.KEY_NOT_AN_OPTION if places else Why.NO_KEY_LINE, cells.get("answer", ""))
            return {
                "options": [
                    {
                        "id": key,
                        "text": cells[one],
                        "correct": one in places,
                        "why": cells.get(f"why_{one}", ""),
                    }
                    for key, one in zip(ids, filled, strict=True)
                ]
            }
        case "true_false":
            said = fold(cells.get("answer", ""))
            if said not in ("dung", "sai", "true", "false"):
                raise NotTaken(Why.NO_KEY_LINE)
            whys = {
                f"why_{name}": cells[f"why_{one}"]
                for one, name in (("a", "true"), ("b", "false"))
                if f"why_{one}" in cells
            }
            return {"answer": said in ("dung", "true"), **whys}
        case "order":
            return {"items": [{"id": key, "text": cells[one]} for key, one in zip(ids, filled, strict=True)]}
        case "match":
            return _pairs([cells[one] for one in filled])
        case "numeric":
            return {"answers": [_number(one) for one in cells.get("answer", "").split("|")]}
        case "short_text":
            forms = [form.strip() for form in cells.get("answer", "").split("|")]
            return {"answers": [{"text": form} for form in forms if form]}
        case "essay":
            return {"rubric": [], "markers": 1}
    raise NotTaken(Why.UNSUPPORTED_KIND, kind)


def _places(cells: dict[str, str]) -> list[str]:
    answer = cells.get("answer", "").strip()
    if re.fullmatch(r"[A-Ja-j](?:\s*[;,\s]\s*[A-Ja-j])*", answer):
        return [one.lower() for one in re.findall(r"[A-Ja-j]", answer)]
    return [one for one in _OPTIONS if cells.get(one) and fold(cells[one]) == fold(answer)]


def _pairs(texts: list[str]) -> dict[str, Any]:
    pairs, extra = [], []
    for key, text in zip(letters(len(texts)), texts, strict=True):
        left, arrow, right = text.partition("=>")
        if not arrow:
            raise NotTaken(Why.NO_KEY_LINE)
        if left.strip():
            pairs.append({"id": key, "left": left.strip(), "right": right.strip()})
        else:
            extra.append({"id": f"x{key}", "text": right.strip()})
    return {"pairs": pairs, "extra": extra}


def _number(cell: str) -> dict[str, str]:
    found = _TOLERANCE.fullmatch(cell.strip())
    value, tolerance = (found[1], found[2]) if found else (cell, "0")
    return {"value": _exact(value), "tolerance": _exact(tolerance)}


def _exact(text: str) -> str:
    found = readings(text)
    if not found:
        raise NotTaken(Why.BROKEN, text.strip())
    value = min(found, key=abs)
    return decimal_text(Decimal(value.numerator) / Decimal(value.denominator))


# Writing ----------------------------------------------------------------------------------------


def write_csv(questions: list[Taken]) -> Written:
    return _written(questions, lambda rows: "".join(csv_lines(COLUMNS, rows)).encode())


def write_xlsx_sheet(questions: list[Taken]) -> Written:
    def content(rows: list[list[str]]) -> bytes:
        buffer = io.BytesIO()
        write_xlsx(buffer, COLUMNS, rows, sheet="Câu hỏi")
        return buffer.getvalue()

    return _written(questions, content)


def _written(questions: list[Taken], content: Callable[[list[list[str]]], bytes]) -> Written:
    written = Written()
    rows = list(each(questions, _row, written))
    written.content = content(rows)
    return written


def _row(question: Taken) -> list[str]:
    if question.kind == "hotspot":
        raise NotTaken(Why.CANNOT_CARRY_KIND, question.kind)
    cells = {
        "code": question.code,
        "name": question.name,
        "kind": question.kind,
        "objective": str(question.objective),
        "difficulty": str(question.difficulty),
        "tags": "; ".join(question.tags),
        "source": tidy(question.source),
        "law": tidy(question.law),
        "stem": tidy(question.body["stem"]),
        "explanation": tidy(question.body.get("explanation", "")),
    }
    columns = _columns(question.kind, question.body)
    if not _say_all(question, {**cells, **columns}):
        rest = {name: value for name, value in question.body.items() if name not in ("stem", "explanation")}
        columns = {"body": json.dumps(rest, ensure_ascii=False)}
        if len(columns["body"]) > 32_000:
            raise NotTaken(Why.CANNOT_CARRY_TEXT)
    return [{**cells, **columns}.get(name, "") for name in COLUMNS]


def _columns(kind: str, body: dict[str, Any]) -> dict[str, str]:
    lines: Sequence[dict[str, Any]] = body.get("options") or body.get("items") or []
    cells = {one: tidy(line["text"]) for one, line in zip(_OPTIONS, lines, strict=False)}
    match kind:
        case "single" | "several":
            cells |= {
                f"why_{one}": tidy(line.get("why", "")) for one, line in zip(_OPTIONS, lines, strict=False)
            }
            keys = [one.upper() for one, line in zip(_OPTIONS, lines, strict=False) if line.get("correct")]
            cells["answer"] = "; ".join(keys)
        case "true_false":
            cells = {"why_a": tidy(body.get("why_true", "")), "why_b": tidy(body.get("why_false", ""))}
            cells["answer"] = "đúng" if body["answer"] else "sai"
        case "match":
            sides = [f"{tidy(pair['left'])} => {tidy(pair['right'])}" for pair in body["pairs"]]
            sides += [f"=> {tidy(one['text'])}" for one in body.get("extra", [])]
            cells = dict(zip(_OPTIONS, sides, strict=False))
        case "numeric":
            answers = [
                f"{key['value']} ± {key.get('tolerance', '0')}".replace(".", ",") for key in body["answers"]
            ]
            cells = {"answer": " | ".join(answers)}
        case "short_text":
            cells = {"answer": " | ".join(tidy(form["text"]) for form in body["answers"])}
    return cells


def _say_all(question: Taken, cells: dict[str, str]) -> bool:
    """Whether the columns alone give the same body back."""
    try:
        again = _question({name: cell for name, cell in cells.items() if cell}, "").body
    except NotTaken:
        return False
    return again == {name: _tidied(value) for name, value in question.body.items()}


def _tidied(value: Any) -> Any:
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, list):
        return [_tidied(one) for one in value]
    if isinstance(value, dict):
        return {name: _tidied(one) for name, one in value.items()}
    return value
