"""An attempt from its start to its mark. The database's time decides; what is over stays as it is."""

import secrets
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from lms.kernel.clock import database_now, now_in_statement
from lms.roster import queries as roster

from ..blueprint import Label, drawn
from ..enums import Access, AttemptState, ReviewPolicy, Shuffle
from ..errors import (
    AlreadyPassed,
    AnotherDevice,
    AttemptIsOver,
    NoAttemptLeft,
    NotForYou,
    NotObliged,
    NotOpenNow,
    QuestionIsClosed,
    WaitFirst,
    WaitsForMark,
)
from ..models import Attempt, AttemptItem, QuizVersion
from ..passage import leads_on, open_from
from ..policies import must_take, seat_of
from ..records import Seat
from .accommodations import time_allowed
from .finishing import finish

GRACE = timedelta(seconds=20)
"""An answer that was on its way when time ran out still counts."""


def start_attempt(*, person_id: int, version: QuizVersion, device: str = "") -> Attempt:
    """The person's open attempt, or a new one drawn by the blueprint.

    Raises NotForYou, NotObliged, NotOpenNow, AlreadyPassed, WaitsForMark, NoAttemptLeft, WaitFirst. Whoever
    stands in the register under several codes has the attempts of one human being. A new attempt belongs to
    `device`; an open one stays with the device that has it until `take_over_attempt`. Twenty tabs at once
    get the same attempt: the constraint lets one in, the others find it.
    """
    seat = seat_of(person_id, version.quiz.code)
    if seat is None:
        raise NotForYou
    if version.access == Access.OBLIGED and not must_take(person_id, version.quiz.code):
        raise NotObliged
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
    seed = secrets.randbelow(2**63 - 1) + 1
    attempt = Attempt.objects.create(
        person_id=person_id,
        quiz_id=version.quiz_id,
        version=version,
        number=len(own) + 1,
        started_at=now,
        seed=seed,
        device=device,
        deadline=_deadline(person_id, version, now),
    )
    orders = Random(seed)  # noqa: S311 - orders, no secret
    AttemptItem.objects.bulk_create(
        AttemptItem(attempt=attempt, position=position, question_id=question, seed=orders.randrange(2**31))
        for position, question in enumerate(_drawn(version, seed), start=1)
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


def _drawn(version: QuizVersion, seed: int) -> list[int]:
    """The ids of the versions of questions, in the order in which they are met."""
    sections = version.sections
    by_tag = any(rule.tags for section in sections for rule in section.rules)
    columns = ("pk", "objective", "difficulty", *(("tags",) if by_tag else ()))
    pool = [
        Label(pk, objective, difficulty, frozenset(*tags))
        for pk, objective, difficulty, *tags in version.pool.values_list(*columns)
    ]
    found = drawn(sections, pool, seed, mixed=Shuffle(version.shuffle).questions)
    assert found is not None  # checked when it was frozen, and the pool is frozen with it
    return found


def save_answer(*, item: AttemptItem, answer: Any, device: str = "") -> None:
    """Store an answer as given; saving the same twice is no harm. One statement, which also decides.

    Raises AttemptIsOver, AnotherDevice where another browser has taken the attempt over, and QuestionIsClosed
    where the test has gone on from the question. What comes after time was up is kept apart and not counted.
    """
    version = item.attempt.version
    reached = open_from(version.passage, version.sections, item.position)
    still_open = Q(state=AttemptState.OPEN) & (
        Q(deadline__isnull=True) | Q(deadline__gte=now_in_statement(ago=GRACE))
    )
    with transaction.atomic():
        # The lock makes a submission and a save wait for one another: an answer is in the mark or refused.
        attempts = Attempt.objects.select_for_update().filter(still_open, pk=item.attempt_id)
        if device:
            attempts = attempts.filter(device__in=("", device))
        if reached is not None:
            attempts = attempts.filter(reached__range=(reached[0], reached[-1]))
        if AttemptItem.objects.filter(pk=item.pk, told_at=None, attempt__in=attempts).update(
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
    if attempt.state == AttemptState.OPEN:
        raise QuestionIsClosed
    raise AttemptIsOver


def go_on_from(*, item: AttemptItem) -> None:
    """Leave a question; where the test goes in one direction, what lies behind is closed from now on.

    Pressed twice it is one step.
    """
    attempt = item.attempt
    version = attempt.version
    if leads_on(version.passage, version.sections, item.position):
        reached = open_from(version.passage, version.sections, item.position)
        assert reached is not None
        Attempt.objects.filter(
            pk=attempt.pk, state=AttemptState.OPEN, reached__range=(reached[0], reached[-1])
        ).update(reached=item.position + 1)


def tell_answer(*, item: AttemptItem) -> bool:
    """Tell the person at once whether a stored answer is right; it is closed from now on.

    False where the quiz does not tell at once, or nothing was answered.
    """
    if item.attempt.version.review != ReviewPolicy.AT_ONCE:
        return False
    rows = AttemptItem.objects.filter(pk=item.pk, told_at=None, attempt__state=AttemptState.OPEN)
    rows.exclude(answered_at=None).exclude(answer=None).update(told_at=now_in_statement())
    return AttemptItem.objects.filter(pk=item.pk).exclude(told_at=None).exists()


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
