"""Weights of options in per cent, as GIFT and Moodle write them, and the rule that they stand for."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

from ..marking_numbers import share

Option = dict[str, Any]


def percent_text(weight: Fraction) -> str:
    """A share as Moodle writes it: `50`, `33.33333`."""
    value = Decimal(weight.numerator * 100) / Decimal(weight.denominator)
    return decimal_text(value.quantize(Decimal("0.00001"), ROUND_HALF_EVEN))


def decimal_text(value: Decimal) -> str:
    """Without exponent and without noughts at the end."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def ruled(options: Sequence[tuple[Option, Decimal]]) -> dict[str, Any]:
    """Options of a question with several answers, with the rule that their weights follow."""
    shares = [share(str(weight)) for _option, weight in options]
    keys = [one for one in shares if one > 0]
    each = Fraction(1, len(keys)) if keys else Fraction(0)
    usual = all(one == each or one == -each for one in shares)
    built = []
    for (option, weight), worth in zip(options, shares, strict=True):
        rule = {} if usual else {"weight": decimal_text(weight)}
        built.append({**option, "correct": worth > 0, **rule})
    return {"options": built} if usual else {"options": built, "credit": "weights"}


def weights_of(body: dict[str, Any]) -> list[str]:
    """The weights in per cent that say the same as the body's rule."""
    options = body["options"]
    if body.get("credit") == "weights":
        return [
            decimal_text(Decimal(str(option.get("weight", 100 if option.get("correct") else 0))))
            for option in options
        ]
    each = Fraction(1, sum(1 for option in options if option.get("correct")))
    return [percent_text(each if option.get("correct") else -each) for option in options]
