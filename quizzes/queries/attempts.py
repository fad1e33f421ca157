"""Attempts: where somebody stands, what was answered, what may be shown of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from uuid import UUID

from django.db.models import FilteredRelation, OuterRef, Q, Subquery

from lms.kernel.clock import database_now
from lms.kernel.signednotes import BadNote

from ..enums import AttemptState, ReviewPolicy, RulingKind
from ..marking import needs_a_person
from ..models import Attempt, AttemptItem, MarkRevision, QuizVersion
from ..policies import seat_of
from ..receipts import opened
from ..records import (
    CheckedReceipt,
    QuizAsWritten,
    QuizRules,
    QuizVersionLine,
    ReviewedItem,
    Seat,
    Standing,
)
from ..reviewing import reviewed_item
from ..rulings import OUT
from ..services.marks import rulings_on
from ..services.receipts import answers_digest, receipt_verifiers
from .handmarking import remarks_on


def quiz_versions(ids: Iterable[int]) -> dict[int, QuizVersionLine]:
    """Frozen quizzes by id."""
    rows = QuizVersion.objects.filter(pk__in=list(ids)).select_related("quiz")
    return {
        row.pk: QuizVersionLine(
            row.pk,
            row.public_id,
            row.quiz.code,
            row.number,
            row.title,
            row.length,
            row.pass_mark,
            row.attempts,
            row.minutes,
        )
        for row in rows
    }


def newest_versions() -> list[QuizVersionLine]:
    """The newest frozen version of every quiz, by code: for a trainer who fills a slot."""
    newest = QuizVersion.objects.filter(quiz=OuterRef("quiz")).order_by("-number").values("pk")[:1]
    ids = QuizVersion.objects.filter(pk=Subquery(newest)).values_list("pk", flat=True)
    return sorted(quiz_versions(ids).values(), key=lambda line: line.quiz_code)


def quiz_as_written(code: str) -> QuizAsWritten | None:
    """The newest version of a quiz with its rules and its bank; None where there is none of the code."""
    row = QuizVersion.objects.filter(quiz__code=code).order_by("-number").first()
    drawn = row.pool.select_related("question__bank").first() if row else None
    if row is None or drawn is None:
        return None
    rules = QuizRules(
        title=row.title,
        blueprint=tuple((part["objective"], part["draw"]) for part in row.blueprint),
        objectives=tuple(row.objectives),
        pass_mark=row.pass_mark,
        attempts=row.attempts,
        minutes=row.minutes,
        review=row.review,
        wait_hours=row.wait_hours,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        practice=row.practice,
    )
    bank = drawn.question.bank
    return QuizAsWritten(code, bank.code, bank.title, rules)


def standing(person_id: int, version: QuizVersion | QuizVersionLine, seat: Seat | None = None) -> Standing:
    """Where the person stands with this quiz in the present round: attempts of all its versions count.

    One query; two where the `seat` is not known yet.
    """
    code = version.quiz.code if isinstance(version, QuizVersion) else version.quiz_code
    seat = seat or seat_of(person_id, code)
    rows = (
        Attempt.objects.filter(person_id=person_id, quiz__code=code)
        .annotate(mark=FilteredRelation("marks", condition=Q(marks__superseded_entry=None)))
        .order_by("number")
        .values_list("public_id", "state", "started_at", "mark__percent", "mark__passed")
    )
    since = seat.since if seat else None
    sat = [row for row in rows if since is None or row[2] > since]
    open_now = [public_id for public_id, state, *_rest in sat if state == AttemptState.OPEN]
    ended = [public_id for public_id, state, *_rest in sat if state != AttemptState.OPEN]
    return Standing(
        best=max((percent for *_rest, percent, _passed in sat if percent is not None), default=None),
        passed=any(passed for *_rest, passed in sat),
        used=len(sat),
        left=max(0, version.attempts - len(sat)),
        open_attempt=open_now[0] if open_now else None,
        last=ended[-1] if ended else None,
    )


def current_mark(attempt: Attempt) -> MarkRevision | None:
    """The last revision of the attempt's mark."""
    return attempt.marks.order_by("number").last()


