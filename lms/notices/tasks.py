"""What this room does behind the page."""

from datetime import timedelta

from django.utils import timezone

from lms.kernel import jobs

from . import services
from .gathering import gather
from .hours import in_the_day
from .queries import people_to_write_to

AT_ONCE = 500
"""Letters of one round; the next comes after a quarter of an hour, or at once where more wait."""


@jobs.handler("notices.gather", every=timedelta(hours=6))
def gather_deadlines() -> None:
    """Note whose deadlines are near; again on the same day tells nobody twice."""
    gather(on=timezone.localdate())


@jobs.handler("notices.letters", every=timedelta(minutes=15))
def write_letters() -> None:
    """In the day, compose one letter for everybody who has something new."""
    if not in_the_day(timezone.now()):
        return
    today = timezone.localdate()
    people = people_to_write_to(today, limit=AT_ONCE)
    for person in people:
        services.compose_letter(person_id=person, on=today)
    if len(people) == AT_ONCE:
        jobs.enqueue("notices.letters", key="more")


@jobs.handler("notices.deliver")
def deliver(*, delivery: int) -> None:
    services.deliver(delivery_id=delivery, at=timezone.now())
