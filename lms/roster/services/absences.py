"""Absences: proposed by one, decided by another, since whoever is away does not count."""

from datetime import date

from django.conf import settings
from django.db import transaction

from lms.kernel.services import Actor, correct_fact, record_fact, withdraw_fact
from lms.roster.enums import AbsenceStatus, Permit
from lms.roster.errors import AlreadyDecided, AlreadyThere, DaysOutOfOrder, UnknownReason
from lms.roster.models import Absence, Person

from .rights import acting, require_over, require_second_person


@transaction.atomic
def propose_absence(
    *,
    person: Person,
    reason: str,
    since: date,
    by: Actor,
    today: date,
    until: date | None = None,
    decision: str = "",
) -> Absence:
    """Say that somebody is away; it counts once a second person has approved it."""
    require_over(by, Permit.MANAGE_ROSTER, person, today)
    if reason not in settings.ABSENCE_REASONS:
        raise UnknownReason(reason)
    if until is not None and until <= since:
        raise DaysOutOfOrder
    if Absence.objects.current().filter(person=person, reason=reason, since=since).exists():
        raise AlreadyThere
    return record_fact(
        Absence(
            person=person,
            reason=reason,
            since=since,
            until=until,
            decision=decision,
            status=AbsenceStatus.PROPOSED,
            proposed_by=acting(by),
        ),
        by=by,
    )


def approve_absence(*, absence: Absence, by: Actor, today: date) -> Absence:
    """The second person's yes: from now on the absence takes the person out of the figures."""
    return _decide(absence, AbsenceStatus.APPROVED, by, today, "")


def reject_absence(*, absence: Absence, by: Actor, today: date, reason: str) -> Absence:
    """The second person's no, with the reason."""
    return _decide(absence, AbsenceStatus.REJECTED, by, today, reason)


@transaction.atomic
def end_absence(*, absence: Absence, on: date, by: Actor, today: date) -> None:
    """The person is back from that day on. An absence that would hold no day is withdrawn."""
    require_over(by, Permit.MANAGE_ROSTER, absence.person, today)
    if absence.until is not None and absence.until <= on:
        raise DaysOutOfOrder
    if on <= absence.since:
        withdraw_fact(absence, by=by)
    else:
        correct_fact(absence, {"until": on}, by=by)


@transaction.atomic
def _decide(absence: Absence, status: AbsenceStatus, by: Actor, today: date, reason: str) -> Absence:
    require_over(by, Permit.APPROVE_ABSENCE, absence.person, today)
    require_second_person(by, absence.proposed_by, absence.person)
    if absence.status != AbsenceStatus.PROPOSED:
        raise AlreadyDecided
    return correct_fact(absence, {"status": status, "approved_by": acting(by)}, by=by, reason=reason)