def attempt_of(user_id: int, public_id: UUID) -> Attempt | None:
    """The own attempt of whoever is signed in; another's does not exist."""
    return (
        Attempt.objects.filter(person__user_id=user_id, public_id=public_id)
        .select_related("version", "quiz")
        .defer("sheet")
        .first()
    )


def item_of(user_id: int, public_id: UUID, position: int) -> AttemptItem | None:
    """A question of one's own attempt with all that saving needs, in one query."""
    return (
        AttemptItem.objects.filter(
            attempt__person__user_id=user_id, attempt__public_id=public_id, position=position
        )
        .select_related("attempt__version", "question")
        .only(*_TO_ANSWER)
        .first()
    )


_TO_ANSWER = (
    "attempt__public_id",
    "attempt__state",
    "attempt__deadline",
    "attempt__device",
    "attempt__version__blueprint",
    "position",
    "seed",
    "answer",
    "answered_at",
    "question__kind",
    "question__body",
)


def check_receipt(note: str) -> CheckedReceipt:
    """Whether we signed this receipt, and whether what is stored is still what it says."""
    try:
        receipt = opened(note, receipt_verifiers())
    except BadNote:
        return CheckedReceipt("not_genuine")
    attempt = Attempt.objects.filter(public_id=receipt.attempt).first()
    stored = answers_digest(list(attempt.items.select_related("question"))) if attempt else ""
    same = attempt is not None and stored == receipt.answers and attempt.submitted_at == receipt.at
    state = "genuine" if same else "differs" if attempt else "unknown"
    return CheckedReceipt(state, receipt.attempt, receipt.answers, receipt.at)


def item_at(attempt: Attempt, position: int) -> AttemptItem | None:
    return attempt.items.filter(position=position).select_related("question").first()


def progress_of(attempt: Attempt) -> list[tuple[int, bool]]:
    """(position, answered) of every question."""
    return [
        (position, answered is not None)
        for position, answered in attempt.items.values_list("position", "answered_at")
    ]


def may_see_keys(attempt: Attempt, now: Standing) -> bool:
    """Whether the review policy lets keys and explanations out now."""
    match attempt.version.review:
        case ReviewPolicy.AFTER_SUBMIT:
            return True
        case ReviewPolicy.AFTER_PASS:
            return now.passed or (now.left == 0 and now.open_attempt is None)
        case ReviewPolicy.AFTER_WINDOW:
            closes = attempt.version.closes_at
            return closes is not None and closes <= database_now()
    return False


def items_of(attempt: Attempt) -> list[AttemptItem]:
    """The attempt's items in their order, with their questions: one query."""
    return list(attempt.items.select_related("question"))


def reviewed_items(items: Sequence[AttemptItem], points: Sequence[str]) -> list[ReviewedItem]:
    """Items, with their questions, beside the key that holds and what they earned.

    One query; one more where persons marked some.
    """
    rulings = rulings_on(item.question_id for item in items)
    by_hand = [item for item in items if needs_a_person(item.question.kind, item.question.body)]
    remarks = remarks_on(by_hand) if by_hand else {}
    return [
        replace(
            reviewed_item(
                item.position,
                item.question.kind,
                (ruling.body if ruling else None) or item.question.body,
                item.answer,
                earned,
                item.question.objective,
            ),
            ruling=str(RulingKind(ruling.kind).label) if ruling else "",
            counts=earned != OUT,
            remarks=remarks.get(item.pk, ()),
        )
        for item, earned in zip(items, points, strict=True)
        for ruling in (rulings.get(item.question_id),)
    ]


def weak_objectives(version: QuizVersion, items: Sequence[AttemptItem], points: Sequence[str]) -> list[str]:
    """The objectives in which these items earned less than the pass mark, the weakest first.

    Where nobody passes or fails: those in which not everything was right.
    """
    asked: Counter[int] = Counter()
    shares: dict[int, Fraction] = {}
    for item, earned in zip(items, points, strict=True):
        if earned == OUT:
            continue
        objective = item.question.objective
        shares[objective] = shares.get(objective, Fraction(0)) + Fraction(earned)
        asked[objective] += 1
    names = version.objectives
    weak = sorted(
        (share / asked[number], number)
        for number, share in shares.items()
        if 100 * share < (version.pass_mark or 100) * asked[number]
    )
    return [names[number - 1] for _share, number in weak if number <= len(names)]
