"""A question as rows of a form, and back. Pure: no Django.

What a form cannot say of a body (ids) is made anew; what it may leave empty is left out of the body.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .formats.listing import lines_of
from .formats.lists import Line, read_lines
from .formats.markup import tidy
from .formats.records import NotTaken, Taken, Written, letters
from .formats.weights import decimal_text
from .marking_numbers import readings

MOST_ROWS = 40
SPARE_ROWS = 2
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "single": ("text", "correct", "why", "weight"),
    "several": ("text", "correct", "why", "weight"),
    "order": ("text",),
    "match": ("left", "right"),
    "numeric": ("value", "tolerance", "weight"),
    "short_text": ("text", "weight"),
    "gap": ("id", "gap_kind", "answers"),
    "hotspot": ("text", "shape", "coords", "correct"),
    "essay": ("text", "points"),
    "file": ("text", "points"),
}
"""What each row of a kind's table holds."""
LISTS = {
    **dict.fromkeys(("single", "several"), "options"),
    "order": "items",
    "match": "pairs",
    **dict.fromkeys(("numeric", "short_text"), "answers"),
    "gap": "gaps",
    "hotspot": "areas",
    **dict.fromkeys(("essay", "file"), "rubric"),
}
SWITCHES: Mapping[str, tuple[str, ...]] = {
    "short_text": ("fold_case", "fold_marks", "wildcards"),
    "numeric": ("unit_required",),
    "hotspot": ("several",),
}
_ON_BY_ITSELF = frozenset(["fold_case"])
GAP_KINDS = ("short_text", "numeric", "single")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: (column, what stands in it)."""

    number: int
    cells: tuple[tuple[str, Any], ...]


def rows_of(kind: str, body: Mapping[str, Any]) -> list[Row]:
    """The rows of the kind's table, with a few empty ones; one table has at least four."""
    if kind not in COLUMNS:
        return []
    lines = [_cells(kind, line) for line in body.get(LISTS[kind], [])]
    if kind == "match":
        lines += [{"left": "", "right": one["text"]} for one in body.get("extra", [])]
    wanted = min(MOST_ROWS, max(4, len(lines) + SPARE_ROWS))
    lines += [{}] * (wanted - len(lines))
    return [
        Row(n, tuple((column, line.get(column, "")) for column in COLUMNS[kind]))
        for n, line in enumerate(lines)
    ]


