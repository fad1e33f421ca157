"""Questions as trainers list them in Word: «Câu 1: … A. … B. … Đáp án: B». Lines → questions.

The key may stand under each question, as a mark on the option (`*`, or bold, underlined, coloured where only
one is), or in a table at the end. Further lines that are understood: Giải thích, Giải thích A, Căn cứ, Nguồn,
Mức độ, Mục tiêu, Nhãn, Mã, Loại.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lms.kernel.folding import fold

from ..marking_numbers import readings, split_unit
from .markup import tidy
from .records import Note, NotTaken, Reading, Taken, Why, letters, shortened
from .weights import decimal_text

_CAU = re.compile(
    r"(?:câu|question)(?:\s+hỏi)?\s*(\d{1,5})\s*(?:\([^)]{1,40}\)\s*)?[.:)\-–]?\s*(.*)",
    re.IGNORECASE | re.DOTALL,
)
_NUMBERED = re.compile(r"(\d{1,4})\s*[.):]\s+(.*)", re.DOTALL)
_OPTION = re.compile(r"(\*?)\s*([A-Za-z])\s*[.):]\s*(.*)", re.DOTALL)
_NEXT_OPTION = re.compile(r"(?:\t\s*|\s{2,})(?=\*?\s*[A-Z]\s*[.):]\s*\S)")
_FIELD = re.compile(r"([^\W\d_][^:]{0,30}?)\s*:\s*(.*)", re.DOTALL)
_KEY_HEADING = re.compile(r"(?:bang )?dap an(?: dung)?|answers?|keys?")
_KEY_CELL = re.compile(
    r"(?:c[aâ]u\s*)?(\d{1,5})\s*[.:)\-–\s]\s*([A-Z](?:\s*[,;+]\s*[A-Z])*)(?![^\W\d_])", re.IGNORECASE
)
_LETTERS = re.compile(r"[A-Za-z](?:\s*(?:[,;+&/]|và|and|\s)\s*[A-Za-z])*\.?")
_KEY_WITH_TEXT = re.compile(r"([A-Z])\s*[.):]\s+\S.*", re.DOTALL)
_FIELDS = {
    "key": ("dap an", "dap an dung", "da", "d/a", "answer", "key", "tra loi", "phuong an dung"),
    "explanation": ("giai thich", "loi giai", "huong dan giai", "huong dan", "explanation"),
    "law": ("can cu", "can cu phap ly", "co so phap ly", "dieu luat"),
    "source": ("nguon", "tai lieu", "source"),
    "difficulty": ("muc do", "do kho", "level"),
    "objective": ("muc tieu", "objective"),
    "tags": ("nhan", "the", "chu de", "tags"),
    "code": ("ma", "ma cau", "ma cau hoi", "code"),
    "name": ("ten", "ten cau hoi", "name"),
    "kind": ("loai", "loai cau hoi", "dang", "kind"),
}
_NAMES = {name: field for field, names in _FIELDS.items() for name in names}
_KINDS = {
    "single": ("mot dap an", "chon mot", "trac nghiem", "single"),
    "several": ("nhieu dap an", "chon nhieu", "several"),
    "true_false": ("dung sai", "dung/sai", "dung hay sai", "true/false"),
    "order": ("sap xep", "sap xep thu tu", "xep thu tu", "order"),
    "match": ("ghep", "ghep cap", "noi", "noi cot", "match"),
    "short_text": ("tra loi ngan", "dien tu", "short"),
    "numeric": ("dien so", "so", "number"),
    "essay": ("tu luan", "essay"),
}
_KIND_NAMES = {name: kind for kind, names in _KINDS.items() for name in names}
_LEVELS = {
    "nhan biet": 1, "thong hieu": 2, "van dung": 3, "van dung cao": 4,
    "de": 1, "trung binh": 2, "vua": 2, "kho": 3, "rat kho": 4,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph. `marked`: its letters stand out. `picture`: it holds what no text can carry."""

    text: str
    number: int
    marked: bool = False
    picture: bool = False
    formula: bool = False


@dataclass(slots=True)
class _Draft:
    number: str
    line: int
    stem: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    starred: list[int] = field(default_factory=list)
    marked: list[int] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    whys: dict[int, str] = field(default_factory=dict)
    source: list[str] = field(default_factory=list)
    problem: Why | None = None
    last: str = "stem"


