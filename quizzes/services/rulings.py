"""A wrong key put right, a wrong mark changed: one asks, a second decides, attempts are marked again."""

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from lms.kernel import jobs
from lms.kernel.clock import database_now
from lms.kernel.services import changed, correct_facts
from lms.roster import queries as roster
from lms.roster.queries import Person

from ..enums import AttemptState, Decision, RulingKind
from ..errors import (
    NothingChanges,
    NotOver,
    NotYourself,
    PointsOutOfRange,
)
from ..models import Attempt, AttemptItem, KeyCorrection, MarkChange, MarkRevision, QuestionVersion
from ..records import QuestionDraft
from ..rulings import Ruling, Worth
from ..signals import mark_changed
from .asking import ask, decide
from .authoring import version_of
from .finishing import result_of
from .marks import changes_of, hand_points, rulings_on, worth_of

BATCH = 200
"""Attempts that are marked again in one transaction: about half a second."""

SETTLING = timedelta(minutes=1)
"""So long after a decision an attempt may still have been handed in without seeing it."""


def ask_for_correction(
    *,
    version: QuestionVersion,
    ruling: RulingKind,
    reason: str,
    by: Person,
    body: Mapping[str, Any] | None = None,
) -> KeyCorrection:
    """Say that the key of a question is wrong, and how its answers shall count.

    `body`, with a new key only: the question as it should have been keyed, its options by the same ids.
    Raises NothingChanges, WaitsForDecision.
    """
    standing = rulings_on([version.pk]).get(version.pk)
    if ruling == RulingKind.NEW_KEY:
        if body is None or dict(body) == _keyed_by(standing, version):
            raise NothingChanges
    elif standing is not None and standing.kind == ruling:
        raise NothingChanges
    return ask(
        KeyCorrection(
            version=version,
            ruling=ruling,
            body=body if ruling == RulingKind.NEW_KEY else None,
            reason=reason,
            asked_by=by,
            asked_at=database_now(),
        )
    )


def keyed_now(version: QuestionVersion) -> dict[str, Any] | None:
    """The question with the key that holds today; None where its answers count by no key."""
    return _keyed_by(rulings_on([version.pk]).get(version.pk), version)


def _keyed_by(ruling: Ruling | None, version: QuestionVersion) -> dict[str, Any] | None:
    if ruling is None:
        return dict(version.body)
    return None if ruling.body is None else dict(ruling.body)


@transaction.atomic
def decide_correction(*, correction: KeyCorrection, decision: Decision, by: Person) -> KeyCorrection:
    """Approve or reject. Approved: it holds at once, and a job marks the attempts that are over again.

    Raises NotYourself, AlreadyDecided.
    """
    decided = decide(correction, decision, by)
    if decision == Decision.APPROVED:
        if decided.ruling == RulingKind.NEW_KEY:
            _into_the_bank(decided)
        jobs.enqueue("quizzes.regrade", correction=decided.pk)
        jobs.enqueue(
            "quizzes.regrade", correction=decided.pk, run_after=database_now() + 2 * SETTLING
        )  # for an attempt that was being handed in at this very moment
    return decided


def regrade(*, correction: KeyCorrection) -> int:
    """Give every attempt that is over and met the question a new revision; return how many.

    In batches, each a transaction; broken off and begun again it goes on where it stopped. The old revisions
    stay.
    """
    assert correction.decided_by is not None
    count = 0
    while True:
        with transaction.atomic():
            done = _revise(
                list(attempts_to_regrade(correction).select_for_update(of=("self",))[:BATCH]),
                reason=correction.reason,
                by=correction.decided_by,
                correction=correction,
            )
        if not done:
            break
        count += done
    KeyCorrection.objects.filter(pk=correction.pk).update(regraded_at=database_now())
    return count


