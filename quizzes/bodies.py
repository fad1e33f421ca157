"""What the body of each kind of question holds, and what is wrong with one. Pure: no Django.

Every body has `stem` and may have `explanation`. Ids are short and unique in their list. A `weight` is a
share in per cent as a decimal text (`"33.33333"`); where it is missing the whole is meant. `credit` says how
what is half right counts (`quizzes/marking.py`).

========== ==============================================================================================
single     options [{id, text, correct, why, weight?}]
several    the same, and credit: right_minus_wrong (or none), all_or_nothing, weights
true_false answer: bool, why_true?, why_false?
order      items [{id, text}] in the right order, credit: places (or none), neighbours, all_or_nothing
match      pairs [{id, left, right}], extra [{id, text}], credit: pairs (or none), all_or_nothing
numeric    answers [{value, tolerance?, weight?, why?}], units? [{unit, factor}], unit_required?
short_text answers [{text, weight?, why?}], fold_case? (true), fold_marks? (false), wildcards? (false)
gap        text with `[[id]]` where a gap stands, gaps [{id, kind: short_text | numeric | single, …}]
hotspot    image {id, alt, width, height}, areas [{id, text, shape: rect | circle | poly, coords, correct,
           why}] in pixels of the image, several?
essay      rubric [{id, text, points}], markers: 1 | 2, words?
file       rubric, markers, types [".docx", …]
case       parts [body with its kind], none of them a case
========== ==============================================================================================
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

GAP = re.compile(r"\[\[([a-z0-9]+)\]\]")


class Wrong(StrEnum):
    """Why a body cannot be asked; `quizzes/wordings.py` has the sentences."""

    UNKNOWN_KIND = "unknown_kind"
    NO_STEM = "no_stem"
    TOO_LONG = "too_long"
    TOO_FEW_OPTIONS = "too_few_options"
    TOO_MANY_OPTIONS = "too_many_options"
    EMPTY_OPTION = "empty_option"
    SAME_OPTION_TWICE = "same_option_twice"
    NO_KEY = "no_key"
    NOT_TRUE_OR_FALSE = "not_true_or_false"
    NO_ANSWER = "no_answer"
    NOT_A_NUMBER = "not_a_number"
    NEGATIVE_TOLERANCE = "negative_tolerance"
    BAD_WEIGHT = "bad_weight"
    NO_FULL_ANSWER = "no_full_answer"
    BAD_UNIT = "bad_unit"
    NO_GAP = "no_gap"
    GAPS_DIFFER = "gaps_differ"
    NO_IMAGE = "no_image"
    NO_ALT = "no_alt"
    BAD_AREA = "bad_area"
    BAD_MARKERS = "bad_markers"
    BAD_RUBRIC = "bad_rubric"
    NO_PARTS = "no_parts"
    CASE_IN_CASE = "case_in_case"


LONGEST = 10_000
MOST_OPTIONS = 26
MOST_GAPS = 40

Body = Mapping[str, Any]


def wrong_with(kind: str, body: Body) -> list[Wrong]:
    """Everything that is wrong, each once, in the order in which it is met; nothing for a sound body."""
    return list(dict.fromkeys(_wrong(kind, body)))


def _wrong(kind: str, body: Body, *, stem: bool = True) -> Iterator[Wrong]:
    check = _CHECKS.get(kind)
    if check is None:
        yield Wrong.UNKNOWN_KIND
        return
    if stem and not str(body.get("stem", "")).strip():
        yield Wrong.NO_STEM
    if any(len(text) > LONGEST for text in texts_of(body)):
        yield Wrong.TOO_LONG
    yield from check(body)


def texts_of(value: Any) -> Iterator[str]:
    """Every text of a body, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_of(one)


def _lines(lines: Sequence[Body], field: str, *, least: int = 2, most: int = MOST_OPTIONS) -> Iterator[Wrong]:
    texts = [str(line.get(field, "")).strip() for line in lines]
    if len(texts) < least:
        yield Wrong.TOO_FEW_OPTIONS
    if len(texts) > most:
        yield Wrong.TOO_MANY_OPTIONS
    if not all(texts):
        yield Wrong.EMPTY_OPTION
    if len(set(texts)) < len(texts):
        yield Wrong.SAME_OPTION_TWICE


def _single(body: Body) -> Iterator[Wrong]:
    options = body.get("options", [])
    yield from _lines(options, "text")
    keys = [option for option in options if option.get("correct")]
    if not keys:
        yield Wrong.NO_KEY
    yield from _weights(options)


def _several(body: Body) -> Iterator[Wrong]:
    yield from _single(body)
    weights = [_number(option["weight"]) for option in body.get("options", []) if "weight" in option]
    if body.get("credit") == "weights" and sum((w for w in weights if w and w > 0), Decimal(0)) < Decimal(
        "99.9"
    ):
        yield Wrong.NO_FULL_ANSWER


