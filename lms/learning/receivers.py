"""What this room hears."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from content import queries as content
from content.enums import ChangeKind
from content.signals import edition_frozen
from lms.kernel import jobs
from lms.roster.signals import person_erased
from quizzes import queries as quizzes
from quizzes.records import AttemptResult
from quizzes.signals import attempt_finished, mark_changed

from .models import Feedback
from .queries import quiz_places
from .services import finish_activity


@receiver(attempt_finished, dispatch_uid="learning.quiz_passed")
def note_passed_quiz(*, result: AttemptResult, **_more: Any) -> None:
    """A passed test is a finished step, in every open course in which it has a place."""
    if not result.passed:
        return
    line = quizzes.quiz_versions([result.quiz_version_id])[result.quiz_version_id]
    on = timezone.localdate(result.finished_at)
    for enrolment, activity in quiz_places(result.person_id, line.quiz_code):
        if enrolment.closed_on is None:
            finish_activity(enrolment=enrolment, activity=activity, on=on, score=result.percent)


@receiver(mark_changed, dispatch_uid="learning.mark_changed")
def note_changed_mark(*, result: AttemptResult, **_more: Any) -> None:
    """A mark that two persons raised counts as if it had been so at once.

    One that they lowered takes nothing away by itself: what was completed and certified meanwhile is listed
    where the key was corrected, and people decide.
    """
    note_passed_quiz(result=result)


@receiver(edition_frozen, dispatch_uid="learning.ask_again")
def ask_those_who_finished(sender: Any, *, code: str, change: str, days: int = 0, **_more: Any) -> None:
    """A top-up or a repeat is asked of everybody who finished: thousands, and therefore a job."""
    if change in (ChangeKind.TOPUP, ChangeKind.REPEAT):
        edition = content.latest_edition(code).id
        jobs.enqueue("learning.ask_again", edition=edition, change=str(change), days=days)


@receiver(person_erased, dispatch_uid="learning.forget_words")
def forget_what_they_said(*, person_ids: list[int], **_more: Any) -> None:
    """Whether it helped stays as a number; what somebody wrote about it may tell who they are."""
    Feedback.objects.filter(person__in=person_ids).update(words="")