def read_lines(lines: Iterable[Line], keys: dict[str, str] | None = None) -> Reading:
    """All questions of a list. `keys`: a table of keys by question number, found elsewhere in the file."""
    reading = Reading()
    keys = dict(keys or {})
    gathered = list(lines)
    named = any(_CAU.fullmatch(line.text) for line in gathered)
    drafts: list[_Draft] = []
    in_key_table = False
    for line in gathered:
        start = (_CAU if named else _NUMBERED).fullmatch(line.text)
        if _KEY_HEADING.fullmatch(fold(line.text).rstrip(" :.")):
            in_key_table = True
            continue
        if in_key_table and (found := _KEY_CELL.findall(line.text)):
            keys |= dict(found)
            continue
        if start:
            in_key_table = False
            drafts.append(_Draft(start[1], line.number))
            _add(drafts[-1], line, start[2].strip())
        elif drafts:
            _add(drafts[-1], line, line.text)
        elif line.text.strip():
            reading.left.append(
                Note(shortened(line.text), Why.TEXT_BEFORE_FIRST, where=str(line.number), text=line.text)
            )
    for draft in drafts:
        _finish(reading, draft, keys)
    return reading


def _add(draft: _Draft, line: Line, text: str) -> None:
    draft.source.append(line.text)
    if line.picture:
        draft.problem = Why.HAS_PICTURE
    if line.formula:
        draft.problem = Why.HAS_FORMULA
    for piece in _apart(text, len(draft.options)):
        _add_piece(draft, piece, line.marked)


def _apart(text: str, known: int) -> Iterator[str]:
    """Options that stand in one line, if their letters follow one another."""
    pieces = _NEXT_OPTION.split(text)
    wanted = known
    merged = [pieces[0]]
    if (first := _OPTION.fullmatch(pieces[0].strip())) and _place(first[2]) == wanted:
        wanted += 1
    for piece in pieces[1:]:
        found = _OPTION.fullmatch(piece.strip())
        if found and _place(found[2]) == wanted:
            merged.append(piece)
            wanted += 1
        else:
            merged[-1] += "  " + piece
    yield from (piece.strip() for piece in merged)


def _add_piece(draft: _Draft, text: str, marked: bool) -> None:
    option = _OPTION.fullmatch(text)
    if option and _place(option[2]) == len(draft.options) and "key" not in draft.fields:
        draft.options.append(option[3].strip())
        draft.last = "option"
        if option[1]:
            draft.starred.append(len(draft.options) - 1)
        if marked:
            draft.marked.append(len(draft.options) - 1)
        return
    found = _FIELD.fullmatch(text)
    name = fold(found[1]) if found else ""
    if found and name in _NAMES:
        draft.last = _NAMES[name]
        draft.fields[draft.last] = found[2].strip()
    elif found and (letter := re.fullmatch(r"(?:giai thich|vi sao) ([a-z])", name)):
        draft.last = f"why {_place(letter[1])}"
        draft.whys[_place(letter[1])] = found[2].strip()
    elif text:
        _continue(draft, text)


def _continue(draft: _Draft, text: str) -> None:
    if draft.last == "stem":
        draft.stem.append(text)
    elif draft.last == "option":
        draft.options[-1] += "\n" + text
    elif draft.last.startswith("why "):
        draft.whys[int(draft.last[4:])] += "\n" + text
    else:
        draft.fields[draft.last] = (draft.fields[draft.last] + "\n" + text).strip()


def _place(letter: str) -> int:
    return ord(letter.lower()) - ord("a")


def _finish(reading: Reading, draft: _Draft, keys: dict[str, str]) -> None:
    stem = tidy("\n".join(draft.stem))
    name = shortened(stem or f"{draft.number}.")
    try:
        if draft.problem:
            raise NotTaken(draft.problem)
        question = _question(draft, stem, keys)
    except NotTaken as refusal:
        reading.left.append(Note(name, refusal.why, refusal.detail, str(draft.line), "\n".join(draft.source)))
        return
    before = len(reading.left)
    reading.take(question)
    if len(reading.left) > before:
        fault = reading.left.pop()
        reading.left.append(Note(name, fault.why, fault.detail, str(draft.line), "\n".join(draft.source)))


def _question(draft: _Draft, stem: str, keys: dict[str, str]) -> Taken:
    fields = draft.fields
    kind, body = _body(draft, keys.get(draft.number, ""))
    level = fold(fields.get("difficulty", ""))
    number = re.fullmatch(r"\D*(\d{1,3})\b.*", fields.get("objective", ""), re.DOTALL)
    difficulty = int(level) if level.isdecimal() and 0 < int(level) < 100 else _LEVELS.get(level, 1)
    return Taken(
        kind,
        {"stem": stem, **body, "explanation": tidy(fields.get("explanation", ""))},
        name=_one_line(fields.get("name", "")),
        code=_one_line(fields.get("code", "")),
        tags=tuple(dict.fromkeys(tag for tag in map(_one_line, fields.get("tags", "").split(";")) if tag)),
        objective=max(1, int(number[1])) if number else 1,
        difficulty=difficulty,
        source=tidy(fields.get("source", "")),
        law=tidy(fields.get("law", "")),
        where=str(draft.line),
    )


