"""The end of an attempt: a receipt at once, a mark at once or when persons have marked what they must."""

from collections.abc import Sequence
from datetime import datetime

from lms.kernel.services import record_fact

from ..enums import AttemptState
from ..marking import waits_for_a_person
from ..models import Attempt, AttemptItem, HandMarking, MarkRevision
from ..records import AttemptResult
from ..rubrics import markers_of
from ..sheets import sheet
from ..signals import attempt_finished
from .marks import hand_points, rulings_on, worth_of
from .receipts import answers_digest, sign_receipt

_WRITTEN_AT_THE_END = ("state", "submitted_at", "submit_key", "answers_sha256", "receipt", "sheet")


def finish(attempt: Attempt, now: datetime, state: AttemptState) -> None:
    """Close the attempt with its receipt; mark it, unless answers wait for a person.

    Practice has neither: what it was worth is told and stands nowhere.
    """
    items = list(attempt.items.select_related("question"))
    attempt.state = state
    attempt.submitted_at = now
    attempt.answers_sha256 = answers_digest(items)
    if not attempt.version.practice:
        attempt.receipt = sign_receipt(attempt, items)
    attempt.sheet = sheet(
        attempt.started_at,
        ((item.question_id, item.question.kind, item.answer, item.answered_at) for item in items),
    )
    attempt.save(update_fields=_WRITTEN_AT_THE_END)
    if attempt.version.practice:
        return
    for_persons = [
        HandMarking(item=item, markers=markers_of(item.question.body))
        for item in items
        if waits_for_a_person(item.question.kind, item.question.body, item.answer)
    ]
    if for_persons:
        HandMarking.objects.bulk_create(for_persons)
    else:
        give_first_mark(attempt, items)


def give_first_mark(attempt: Attempt, items: Sequence[AttemptItem]) -> MarkRevision:
    """The mark by keys, rulings and what persons gave; tells whoever listens."""
    worth = worth_of(
        items,
        attempt.version.pass_mark,
        rulings=rulings_on(item.question_id for item in items),
        by_hand=hand_points(items),
    )
    mark = record_fact(
        MarkRevision(
            chain=attempt.public_id,
            attempt=attempt,
            points=list(worth.points),
            percent=worth.percent,
            passed=worth.passed,
        ),
        by="platform",
    )
    attempt_finished.send(sender=Attempt, result=result_of(attempt, mark))
    return mark


def result_of(attempt: Attempt, mark: MarkRevision) -> AttemptResult:
    """How the attempt ended, by this mark, for whoever listens."""
    assert attempt.submitted_at is not None
    return AttemptResult(
        attempt_id=attempt.public_id,
        person_id=attempt.person_id,
        quiz_id=attempt.quiz_id,
        quiz_version_id=attempt.version_id,
        number=attempt.number,
        percent=mark.percent,
        passed=mark.passed,
        finished_at=attempt.submitted_at,
    )
