"""Marking: an answer against a key. Pure thought, exact fractions, no Django.

A body is a question's JSON (`quizzes/bodies.py` says what each kind's holds); an answer is what was stored.
Every kind gives from 0 to 1 point:

========== ============================ ================================================================
kind       answer                       points
========== ============================ ================================================================
single     id                           1 or 0, or the option's weight
several    [id, …]                      (right − wrong) / keys, never below 0; or all or nothing; or the
                                        sum of the weights
true_false bool                         1 or 0
order      [id, …]                      share of items in place; or of neighbours; or all or nothing
match      {left id: right id}          share of pairs matched; or all or nothing
numeric    text                         weight of the best key met (`quizzes/marking_numbers.py`)
short_text text                         weight of the best form met (`quizzes/marking_text.py`)
gap        {gap id: answer}             mean of the gaps, each marked by its own kind
hotspot    [id, …]                      as `single` or `several`
essay      text                         nothing by machine: persons mark it with the rubric
file       {id, name}                   the same
case       [answer of each part, …]     mean of the parts
========== ============================ ================================================================

An answer that is missing, or of another form, earns nothing and raises nothing.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from .marking_numbers import numeric_points, share
from .marking_text import text_points

NOTHING = Fraction(0)
ALL = Fraction(1)


def points(kind: str, body: Mapping[str, Any], answer: Any) -> Fraction:
    """Points of one answer, from 0 to 1."""
    if answer is None:
        return NOTHING
    match kind:
        case "single":
            return _single(body["options"], answer)
        case "several":
            return _several(body["options"], body.get("credit", ""), answer)
        case "true_false":
            return ALL if answer is body["answer"] else NOTHING
        case "order":
            return _order([item["id"] for item in body["items"]], body.get("credit", ""), answer)
        case "match":
            return _match(body, answer)
        case "numeric":
            return numeric_points(body, answer)
        case "short_text":
            return text_points(body, answer)
        case "gap":
            return _gaps(body["gaps"], answer)
        case "hotspot":
            return _hotspot(body, answer)
        case "essay" | "file":
            return NOTHING
        case "case":
            return _case(body["parts"], answer)
    raise ValueError(f"no question is of kind {kind!r}")


def percent(marks: Sequence[Fraction]) -> Decimal:
    """Share of all points in per cent, two decimals, rounded down; 0 for a quiz without questions."""
    if not marks:
        return Decimal(0)
    exact = 100 * sum(marks, NOTHING) / len(marks)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"), ROUND_FLOOR)


def passed(marks: Sequence[Fraction], pass_mark: int) -> bool:
    """Whether the exact share reaches the pass mark (in per cent)."""
    return bool(marks) and 100 * sum(marks, NOTHING) >= pass_mark * len(marks)


def needs_a_person(kind: str, body: Mapping[str, Any]) -> bool:
    """Whether somebody has to read the answer before it has a mark."""
    if kind == "case":
        return any(needs_a_person(part["kind"], part) for part in body["parts"])
    return kind in ("essay", "file")


def waits_for_a_person(kind: str, body: Mapping[str, Any], answer: Any) -> bool:
    """Whether something was answered that somebody has to read."""
    if kind == "case" and isinstance(answer, list):
        parts = zip(body["parts"], answer, strict=False)
        return any(one is not None and needs_a_person(part["kind"], part) for part, one in parts)
    return answer is not None and needs_a_person(kind, body)


def points_by_hand(kind: str, body: Mapping[str, Any], answer: Any, given: Fraction) -> Fraction:
    """What persons gave; in a case for its parts that they mark, beside what the machine gives the others."""
    if kind != "case":
        return given
    parts = body["parts"]
    read = sum(needs_a_person(part["kind"], part) for part in parts)
    return points(kind, body, answer) + given * read / len(parts)


Options = Sequence[Mapping[str, Any]]


def _single(options: Options, answer: Any) -> Fraction:
    chosen = next((option for option in options if option["id"] == answer), None)
    return max(NOTHING, _worth(chosen)) if chosen is not None else NOTHING


def _worth(option: Mapping[str, Any]) -> Fraction:
    if "weight" in option:
        return share(option["weight"])
    return ALL if option.get("correct") else NOTHING


def _several(options: Options, credit: str, answer: Any) -> Fraction:
    keys = {option["id"] for option in options if option.get("correct")}
    if not isinstance(answer, list) or not keys:
        return NOTHING
    chosen = {one for one in answer if isinstance(one, str)}
    if credit == "all_or_nothing":
        return ALL if chosen == keys else NOTHING
    if credit == "weights":
        worth = sum((_worth(option) for option in options if option["id"] in chosen), NOTHING)
        return min(ALL, max(NOTHING, worth))
    return max(NOTHING, Fraction(len(chosen & keys) - len(chosen - keys), len(keys)))


def _order(right: list[str], credit: str, answer: Any) -> Fraction:
    if not isinstance(answer, list) or not right:
        return NOTHING
    if credit == "neighbours" and len(right) > 1:
        pairs, wanted = list(pairwise(answer)), list(pairwise(right))
        return Fraction(sum(1 for pair in wanted if pair in pairs), len(wanted))
    in_place = sum(1 for a, b in zip(right, answer, strict=False) if a == b)
    return _part(in_place, len(right), credit)


def _match(body: Mapping[str, Any], answer: Any) -> Fraction:
    """Two lines may have the same right side: what counts is what it says, not which of the two was meant."""
    if not isinstance(answer, Mapping) or not body["pairs"]:
        return NOTHING
    rights = {pair["id"]: pair.get("right", pair["id"]) for pair in body["pairs"]}
    met = 0
    for line, right in rights.items():
        chosen = answer.get(line)
        met += isinstance(chosen, str) and chosen in rights and rights[chosen] == right
    return _part(met, len(rights), body.get("credit", ""))


def _part(right: int, of: int, credit: str) -> Fraction:
    if credit == "all_or_nothing":
        return ALL if right == of else NOTHING
    return Fraction(right, of)


def _gaps(gaps: Sequence[Mapping[str, Any]], answer: Any) -> Fraction:
    if not isinstance(answer, Mapping) or not gaps:
        return NOTHING
    earned = [points(gap["kind"], gap, answer.get(gap["id"])) for gap in gaps]
    return sum(earned, NOTHING) / len(gaps)


def _hotspot(body: Mapping[str, Any], answer: Any) -> Fraction:
    chosen = answer if isinstance(answer, list) else [answer]
    if body.get("several"):
        return _several(body["areas"], body.get("credit", ""), chosen)
    return _single(body["areas"], chosen[0]) if len(chosen) == 1 else NOTHING


def _case(parts: Sequence[Mapping[str, Any]], answer: Any) -> Fraction:
    if not isinstance(answer, list) or not parts:
        return NOTHING
    answers = [*answer, *[None] * len(parts)][: len(parts)]
    earned = [points(part["kind"], part, one) for part, one in zip(parts, answers, strict=True)]
    return sum(earned, NOTHING) / len(parts)
