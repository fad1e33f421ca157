"""Who must take a quiz because a target asks for its course."""

from django.utils import timezone

from lms.learning.queries import seat_in_courses
from quizzes.records import Seat

from .duties import duties_of


def targeted_seat(person_id: int, quiz_code: str) -> Seat | None:
    """A seat for whom a target asks for a course with the quiz, whether that is fulfilled already or not."""
    duties = duties_of(person_id, timezone.localdate())
    asked = dict.fromkeys(need.course_code for duty in duties for need in duty.needs)
    return seat_in_courses(asked, quiz_code)
