"""What this room does at news: a completed course is evidence, a finished lesson is progress."""

from datetime import date
from typing import Any

from django.dispatch import receiver

from lms.learning.records import Completed
from lms.learning.signals import course_completed, course_left, lesson_finished
from lms.roster.queries import person_codes

from . import services
from .enums import ONLINE

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


@receiver(lesson_finished)
def lesson_is_progress(sender: Any, person_id: int, course_id: int, on: date, **kwargs: Any) -> None:
    services.begin_progress(person_id=person_id, course_id=course_id, on=on, by=PLATFORM)


@receiver(course_left)
def leaving_ends_progress(sender: Any, person_id: int, course_id: int, on: date, **kwargs: Any) -> None:
    services.end_progress(person_id=person_id, course_id=course_id, on=on, by=PLATFORM)