def attempts_to_regrade(correction: KeyCorrection) -> QuerySet[Attempt]:
    """Attempts that may have been marked before the correction held, and that it has not marked yet.

    Those that persons still mark get their first mark by it.
    """
    assert correction.decided_at is not None
    met = AttemptItem.objects.filter(attempt=OuterRef("pk"), question=correction.version_id)
    marked = MarkRevision.objects.filter(attempt=OuterRef("pk"), correction=correction)
    return (
        Attempt.objects.filter(submitted_at__lte=correction.decided_at + SETTLING)
        .filter(Exists(met), Exists(MarkRevision.objects.filter(attempt=OuterRef("pk"))))
        .exclude(Exists(marked))
        .order_by("pk")
    )


def ask_for_mark_change(*, item: AttemptItem, points: Fraction, reason: str, by: Person) -> MarkChange:
    """Ask that one answer be worth so many points, from 0 to 1.

    Raises NotOver, PointsOutOfRange, NotYourself, WaitsForDecision.
    """
    if item.attempt.state == AttemptState.OPEN or not item.attempt.marks.exists():
        raise NotOver
    if not 0 <= points <= 1 or points.denominator > 1000:
        raise PointsOutOfRange
    if roster.same_human(by, item.attempt.person):
        raise NotYourself
    return ask(
        MarkChange(
            item=item,
            numerator=points.numerator,
            denominator=points.denominator,
            reason=reason,
            asked_by=by,
            asked_at=database_now(),
        )
    )


@transaction.atomic
def decide_mark_change(*, change: MarkChange, decision: Decision, by: Person) -> MarkChange:
    """Approve or reject; approved, the attempt has a new revision. Raises NotYourself, AlreadyDecided."""
    attempt = Attempt.objects.select_for_update(of=("self",)).get(items=change.item_id)
    if roster.same_human(by, attempt.person):
        raise NotYourself
    decided = decide(change, decision, by)
    if decision == Decision.APPROVED:
        _revise([attempt], reason=decided.reason, by=by)
    return decided


# How --------------------------------------------------------------------------------------------


def _into_the_bank(correction: KeyCorrection) -> None:
    """The question goes on in the bank with the right key, unless somebody has changed it there since."""
    old = correction.version
    newest = QuestionVersion.objects.filter(question=old.question_id).aggregate(last=Max("number"))["last"]
    if newest != old.number or correction.body is None:
        return
    draft = QuestionDraft(
        old.question.code,
        old.kind,
        old.objective,
        old.difficulty,
        correction.body,
        tuple(old.tags),
        name=old.name,
        source=old.source,
        law=old.law,
    )
    version_of(old.question, newest + 1, draft, by=correction.asked_by).save()


def _revise(
    attempts: list[Attempt], *, reason: str, by: Person, correction: KeyCorrection | None = None
) -> int:
    """A new revision of each attempt's mark, by what holds now; tells whoever listens what it changed."""
    ids = [attempt.pk for attempt in attempts]
    rows = {
        row.pk: row
        for row in Attempt.objects.filter(pk__in=ids)
        .select_related("person", "quiz", "version")
        .prefetch_related("items__question")
    }
    marks = {mark.attempt_id: mark for mark in MarkRevision.objects.current().filter(attempt__in=ids)}
    items = [item for row in rows.values() for item in row.items.all()]
    rulings = rulings_on({item.question_id for item in items})
    changes = changes_of(item.pk for item in items)
    by_hand = hand_points(items)
    pairs = []
    for pk in ids:
        old = marks[pk]
        old.attempt = rows[pk]
        worth = worth_of(
            list(rows[pk].items.all()),
            rows[pk].version.pass_mark,
            rulings=rulings,
            changes=changes,
            by_hand=by_hand,
        )
        pairs.append((old, _next(old, worth, reason, by, correction)))
    correct_facts(pairs, by=by, reason=reason)
    for old, new in pairs:
        if old.attempt.version.practice:
            continue
        mark_changed.send(
            sender=Attempt, before=result_of(old.attempt, old), result=result_of(new.attempt, new)
        )
    return len(pairs)


def _next(
    old: MarkRevision, worth: Worth, reason: str, by: Person, correction: KeyCorrection | None
) -> MarkRevision:
    return changed(
        old,
        {
            "number": old.number + 1,
            "points": list(worth.points),
            "percent": worth.percent,
            "passed": worth.passed,
            "reason": reason,
            "by": by,
            "correction": correction,
        },
    )
