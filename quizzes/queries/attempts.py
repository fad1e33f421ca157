"""Attempts: where somebody stands, what was answered, what may be shown of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from uuid import UUID

from django.db.models import Count, FilteredRelation, OuterRef, Q, Subquery

from lms.kernel.clock import database_now
from lms.kernel.signednotes import BadNote
from lms.roster import queries as roster

from ..enums import Afterwards, AttemptState, Feedback, ReviewPolicy, RulingKind
from ..marking import needs_a_person
from ..models import Attempt, AttemptItem, MarkRevision, Quiz, QuizVersion
from ..policies import seat_of
from ..receipts import opened
from ..records import (
    CheckedReceipt,
    QuizAsWritten,
    QuizRules,
    QuizVersionKept,
    QuizVersionLine,
    ReviewedItem,
    Seat,
    Standing,
)
from ..reviewing import reviewed_item
from ..rulings import OUT, Worth
from ..services.marks import rulings_on, worth_of
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
        sections=row.sections,
        objectives=tuple(row.objectives),
        pass_mark=row.pass_mark,
        attempts=row.attempts,
        minutes=row.minutes,
        review=row.review,
        wait_hours=row.wait_hours,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        practice=row.practice,
        shuffle=row.shuffle,
        passage=row.passage,
        feedback=row.feedback,
        afterwards=row.afterwards,
        access=row.access,
    )
    bank = drawn.question.bank
    return QuizAsWritten(code, bank.code, bank.title, rules)


def settled_by_somebody(code: str) -> bool:
    """Whether the newest version of a quiz was settled by a person, not loaded by a command."""
    row = QuizVersion.objects.filter(quiz__code=code).order_by("-number").values("by_id").first()
    return row is not None and row["by_id"] is not None


def versions_of(quiz: Quiz) -> list[QuizVersionKept]:
    """Every version of a quiz, the newest first, with who kept it and how often it was begun: two queries."""
    rows = list(quiz.versions.annotate(begun=Count("sittings")).order_by("-number"))
    names = roster.full_names({row.by_id for row in rows if row.by_id})
    return [
        QuizVersionKept(
            row.number,
            row.title,
            row.length,
            row.pass_mark,
            names.get(row.by_id or 0, ""),
            row.created_at,
            row.begun,
        )
        for row in rows
    ]


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
    "attempt__reached",
    "attempt__version__blueprint",
    "attempt__version__passage",
    "attempt__version__practice",
    "attempt__version__review",
    "attempt__version__feedback",
    "attempt__version__shuffle",
    "position",
    "seed",
    "answer",
    "answered_at",
    "told_at",
    "question__kind",
    "question__objective",
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


def disclosed(attempt: Attempt, now: Standing) -> Feedback | None:
    """What may be told of the answers to an attempt that is over; None: the mark alone."""
    version = attempt.version
    closed = _has_closed(version)
    if closed and version.afterwards == Afterwards.CLOSED:
        return None
    if closed and version.afterwards == Afterwards.EXPLAINED:
        return Feedback.EXPLAINED
    match version.review:
        case ReviewPolicy.AFTER_SUBMIT | ReviewPolicy.AT_ONCE:
            may = True
        case ReviewPolicy.AFTER_PASS:
            may = now.passed or (not version.practice and now.left == 0 and now.open_attempt is None)
        case ReviewPolicy.AFTER_WINDOW:
            may = closed
        case _:
            may = False
    return Feedback(version.feedback) if may else None


def _has_closed(version: QuizVersion) -> bool:
    """Whether nobody can take any version of the quiz any more; one without an end never closes."""
    if version.closes_at is None:
        return False
    now = database_now()
    later = QuizVersion.objects.filter(quiz=version.quiz_id, number__gt=version.number, closes_at__gt=now)
    return version.closes_at <= now and not later.exists()


def practice_worth(attempt: Attempt, items: Sequence[AttemptItem]) -> Worth:
    """What an attempt for practice was worth, counted anew each time: it stands nowhere."""
    return worth_of(items, attempt.version.pass_mark, rulings=rulings_on(item.question_id for item in items))


def told_item(item: AttemptItem) -> ReviewedItem:
    """One answer with what may be told of it while the attempt goes on."""
    earned = worth_of([item], 0, rulings=rulings_on([item.question_id])).points
    [told] = reviewed_items([item], earned, keys=item.attempt.version.feedback == Feedback.EXPLAINED)
    return told


def items_of(attempt: Attempt) -> list[AttemptItem]:
    """The attempt's items in their order, with their questions: one query."""
    return list(attempt.items.select_related("question"))


def reviewed_items(
    items: Sequence[AttemptItem], points: Sequence[str], *, keys: bool = True
) -> list[ReviewedItem]:
    """Items, with their questions, beside the key that holds and what they earned; without `keys` no key.

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
                keys=keys,
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
