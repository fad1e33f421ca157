"""One person asks, a second decides; the ledger knows both."""

from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from lms.kernel import services as kernel
from lms.kernel.clock import database_now
from lms.roster import queries as roster
from lms.roster.queries import Person

from ..enums import Decision
from ..errors import AlreadyDecided, NotYourself, WaitsForDecision
from ..models import Accommodation, KeyCorrection, MarkChange
from ..models.asked import Asked
from .authoring import digest_of

A = TypeVar("A", bound=Asked)


def ask(wish: A) -> A:
    """Raises WaitsForDecision where somebody has asked for the same already."""
    try:
        with transaction.atomic():
            wish.save()
    except IntegrityError as error:
        if wish.reason:
            raise WaitsForDecision from error
        raise
    return wish


def decide(wish: A, decision: Decision, by: Person) -> A:
    """Claim the decision, and write it into the ledger with who asked and who decided."""
    if roster.same_human(by, wish.asked_by):
        raise NotYourself
    now = database_now()
    claimed = (
        type(wish)
        ._default_manager.filter(pk=wish.pk, decision="")
        .update(decision=decision, decided_by=by, decided_at=now)
    )
    if not claimed:
        raise AlreadyDecided
    wish.refresh_from_db()
    kernel.append(
        type=f"quizzes.{wish._meta.model_name}.{decision}",
        subject=wish.public_id,
        fact=_stated(wish),
        by=by,
        reason=wish.reason,
    )
    return wish


def _stated(wish: Asked) -> dict[str, Any]:
    common = {"asked_by": wish.asked_by.code, "asked_at": wish.asked_at, "decided_at": wish.decided_at}
    if isinstance(wish, KeyCorrection):
        body = digest_of(wish.body) if wish.body is not None else None
        return {**common, "question": wish.version.sha256, "ruling": wish.ruling, "key": body}
    if isinstance(wish, MarkChange):
        attempt = str(wish.item.attempt.public_id)
        points = f"{wish.numerator}/{wish.denominator}"
        return {**common, "attempt": attempt, "position": wish.item.position, "points": points}
    if isinstance(wish, Accommodation):
        return {
            **common,
            "person": wish.person.code,
            "quiz": wish.quiz.code,
            "extra_percent": wish.extra_percent,
        }
    return common
