"""What a cell of a table can be: parsers from a cleaned, non-empty text to a value, or ValueFault."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from lms.kernel.faults import ValueFault
from lms.kernel.folding import fold

Parser = Callable[[str], Any]
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_LOCAL_DAY = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")


def text(*, longest: int = 200) -> Parser:
    def parse(cell: str) -> str:
        if len(cell) > longest:
            raise ValueFault(
                _("longer than %(limit)d characters (%(length)d)") % {"limit": longest, "length": len(cell)}
            )
        return cell

    return parse


def day(cell: str) -> date:
    """``YYYY-MM-DD`` or ``DD/MM/YYYY``, from 1900 to 2199."""
    if iso := _ISO_DAY.fullmatch(cell):
        year, month, number = iso.groups()
    elif local := _LOCAL_DAY.fullmatch(cell):
        number, month, year = local.groups()
    else:
        raise ValueFault(
            _("“%(value)s” is not a date; write 2026-06-14 or 14/06/2026") % {"value": _short(cell)}
        )
    try:
        result = date(int(year), int(month), int(number))
    except ValueError:
        raise ValueFault(_("“%(value)s” is not a day of the calendar") % {"value": cell}) from None
    if not 1900 <= result.year < 2200:
        raise ValueFault(_("“%(value)s” is not between the years 1900 and 2199") % {"value": cell})
    return result


def whole(*, least: int = 0, most: int = 1_000_000_000) -> Parser:
    def parse(cell: str) -> int:
        if not (cell.isascii() and cell.lstrip("-").isdigit() and len(cell) < 20):
            raise ValueFault(_("“%(value)s” is not a whole number") % {"value": _short(cell)})
        _within(number := int(cell), least, most)
        return number

    return parse


def decimal(*, places: int = 1, least: int = 0, most: int = 1_000_000) -> Parser:
    """A number with at most so many decimals; a decimal comma is accepted."""

    def parse(cell: str) -> Decimal:
        try:
            number = Decimal(cell.replace(",", ".", 1))
        except InvalidOperation:
            number = Decimal("NaN")
        if not (number.is_finite() and cell.isascii() and "_" not in cell and len(cell) < 30):
            raise ValueFault(_("“%(value)s” is not a number") % {"value": _short(cell)})
        exponent = number.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > places:
            raise ValueFault(
                _("“%(value)s” has more than %(places)d decimals") % {"value": cell, "places": places}
            )
        _within(number, least, most)
        return number

    return parse


def codes(*, longest: int = 64) -> Parser:
    """Several codes separated by ``;`` — a tuple without doubles, in the order written."""

    def parse(cell: str) -> tuple[str, ...]:
        parts = tuple(dict.fromkeys(part for raw in cell.split(";") if (part := raw.strip())))
        for part in parts:
            if len(part) > longest:
                raise ValueFault(_("“%(value)s” is too long for a code") % {"value": _short(part)})
        return parts

    return parse


def one_of(values: Collection[str] | Mapping[str, str]) -> Parser:
    """One of the values, or what a mapping calls it; case, tones and spacing do not matter."""
    known = {fold(value): value for value in values}
    if isinstance(values, Mapping):
        known |= {fold(called): value for value, called in values.items()}

    def parse(cell: str) -> str:
        value = known.get(fold(cell))
        if value is None:
            raise ValueFault(
                _("“%(value)s” is not one of: %(known)s")
                % {"value": _short(cell), "known": ", ".join(values)}
            )
        return value

    return parse


def _within(number: int | Decimal, least: int, most: int) -> None:
    if not least <= number <= most:
        raise ValueFault(
            _("%(value)s is not between %(least)d and %(most)d")
            % {"value": number, "least": least, "most": most}
        )


def _short(cell: str) -> str:
    return cell if len(cell) <= 40 else cell[:39] + "…"