def _cells(kind: str, line: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "gap":
        return {"id": line["id"], "gap_kind": line["kind"], "answers": _gap_answers(line)}
    if kind == "hotspot":
        return {**line, "coords": ", ".join(map(str, line["coords"]))}
    if kind == "numeric":
        return {name: str(value).replace(".", ",") for name, value in line.items()}
    return dict(line)


def _gap_answers(gap: Mapping[str, Any]) -> str:
    if gap["kind"] == "numeric":
        shown = [
            key["value"] + (f" ± {key['tolerance']}" if key.get("tolerance", "0") != "0" else "")
            for key in gap["answers"]
        ]
        return " | ".join(shown).replace(".", ",")
    if gap["kind"] == "single":
        options = sorted(gap["options"], key=lambda option: not option.get("correct"))
        return " | ".join(option["text"] for option in options)
    return " | ".join(form["text"] for form in gap["answers"])


def units_text(body: Mapping[str, Any]) -> str:
    """`mg = 1`, a line a unit."""
    return "\n".join(f"{one['unit']} = {one.get('factor', '1')}" for one in body.get("units") or [])


def parts_text(body: Mapping[str, Any]) -> str:
    """The questions of a case as they stand in a Word list."""
    written: list[str] = []
    for number, part in enumerate(body.get("parts", []), start=1):
        try:
            lines = lines_of(
                Taken(part["kind"], {**part, "explanation": part.get("explanation", "")}), Written()
            )
        except NotTaken:
            continue
        written.append("\n".join([f"Câu {number}: {lines[0]}", *lines[1:]]))
    return "\n\n".join(written)


def body_of(kind: str, posted: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The body that a posted form gives; `bodies.wrong_with` judges it. Keeps the picture of `before`."""
    body: dict[str, Any] = {"stem": _said(posted, "stem")}
    rows = _posted_rows(kind, posted)
    match kind:
        case "single" | "several":
            body["options"] = _options(rows)
        case "true_false":
            body["answer"] = {"true": True, "false": False}.get(str(posted.get("answer", "")))
            body |= {name: said for name in ("why_true", "why_false") if (said := _said(posted, name))}
        case "order":
            body["items"] = [{"id": one, "text": row["text"]} for one, row in _lettered(rows)]
        case "match":
            body |= _pairs(rows)
        case "numeric":
            body["answers"] = [_number_key(row) for row in rows]
            body |= _units(_said(posted, "units"))
        case "short_text":
            body["answers"] = [{"text": row["text"], **_weight(row)} for row in rows]
        case "gap":
            body["text"] = _said(posted, "text")
            body["gaps"] = [_gap(row) for row in rows]
        case "hotspot":
            body["areas"] = [_area(one, row) for one, row in _lettered(rows)]
            body["image"] = {**(before.get("image") or {}), "alt": _said(posted, "alt")}
        case "essay" | "file":
            body |= _marked_by_persons(kind, rows, posted)
        case "case":
            body["parts"] = _parts(_said(posted, "parts"))
    credit = str(posted.get("credit", ""))
    if credit in ("all_or_nothing", "weights", "neighbours"):
        body["credit"] = credit
    body |= _switches(kind, posted)
    return {**body, "explanation": _said(posted, "explanation")}


def _said(posted: Mapping[str, Any], name: str) -> str:
    return tidy(str(posted.get(name, "") or ""))[:20_000]


def _posted_rows(kind: str, posted: Mapping[str, Any]) -> list[dict[str, str]]:
    """Rows in which anything but a choice is written."""
    rows = []
    for n in range(MOST_ROWS):
        row = {column: _said(posted, f"{column}-{n}") for column in COLUMNS.get(kind, ())}
        if any(value for column, value in row.items() if column not in ("correct", "shape", "gap_kind")):
            rows.append(row)
    return rows


def _lettered(rows: Sequence[dict[str, str]]) -> list[tuple[str, dict[str, str]]]:
    return list(zip(letters(len(rows)), rows, strict=True))


def _options(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    return [
        {"id": one, "text": row["text"], "correct": bool(row["correct"]), "why": row["why"], **_weight(row)}
        for one, row in _lettered(rows)
    ]


def _weight(row: dict[str, str]) -> dict[str, str]:
    return {"weight": _decimal(row["weight"].rstrip("% "))} if row.get("weight") else {}


def _pairs(rows: list[dict[str, str]]) -> dict[str, Any]:
    lettered = _lettered(rows)
    return {
        "pairs": [
            {"id": one, "left": row["left"], "right": row["right"]} for one, row in lettered if row["left"]
        ],
        "extra": [{"id": f"x{one}", "text": row["right"]} for one, row in lettered if not row["left"]],
    }


def _decimal(text: str) -> str:
    """A typed number as a plain decimal; what is none stays as it is, and is found wrong."""
    found = readings(text)
    if not found:
        return text
    value = min(found, key=abs)
    return decimal_text(Decimal(value.numerator) / Decimal(value.denominator))


def _number_key(row: dict[str, str]) -> dict[str, str]:
    return {"value": _decimal(row["value"]), "tolerance": _decimal(row["tolerance"] or "0"), **_weight(row)}


def _units(text: str) -> dict[str, Any]:
    units = []
    for line in text.split("\n"):
        unit, _equals, factor = line.partition("=")
        if unit.strip():
            units.append({"unit": unit.strip(), "factor": _decimal(factor.strip() or "1")})
    return {"units": units} if units else {}


def _gap(row: dict[str, str]) -> dict[str, Any]:
    answers = [one.strip() for one in row["answers"].split("|") if one.strip()]
    gap: dict[str, Any] = {"id": row["id"], "kind": row["gap_kind"]}
    if row["gap_kind"] == "numeric":
        keys = []
        for one in answers:
            value, _mark, tolerance = one.partition("±")
            keys.append({"value": _decimal(value.strip()), "tolerance": _decimal(tolerance.strip() or "0")})
        return {**gap, "answers": keys}
    if row["gap_kind"] == "single":
        lettered = zip(letters(len(answers)), answers, strict=True)
        options = [
            {"id": one, "text": text, "correct": n == 0, "why": ""} for n, (one, text) in enumerate(lettered)
        ]
        return {**gap, "options": options}
    return {**gap, "answers": [{"text": one} for one in answers]}


def _area(identity: str, row: dict[str, str]) -> dict[str, Any]:
    coords = [int(one) for one in re.findall(r"\d{1,5}", row["coords"])]
    return {
        "id": identity,
        "text": row["text"],
        "shape": row["shape"] or "rect",
        "coords": coords,
        "correct": bool(row["correct"]),
        "why": "",
    }


def _marked_by_persons(kind: str, rows: list[dict[str, str]], posted: Mapping[str, Any]) -> dict[str, Any]:
    rubric = [
        {"id": one, "text": row["text"], "points": _decimal(row["points"])} for one, row in _lettered(rows)
    ]
    body: dict[str, Any] = {"rubric": rubric, "markers": 2 if posted.get("markers") == "2" else 1}
    words = str(posted.get("words", ""))
    if kind == "essay" and words.isascii() and words.isdecimal() and 0 < int(words) < 100_000:
        body["words"] = int(words)
    if kind == "file":
        body["types"] = re.findall(r"\.[a-z0-9]{1,8}", _said(posted, "types").lower())
    return body


def _parts(text: str) -> list[dict[str, Any]]:
    """Raises NotTaken with what is wrong with the first part that cannot be read."""
    reading = read_lines(Line(line, n) for n, line in enumerate(text.split("\n"), start=1) if line.strip())
    if reading.left:
        raise NotTaken(reading.left[0].why, reading.left[0].detail)
    return [{"kind": part.kind, **part.body} for part in reading.taken]


def _switches(kind: str, posted: Mapping[str, Any]) -> dict[str, bool]:
    """Those that differ from what holds by itself."""
    switched = {name: bool(posted.get(name)) for name in SWITCHES.get(kind, ())}
    return {name: on for name, on in switched.items() if on != (name in _ON_BY_ITSELF)}
