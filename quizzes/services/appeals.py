"""A learner questions the mark of an answer; a trainer answers. Marks change by two persons only."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from lms.kernel.clock import database_now
from lms.roster import queries as roster
from lms.roster.queries import Person

from ..enums import AppealOutcome
from ..errors import AlreadyDecided, AppealedAlready, NotOver, NotYourself, TooLateToAppeal
from ..models import Appeal, Attempt, AttemptItem
from ..signals import appeal_answered, appeal_raised

APPEAL_DAYS = 15
"""Within which a mark may be questioned, counted from when the attempt was handed in."""


def appeal_until(attempt: Attempt) -> datetime | None:
    """Until when marks of the attempt may be questioned; None while it is open."""
    return attempt.submitted_at + timedelta(days=APPEAL_DAYS) if attempt.submitted_at else None


@transaction.atomic
def raise_appeal(*, item: AttemptItem, text: str) -> Appeal:
    """Question the mark of one answer, once. Raises NotOver, TooLateToAppeal, AppealedAlready."""
    attempt = item.attempt
    until = appeal_until(attempt)
    if until is None or not attempt.marks.exists():
        raise NotOver
    now = database_now()
    if now > until:
        raise TooLateToAppeal(APPEAL_DAYS)
    try:
        with transaction.atomic():
            appeal = Appeal.objects.create(item=item, text=text, raised_at=now)
    except IntegrityError as error:
        if text:
            raise AppealedAlready from error
        raise
    appeal_raised.send(sender=Appeal, appeal_id=appeal.public_id, person_id=attempt.person_id)
    return appeal


@transaction.atomic
def answer_appeal(*, appeal: Appeal, outcome: AppealOutcome, answer: str, by: Person) -> Appeal:
    """Tell the learner what came of it. Raises NotYourself, AlreadyDecided."""
    who = appeal.item.attempt.person
    if roster.same_human(by, who):
        raise NotYourself
    answered = Appeal.objects.filter(pk=appeal.pk, outcome="").update(
        outcome=outcome, answer=answer, answered_by=by, answered_at=database_now()
    )
    if not answered:
        raise AlreadyDecided
    appeal.refresh_from_db()
    appeal_answered.send(
        sender=Appeal, appeal_id=appeal.public_id, person_id=who.pk, outcome=outcome.value, answer=answer
    )
    return appeal
