"""What was learned without a network, sent afterwards: once, twice or in any order, with one result."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from content import queries as content
from lms.learning.models import Enrolment
from lms.learning.queries import enrolment_by_id
from lms.learning.records import QueuedLesson, QueueTaken

from .completing import finish_lesson


def take_queue(*, person_id: int, lessons: Sequence[QueuedLesson], on: date) -> QueueTaken:
    """Finish these lessons; what is not the person's own, or no longer there, is refused and told.

    A lesson is named by what it is through all editions, so that a queue from before a move still counts. The
    place goes to the furthest lesson that was read, never back.
    """
    stored: list[UUID] = []
    refused: list[UUID] = []
    enrolments = {key: enrolment_by_id(person_id, key) for key in {one.enrolment for one in lessons}}
    for one in lessons:
        enrolment = enrolments[one.enrolment]
        done = enrolment is not None and _finish(enrolment, one.lesson, on)
        (stored if done else refused).append(one.lesson)
    return QueueTaken(tuple(stored), tuple(refused))


@transaction.atomic
def _finish(enrolment: Enrolment, key: UUID, on: date) -> bool:
    outline = content.outline(content.listed(enrolment.edition))
    lesson = next((lesson for lesson in outline.lessons if lesson.key == key), None)
    if lesson is None:
        return False
    if enrolment.closed_on is None:
        finish_lesson(enrolment=enrolment, lesson=lesson, on=on)
        Enrolment.objects.filter(pk=enrolment.pk, place__lt=lesson.position).update(place=lesson.position)
    return True
