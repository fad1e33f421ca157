"""A rubric and what markers give by it. Pure: no Django, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

WHOLE = "whole"
"""The one line of a question that has no rubric: the answer as a whole, out of ten."""
_TEN = Decimal(10)


@dataclass(frozen=True, slots=True)
class RubricLine:
    """What is looked for, and the most points that it earns. `text` is empty for the answer as a whole."""

    id: str
    text: str
    most: Decimal


def rubric_of(body: Mapping[str, Any]) -> list[RubricLine]:
    """The lines by which persons mark a question; of a case those of each part that they mark, numbered."""
    if "parts" in body:
        return [
            RubricLine(f"{number}-{line.id}", f"({number}) {line.text}".strip(), line.most)
            for number, part in enumerate(body["parts"], start=1)
            if part["kind"] == "essay"
            for line in rubric_of(part)
        ]
    lines = [
        RubricLine(str(line["id"]), str(line["text"]), Decimal(str(line["points"])))
        for line in body.get("rubric") or []
    ]
    return lines or [RubricLine(WHOLE, "", _TEN)]


def points_typed(text: str, most: Decimal) -> Decimal | None:
    """«1,5» as a number: from nought to what the line earns at most, two decimals; None for others."""
    plain = text.strip().replace(",", ".")
    if not plain or set(plain) - set("0123456789.") or not plain.isascii():
        return None
    try:
        points = Decimal(plain)
    except InvalidOperation:
        return None
    two = points == points.quantize(Decimal("0.01")) if points <= most else False
    return points if two else None


def share_of(rubric: Sequence[RubricLine], given: Mapping[str, str]) -> Fraction:
    """What the lines earned together, from 0 to 1."""
    earned = sum((Fraction(Decimal(given[line.id])) for line in rubric), Fraction(0))
    return earned / sum((Fraction(line.most) for line in rubric), Fraction(0))


def markers_of(body: Mapping[str, Any]) -> int:
    """How many persons mark it; of a case the most that a part asks for."""
    return max(int(one.get("markers", 1)) for one in (body, *body.get("parts", ())))
