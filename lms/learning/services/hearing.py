"""What people say of a lesson or a course: the last word counts."""

from datetime import date

from django.db import transaction

from content.records.editions import LessonListed
from lms.learning.enums import Helped
from lms.learning.errors import WordsTooMany
from lms.learning.models import Enrolment, Feedback
from lms.learning.queries import feedback_on

MOST_LETTERS = 1000


@transaction.atomic
def give_feedback(
    *, enrolment: Enrolment, lesson: LessonListed | None, helped: Helped, words: str, on: date
) -> Feedback:
    """Say whether a lesson, or without one the course, helped; saying it again replaces it. WordsTooMany."""
    words = words.strip()
    if len(words) > MOST_LETTERS:
        raise WordsTooMany(MOST_LETTERS)
    standing = feedback_on(enrolment, lesson)
    if standing is not None:
        standing.helped, standing.words, standing.said_on = helped, words, on
        standing.save(update_fields=["helped", "words", "said_on"])
        return standing
    said, _new = Feedback.objects.update_or_create(
        person_id=enrolment.person_id,
        edition_id=enrolment.edition_id,
        lesson_id=lesson.id if lesson else None,
        defaults={"helped": helped, "words": words, "said_on": on},
    )
    return said
