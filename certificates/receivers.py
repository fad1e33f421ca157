"""What this room hears."""

from datetime import date
from typing import Any

from django.dispatch import receiver

from lms.kernel import jobs
from lms.kernel.services import Actor
from lms.learning.records import Completed
from lms.learning.signals import course_completed
from lms.roster.signals import person_erased

from . import services


@receiver(course_completed, dispatch_uid="certificates.issue")
def enqueue_issue(*, completed: Completed, **_more: Any) -> None:
    """Somebody completed a course: write the paper behind the page."""
    jobs.enqueue(
        "certificates.issue",
        person=completed.person_id,
        course=completed.course_code,
        edition=completed.edition,
    )


@receiver(person_erased, dispatch_uid="certificates.erase")
def forget_holder(*, person_ids: list[int], by: Actor, on: date, reason: str, **_more: Any) -> None:
    """Somebody is being forgotten: their papers are checked from then on by what is on them alone (C11)."""
    for person_id in person_ids:
        services.erase_holder(person_id=person_id, by=by, on=on, reason=reason)
