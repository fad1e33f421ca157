"""What an answer is worth once people have ruled about the key or the mark. Pure: no Django, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from . import marking

OUT = "out"
"""Stands among the points for a question that does not count."""

TICKED = frozenset({"single", "several"})
"""Kinds whose key is a set of ticked options."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """How the answers to one version of a question count: new_key (by `body`), full_marks or left_out."""

    kind: str
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Worth:
    """What an attempt is worth. `points` are texts by position."""

    points: tuple[str, ...]
    percent: Decimal
    passed: bool


def earned(
    kind: str,
    body: Mapping[str, Any],
    answer: Any,
    *,
    ruling: Ruling | None = None,
    changed: Fraction | None = None,
    by_hand: Fraction | None = None,
) -> Fraction | None:
    """Points of one answer; None where it does not count.

    What two persons changed for this one answer comes first, then a ruling, then what its markers gave
    (`by_hand`), then the key.
    """
    if changed is not None:
        return changed
    if ruling is None:
        if by_hand is None:
            return marking.points(kind, body, answer)
        return marking.points_by_hand(kind, body, answer, by_hand)
    match ruling.kind:
        case "left_out":
            return None
        case "full_marks":
            return marking.ALL
    assert ruling.body is not None
    return marking.points(kind, ruling.body, answer)


def worth(marks: Sequence[Fraction | None], pass_mark: int) -> Worth:
    """The mark over what counts. Of a quiz of which nothing is left to count, everything was right."""
    counting = [one for one in marks if one is not None] or ([marking.ALL] if marks else [])
    return Worth(
        tuple(OUT if one is None else str(one) for one in marks),
        marking.percent(counting),
        marking.passed(counting, pass_mark),
    )


def keys_of(kind: str, body: Mapping[str, Any]) -> frozenset[str]:
    """The ids of the options that count as right: «true» and «false» for that kind."""
    if kind == "true_false":
        return frozenset({"true" if body["answer"] else "false"})
    return frozenset(option["id"] for option in body["options"] if option.get("correct"))


def with_keys(kind: str, body: Mapping[str, Any], keys: frozenset[str]) -> dict[str, Any] | None:
    """The question with these options as its key; None where that is no key, or the one that it has."""
    if kind == "true_false":
        if len(keys) != 1 or not keys <= {"true", "false"} or keys == keys_of(kind, body):
            return None
        return {**body, "answer": keys == {"true"}}
    known = {option["id"] for option in body["options"]}
    if not keys or not keys <= known or keys == keys_of(kind, body):
        return None
    plain = [{name: o[name] for name in o if name != "weight"} for o in body["options"]]
    unweighted = {name: value for name, value in body.items() if (name, value) != ("credit", "weights")}
    return {**unweighted, "options": [{**o, "correct": o["id"] in keys} for o in plain]}
