"""More time for somebody who needs it: asked for by one, granted by another, listed for all to see."""

from datetime import timedelta

from django.db import transaction

from lms.kernel.clock import database_now
from lms.roster import queries as roster
from lms.roster.queries import Person

from ..enums import Decision
from ..errors import NotYourself
from ..models import Accommodation, Quiz, QuizVersion
from .asking import ask, decide


def ask_for_more_time(
    *, person: Person, quiz: Quiz, extra_percent: int, reason: str, by: Person
) -> Accommodation:
    """Ask that somebody have from 1 to 200 per cent more time. Raises NotYourself, WaitsForDecision."""
    if roster.same_human(by, person):
        raise NotYourself
    return ask(
        Accommodation(
            person=person,
            quiz=quiz,
            extra_percent=extra_percent,
            reason=reason,
            asked_by=by,
            asked_at=database_now(),
        )
    )


@transaction.atomic
def decide_more_time(*, accommodation: Accommodation, decision: Decision, by: Person) -> Accommodation:
    """Grant or refuse; it holds for attempts that begin afterwards. Raises NotYourself, AlreadyDecided."""
    if roster.same_human(by, accommodation.person):
        raise NotYourself
    return decide(accommodation, decision, by)


def time_allowed(person_id: int, version: QuizVersion) -> timedelta | None:
    """How long this person has for an attempt; None without limit. One query where there is a limit."""
    if not version.minutes:
        return None
    extra = (
        Accommodation.objects.filter(person_id=person_id, quiz_id=version.quiz_id, decision=Decision.APPROVED)
        .values_list("extra_percent", flat=True)
        .first()
    )
    return timedelta(minutes=version.minutes) * (100 + (extra or 0)) / 100
