"""Beginning, moving and ending postings."""

from datetime import date

from django.db import transaction

from lms.kernel.services import Actor, correct_fact, record_fact, withdraw_fact
from lms.kernel.spans import Span, gaps
from lms.roster.enums import Permit
from lms.roster.errors import (
    AlreadyThere,
    DaysOutOfOrder,
    OutsideUnitLife,
    PostingNotOpen,
    ReasonNeeded,
    SeveralPostings,
)
from lms.roster.models import Person, Posting, Unit
from lms.roster.signals import posting_changed

from .rights import require, require_second_person


@transaction.atomic
def start_posting(
    *,
    person: Person,
    unit: Unit,
    since: date,
    by: Actor,
    today: date,
    until: date | None = None,
    title: str = "",
    audience_mask: int = 0,
    decision: str = "",
) -> Posting:
    """The person works in the unit from a day on, beside whatever else they do."""
    require(by, Permit.MANAGE_ROSTER, unit, today)
    _check_life(unit, since, until)
    if Posting.objects.current().filter(person=person, unit=unit, since=since).exists():
        raise AlreadyThere
    posting = record_fact(
        Posting(
            person=person,
            unit=unit,
            since=since,
            until=until,
            title=title,
            audience_mask=audience_mask,
            decision=decision,
        ),
        by=by,
    )
    _tell(posting, since)
    return posting


@transaction.atomic
def move_person(
    *,
    person: Person,
    to: Unit,
    on: date,
    by: Actor,
    today: date,
    posting: Posting | None = None,
    title: str | None = None,
    audience_mask: int | None = None,
    decision: str = "",
) -> Posting:
    """End the open posting and open the next; the old row stays as history.

    `posting`: which one ends, where the person holds several. Title and audiences go along unless given.
    """
    old = posting or _only_posting(person, on)
    require(by, Permit.MANAGE_ROSTER, old.unit, today)
    require(by, Permit.MANAGE_ROSTER, to, today)
    _check_life(to, on, old.until)
    if old.unit_id == to.pk:
        raise AlreadyThere
    _end(old, on, by)
    new = record_fact(
        Posting(
            person=person,
            unit=to,
            since=on,
            until=old.until,
            title=old.title if title is None else title,
            audience_mask=old.audience_mask if audience_mask is None else audience_mask,
            decision=decision,
        ),
        by=by,
    )
    _tell(old, on)
    _tell(new, on)
    return new


@transaction.atomic
def correct_posting(
    *,
    posting: Posting,
    since: date,
    until: date | None,
    title: str,
    audience_mask: int,
    decision: str,
    by: Actor,
    today: date,
    reason: str,
) -> Posting:
    """State otherwise what was recorded wrongly; figures of the past change with it, closed ones do not.

    Nobody corrects their own."""
    require(by, Permit.MANAGE_ROSTER, posting.unit, today)
    require_second_person(by, posting.person)
    if not reason.strip():
        raise ReasonNeeded
    _check_life(posting.unit, since, until)
    same_day = Posting.objects.current().filter(person=posting.person, unit=posting.unit, since=since)
    if same_day.exclude(pk=posting.pk).exists():
        raise AlreadyThere
    new = correct_fact(
        posting,
        {
            "since": since,
            "until": until,
            "title": title,
            "audience_mask": audience_mask,
            "decision": decision,
        },
        by=by,
        reason=reason.strip(),
    )
    if new is not posting:
        _tell(new, min(posting.since, since))
    return new


@transaction.atomic
def end_posting(*, posting: Posting, on: date, by: Actor, today: date, reason: str = "") -> None:
    """The person works there no longer from that day on. One that began that very day never was."""
    require(by, Permit.MANAGE_ROSTER, posting.unit, today)
    if posting.since == on:
        withdraw_fact(posting, by=by, reason=reason)
    else:
        _end(posting, on, by, reason)
    _tell(posting, on)


def _only_posting(person: Person, on: date) -> Posting:
    covering = Posting.objects.current().on(on).filter(person=person, since__lt=on).select_related("unit")
    postings: list[Posting] = list(covering)
    if not postings:
        raise PostingNotOpen
    if len(postings) > 1:
        raise SeveralPostings
    return postings[0]


def _end(posting: Posting, on: date, by: Actor, reason: str = "") -> Posting:
    if not (posting.since < on and (posting.until is None or on < posting.until)):
        raise PostingNotOpen
    return correct_fact(posting, {"until": on}, by=by, reason=reason)


def _check_life(unit: Unit, since: date, until: date | None) -> None:
    if until is not None and until <= since:
        raise DaysOutOfOrder
    life = [Span(*days) for days in unit.spans.current().values_list("since", "until")]
    if gaps(Span(since, until), life):
        raise OutsideUnitLife(unit.code)


def _tell(posting: Posting, on: date) -> None:
    posting_changed.send(Posting, person_id=posting.person_id, unit_code=posting.unit.code, on=on)
