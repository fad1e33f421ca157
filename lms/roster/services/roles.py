"""Granting and ending roles. Above unit level a second person approves."""

from datetime import date

from django.db import transaction

from lms.kernel.services import Actor, correct_fact, record_fact, withdraw_fact
from lms.roster.enums import GrantStatus, Permit, Role
from lms.roster.errors import (
    AlreadyDecided,
    AlreadyThere,
    DaysOutOfOrder,
    NotAboutYourself,
    NotPermitted,
)
from lms.roster.models import Person, RoleGrant, Unit
from lms.roster.policies import PERMITS, needs_second_person, tops_within_reach
from lms.roster.queries import path_of, same_human, unit_on
from lms.roster.signals import role_ended, role_granted

from .rights import acting, require, require_second_person


@transaction.atomic
def grant_role(
    *,
    person: Person,
    unit: Unit,
    role: Role,
    since: date,
    by: Actor,
    today: date,
    until: date | None = None,
) -> RoleGrant:
    """Give a role for a unit and everything below it. For a province or the country it waits for approval.

    Who grants roles is named from above: an administrator of a commune makes no second one of the same
    commune. The operator needs no second person.
    """
    require(by, Permit.MANAGE_ACCOUNTS, unit, today)
    granter = acting(by)
    if granter is not None and Permit.MANAGE_ACCOUNTS in PERMITS[role]:
        _require_from_above(granter, unit, since, today)
    if granter is not None and same_human(granter, person):
        raise NotAboutYourself
    if until is not None and until <= since:
        raise DaysOutOfOrder
    unit_on(unit, since)
    held = RoleGrant.objects.current().exclude(status=GrantStatus.REJECTED)
    if held.overlapping(since, until).filter(person=person, unit=unit, role=role).exists():
        raise AlreadyThere
    waits = granter is not None and needs_second_person(unit, since)
    grant = record_fact(
        RoleGrant(
            person=person,
            unit=unit,
            role=role,
            since=since,
            until=until,
            status=GrantStatus.PROPOSED if waits else GrantStatus.APPROVED,
            granted_by=granter,
        ),
        by=by,
    )
    if not waits:
        _tell_granted(grant)
    return grant


@transaction.atomic
def approve_role(*, grant: RoleGrant, by: Actor, today: date) -> RoleGrant:
    """The second person's yes: from now on the role holds."""
    approved = _decide(grant, GrantStatus.APPROVED, by, today, "")
    _tell_granted(approved)
    return approved


def reject_role(*, grant: RoleGrant, by: Actor, today: date, reason: str) -> RoleGrant:
    """The second person's no, with the reason."""
    return _decide(grant, GrantStatus.REJECTED, by, today, reason)


@transaction.atomic
def end_role(*, grant: RoleGrant, on: date, by: Actor, today: date, reason: str = "") -> None:
    """The role holds no longer from that day on; its holder may always lay it down."""
    holder = acting(by)
    if holder is None or not same_human(holder, grant.person):
        require(by, Permit.MANAGE_ACCOUNTS, grant.unit, today)
    if grant.until is not None and grant.until <= on:
        raise DaysOutOfOrder
    if on <= grant.since:
        withdraw_fact(grant, by=by, reason=reason)
    else:
        correct_fact(grant, {"until": on}, by=by, reason=reason)
    role_ended.send(
        RoleGrant,
        person_id=grant.person_id,
        user_id=grant.person.user_id,
        role=grant.role,
        unit_code=grant.unit.code,
        on=on,
    )


def _require_from_above(granter: Person, unit: Unit, since: date, today: date) -> None:
    """NotPermitted unless the granter's own role stands above the unit, or a second person will decide."""
    if needs_second_person(unit, since):
        return
    mine = set(tops_within_reach(granter, Permit.MANAGE_ACCOUNTS, today).values_list("pk", flat=True))
    above = {step.id for step in path_of(unit, today)[:-1]}
    if not mine & above:
        raise NotPermitted


@transaction.atomic
def _decide(grant: RoleGrant, status: GrantStatus, by: Actor, today: date, reason: str) -> RoleGrant:
    require(by, Permit.MANAGE_ACCOUNTS, grant.unit, today)
    require_second_person(by, grant.granted_by, grant.person)
    if grant.status != GrantStatus.PROPOSED:
        raise AlreadyDecided
    return correct_fact(grant, {"status": status, "approved_by": acting(by)}, by=by, reason=reason)


def _tell_granted(grant: RoleGrant) -> None:
    role_granted.send(
        RoleGrant,
        person_id=grant.person_id,
        user_id=grant.person.user_id,
        role=grant.role,
        unit_code=grant.unit.code,
        on=grant.since,
    )
