"""Targets as JSON: a list of objects with the fields of docs/coverage.md §2, in snake_case."""

import json
from collections.abc import Callable, Collection
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from content.queries import course_anchors
from lms.kernel.faults import Faults
from lms.kernel.folding import clean_text
from lms.kernel.queries import ledger_size
from lms.kernel.services import Actor, record_fact
from lms.kernel.tally import Tally
from lms.roster import queries as roster
from lms.roster.enums import UnitKind

from ..enums import Counts, CourseRule, Operator, Outcome, Window, activity_kinds
from ..models import Target
from .cells import level

REQUIRED = ("code", "name", "unit", "period_start", "period_end")
_OF_PEOPLE = ("audiences", "courses")
_OF_UNITS = ("unit_kinds", "activities")
_FOREIGN = {
    Counts.PEOPLE: ("activities", "having"),
    Counts.UNITS: (
        *_OF_PEOPLE,
        *("new_within_months", "grace_days", "excluded_reasons", "levels", "hours", "outcome"),
        *("must_be_valid", "external"),
    ),
}
"""Fields that mean nothing for what the target counts."""


def _text(longest: int, *, empty: bool = False) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        if not isinstance(value, str) or not (empty or value.strip()):
            raise ValueError(_("must be a text"))
        cleaned = clean_text(value)
        if len(cleaned) > longest:
            raise ValueError(_("longer than {limit} characters").format(limit=longest))
        return cleaned

    return parse


