"""Finishing steps, and with the last of them the course."""

from datetime import date
from decimal import ROUND_FLOOR, Decimal

from django.db import transaction
from django.db.models import Avg

from content.records.editions import ActivityListed, LessonListed
from lms.kernel.clock import database_now, now_in_statement
from lms.learning.enums import Outcome
from lms.learning.models import Completion, Enrolment, FinishedStep
from lms.learning.queries import completed_record, steps_and_standing
from lms.learning.signals import course_completed, reading_begun

NEAR_THE_END = 5
"""Steps left from which on everything is read again: so many devices may finish one each at once."""


@transaction.atomic
def finish_lesson(*, enrolment: Enrolment, lesson: LessonListed, on: date, left: int | None = None) -> None:
    """Note that the lesson was read; twice is once. One query, in the middle of a course.

    `left` is how many steps of it the caller has just seen unfinished: where that is more than a few, this
    lesson cannot be the last, and nobody asks whether the course is complete.
    """
    step = FinishedStep(enrolment=enrolment, lesson_id=lesson.id, finished_at=now_in_statement())
    FinishedStep.objects.bulk_create([step], ignore_conflicts=True)
    if enrolment.closed_on is not None:
        return
    _begin_reading(enrolment, on)
    if left is None or left <= NEAR_THE_END:
        complete_course(enrolment=enrolment, on=on)


def _begin_reading(enrolment: Enrolment, on: date) -> None:
    """The first lesson that is finished of an enrolment is news; of two at once, one tells it."""
    if enrolment.reading_since is not None:
        return
    unread = Enrolment.objects.filter(pk=enrolment.pk, reading_since=None, closed_on=None)
    if unread.update(reading_since=on):
        reading_begun.send(
            Enrolment,
            person_id=enrolment.person_id,
            course_id=enrolment.course_id,
            course_code=enrolment.course.code,
            on=on,
        )
    enrolment.reading_since = on


@transaction.atomic
def finish_activity(
    *, enrolment: Enrolment, activity: ActivityListed, on: date, score: Decimal | None = None
) -> bool:
    """Note that a test was passed or a scenario gone through; a better score replaces the one that stands."""
    row, new = FinishedStep.objects.get_or_create(
        enrolment=enrolment,
        activity_id=activity.id,
        defaults={"finished_at": database_now(), "score": score},
    )
    if not new and score is not None and (row.score is None or score > row.score):
        FinishedStep.objects.filter(pk=row.pk).update(score=score)
    if new and enrolment.closed_on is None:
        complete_course(enrolment=enrolment, on=on)
    return new


@transaction.atomic
def complete_course(*, enrolment: Enrolment, on: date) -> Completion | None:
    """Complete the enrolment if everything that its edition asks for is done; None while something is left.

    The condition is checked in this transaction, with the enrolment locked; calling it again gives the
    completion that stands and tells nobody twice.
    """
    outline, _steps, now = steps_and_standing(enrolment)
    if not now.finished:
        return None
    locked = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    standing = Completion.objects.filter(enrolment=locked).first()
    if standing is not None or locked.closed_on is not None:
        return standing
    score = FinishedStep.objects.filter(
        enrolment=locked, activity__kind="quiz", activity__first=False
    ).aggregate(mean=Avg("score"))
    mean = score["mean"]
    edition = outline.edition
    completion = Completion.objects.create(
        person_id=locked.person_id,
        course_id=locked.course_id,
        enrolment=locked,
        edition=edition.number,
        round=locked.round,
        title=edition.title,
        level=edition.level,
        hours=edition.hours,
        completed_on=on,
        score=Decimal(mean).quantize(Decimal("0.01"), ROUND_FLOOR) if mean is not None else None,
        outcome=Outcome.PASSED if now.quizzes else Outcome.COMPLETED,
    )
    Enrolment.objects.filter(pk=locked.pk).update(closed_on=on)
    enrolment.closed_on = on
    course_completed.send(Completion, completed=completed_record(completion))
    return completion
