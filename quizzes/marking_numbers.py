"""Numbers as people here type them, against a key with tolerance and units. Exact; no Django.

`3,5` and `3.5` are the same; `1.234,5` and `1,234.5` too. What can be read in two ways (`1.500`) is right if
either reading is (docs/decisions/0070).
"""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

_LONGEST = 64
_LARGEST_POWER = 300
"""Beyond it an exact fraction would eat the machine: `1e999999999` is a number too."""
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<body>\d[\d.,]*|[.,]\d+)(?:(?:\s*[x*]\s*10\s*\^?\s*|e)(?P<power>[+-]?\d{1,4}))?",
    re.IGNORECASE,
)
_GAPS_IN_DIGITS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")


def numeric_points(body: Mapping[str, Any], answer: Any) -> Fraction:
    """The best weight among the keys that the typed number meets; units turn it into the key's own."""
    best = Fraction(0)
    if not isinstance(answer, str):
        return best
    number, unit = split_unit(answer)
    factor = _factor(body, unit)
    if factor is None:
        return best
    for reading in readings(number):
        for key in body["answers"]:
            if abs(reading * factor - exact(key["value"])) <= exact(key.get("tolerance", "0")):
                best = max(best, share(key.get("weight")))
    return best


def split_unit(typed: str) -> tuple[str, str]:
    """The number and what stands behind it."""
    text = " ".join(
        unicodedata.normalize("NFKC", typed[:_LONGEST]).replace("−", "-").replace("×", "x").split()
    )
    text = _GAPS_IN_DIGITS.sub("", text)
    found = _NUMBER.match(text)
    return (found[0].strip(), text[found.end() :].strip()) if found else ("", text)


def readings(text: str) -> frozenset[Fraction]:
    """Every number that the text can mean: none, one, or two where a separator is ambiguous."""
    found = _NUMBER.fullmatch(text.strip()[:_LONGEST])
    if found is None:
        return frozenset()
    power = int(found["power"] or 0)
    if abs(power) > _LARGEST_POWER:
        return frozenset()
    scale = Fraction(10) ** power * (-1 if found["sign"] == "-" else 1)
    return frozenset(Fraction(Decimal(plain)) * scale for plain in _plain_forms(found["body"]))


def exact(value: Any) -> Fraction:
    """A stored decimal as a fraction; what is no number counts as nought."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return Fraction(0)
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST_POWER:
        return Fraction(0)
    return Fraction(number)


def share(percent: Any) -> Fraction:
    """A weight in per cent as a share: none is the whole; `33.33333` means a third, as Moodle writes it."""
    if percent is None:
        return Fraction(1)
    weight = exact(percent) / 100
    simple = weight.limit_denominator(60)
    return simple if abs(simple - weight) < Fraction(1, 1_000_000) else weight


def _plain_forms(digits: str) -> list[str]:
    dots, commas = digits.count("."), digits.count(",")
    if dots and commas:
        decimal = max(".,", key=digits.rfind)
        thousands = "," if decimal == "." else "."
        if digits.count(decimal) > 1 or not _is_grouped(digits.split(decimal)[0], thousands):
            return []
        return [digits.replace(thousands, "").replace(decimal, ".")]
    mark = "." if dots else ","
    if dots + commas > 1:
        return [digits.replace(mark, "")] if _is_grouped(digits, mark) else []
    as_decimal = digits.replace(mark, ".")
    if mark in digits and _is_grouped(digits, mark):
        return [as_decimal, digits.replace(mark, "")]
    return [as_decimal]


def _is_grouped(digits: str, mark: str) -> bool:
    first, *rest = digits.split(mark)
    return (
        bool(first) and len(first) <= 3 and not first.startswith("0") and all(len(part) == 3 for part in rest)
    )


def _factor(body: Mapping[str, Any], unit: str) -> Fraction | None:
    """What a number in this unit is multiplied by; None if the unit is not one of the question's."""
    units = body.get("units") or []
    if not unit:
        return None if units and body.get("unit_required") else Fraction(1)
    same = [one for one in units if _spelt(one["unit"]) == unit]
    same = same or [one for one in units if _spelt(one["unit"]).casefold() == unit.casefold()]
    return exact(same[0].get("factor", "1")) if len(same) == 1 else None


def _spelt(unit: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", unit).split())