def _one_line(text: str) -> str:
    return tidy(text).replace("\n", " ")


def _body(draft: _Draft, from_table: str) -> tuple[str, dict[str, Any]]:
    stated = fold(draft.fields.get("kind", ""))
    kind = _KIND_NAMES.get(stated, "")
    if stated and not kind:
        raise NotTaken(Why.UNSUPPORTED_KIND, draft.fields["kind"])
    key = draft.fields.get("key", "") or from_table
    if kind == "essay":
        return "essay", {"rubric": [], "markers": 1}
    if kind == "match":
        return "match", _matching(draft)
    if not draft.options:
        return _without_options(draft, kind, key)
    places = _places(draft, key)
    if kind == "order":
        return "order", _ordering(draft, places)
    options = [
        {"id": one, "text": tidy(text), "correct": n in places, "why": tidy(draft.whys.get(n, ""))}
        for n, (one, text) in enumerate(zip(letters(len(draft.options)), draft.options, strict=True))
    ]
    return kind or ("several" if len(places) > 1 else "single"), {"options": options}


def _without_options(draft: _Draft, kind: str, key: str) -> tuple[str, dict[str, Any]]:
    said = fold(key).rstrip(" .")
    if said in ("dung", "sai", "true", "false") and kind in ("", "true_false"):
        whys = {
            f"why_{name}": tidy(draft.whys[n]) for n, name in enumerate(("true", "false")) if n in draft.whys
        }
        return "true_false", {"answer": said in ("dung", "true"), **whys}
    if not key:
        raise NotTaken(Why.NO_OPTIONS if not kind else Why.NO_KEY_LINE)
    if re.fullmatch(r"[A-Ha-h]", key.strip()):
        raise NotTaken(Why.NO_OPTIONS)
    number, unit = split_unit(key)
    if kind in ("", "numeric") and not unit and readings(number):
        value, *_second = sorted(readings(number))
        if value.denominator == 1 or kind == "numeric" or "," in key or "." in key:
            return "numeric", {"answers": [{"value": _decimal(key), "tolerance": "0"}]}
    forms = [form for form in map(_one_line, key.split("|")) if form]
    return "short_text", {"answers": [{"text": form} for form in forms]}


def _decimal(key: str) -> str:
    """The plain decimal of a typed number, read as Vietnamese: `1.500` is one thousand five hundred."""
    found = readings(split_unit(key)[0])
    value = max(found, key=abs) if "." in key else min(found, key=abs)
    return decimal_text(Decimal(value.numerator) / Decimal(value.denominator))


def _places(draft: _Draft, key: str) -> list[int]:
    """The options that the key names, in its order."""
    if not key:
        marked = draft.starred or (draft.marked if len(draft.marked) < len(draft.options) else [])
        if not marked:
            raise NotTaken(Why.NO_KEY_LINE)
        return marked
    if _LETTERS.fullmatch(key.strip()):
        places = [_place(one) for one in re.findall(r"(?<![^\W\d_])[A-Za-z](?![^\W\d_])", key)]
    elif with_text := _KEY_WITH_TEXT.fullmatch(key.strip()):
        places = [_place(with_text[1])]
    elif re.fullmatch(r"[A-Z]{2,8}", key.strip()):
        places = [_place(one) for one in key.strip()]
    else:
        same = [n for n, text in enumerate(draft.options) if fold(text) == fold(key)]
        if len(same) != 1:
            raise NotTaken(Why.KEY_NOT_AN_OPTION, shortened(key))
        places = same
    if any(place >= len(draft.options) for place in places):
        raise NotTaken(Why.KEY_NOT_AN_OPTION, shortened(key))
    return list(dict.fromkeys(places))


def _ordering(draft: _Draft, places: list[int]) -> dict[str, Any]:
    if sorted(places) != list(range(len(draft.options))):
        raise NotTaken(Why.KEY_NOT_AN_OPTION, draft.fields.get("key", ""))
    ids = letters(len(places))
    return {
        "items": [{"id": one, "text": tidy(draft.options[n])} for one, n in zip(ids, places, strict=True)]
    }


def _matching(draft: _Draft) -> dict[str, Any]:
    pairs, extra = [], []
    for one, text in zip(letters(len(draft.options)), draft.options, strict=True):
        left, arrow, right = text.partition("=>")
        if not arrow:
            raise NotTaken(Why.NO_KEY_LINE)
        if left.strip():
            pairs.append({"id": one, "left": tidy(left), "right": tidy(right)})
        else:
            extra.append({"id": f"x{one}", "text": tidy(right)})
    return {"pairs": pairs, "extra": extra}
