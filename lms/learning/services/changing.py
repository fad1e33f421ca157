"""A course has changed: what that asks of those who finished, and the choice of those in the middle."""

from datetime import date

from django.db import transaction

from content import queries as content
from content.enums import ChangeKind
from content.records.editions import Outline
from lms.kernel.clock import database_now
from lms.learning.enums import Reason
from lms.learning.models import Completion, Enrolment, FinishedStep

from .completing import complete_course
from .enrolling import enrol

REASONS = {ChangeKind.TOPUP: Reason.TOPUP, ChangeKind.REPEAT: Reason.REPEAT}


def ask_again(*, edition_id: int, change: ChangeKind, on: date, due: date) -> int:
    """Enrol everybody whose completion of an earlier edition stands; how many. Doing it twice asks once.

    A top-up asks for lessons that are new or read otherwise and for tests of a new version, a repeat for all.
    What was finished stays finished: no completion, evidence or certificate is touched.
    """
    edition = content.edition_by_id(edition_id)
    rows = Completion.objects.filter(course=edition.course, edition__lt=edition.number, withdrawn_on=None)
    busy = Enrolment.objects.filter(course=edition.course, edition=edition_id).values("person")
    last: dict[int, Completion] = {}
    for row in rows.exclude(person__in=busy).select_related("enrolment").order_by("round", "pk"):
        last[row.person_id] = row
    return sum(_ask(row, edition_id, change, on, due) for row in last.values())


@transaction.atomic
def _ask(row: Completion, edition_id: int, change: ChangeKind, on: date, due: date) -> bool:
    if Enrolment.objects.filter(person=row.person_id, course=row.course_id, closed_on=None).exists():
        return False  # in the middle of it anyway; moving on is their choice
    outline = content.outline(content.edition_by_id(edition_id))
    same = _same(row.enrolment, outline) if change == ChangeKind.TOPUP else ([], [])
    needed = [a for a in outline.activities if a.required]
    if len(same[0]) == len(outline.lessons) and all(a.id in same[1] for a in needed):
        return False
    begun = enrol(
        person_id=row.person_id, course=outline.edition.code, on=on, reason=REASONS[change], due=due
    )
    _credit(begun, *same)
    return True


@transaction.atomic
def move_to_newest(*, enrolment: Enrolment, on: date) -> Enrolment:
    """Go on in the newest edition; what reads there as it read here stays finished.

    Raises NoSuchEdition. A closed enrolment stays where it is.
    """
    newest = content.latest_edition(enrolment.course.code)
    locked = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if locked.closed_on is not None or locked.edition_id == newest.id:
        return locked
    lessons, activities = _same(locked, content.outline(newest))
    locked.edition_id, locked.place = newest.id, 0
    locked.save(update_fields=["edition", "place"])
    _credit(locked, lessons, activities)
    complete_course(
        enrolment=Enrolment.objects.select_related("course", "edition__course").get(pk=locked.pk), on=on
    )
    return locked


def _same(enrolment: Enrolment | None, outline: Outline) -> tuple[list[int], list[int]]:
    """Lessons and activities of the outline that this enrolment has finished as they stand there."""
    if enrolment is None:
        return [], []
    done = FinishedStep.objects.filter(enrolment=enrolment)
    read = set(done.filter(lesson__isnull=False).values_list("lesson__key", "lesson__digest"))
    passed = set(
        done.filter(activity__isnull=False).values_list(
            "activity__kind", "activity__reference", "activity__version"
        )
    )
    lessons = [lesson.id for lesson in outline.lessons if (lesson.key, lesson.digest) in read]
    return lessons, [a.id for a in outline.activities if (a.kind, a.reference, a.version) in passed]


def _credit(enrolment: Enrolment, lessons: list[int], activities: list[int]) -> None:
    now = database_now()
    steps = [FinishedStep(enrolment=enrolment, lesson_id=pk, finished_at=now) for pk in lessons]
    steps += [FinishedStep(enrolment=enrolment, activity_id=pk, finished_at=now) for pk in activities]
    FinishedStep.objects.bulk_create(steps, ignore_conflicts=True)
