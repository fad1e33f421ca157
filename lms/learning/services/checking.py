"""Unmarked checks that were tried: counted once a person, without keeping who chose what."""

from django.db import transaction
from django.db.models import F

from content import queries as content
from content.records.editions import LessonListed
from lms.learning.models import ChoiceTaken, Enrolment, TriedCheck


@transaction.atomic
def try_check(*, enrolment: Enrolment, lesson: LessonListed, number: int, answer: int, times: int) -> bool:
    """Note that the check was tried so often, and count its first answer; False where there is no such check.

    Told twice it is counted once: the higher number of times stands, and only the first telling adds to
    the answers.
    """
    edition = content.listed(enrolment.edition)
    checks = content.checks_in(content.lesson(edition, lesson.position).html)
    check = next((check for check in checks if check.number == number), None)
    if check is None or not 0 <= answer < len(check.answers):
        return False
    row, new = TriedCheck.objects.get_or_create(
        enrolment=enrolment, lesson_id=lesson.id, number=number, defaults={"times": times}
    )
    if not new:
        TriedCheck.objects.filter(pk=row.pk, times__lt=times).update(times=times)
        return True
    taken, _new = ChoiceTaken.objects.get_or_create(lesson_id=lesson.id, number=number, answer=answer)
    ChoiceTaken.objects.filter(pk=taken.pk).update(people=F("people") + 1)
    return True