def _weights(lines: Sequence[Body]) -> Iterator[Wrong]:
    for line in lines:
        if "weight" in line:
            weight = _number(line["weight"])
            if weight is None or not -100 <= weight <= 100:
                yield Wrong.BAD_WEIGHT


def _true_false(body: Body) -> Iterator[Wrong]:
    if not isinstance(body.get("answer"), bool):
        yield Wrong.NOT_TRUE_OR_FALSE


def _order(body: Body) -> Iterator[Wrong]:
    yield from _lines(body.get("items", []), "text")


def _match(body: Body) -> Iterator[Wrong]:
    pairs, extra = body.get("pairs", []), body.get("extra", [])
    yield from _lines(pairs, "left", least=1)
    rights = [str(pair.get("right", "")).strip() for pair in pairs]
    rights += [str(one.get("text", "")).strip() for one in extra]
    if len(set(rights)) < 2:
        yield Wrong.TOO_FEW_OPTIONS
    if not all(rights):
        yield Wrong.EMPTY_OPTION


def _numeric(body: Body) -> Iterator[Wrong]:
    answers = body.get("answers", [])
    if not answers:
        yield Wrong.NO_ANSWER
    for key in answers:
        tolerance = _number(key.get("tolerance", "0"))
        if _number(key.get("value")) is None or tolerance is None:
            yield Wrong.NOT_A_NUMBER
        elif tolerance < 0:
            yield Wrong.NEGATIVE_TOLERANCE
    yield from _weights(answers)
    yield from _full(answers)
    for unit in body.get("units", []):
        factor = _number(unit.get("factor", "1"))
        if not str(unit.get("unit", "")).strip() or factor is None or factor <= 0:
            yield Wrong.BAD_UNIT


def _short_text(body: Body) -> Iterator[Wrong]:
    answers = body.get("answers", [])
    if not any(str(form.get("text", "")).strip() for form in answers):
        yield Wrong.NO_ANSWER
    elif not all(str(form.get("text", "")).strip() for form in answers):
        yield Wrong.EMPTY_OPTION
    yield from _weights(answers)
    yield from _full(answers)


def _full(answers: Sequence[Body]) -> Iterator[Wrong]:
    if answers and not any((_number(key.get("weight", "100")) or 0) == 100 for key in answers):
        yield Wrong.NO_FULL_ANSWER


def _gap(body: Body) -> Iterator[Wrong]:
    gaps = body.get("gaps", [])
    named = GAP.findall(str(body.get("text", "")))
    if not gaps or not named:
        yield Wrong.NO_GAP
    elif sorted(named) != sorted(str(gap.get("id")) for gap in gaps) or len(gaps) > MOST_GAPS:
        yield Wrong.GAPS_DIFFER
    for gap in gaps:
        if gap.get("kind") not in ("short_text", "numeric", "single"):
            yield Wrong.UNKNOWN_KIND
        else:
            yield from _wrong(str(gap["kind"]), gap, stem=False)


def _hotspot(body: Body) -> Iterator[Wrong]:
    image, areas = body.get("image") or {}, body.get("areas", [])
    if not image.get("id"):
        yield Wrong.NO_IMAGE
    if not str(image.get("alt", "")).strip():
        yield Wrong.NO_ALT
    yield from _lines(areas, "text")
    if not any(area.get("correct") for area in areas):
        yield Wrong.NO_KEY
    if not all(_is_area(area) for area in areas):
        yield Wrong.BAD_AREA


def _is_area(area: Body) -> bool:
    coords = area.get("coords", [])
    if not all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n <= 20_000 for n in coords):
        return False
    match area.get("shape"):
        case "rect":
            return len(coords) == 4 and coords[0] < coords[2] and coords[1] < coords[3]
        case "circle":
            return len(coords) == 3 and coords[2] > 0
        case "poly":
            return len(coords) >= 6 and len(coords) % 2 == 0
    return False


def _essay(body: Body) -> Iterator[Wrong]:
    if body.get("markers", 1) not in (1, 2):
        yield Wrong.BAD_MARKERS
    for line in body.get("rubric", []):
        most = _number(line.get("points"))
        if not str(line.get("text", "")).strip() or most is None or most <= 0:
            yield Wrong.BAD_RUBRIC


def _case(body: Body) -> Iterator[Wrong]:
    parts = body.get("parts", [])
    if not parts:
        yield Wrong.NO_PARTS
    for part in parts:
        if part.get("kind") == "case":
            yield Wrong.CASE_IN_CASE
        else:
            yield from _wrong(str(part.get("kind")), part)


def _number(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= 300 else None


_CHECKS = {
    "single": _single,
    "several": _several,
    "true_false": _true_false,
    "order": _order,
    "match": _match,
    "numeric": _numeric,
    "short_text": _short_text,
    "gap": _gap,
    "hotspot": _hotspot,
    "essay": _essay,
    "file": _essay,
    "case": _case,
}
