"""What this room does at news: a completed course is evidence, a first lesson that was read is progress."""

from datetime import date
from typing import Any

from django.dispatch import receiver

from lms.learning.enums import Reason
from lms.learning.records import Completed
from lms.learning.services import enrol
from lms.learning.signals import course_begun, course_completed, course_left, reading_begun
from lms.roster.queries import person_codes
from lms.roster.signals import person_erased

from . import services
from .duties import duties_of
from .enums import ONLINE
from .models import ProofFile

PLATFORM = "platform"
"""Who answers for what the platform itself saw."""


@receiver(course_completed)
def completion_is_evidence(sender: Any, completed: Completed, **kwargs: Any) -> None:
    services.record_online_evidence(
        person_id=completed.person_id,
        course_id=completed.course_id,
        edition=completed.edition,
        level=completed.level,
        hours=completed.hours,
        score=completed.score,
        outcome=completed.outcome,
        completed_on=completed.completed_on,
        reference=_reference(completed),
        by=PLATFORM,
    )
    services.end_progress(
        person_id=completed.person_id,
        course_id=completed.course_id,
        on=completed.completed_on,
        by=PLATFORM,
    )


def _reference(completed: Completed) -> str:
    """Names one person's completion and nobody else's."""
    code = person_codes([completed.person_id])[completed.person_id]
    return f"{ONLINE}{completed.course_code}:{completed.edition}:{completed.round}:{code}"


@receiver(course_begun)
def what_a_target_asks_has_its_deadline(
    sender: Any, person_id: int, course_code: str, on: date, **kwargs: Any
) -> None:
    """Whoever begins what an open duty of theirs needs begins it for that reason, by its last day."""
    due = min(
        (
            duty.target.period_end
            for duty in duties_of(person_id, on)
            if duty.open and any(need.course_code == course_code and not need.done for need in duty.needs)
        ),
        default=None,
    )
    if due is not None and due >= on:
        enrol(person_id=person_id, course=course_code, on=on, reason=Reason.TARGET, due=due)


@receiver(reading_begun)
def reading_is_progress(sender: Any, person_id: int, course_id: int, on: date, **kwargs: Any) -> None:
    services.begin_progress(person_id=person_id, course_id=course_id, on=on, by=PLATFORM)


@receiver(course_left)
def leaving_ends_progress(sender: Any, person_id: int, course_id: int, on: date, **kwargs: Any) -> None:
    services.end_progress(person_id=person_id, course_id=course_id, on=on, by=PLATFORM)


@receiver(person_erased, dispatch_uid="coverage.erase_proofs")
def erasure_takes_the_papers(sender: Any, person_ids: list[int], **kwargs: Any) -> None:
    """The files go; that there were some, and whose trainings count, stays."""
    ProofFile.objects.filter(person__in=person_ids).delete()
