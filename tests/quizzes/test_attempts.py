"""An attempt from its start to its mark."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quizzes import policies, queries, services
from quizzes.enums import AttemptState
from quizzes.errors import AlreadyPassed, AttemptIsOver, BankTooSmall, NoAttemptLeft, NotForYou
from quizzes.models import Attempt, AttemptItem, MarkRevision, Question, QuizVersion
from quizzes.records import AttemptResult, QuizRules, by_objective
from quizzes.signals import attempt_finished
from tests.factories import quizzes as make
from tests.factories import roster
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def answered(attempt: Attempt, *, right: bool) -> Attempt:
    for item in attempt.items.all():
        services.save_answer(item=item, answer="a" if right else "b")
    return attempt


def started(version: QuizVersion | None = None) -> Attempt:
    return services.start_attempt(person_id=roster.person().pk, version=version or make.quiz())


@pytest.fixture
def heard() -> Any:
    results: list[AttemptResult] = []

    def listen(result: AttemptResult, **_kwargs: Any) -> None:
        results.append(result)

    attempt_finished.connect(listen)
    yield results
    attempt_finished.disconnect(listen)


def test_right_answers_pass_and_the_news_goes_out_once(heard: list[AttemptResult]) -> None:
    attempt = services.submit_attempt(attempt=answered(started(), right=True), key="k")
    assert attempt.state == AttemptState.SUBMITTED
    assert [(r.percent, r.passed, r.attempt_id) for r in heard] == [
        (Decimal("100.00"), True, attempt.public_id)
    ]


def test_wrong_answers_do_not_pass() -> None:
    attempt = services.submit_attempt(attempt=answered(started(), right=False))
    mark = queries.current_mark(attempt)
    assert mark is not None
    assert (mark.percent, mark.passed, mark.points) == (Decimal("0.00"), False, ["0", "0"])


def test_submitting_twice_with_one_key_is_one_submission() -> None:  # B1
    attempt = answered(started(), right=True)
    first = services.submit_attempt(attempt=attempt, key="k")
    second = services.submit_attempt(attempt=attempt, key="k")
    assert (first.receipt, first.submitted_at) == (second.receipt, second.submitted_at)
    assert MarkRevision.objects.count() == 1


def test_submitting_again_with_another_key_is_refused() -> None:  # B2
    attempt = services.submit_attempt(attempt=answered(started(), right=True), key="k")
    with pytest.raises(AttemptIsOver):
        services.submit_attempt(attempt=attempt, key="other")


def test_an_answer_after_submitting_is_refused_and_changes_nothing() -> None:  # B6
    attempt = services.submit_attempt(attempt=answered(started(), right=True))
    item = attempt.items.all()[0]
    with pytest.raises(AttemptIsOver):
        services.save_answer(item=item, answer="b")
    item.refresh_from_db()
    assert item.answer == "a"


def test_starting_again_gives_the_open_attempt_back() -> None:  # B3
    version = make.quiz()
    who = roster.person()
    first = services.start_attempt(person_id=who.pk, version=version)
    assert services.start_attempt(person_id=who.pk, version=version) == first


def test_the_database_refuses_a_second_open_attempt() -> None:
    attempt = started()
    twin = Attempt(
        person=attempt.person, quiz=attempt.quiz, version=attempt.version, number=2, started_at=timezone.now()
    )
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        twin.save()


def test_the_database_refuses_a_later_mark_without_reason_and_author() -> None:
    attempt = services.submit_attempt(attempt=started())
    with refused("later_mark_names_its_reason_and_author"):
        MarkRevision(attempt=attempt, number=2, points=[], percent=100, passed=True, recorded_entry=0).save()


def test_the_database_refuses_a_second_mark_of_the_same_number() -> None:
    attempt = services.submit_attempt(attempt=started())
    with refused("mark_revision_is_numbered_once"):
        MarkRevision(attempt=attempt, number=1, points=[], percent=100, passed=True, recorded_entry=0).save()


def test_no_attempt_is_left_after_the_last() -> None:
    version = make.quiz(attempts=1)
    who = roster.person()
    services.submit_attempt(attempt=services.start_attempt(person_id=who.pk, version=version))
    with pytest.raises(NoAttemptLeft):
        services.start_attempt(person_id=who.pk, version=version)


def test_who_has_passed_does_not_sit_again() -> None:
    version = make.quiz()
    who = roster.person()
    attempt = services.start_attempt(person_id=who.pk, version=version)
    services.submit_attempt(attempt=answered(attempt, right=True))
    with pytest.raises(AlreadyPassed):
        services.start_attempt(person_id=who.pk, version=version)


def test_a_quiz_without_a_gate_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "_doors", [])
    with pytest.raises(NotForYou):
        services.start_attempt(person_id=roster.person().pk, version=make.quiz(open_to_all=False))


@pytest.mark.parametrize(("seconds_late", "counts"), [(-1, True), (0, True), (19, True), (21, False)])
def test_an_answer_counts_until_the_grace_after_the_deadline_ends(
    seconds_late: int, counts: bool
) -> None:  # B4
    attempt = started(make.quiz(minutes=10))
    Attempt.objects.filter(pk=attempt.pk).update(deadline=timezone.now() - timedelta(seconds=seconds_late))
    item = attempt.items.all()[0]
    if counts:
        services.save_answer(item=item, answer="a")
    else:
        with pytest.raises(AttemptIsOver):
            services.save_answer(item=item, answer="a")
    item.refresh_from_db()
    assert (item.answer, item.late_answer) == (("a", None) if counts else (None, "a"))


def test_an_attempt_left_open_is_closed_by_the_sweeper_and_what_was_stored_is_marked() -> None:
    attempt = answered(started(make.quiz(minutes=10)), right=True)
    Attempt.objects.filter(pk=attempt.pk).update(deadline=timezone.now() - timedelta(minutes=1))
    assert services.expire_overdue_attempts() == 1
    attempt.refresh_from_db()
    mark = queries.current_mark(attempt)
    assert mark is not None
    assert (attempt.state, mark.passed) == (AttemptState.EXPIRED, True)
    assert services.expire_overdue_attempts() == 0


def test_the_blueprint_draws_so_many_of_each_objective() -> None:
    drafts = [make.single(objective=1 + n % 2) for n in range(8)]
    attempt = started(make.quiz(*drafts, blueprint=((1, 2), (2, 1))))
    drawn = sorted(attempt.items.values_list("question__objective", flat=True))
    assert drawn == [1, 1, 2]


def test_a_blueprint_that_draws_more_than_the_bank_holds_is_refused() -> None:
    with pytest.raises(BankTooSmall):
        make.quiz(make.single(), blueprint=((1, 2),))


def test_defining_a_bank_again_changes_nothing_and_a_changed_question_gets_a_version() -> None:
    first = make.single("Q-1")
    services.define_bank(code="B", title="B", questions=[first])
    services.define_bank(code="B", title="B", questions=[first])
    question = Question.objects.get(code="Q-1")
    assert question.versions.count() == 1
    services.define_bank(code="B", title="B", questions=[make.single("Q-1", stem="Khác")])
    assert question.versions.count() == 2


def test_a_question_that_is_gone_retires_and_a_new_version_of_the_quiz_draws_it_no_more() -> None:
    stays, goes = make.single("Q-1"), make.single("Q-2")
    rules = QuizRules(title="T", sections=by_objective([(1, 1)]))
    services.define_bank(code="B", title="B", questions=[stays, goes])
    before = services.define_quiz(code="Z", bank="B", rules=rules)
    assert services.define_quiz(code="Z", bank="B", rules=rules) == before
    services.define_bank(code="B", title="B", questions=[stays])
    after = services.define_quiz(code="Z", bank="B", rules=rules)
    assert (before.pool.count(), after.pool.count(), after.number) == (2, 1, 2)
    assert Question.objects.get(code="Q-2").retired is True


def test_weak_objectives_are_named_the_weakest_first() -> None:
    attempt = started(make.quiz(make.single(objective=1), make.single(objective=2)))
    for item in attempt.items.all():
        services.save_answer(item=item, answer="a" if item.question.objective == 1 else "b")
    services.submit_attempt(attempt=attempt)
    attempt.refresh_from_db()
    mark = queries.current_mark(attempt)
    assert mark is not None
    weak = queries.weak_objectives(attempt.version, queries.items_of(attempt), mark.points)
    assert weak == ["Mục tiêu hai"]


def test_items_are_numbered_once_per_attempt() -> None:
    attempt = started()
    item = attempt.items.all()[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        AttemptItem.objects.create(attempt=attempt, position=item.position, question=item.question, seed=1)
