"""Beginning and leaving a course."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max

from content import queries as content
from content.records.editions import EditionListed
from lms.learning.enums import Reason
from lms.learning.models import Enrolment
from lms.learning.policies import require_admission
from lms.learning.queries import assignment_of
from lms.learning.signals import course_begun, course_left
from quizzes import queries as quizzes

from .completing import finish_activity


def enrol(
    *, person_id: int, course: str, on: date, reason: Reason = Reason.SELF, due: date | None = None
) -> Enrolment:
    """The person's open enrolment in the course, or a new one in its newest edition.

    Raises NoSuchEdition; EnrolmentClosed where the course is not for this person to begin, neither by
    themselves nor by their unit. What the platform itself asks (again, or to renew) is never refused.

    Two tabs at once get the same enrolment: the constraint lets one in. A nearer deadline than the one that
    stands is taken over, a later one is not. Who begins what their unit has assigned begins it for that
    reason and by that day.
    """
    edition = content.latest_edition(course)
    try:
        with transaction.atomic():
            return _find_or_begin(person_id, edition, on, reason, due)
    except IntegrityError:
        with transaction.atomic():
            return _find_or_begin(person_id, edition, on, reason, due)


def _find_or_begin(
    person_id: int, edition: EditionListed, on: date, reason: Reason, due: date | None
) -> Enrolment:
    asked = assignment_of(person_id, edition.course, on) if reason == Reason.SELF else None
    if asked is not None:
        reason, due = Reason.MANAGER, asked.due
    mine = Enrolment.objects.filter(person_id=person_id, course_id=edition.course)
    standing = mine.filter(closed_on__isnull=True).first()
    if standing is not None:
        if due is not None and (standing.due is None or due < standing.due):
            standing.due, standing.reason = due, reason
            standing.save(update_fields=["due", "reason"])
        return standing
    if reason in (Reason.SELF, Reason.MANAGER):
        require_admission(person_id, edition, on, reason)
    rounds = mine.aggregate(last=Max("round"))["last"] or 0
    begun = Enrolment.objects.create(
        person_id=person_id,
        course_id=edition.course,
        edition_id=edition.id,
        round=rounds + 1,
        since=on,
        due=due,
        reason=reason,
    )
    if begun.round == 1:
        _credit_passed_tests(begun, on)
    if reason in (Reason.SELF, Reason.MANAGER):
        course_begun.send(Enrolment, person_id=person_id, course_code=begun.course.code, on=on)
    return begun


def _credit_passed_tests(enrolment: Enrolment, on: date) -> None:
    """A module may stand in two courses: its test, once passed, is not asked for again."""
    tests = [
        activity
        for activity in content.outline(content.listed(enrolment.edition)).activities
        if activity.kind == "quiz" and "id" in activity.key
    ]
    lines = quizzes.quiz_versions([activity.key["id"] for activity in tests])
    for activity in tests:
        line = lines.get(activity.key["id"])
        standing = quizzes.standing(enrolment.person_id, line) if line else None
        if standing is not None and standing.passed:
            finish_activity(enrolment=enrolment, activity=activity, on=on, score=standing.best)


@transaction.atomic
def leave(*, enrolment: Enrolment, on: date) -> None:
    """Close an enrolment without completing it; what was learned stays."""
    changed = Enrolment.objects.filter(pk=enrolment.pk, closed_on__isnull=True).update(closed_on=on)
    if changed:
        course_left.send(
            Enrolment,
            person_id=enrolment.person_id,
            course_id=enrolment.course_id,
            course_code=enrolment.course.code,
            on=on,
        )


def note_place(*, enrolment: Enrolment, position: int) -> None:
    """Remember where the person is reading, for every device; writes only when it has moved."""
    if enrolment.place != position:
        Enrolment.objects.filter(pk=enrolment.pk).update(place=position)
