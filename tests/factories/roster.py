"""The least valid rows of the register."""

import itertools
from datetime import date
from importlib import import_module

from django.apps import apps

from lms.kernel.folding import fold
from lms.kernel.services import record_fact
from lms.roster.enums import GrantStatus, Role, UnitKind
from lms.roster.models import Absence, Audience, Person, PersonRecord, Posting, RoleGrant, Unit, UnitSpan

LONG_AGO = date(2020, 1, 1)
_number = itertools.count(1)


def ship_audiences() -> None:
    """The audiences of the data migration, where a test has flushed them away."""
    if not Audience.objects.exists():
        import_module("lms.roster.migrations.0003_audiences").ship(apps, None)


def mask(*codes: str) -> int:
    return sum(audience.mask for audience in Audience.objects.filter(code__in=codes))


def unit(
    code: str = "",
    parent: Unit | None = None,
    *,
    kind: str = UnitKind.COMMUNE,
    name: str = "",
    since: date = LONG_AGO,
    until: date | None = None,
    successor: Unit | None = None,
    sector: str = "",
) -> Unit:
    """A unit with one span; called again with the same code, another span of it."""
    code = code or f"U{next(_number)}"
    anchor, _made = Unit.objects.get_or_create(code=code)
    name = name or f"Xã {code}"
    span = UnitSpan(
        unit=anchor,
        name=name,
        folded_name=fold(name),
        kind=kind,
        parent=parent,
        sector=sector,
        since=since,
        until=until,
        successor=successor,
    )
    record_fact(span, by="operator")
    return anchor


def person(code: str = "", full_name: str = "Nguyễn Văn An", *, birth_date: date | None = None) -> Person:
    anchor = Person.objects.create(code=code or f"MA{next(_number):04}")
    record = PersonRecord(
        person=anchor, full_name=full_name, folded_name=fold(full_name), birth_date=birth_date
    )
    record_fact(record, by="operator")
    return anchor


def posting(
    who: Person,
    where: Unit,
    *audiences: str,
    since: date = LONG_AGO,
    until: date | None = None,
    title: str = "",
) -> Posting:
    row = Posting(
        person=who, unit=where, title=title, audience_mask=mask(*audiences), since=since, until=until
    )
    record_fact(row, by="operator")
    return row


def absence(
    who: Person, *, since: date, until: date | None = None, reason: str = "thai_san", status: str = "approved"
) -> Absence:
    row = Absence(person=who, reason=reason, since=since, until=until, status=status)
    record_fact(row, by="operator")
    return row


def role(
    who: Person,
    where: Unit,
    held: str = Role.UNIT_MANAGER,
    *,
    since: date = LONG_AGO,
    until: date | None = None,
    status: str = GrantStatus.APPROVED,
) -> RoleGrant:
    row = RoleGrant(person=who, unit=where, role=held, since=since, until=until, status=status)
    record_fact(row, by="operator")
    return row
