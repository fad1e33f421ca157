"""A wrong key put right, a wrong mark changed, a learner who asks."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from lms.kernel import jobs, verification
from lms.kernel.models import LedgerEntry
from lms.roster.models import Person
from quizzes import queries, services
from quizzes.enums import AppealOutcome, Decision, RulingKind
from quizzes.errors import (
    AlreadyDecided,
    AppealedAlready,
    NothingChanges,
    NotOver,
    NotYourself,
    PointsOutOfRange,
    QuizRefusal,
    TooLateToAppeal,
    WaitsForDecision,
)
from quizzes.models import (
    Appeal,
    Attempt,
    AttemptItem,
    KeyCorrection,
    MarkChange,
    MarkRevision,
    QuestionVersion,
    QuizVersion,
)
from quizzes.rulings import with_keys
from quizzes.signals import mark_changed
from tests.factories import quizzes as make
from tests.factories import roster

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainer() -> Person:
    return roster.person()


@pytest.fixture
def reviewer() -> Person:
    return roster.person()


@pytest.fixture
def quiz() -> QuizVersion:
    """One question of which the key says «a»; who answers so passes."""
    return make.quiz(make.single("Q-SAI"))


@pytest.fixture
def heard() -> Any:
    news: list[tuple[bool, bool]] = []

    def listen(before: Any, result: Any, **_more: Any) -> None:
        news.append((before.passed, result.passed))

    mark_changed.connect(listen)
    yield news
    mark_changed.disconnect(listen)


def sat(version: QuizVersion, answer: str | None, who: Person | None = None) -> Attempt:
    attempt = services.start_attempt(person_id=(who or roster.person()).pk, version=version)
    if answer:
        for item in attempt.items.all():
            services.save_answer(item=item, answer=answer)
    return services.submit_attempt(attempt=attempt, key="k")


def asked(version: QuizVersion) -> QuestionVersion:
    return version.pool.get()


def right_key(question: QuestionVersion, *keys: str) -> dict[str, Any]:
    body = with_keys(question.kind, question.body, frozenset(keys))
    assert body is not None
    return body


def corrected(
    version: QuizVersion,
    by: Person,
    second: Person,
    ruling: RulingKind = RulingKind.NEW_KEY,
    keys: tuple[str, ...] = ("b",),
) -> KeyCorrection:
    question = asked(version)
    body = right_key(question, *keys) if ruling == RulingKind.NEW_KEY else None
    correction = services.ask_for_correction(
        version=question, ruling=ruling, body=body, reason="Khóa sai theo Điều 3.", by=by
    )
    services.decide_correction(correction=correction, decision=Decision.APPROVED, by=second)
    jobs.work_all()
    correction.refresh_from_db()
    return correction


def marks(attempt: Attempt) -> list[tuple[int, Decimal, bool]]:
    return list(attempt.marks.order_by("number").values_list("number", "percent", "passed"))


def test_b14_a_corrected_key_gives_everybody_a_new_revision_and_keeps_the_old(
    quiz: QuizVersion, trainer: Person, reviewer: Person, heard: list[tuple[bool, bool]]
) -> None:  # B14
    was_right, was_wrong, empty = sat(quiz, "a"), sat(quiz, "b"), sat(quiz, None)
    correction = corrected(quiz, trainer, reviewer)
    nought, all_ = Decimal("0.00"), Decimal("100.00")
    assert [marks(one) for one in (was_right, was_wrong, empty)] == [
        [(1, all_, True), (2, nought, False)],
        [(1, nought, False), (2, all_, True)],
        [(1, nought, False), (2, nought, False)],
    ]
    assert heard == [(True, False), (False, True), (False, False)]
    assert correction.regraded_at is not None
    last = MarkRevision.objects.current().get(attempt=was_wrong)
    assert (last.by, last.reason, last.correction) == (reviewer, "Khóa sai theo Điều 3.", correction)


def test_b14_both_persons_stand_in_the_ledger_and_the_marks_are_still_what_it_says(
    quiz: QuizVersion, trainer: Person, reviewer: Person
) -> None:  # B14
    sat(quiz, "b")
    correction = corrected(quiz, trainer, reviewer)
    entry = LedgerEntry.objects.get(type="quizzes.keycorrection.approved")
    assert (entry.subject, entry.actor, correction.asked_by) == (
        correction.public_id,
        reviewer.code,
        trainer,
    )
    assert LedgerEntry.objects.filter(type="quizzes.mark.corrected").count() == 1
    assert verification.examine([], None).findings == []


def test_b14_who_asked_does_not_decide_nor_does_their_second_account(
    quiz: QuizVersion, trainer: Person, reviewer: Person
) -> None:  # A11, B14
    correction = services.ask_for_correction(
        version=asked(quiz), ruling=RulingKind.FULL_MARKS, reason="Câu mơ hồ.", by=trainer
    )
    with pytest.raises(NotYourself):
        services.decide_correction(correction=correction, decision=Decision.APPROVED, by=trainer)
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyCorrection.objects.filter(pk=correction.pk).update(
            decision="approved", decided_by=trainer, decided_at=timezone.now()
        )
    services.decide_correction(correction=correction, decision=Decision.REJECTED, by=reviewer)
    with pytest.raises(AlreadyDecided):
        services.decide_correction(correction=correction, decision=Decision.APPROVED, by=reviewer)


def test_a_rejected_correction_changes_no_mark(quiz: QuizVersion, trainer: Person, reviewer: Person) -> None:
    attempt = sat(quiz, "b")
    correction = services.ask_for_correction(
        version=asked(quiz), ruling=RulingKind.FULL_MARKS, reason="Câu mơ hồ.", by=trainer
    )
    services.decide_correction(correction=correction, decision=Decision.REJECTED, by=reviewer)
    jobs.work_all()
    assert marks(attempt) == [(1, Decimal("0.00"), False)]


@pytest.mark.parametrize(("ruling", "passes"), [(RulingKind.FULL_MARKS, True), (RulingKind.LEFT_OUT, True)])
def test_a_bad_question_gives_everybody_the_point_or_does_not_count(
    quiz: QuizVersion, trainer: Person, reviewer: Person, ruling: RulingKind, passes: bool
) -> None:
    attempt = sat(quiz, "b")
    corrected(quiz, trainer, reviewer, ruling)
    assert [passed for _number, _percent, passed in marks(attempt)] == [False, passes]


def test_an_attempt_that_ends_after_the_correction_is_marked_by_it_at_once(
    quiz: QuizVersion, trainer: Person, reviewer: Person
) -> None:
    open_one = services.start_attempt(person_id=roster.person().pk, version=quiz)
    services.save_answer(item=open_one.items.get(), answer="b")
    corrected(quiz, trainer, reviewer)
    services.submit_attempt(attempt=open_one, key="k")
    assert marks(open_one) == [(1, Decimal("100.00"), True)]


def test_two_corrections_in_turn_the_last_one_holds(
    quiz: QuizVersion, trainer: Person, reviewer: Person
) -> None:
    attempt = sat(quiz, "c")
    corrected(quiz, trainer, reviewer, keys=("b",))
    corrected(quiz, trainer, reviewer, keys=("b", "c"))
    assert [passed for _n, _p, passed in marks(attempt)] == [False, False, True]


def test_regrading_twice_changes_nothing_the_second_time(
    quiz: QuizVersion, trainer: Person, reviewer: Person
) -> None:
    attempt = sat(quiz, "b")
    correction = corrected(quiz, trainer, reviewer)
    assert services.regrade(correction=correction) == 0
    assert len(marks(attempt)) == 2


def test_the_bank_goes_on_with_the_right_key_and_what_was_asked_stays(
    quiz: QuizVersion, trainer: Person, reviewer: Person
) -> None:
    question = asked(quiz)
    corrected(quiz, trainer, reviewer)
    versions = question.question.versions.order_by("number")
    assert [(one.number, [o["id"] for o in one.body["options"] if o["correct"]]) for one in versions] == [
        (1, ["a"]),
        (2, ["b"]),
    ]


def test_what_is_no_change_or_waits_already_is_refused(quiz: QuizVersion, trainer: Person) -> None:
    question = asked(quiz)
    with pytest.raises(NothingChanges):
        services.ask_for_correction(
            version=question, ruling=RulingKind.NEW_KEY, body=question.body, reason="?", by=trainer
        )
    services.ask_for_correction(version=question, ruling=RulingKind.LEFT_OUT, reason="?", by=trainer)
    with pytest.raises(WaitsForDecision):
        services.ask_for_correction(version=question, ruling=RulingKind.FULL_MARKS, reason="?", by=trainer)


@pytest.mark.parametrize(
    "broken",
    [
        {"reason": ""},
        {"body": {"stem": "Ai?"}},
        {"ruling": "new_key"},
        {"decision": "approved"},
    ],
)
def test_the_database_refuses_a_correction_without_reason_key_or_second_person(
    quiz: QuizVersion, trainer: Person, broken: dict[str, Any]
) -> None:
    whole: dict[str, Any] = {
        "version": asked(quiz),
        "ruling": "full_marks",
        "reason": "Câu mơ hồ.",
        "asked_by": trainer,
        "asked_at": timezone.now(),
    }
    KeyCorrection(**whole).save()
    KeyCorrection.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyCorrection(**{**whole, **broken}).save()


# One mark ---------------------------------------------------------------------------------------


def test_b15_a_mark_is_changed_by_two_persons_with_a_reason(
    quiz: QuizVersion, trainer: Person, reviewer: Person
) -> None:  # B15
    attempt = sat(quiz, "b")
    change = services.ask_for_mark_change(
        item=attempt.items.get(), points=Fraction(1), reason="Máy hỏng.", by=trainer
    )
    assert len(marks(attempt)) == 1
    with pytest.raises(NotYourself):
        services.decide_mark_change(change=change, decision=Decision.APPROVED, by=trainer)
    services.decide_mark_change(change=change, decision=Decision.APPROVED, by=reviewer)
    assert marks(attempt) == [(1, Decimal("0.00"), False), (2, Decimal("100.00"), True)]
    assert LedgerEntry.objects.filter(type="quizzes.markchange.approved").count() == 1


def test_b15_a_change_outlives_a_later_correction_of_the_key(
    quiz: QuizVersion, trainer: Person, reviewer: Person
) -> None:
    attempt = sat(quiz, "b")
    change = services.ask_for_mark_change(
        item=attempt.items.get(), points=Fraction(1, 2), reason="Máy hỏng.", by=trainer
    )
    services.decide_mark_change(change=change, decision=Decision.APPROVED, by=reviewer)
    corrected(quiz, trainer, reviewer)
    assert [percent for _n, percent, _p in marks(attempt)] == [Decimal(0), Decimal(50), Decimal(50)]


@pytest.mark.parametrize("points", [Fraction(-1, 2), Fraction(3, 2), Fraction(1, 3001)])
def test_b15_points_below_nought_or_above_one_are_refused(
    quiz: QuizVersion, trainer: Person, points: Fraction
) -> None:  # B15
    item = sat(quiz, "b").items.get()
    with pytest.raises(PointsOutOfRange):
        services.ask_for_mark_change(item=item, points=points, reason="?", by=trainer)
    with pytest.raises(IntegrityError), transaction.atomic():
        MarkChange(
            item=item, numerator=2, denominator=1, reason="?", asked_by=trainer, asked_at=timezone.now()
        ).save()


def test_b15_nobody_changes_or_decides_their_own_mark(
    quiz: QuizVersion, trainer: Person, reviewer: Person
) -> None:  # A11, B15
    own = sat(quiz, "b", trainer).items.get()
    with pytest.raises(NotYourself):
        services.ask_for_mark_change(item=own, points=Fraction(1), reason="?", by=trainer)
    change = services.ask_for_mark_change(item=own, points=Fraction(1), reason="?", by=reviewer)
    with pytest.raises(NotYourself):
        services.decide_mark_change(change=change, decision=Decision.APPROVED, by=trainer)


def test_an_open_attempt_has_no_mark_to_change(quiz: QuizVersion, trainer: Person) -> None:
    item = services.start_attempt(person_id=roster.person().pk, version=quiz).items.get()
    with pytest.raises(NotOver):
        services.ask_for_mark_change(item=item, points=Fraction(1), reason="?", by=trainer)
    with pytest.raises(NotOver):
        services.raise_appeal(item=item, text="?")


# Appeals ----------------------------------------------------------------------------------------


def test_an_appeal_is_raised_once_and_answered_once_by_somebody_else(
    quiz: QuizVersion, trainer: Person
) -> None:
    item = sat(quiz, "b").items.get()
    appeal = services.raise_appeal(item=item, text="Luật đã sửa.")
    with pytest.raises(AppealedAlready):
        services.raise_appeal(item=item, text="Luật đã sửa!")
    with pytest.raises(NotYourself):
        services.answer_appeal(
            appeal=appeal, outcome=AppealOutcome.GRANTED, answer="Tôi đồng ý.", by=item.attempt.person
        )
    services.answer_appeal(appeal=appeal, outcome=AppealOutcome.STANDS, answer="Vẫn đúng.", by=trainer)
    with pytest.raises(AlreadyDecided):
        services.answer_appeal(appeal=appeal, outcome=AppealOutcome.GRANTED, answer="!", by=trainer)
    appeal.refresh_from_db()
    assert (appeal.outcome, appeal.answer, appeal.answered_by) == ("stands", "Vẫn đúng.", trainer)
    assert len(marks(item.attempt)) == 1


def test_an_appeal_after_the_term_is_refused(quiz: QuizVersion) -> None:
    attempt = sat(quiz, "b")
    Attempt.objects.filter(pk=attempt.pk).update(submitted_at=timezone.now() - timedelta(days=16))
    with pytest.raises(TooLateToAppeal):
        services.raise_appeal(item=AttemptItem.objects.get(attempt=attempt), text="?")


@pytest.mark.parametrize("broken", [{"text": ""}, {"outcome": "stands"}, {"answer": "Không."}])
def test_the_database_refuses_an_appeal_without_words_or_half_answered(
    quiz: QuizVersion, broken: dict[str, str]
) -> None:
    item = sat(quiz, "b").items.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal(**{"item": item, "text": "?", "raised_at": timezone.now(), **broken}).save()


def test_refusals_of_this_room_have_codes_of_their_own() -> None:
    codes = [kind.code for kind in QuizRefusal.__subclasses__()]
    assert len(codes) == len(set(codes))


def test_a_question_that_is_left_out_is_no_weak_objective(trainer: Person, reviewer: Person) -> None:
    version = make.quiz(make.single("Q-1", objective=1), make.single("Q-2", objective=2))
    attempt = sat(version, "b")
    question = version.pool.get(question__code="Q-1")
    correction = services.ask_for_correction(
        version=question, ruling=RulingKind.LEFT_OUT, reason="Câu mơ hồ.", by=trainer
    )
    services.decide_correction(correction=correction, decision=Decision.APPROVED, by=reviewer)
    jobs.work_all()
    mark = queries.current_mark(attempt)
    assert mark is not None
    weak = queries.weak_objectives(attempt.version, queries.items_of(attempt), mark.points)
    assert weak == ["Mục tiêu hai"]


def test_the_review_shows_the_key_that_holds_and_says_that_it_was_corrected(
    quiz: QuizVersion, trainer: Person, reviewer: Person
) -> None:
    attempt = sat(quiz, "b")
    corrected(quiz, trainer, reviewer)
    [item] = queries.reviewed_items(queries.items_of(attempt), ["1"])
    assert ([line.text for line in item.lines if line.correct], item.right) == (["Phương án b"], True)
    assert item.ruling == "chấm lại theo đáp án đúng"
