"""Training that the platform did not see: declared by one, decided by another, revoked with a reason."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction

from content.queries import course_anchors
from lms.coverage.duties import told
from lms.coverage.enums import EvidenceStatus, Outcome, Source
from lms.coverage.errors import (
    NotYetCompleted,
    OnlyThePlatform,
    ReferenceOfSeveral,
    UnknownCourse,
    UnknownReference,
)
from lms.coverage.models import Evidence
from lms.coverage.signals import evidence_decided, evidence_recorded, evidence_revoked
from lms.kernel.scans import Scan
from lms.kernel.services import Actor, correct_fact, record_fact
from lms.roster.enums import Permit
from lms.roster.errors import AlreadyDecided, AlreadyThere, DaysOutOfOrder, ReasonNeeded
from lms.roster.queries import person_by_code, same_human
from lms.roster.services.rights import acting, require_over, require_second_person

from .proofs import hashes_of, lay_beside


@transaction.atomic
def declare_evidence(
    *,
    person: str,
    course: str,
    source: Source,
    completed_on: date,
    outcome: Outcome,
    reference: str,
    by: Actor,
    today: date,
    level: str = "",
    hours: Decimal | None = None,
    score: Decimal | None = None,
    valid_until: date | None = None,
    scans: Sequence[Scan] = (),
) -> Evidence:
    """Say that the person with this code was trained elsewhere; it counts once a second person approves.

    Anybody may say so of themselves; of others, whoever may read their records. Level and hours are the
    course's where they are not given. `scans` are what it is proved by.
    """
    actor, whom = acting(by), person_by_code(person)
    if actor is None or not same_human(actor, whom):
        require_over(by, Permit.READ_RECORDS, whom, today)
    if source == Source.ONLINE:
        raise OnlyThePlatform
    if completed_on > today:
        raise NotYetCompleted
    if valid_until is not None and valid_until <= completed_on:
        raise DaysOutOfOrder
    anchor = course_anchors([course]).get(course)
    if anchor is None:
        raise UnknownCourse(course)
    standing = Evidence.objects.current().filter(person=whom, course_id=anchor.id, reference=reference)
    if not reference:
        standing = standing.filter(source=source, completed_on=completed_on)
    if standing.exists():
        raise AlreadyThere
    row = record_fact(
        Evidence(
            person=whom,
            course_id=anchor.id,
            level=level or anchor.level,
            source=source,
            completed_on=completed_on,
            hours=hours if hours is not None else anchor.hours,
            score=score,
            outcome=outcome,
            valid_until=valid_until,
            reference=reference,
            status=EvidenceStatus.DECLARED,
            declared_by=actor,
            proofs=hashes_of(scans),
        ),
        by=by,
    )
    lay_beside(row, scans, person_id=whom.pk)
    evidence_recorded.send(Evidence, evidence=told(row))
    return row


def approve_evidence(*, evidence: Evidence, by: Actor, today: date, words: str = "") -> Evidence:
    """The second person's yes: from now on it counts. `words`, if there are any, stand in the ledger."""
    return _decide(evidence, EvidenceStatus.APPROVED, by, today, words.strip())


def reject_evidence(*, evidence: Evidence, by: Actor, today: date, reason: str) -> Evidence:
    """The second person's no, with the reason."""
    if not reason.strip():
        raise ReasonNeeded
    return _decide(evidence, EvidenceStatus.REJECTED, by, today, reason.strip())


@transaction.atomic
def revoke_evidence(*, evidence: Evidence, on: date, by: Actor, today: date, reason: str) -> Evidence:
    """From that day on it no longer counts; what was counted before that day stays counted.

    Online evidence too. Nobody revokes their own.
    """
    require_over(by, Permit.APPROVE_EVIDENCE, evidence.person, today)
    require_second_person(by, evidence.person)
    if not reason.strip():
        raise ReasonNeeded
    row = correct_fact(evidence, {"revoked_on": on}, by=by, reason=reason.strip())
    if row is not evidence:
        evidence_revoked.send(Evidence, evidence=told(row), reason=reason.strip())
    return row


@transaction.atomic
def revoke_by_reference(
    *,
    reference: str,
    on: date,
    by: Actor,
    today: date,
    reason: str,
    person: str = "",
    all_of_them: bool = False,
) -> list[tuple[Evidence, bool]]:
    """Revoke what a paper proves; each row, and whether that changed anything.

    A class's decision proves the training of many: then the person must be named, or that all are meant.
    """
    rows = Evidence.objects.current().filter(reference=reference).select_related("person", "course")
    if person:
        rows = rows.filter(person__code=person)
    found = list(rows.order_by("pk")) if reference else []
    if not found:
        raise UnknownReference(reference)
    people = {row.person_id for row in found}
    if len(people) > 1 and not all_of_them:
        raise ReferenceOfSeveral(reference, len(people))
    revoked = [
        (row, revoke_evidence(evidence=row, on=on, by=by, today=today, reason=reason)) for row in found
    ]
    return [(new, new is not old) for old, new in revoked]


@transaction.atomic
def _decide(evidence: Evidence, status: EvidenceStatus, by: Actor, today: date, reason: str) -> Evidence:
    require_over(by, Permit.APPROVE_EVIDENCE, evidence.person, today)
    require_second_person(by, evidence.declared_by, evidence.person)
    if evidence.status != EvidenceStatus.DECLARED:
        raise AlreadyDecided
    row = correct_fact(evidence, {"status": status, "approved_by": acting(by)}, by=by, reason=reason)
    evidence_decided.send(Evidence, evidence=told(row), reason=reason)
    return row
