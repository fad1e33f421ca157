"""What this room hears, and whom it tells."""

from datetime import date
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from certificates.signals import certificate_expiring
from content import queries as content
from lms.coverage.records import ContestTold
from lms.coverage.signals import contest_answered, fact_contested
from lms.learning.queries import course_address
from lms.learning.signals import assignments_taken_back, course_assigned

from . import services
from .enums import Subject
from .gathering import tell_answerers
from .records import About


@receiver(certificate_expiring, dispatch_uid="notices.certificate")
def tell_holder(*, person_id: int, course_code: str, last_day: date, **_more: Any) -> None:
    """90, 30 and 7 days before the end; the course stands open again."""
    title = content.course_anchors([course_code])[course_code].title
    about = About(f"certificate:{course_code}", title, course_address(course_code), last_day)
    services.tell([person_id], subject=Subject.CERTIFICATE, about=about, on=timezone.localdate())


@receiver(fact_contested, dispatch_uid="notices.contest")
def tell_managers(*, contest: ContestTold, **_more: Any) -> None:
    """Who may answer, of the unit that is asked and of those above."""
    tell_answerers(contest, timezone.localdate())


@receiver(contest_answered, dispatch_uid="notices.answer")
def tell_who_asked(*, contest: ContestTold, **_more: Any) -> None:
    about = About(f"contest:{contest.chain}", "", reverse("coverage:contest"))
    services.tell([contest.person_id], subject=Subject.ANSWER, about=about, on=timezone.localdate())


@receiver(course_assigned, dispatch_uid="notices.assigned")
def tell_assigned(
    *, people: list[int], course_code: str, title: str, due: date | None, by: Any, on: date, **_more: Any
) -> None:
    """A manager has asked these people to learn a course."""
    about = About(f"course:{course_code}", title, course_address(course_code), due)
    services.tell(people, subject=Subject.ASSIGNED, about=about, on=on, asked_by=by)


@receiver(assignments_taken_back, dispatch_uid="notices.taken_back")
def tell_no_more(*, people: list[int], course_code: str, **_more: Any) -> None:
    """What nobody has read yet is not told any more."""
    services.take_back(people, subject=Subject.ASSIGNED, key=f"course:{course_code}")
