"""What the platform itself saw becomes evidence and progress."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from lms.coverage.duties import told
from lms.coverage.enums import EvidenceStatus, Source
from lms.coverage.models import Evidence, Progress
from lms.coverage.signals import evidence_recorded
from lms.kernel.services import Actor, correct_fact, record_fact, withdraw_fact


@transaction.atomic
def record_online_evidence(
    *,
    person_id: int,
    course_id: int,
    edition: int,
    level: str,
    hours: Decimal | None,
    score: Decimal | None,
    outcome: str,
    completed_on: date,
    reference: str,
    by: Actor,
) -> Evidence:
    """Write that the person completed a course here; approved by nature. Twice with one reference is once."""
    standing = Evidence.objects.current().filter(
        person_id=person_id, course_id=course_id, reference=reference
    )
    found: Evidence | None = standing.first()
    if found is not None:
        return found
    row = record_fact(
        Evidence(
            person_id=person_id,
            course_id=course_id,
            edition=edition,
            level=level,
            source=Source.ONLINE,
            completed_on=completed_on,
            hours=hours,
            score=score,
            outcome=outcome,
            reference=reference,
            status=EvidenceStatus.APPROVED,
        ),
        by=by,
    )
    evidence_recorded.send(Evidence, evidence=told(row))
    return row


@transaction.atomic
def begin_progress(*, person_id: int, course_id: int, on: date, by: Actor) -> None:
    """From `on` the person is in the middle of the course; said twice it is once."""
    standing = Progress.objects.current().filter(person_id=person_id, course_id=course_id, until__isnull=True)
    if not standing.exists():
        record_fact(Progress(person_id=person_id, course_id=course_id, since=on), by=by)


@transaction.atomic
def end_progress(*, person_id: int, course_id: int, on: date, by: Actor) -> None:
    """From `on` the person is no longer in the middle of the course.

    A beginning on the same day is believed no longer: a span of no day does not exist.
    """
    standing = Progress.objects.current().filter(person_id=person_id, course_id=course_id, until__isnull=True)
    for row in standing:
        if row.since >= on:
            withdraw_fact(row, by=by)
        else:
            correct_fact(row, {"until": on}, by=by)
