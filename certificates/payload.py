"""Everything that stands on the paper, in words, frozen at issue. Pure: no database.

Texts only, so that the canonical JSON of a payload is the same everywhere and for ever.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.utils import formats, translation
from django.utils.translation import gettext as _

from .codes import shown_code
from .records import Achievement

FORMAT = "vung/certificate/1"
DESIGN = "classic"


def written(
    *,
    holder: str,
    birth_date: date | None,
    unit_name: str,
    achievement: Achievement,
    issuer: dict[str, str],
    authorised: bool,
    number: str,
    code: str,
    url: str,
    issued_on: date,
    valid_until: date | None,
    design: str = DESIGN,
) -> dict[str, Any]:
    """The paper in Vietnamese, whatever language somebody reads the site in."""
    with translation.override("vi"):
        born = _("Born on {date}").format(date=_day(birth_date)) if birth_date else ""
        details = [
            _("Level: {level}").format(level=achievement.level_label) if achievement.level_label else "",
            _("{hours} hours").format(hours=_hours(achievement.hours)) if achievement.hours else "",
            _("result: {result}").format(result=achievement.result_label),
            _("completed on {date}").format(date=_day(achievement.completed_on)),
            _("edition {number}").format(number=achievement.edition) if achievement.edition else "",
            _("by record {reference}").format(reference=achievement.reference)
            if achievement.reference
            else "",
        ]
        return {
            "format": FORMAT,
            "design": design,
            "url": url,
            "title": _("Certificate (authorised)") if authorised else _("Certificate of completion"),
            "intro": _("This is to certify that"),
            "holder": holder,
            "unit": unit_name,
            "holder_line": " · ".join(filter(None, [born, unit_name])),
            "did": _("has completed the course"),
            "course": achievement.course_title,
            "course_code": achievement.course_code,
            "edition": str(achievement.edition or ""),
            "details": " · ".join(filter(None, details)),
            "authority_line": (
                _("By authority of {document}").format(document=issuer["authority_document"])
                if authorised
                else ""
            ),
            "issuer": issuer["name"],
            "issuer_parent": issuer["parent_name"],
            "number": number,
            "number_line": _("Register number: {number}").format(number=number),
            "code_line": _("Check code: {code}").format(code=shown_code(code)),
            "check_line": _("Check at {address}").format(address=f"{urlsplit(url).netloc}/verify"),
            "valid_line": (
                _("Valid up to and including {date}").format(date=_day(valid_until - timedelta(days=1)))
                if valid_until
                else ""
            ),
            "replaces_line": "",
            "place": issuer["place"],
            "place_and_date": _place_and_date(issuer["place"], issued_on),
            "signatory_title": issuer["signatory_title"],
            "signatory": issuer["signatory"],
            "qr_alt": _("QR code to check this certificate"),
            "issued_on": issued_on.isoformat(),
            "completed_on": achievement.completed_on.isoformat(),
            "valid_until": valid_until.isoformat() if valid_until else "",
        }


def corrected(
    old: dict[str, Any],
    *,
    holder: str,
    birth_date: date | None,
    number: str,
    code: str,
    url: str,
    issued_on: date,
) -> dict[str, Any]:
    """The same achievement under the right name; it names the paper that it replaces."""
    with translation.override("vi"):
        born = _("Born on {date}").format(date=_day(birth_date)) if birth_date else ""
        return {
            **old,
            "url": url,
            "holder": holder,
            "holder_line": " · ".join(filter(None, [born, old["unit"]])),
            "number": number,
            "number_line": _("Register number: {number}").format(number=number),
            "code_line": _("Check code: {code}").format(code=shown_code(code)),
            "replaces_line": _("Replaces number {number}, issued on {date}").format(
                number=old["number"], date=_day(date.fromisoformat(old["issued_on"]))
            ),
            "place_and_date": _place_and_date(old["place"], issued_on),
            "issued_on": issued_on.isoformat(),
        }


def copied(paper: dict[str, Any], *, copy: int, on: date) -> dict[str, str]:
    """What a copy from the register says besides the paper itself."""
    with translation.override("vi"):
        return {
            "copy_title": _("Copy from the register"),
            "copy_line": _("Copy number {copy}, made on {date} from line {number} of the register").format(
                copy=copy, date=_day(on), number=paper["number"]
            ),
        }


def _place_and_date(place: str, day: date) -> str:
    """Decree 30/2020: days under 10 and months under 3 are written with a nought before them."""
    return _("{place}, day {day} month {month} year {year}").format(
        place=place,
        day=f"{day.day:02}",
        month=f"{day.month:02}" if day.month < 3 else day.month,
        year=day.year,
    )


def _day(day: date) -> str:
    return formats.date_format(day, "d/m/Y")


def _hours(hours: Decimal) -> str:
    return str(formats.number_format(hours.normalize() if hours % 1 else int(hours)))
