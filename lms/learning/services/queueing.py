"""What was learned without a network, sent afterwards: once, twice or in any order, with one result."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from content import queries as content
from content.records.editions import LessonListed
from lms.learning.conversation import NoSuchWay, play, read_way
from lms.learning.models import Enrolment
from lms.learning.queries import enrolment_by_id
from lms.learning.records import Queued, QueuedCheck, QueuedLesson, QueuedScenario, QueueTaken

from .checking import try_check
from .completing import finish_activity, finish_lesson


def take_queue(*, person_id: int, items: Sequence[Queued], on: date) -> QueueTaken:
    """Take over what was done; what is not the person's own, or no longer there, is refused and told.

    Lessons and scenarios are named by what they are through all editions, so that a queue from before a move
    still counts. Nothing goes back: a step stays finished, the place moves to the furthest lesson that was
    read, and of two counts of one check the higher one stands.
    """
    stored: list[str] = []
    refused: list[str] = []
    enrolments = {key: enrolment_by_id(person_id, key) for key in {one.enrolment for one in items}}
    for one in items:
        enrolment = enrolments[one.enrolment]
        done = enrolment is not None and _take(enrolment, one, on)
        (stored if done else refused).append(one.name)
    return QueueTaken(tuple(stored), tuple(refused))


@transaction.atomic
def _take(enrolment: Enrolment, item: Queued, on: date) -> bool:
    if isinstance(item, QueuedLesson):
        return _finish(enrolment, item, on)
    if isinstance(item, QueuedCheck):
        return _try(enrolment, item)
    return _go_through(enrolment, item, on)


def _finish(enrolment: Enrolment, item: QueuedLesson, on: date) -> bool:
    lesson = _lesson(enrolment, item.lesson)
    if lesson is None:
        return False
    if enrolment.closed_on is None:
        finish_lesson(enrolment=enrolment, lesson=lesson, on=on)
        Enrolment.objects.filter(pk=enrolment.pk, place__lt=lesson.position).update(place=lesson.position)
    return True


def _try(enrolment: Enrolment, item: QueuedCheck) -> bool:
    lesson = _lesson(enrolment, item.lesson)
    if lesson is None:
        return False
    return try_check(
        enrolment=enrolment, lesson=lesson, number=item.number, answer=item.answer, times=item.times
    )


def _go_through(enrolment: Enrolment, item: QueuedScenario, on: date) -> bool:
    """The choices are played again here: that the phone calls it passed is not believed."""
    activities = content.outline(content.listed(enrolment.edition)).activities
    places = (a for a in activities if a.kind == "scenario" and a.reference == item.reference)
    place = next(places, None)
    if place is None:
        return False
    _place, graph = content.activity(enrolment.edition_id, place.position)
    try:
        scene = play(graph, read_way(item.way))
    except NoSuchWay:
        return False
    if scene.passed and enrolment.closed_on is None:
        finish_activity(enrolment=enrolment, activity=place, on=on)
    return scene.passed


def _lesson(enrolment: Enrolment, key: UUID) -> LessonListed | None:
    lessons = content.outline(content.listed(enrolment.edition)).lessons
    return next((lesson for lesson in lessons if lesson.key == key), None)