def _whole(most: int) -> Callable[[Any], int]:
    def parse(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            raise ValueError(_("must be a whole number from 0 to {most}").format(most=most))
        return value

    return parse


def _number(value: Any, places: int) -> Decimal:
    """A JSON number, or one written as a text, with at most so many decimals."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(_("must be a number"))
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(_("must be a number")) from None
    if not number.is_finite():
        raise ValueError(_("must be a number"))
    if abs(number) > 10**9 or number != number.quantize(Decimal(1).scaleb(-places)):
        raise ValueError(_("must have at most {places} decimals").format(places=places))
    return number


def _share(value: Any) -> Decimal:
    number = _number(value, 1)
    if not 0 <= number <= 100:
        raise ValueError(_("must be a percentage from 0 to 100"))
    return number


def _hours(value: Any) -> Decimal:
    number = _number(value, 1)
    if not 0 <= number < 10_000:
        raise ValueError(_("must be a number of hours"))
    return number


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(_("must be a day as YYYY-MM-DD")) from None


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("must be true or false"))
    return value


def _list(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(_("must be a list of codes"))
    return list(dict.fromkeys(one.strip() for one in value))


def _some(value: Any) -> list[str]:
    codes = _list(value)
    if not codes:
        raise ValueError(_("must name at least one"))
    return codes


def _levels(value: Any) -> list[str]:
    return list(dict.fromkeys(level(one) for one in _list(value)))


def _reasons(value: Any) -> list[str]:
    return _known(_list(value), settings.ABSENCE_REASONS)


def _known(codes: list[str], known: Collection[str]) -> list[str]:
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise ValueError(_("unknown: {values}").format(values=", ".join(unknown)))
    return codes


def _one_of(values: list[str]) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        if value not in values:
            raise ValueError(_("must be one of: {values}").format(values=", ".join(values)))
        return str(value)

    return parse


def _kinds(value: Any) -> list[str]:
    return _known(_list(value), UnitKind.values)


def _having(value: Any) -> str:
    (kind,) = _known([str(value)], UnitKind.values)
    return kind


def _activities(value: Any) -> list[str]:
    return _known(_some(value), activity_kinds())


def _external(value: Any) -> bool:
    """`accepted when approved` or `not accepted`, or true and false."""
    if isinstance(value, bool):
        return value
    said = {"accepted when approved": True, "accepted": True, "not accepted": False}
    if not isinstance(value, str) or (known := said.get(value.strip().replace("_", " "))) is None:
        raise ValueError(_("must be one of: {values}").format(values="accepted when approved, not accepted"))
    return known


def _window(value: Any) -> tuple[str, int | None]:
    """`period`, `ever` or `months:N`."""
    kind, _colon, months = value.strip().partition(":") if isinstance(value, str) else ("", "", "")
    if kind == Window.MONTHS:
        if not months.isdecimal() or not 1 <= int(months) <= 1200:
            raise ValueError(_("must be period, ever or months:N"))
        return kind, int(months)
    if months or kind not in (Window.PERIOD, Window.EVER):
        raise ValueError(_("must be period, ever or months:N"))
    return kind, None


FIELDS: dict[str, Callable[[Any], Any]] = {
    "code": _text(32),
    "name": _text(300),
    "document": _text(200, empty=True),
    "issuer": _text(200, empty=True),
    "operator": _one_of(Operator.values),
    "value": _share,
    "counts": _one_of(Counts.values),
    "activities": _activities,
    "having": _having,
    "audiences": _some,
    "unit": _text(32),
    "unit_kinds": _kinds,
    "new_within_months": _whole(1200),
    "grace_days": _whole(3650),
    "excluded_reasons": _reasons,
    "courses": _some,
    "course_rule": _one_of(CourseRule.values),
    "levels": _levels,
    "hours": _hours,
    "outcome": _one_of(Outcome.values),
    "must_be_valid": _bool,
    "window": _window,
    "external": _external,
    "period_start": _day,
    "period_end": _day,
}


@transaction.atomic
def import_targets(source: Path, *, by: Actor, dry_run: bool = False) -> Tally:
    """State targets; one that differs from its latest version becomes a new version, never another content.

    Raises FileRefused with all that is wrong, each by the line where the target begins, and its field.
    """
    faults = Faults(source.name)
    tally = Tally()
    fresh: list[Target] = []
    seen: dict[str, int] = {}
    for line, stated in _objects(source, faults):
        values = _read(line, stated, faults)
        if values is None:
            continue
        if values["code"] in seen:
            other = seen[values["code"]]
            faults.add(line, "code", _("states the same target as line {other}").format(other=other))
            continue
        seen[values["code"]] = line
        latest = Target.objects.current().filter(code=values["code"]).order_by("-version").first()
        if latest is not None and all(getattr(latest, field) == value for field, value in values.items()):
            tally.unchanged += 1
            continue
        if latest is None:
            tally.created += 1
        else:
            tally.corrected += 1
        fresh.append(Target(**values, version=latest.version + 1 if latest else 1))
    faults.check()
    if not dry_run:
        for target in fresh:
            record_fact(target, by=by)
    tally.ledger = ledger_size()
    return tally


def _objects(source: Path, faults: Faults) -> list[tuple[int, dict[str, Any]]]:
    """The targets of the file, each with the line on which it begins."""
    try:
        text = source.read_text(encoding="utf-8-sig")
        stated = json.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        faults.add(line, "", _("is not JSON in UTF-8: {why}").format(why=error))
        return []
    if not isinstance(stated, list) or not all(isinstance(one, dict) for one in stated):
        faults.add(1, "", _("must be a list of targets"))
        return []
    if not stated:
        faults.refuse(_("The file states no target."))
    return list(zip(_beginnings(text), stated, strict=True))


def _beginnings(text: str) -> list[int]:
    """The line on which each object of the list begins."""
    decoder, lines = json.JSONDecoder(), []
    at = text.index("[") + 1
    while (start := text.find("{", at)) >= 0:
        lines.append(text.count("\n", 0, start) + 1)
        _object, at = decoder.raw_decode(text, start)
    return lines


def _read(place: int, stated: dict[str, Any], faults: Faults) -> dict[str, Any] | None:
    """The columns of the target, or None where something is wrong with it."""
    before = faults.count
    for unknown in sorted(stated.keys() - FIELDS.keys()):
        faults.add(place, unknown, _("unknown field"))
    for missing in (field for field in REQUIRED if stated.get(field) is None):
        faults.add(place, missing, _("is missing"))
    counts = Counts.UNITS if stated.get("counts") == Counts.UNITS else Counts.PEOPLE
    for missing in _OF_UNITS if counts == Counts.UNITS else _OF_PEOPLE:
        if stated.get(missing) is None:
            faults.add(place, missing, _("is missing"))
    for foreign in _FOREIGN[counts]:
        if stated.get(foreign):
            faults.add(place, foreign, _("means nothing where {what} are counted").format(what=counts.label))
    values: dict[str, Any] = {}
    for field, parse in FIELDS.items():
        if field not in stated or stated[field] is None:
            continue
        try:
            values[field] = parse(stated[field])
        except ValueError as error:
            faults.add(place, field, str(error))
    if faults.count > before:
        return None
    return _resolved(place, values, faults)


def _resolved(place: int, values: dict[str, Any], faults: Faults) -> dict[str, Any] | None:
    before = faults.count
    of_units = values.get("counts") == Counts.UNITS
    if of_units:
        values |= {"audiences": [], "courses": [], "grace_days": 0, "outcome": Outcome.ATTENDED.value}
        if values.get("course_rule", CourseRule.ANY) not in (CourseRule.ANY, CourseRule.ALL):
            faults.add(place, "course_rule", _("must be one of: {values}").format(values="any, all"))
        if not values["unit_kinds"]:
            faults.add(place, "unit_kinds", _("must name at least one"))
    try:
        values["audience_mask"] = roster.audience_mask(values.pop("audiences"))
    except KeyError as unknown:
        faults.add(place, "audiences", _("unknown audience {code}").format(code=unknown))
    unit = values.pop("unit")
    values["unit_id"] = roster.unit_ids([unit]).get(unit)
    if values["unit_id"] is None:
        faults.add(place, "unit", _("unknown unit code “{code}”").format(code=unit))
    known = course_anchors(values["courses"])
    for code in values["courses"]:
        if code not in known:
            faults.add(place, "courses", _("unknown course code “{code}”").format(code=code))
    if values["period_end"] < values["period_start"]:
        faults.add(place, "period_end", _("the period must end after it begins"))
    if values.get("new_within_months"):
        values["grace_days"] = 0  # docs/coverage.md §2
    if values.get("course_rule") != CourseRule.HOURS and not values.get("hours"):
        values.pop("hours", None)
    if "window" in values:
        values["window"], values["window_months"] = values["window"]
    if "external" in values:
        values["external_accepted"] = values.pop("external")
    if values.get("course_rule") == CourseRule.LEVELS and not values.get("levels"):
        faults.add(place, "levels", _("this course rule needs it"))
    if values.get("course_rule") == CourseRule.HOURS and not values.get("hours"):
        faults.add(place, "hours", _("this course rule needs it"))
    return _with_defaults(values) if faults.count == before else None


def _with_defaults(values: dict[str, Any]) -> dict[str, Any]:
    """Every column, so that leaving a field out of a new version sets its default again."""
    defaults = {
        field.attname: field.get_default()
        for field in Target._meta.concrete_fields
        if field.has_default() or field.null or field.blank
    }
    ours = {name for name in defaults if name not in _BOOKKEEPING}
    return {**{name: defaults[name] for name in sorted(ours)}, **values}


_BOOKKEEPING = {
    *("id", "public_id", "version", "chain"),
    *("recorded", "superseded", "recorded_entry", "superseded_entry"),
}
