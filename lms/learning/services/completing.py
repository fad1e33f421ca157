"""Finishing steps, and with the last of them the course."""

from datetime import date
from decimal import ROUND_FLOOR, Decimal

from django.db import transaction
from django.db.models import Avg

from content.records.editions import ActivityListed, LessonListed
from lms.kernel.clock import database_now
from lms.learning.enums import Outcome
from lms.learning.models import Completion, Enrolment, FinishedStep
from lms.learning.queries import completed_record, steps_and_standing
from lms.learning.signals import course_completed, lesson_finished


@transaction.atomic
def finish_lesson(*, enrolment: Enrolment, lesson: LessonListed, on: date) -> bool:
    """Note that the lesson was read; whether it is news. Twice is once."""
    _row, new = FinishedStep.objects.get_or_create(
        enrolment=enrolment, lesson_id=lesson.id, defaults={"finished_at": database_now()}
    )
    if new and enrolment.closed_on is None:
        lesson_finished.send(
            FinishedStep,
            person_id=enrolment.person_id,
            course_id=enrolment.course_id,
            course_code=enrolment.course.code,
            on=on,
        )
        complete_course(enrolment=enrolment, on=on)
    return new


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
