"""An attempt from its start to its mark. The database's time decides; what is over stays as it is."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from lms.kernel.clock import database_now, now_in_statement
from lms.roster import queries as roster

from ..enums import AttemptState
from ..errors import (
    AlreadyPassed,
    AnotherDevice,
    AttemptIsOver,
    NoAttemptLeft,
    NotForYou,
    NotOpenNow,
    WaitFirst,
    WaitsForMark,
)
from ..models import Attempt, AttemptItem, QuestionVersion, QuizVersion
from ..policies import seat_of
from ..records import Seat
from .accommodations import time_allowed
from .finishing import finish

GRACE = timedelta(seconds=20)
"""An answer that was on its way when time ran out still counts."""


def start_attempt(*, person_id: int, version: QuizVersion, device: str = "") -> Attempt:
    """The person's open attempt, or a new one drawn by the blueprint.

    Raises NotForYou, NotOpenNow, AlreadyPassed, WaitsForMark, NoAttemptLeft, WaitFirst. Whoever stands in the
    register under several codes has the attempts of one human being. A new attempt belongs to `device`; an
    open one stays with the device that has it until `take_over_attempt`. Twenty tabs at once get the same
    attempt: the constraint lets one in, the others find it.
    """
    seat = seat_of(person_id, version.quiz.code)
    if seat is None:
        raise NotForYou
    try:
        with transaction.atomic():
            return _find_or_draw(person_id, version, device, seat)
    except IntegrityError:
        with transaction.atomic():
            return _find_or_draw(person_id, version, device, seat)


def _find_or_draw(person_id: int, version: QuizVersion, device: str, seat: Seat) -> Attempt:
    now = database_now()
    earlier = list(
        Attempt.objects.select_for_update()
        .filter(person__in=roster.codes_of_human(person_id), quiz_id=version.quiz_id)
        .defer("sheet", "receipt")
        .prefetch_related("marks")
    )
    own = [attempt for attempt in earlier if attempt.person_id == person_id]
    for attempt in own:
        if attempt.state == AttemptState.OPEN:
            if not _is_over(attempt, now):
                return attempt
            finish(_locked(attempt.pk), now, AttemptState.EXPIRED)
            return _find_or_draw(person_id, version, device, seat)
    counted = [one for one in earlier if seat.since is None or one.started_at > seat.since]
    _may_begin(version, counted, now)
    attempt = Attempt.objects.create(
        person_id=person_id,
        quiz_id=version.quiz_id,
        version=version,
        number=len(own) + 1,
        started_at=now,
        device=device,
        deadline=_deadline(person_id, version, now),
    )
    AttemptItem.objects.bulk_create(
        AttemptItem(attempt=attempt, position=position, question=question, seed=secrets.randbelow(2**31))
        for position, question in enumerate(_drawn(version), start=1)
    )
    return attempt


def _may_begin(version: QuizVersion, earlier: list[Attempt], now: datetime) -> None:
    if version.opens_at is not None and now < version.opens_at:
        raise NotOpenNow(version.opens_at)
    if version.closes_at is not None and now >= version.closes_at:
        raise NotOpenNow(None)
    if version.practice:
        return
    current = [max(attempt.marks.all(), key=lambda mark: mark.number, default=None) for attempt in earlier]
    if any(mark is not None and mark.passed for mark in current):
        raise AlreadyPassed
    if None in current:
        raise WaitsForMark
    if len(earlier) >= version.attempts:
        raise NoAttemptLeft
    ended = max((one.submitted_at for one in earlier if one.submitted_at), default=None)
    if ended is not None and now < ended + timedelta(hours=version.wait_hours):
        raise WaitFirst(ended + timedelta(hours=version.wait_hours))


def _deadline(person_id: int, version: QuizVersion, now: datetime) -> datetime | None:
    """Time allowed from now, and never later than the quiz closes."""
    allowed = time_allowed(person_id, version)
    ends = [moment for moment in (now + allowed if allowed else None, version.closes_at) if moment]
    return min(ends, default=None)


def _drawn(version: QuizVersion) -> list[QuestionVersion]:
    random = secrets.SystemRandom()
    by_objective: dict[int, list[QuestionVersion]] = {}
    for question in version.pool.only("pk", "objective"):
        by_objective.setdefault(question.objective, []).append(question)
    drawn = [
        question
        for line in version.blueprint
        for question in random.sample(by_objective[line["objective"]], line["draw"])
    ]
    random.shuffle(drawn)
    return drawn


def save_answer(*, item: AttemptItem, answer: Any, device: str = "") -> None:
    """Store an answer as given; saving the same twice is no harm. One statement, which also decides.

    Raises AttemptIsOver, and AnotherDevice where another browser has taken the attempt over. What comes after
    time was up is kept apart and not counted.
    """
    still_open = Q(state=AttemptState.OPEN) & (
        Q(deadline__isnull=True) | Q(deadline__gte=now_in_statement(ago=GRACE))
    )
    with transaction.atomic():
        # The lock makes a submission and a save wait for one another: an answer is in the mark or refused.
        attempts = Attempt.objects.select_for_update().filter(still_open, pk=item.attempt_id)
        if device:
            attempts = attempts.filter(device__in=("", device))
        if AttemptItem.objects.filter(pk=item.pk, attempt__in=attempts).update(
            answer=answer, answered_at=now_in_statement()
        ):
            return
    _refuse(item, answer, device)


def _refuse(item: AttemptItem, answer: Any, device: str) -> None:
    attempt = Attempt.objects.get(pk=item.attempt_id)
    now = database_now()
    if _is_over(attempt, now) and attempt.state != AttemptState.SUBMITTED:
        AttemptItem.objects.filter(pk=item.pk).update(late_answer=answer, late_at=now)
        raise AttemptIsOver
    if attempt.state == AttemptState.OPEN and device and attempt.device not in ("", device):
        raise AnotherDevice
    raise AttemptIsOver


@transaction.atomic
def take_over_attempt(*, attempt: Attempt, device: str) -> Attempt:
    """Go on in this browser; the one before may look on, and its answers are refused."""
    attempt = Attempt.objects.select_for_update().get(pk=attempt.pk)
    if attempt.state != AttemptState.OPEN:
        raise AttemptIsOver
    attempt.device = device
    attempt.save(update_fields=["device"])
    return attempt


@transaction.atomic
def submit_attempt(*, attempt: Attempt, key: str = "", device: str = "") -> Attempt:
    """Hand in: mark the stored answers, sign a receipt, tell whoever listens.

    The same `key` again gives the same attempt back; another key after submitting raises AttemptIsOver.
    AnotherDevice where another browser has taken the attempt over.
    """
    attempt = _locked(attempt.pk)
    if attempt.state != AttemptState.OPEN:
        if key and key == attempt.submit_key:
            return attempt
        raise AttemptIsOver
    now = database_now()
    if device and attempt.device not in ("", device) and not _is_over(attempt, now):
        raise AnotherDevice
    attempt.submit_key = key
    finish(attempt, now, AttemptState.EXPIRED if _is_over(attempt, now) else AttemptState.SUBMITTED)
    return attempt


def expire_overdue_attempts() -> int:
    """Close attempts whose time is up, marking what was stored; return how many. Run by the sweeper."""
    now = database_now()
    overdue = Attempt.objects.filter(state=AttemptState.OPEN, deadline__lt=now - GRACE)
    count = 0
    for pk in overdue.values_list("pk", flat=True):
        with transaction.atomic():
            attempt = _locked(pk)
            if attempt.state == AttemptState.OPEN:
                finish(attempt, now, AttemptState.EXPIRED)
                count += 1
    return count


def _locked(pk: int) -> Attempt:
    attempts = Attempt.objects.select_for_update(of=("self",)).select_related("person", "quiz", "version")
    return attempts.get(pk=pk)


def _is_over(attempt: Attempt, now: datetime) -> bool:
    return attempt.deadline is not None and now > attempt.deadline + GRACE
