"""What was gained between a try before learning and its test."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lms.roster.enums import Role
from lms.roster.models import Person
from quizzes import policies, queries, services
from quizzes.gain import WHOLE, figures, shares, t_quantile
from quizzes.models import Quiz, QuizVersion
from tests.factories import quizzes as make
from tests.factories import roster


def test_shares_are_by_objective_and_leave_out_what_does_not_count() -> None:
    found = shares([1, 2, 3, 4], ["1", "1/2", "out", "0"], {1: 1, 2: 1, 3: 2, 4: 2})
    assert found == {WHOLE: 50.0, 1: 75.0, 2: 0.0}


def test_the_gain_of_a_class_is_hake_s_and_its_error_the_delta_method_s() -> None:
    before = {n: {WHOLE: share} for n, share in enumerate((20.0, 30.0, 40.0, 50.0, 60.0))}
    after = {n: {WHOLE: share} for n, share in enumerate((60.0, 80.0, 60.0, 90.0, 90.0))}
    found = figures(before, after)
    assert found.overall is not None and found.overall.gain is not None and found.overall.error is not None
    assert (found.overall.n, found.overall.before, found.overall.after) == (5, 40.0, 76.0)
    assert found.overall.gain == pytest.approx(0.6)
    # z = (b − 0.4 a)/60: 0.8667, 1.1333, 0.7333, 1.1667, 1.1; s = 0.19003; t(4) = 2.7764
    assert found.overall.error == pytest.approx(2.7764 * 0.190029 / 5**0.5, rel=1e-3)


def test_who_took_one_of_the_two_is_counted_apart_and_few_are_not_told() -> None:
    four = {n: {WHOLE: 50.0} for n in range(4)}
    found = figures({**four, 9: {WHOLE: 10.0}}, {**four, 7: {WHOLE: 90.0}, 8: {WHOLE: 90.0}})
    assert (found.pairs, found.only_before, found.only_after, found.overall) == (4, 1, 2, None)


def test_where_all_was_right_before_there_is_no_gain_to_speak_of() -> None:
    full = {n: {WHOLE: 100.0} for n in range(5)}
    found = figures(full, full).overall
    assert found is not None
    assert (found.gain, found.error) == (None, None)


@pytest.mark.parametrize(("freedom", "t"), [(4, 2.776), (5, 2.571), (10, 2.228), (30, 2.042), (1000, 1.962)])
def test_t_is_that_of_the_tables(freedom: int, t: float) -> None:
    assert t_quantile(freedom) == pytest.approx(t, abs=0.006)


# Pages ------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "_teachings", [])


def sat(who: Person, version: QuizVersion, answers: str) -> None:
    attempt = services.start_attempt(person_id=who.pk, version=version)
    for item, answer in zip(attempt.items.order_by("question__objective"), answers, strict=True):
        services.save_answer(item=item, answer=answer)
    services.submit_attempt(attempt=attempt, key="k")


def pair(people: int) -> tuple[Quiz, list[Person]]:
    drafts = [make.single(objective=1), make.single(objective=2)]
    before, after = make.quiz(*drafts, pass_mark=0, attempts=1), make.quiz(*drafts)
    services.pair_quizzes(test=after.quiz.code, before=before.quiz.code)
    sitters = [roster.person() for _ in range(people)]
    for who in sitters:
        sat(who, before, "ab")
        sat(who, after, "ab")
        if who is not sitters[0]:
            sat(who, after, "aa")  # a second try, which is not the first
    return Quiz.objects.get(pk=after.quiz_id), sitters


def trainer() -> Client:
    who, client = make.trainer(role=Role.TRAINER), Client()
    assert who.user is not None
    client.force_login(who.user)
    return client


@pytest.mark.django_db
def test_first_attempts_count_and_who_took_the_test_before_the_try_does_not() -> None:
    quiz, _people = pair(5)
    late = roster.person()
    assert quiz.pretest is not None
    sat(late, quiz.versions.get(), "aa")
    sat(late, quiz.pretest.versions.get(), "bb")
    found = queries.gain_of(quiz)
    assert (found.pairs, found.only_after) == (5, 1)
    lines = queries.gain_lines(found, quiz.versions.get())
    assert [(line.number, line.name, line.before, line.after) for line in lines] == [
        (0, "", 50.0, 50.0),
        (1, "Mục tiêu một", 100.0, 100.0),
        (2, "Mục tiêu hai", 0.0, 0.0),
    ]


@pytest.mark.django_db
def test_the_page_and_the_table_say_the_same_without_names(django_assert_max_num_queries: Any) -> None:
    quiz, people = pair(5)
    page = trainer().get(reverse("quizzes:gain", args=[quiz.code]))
    assert page.status_code == 200
    assert [line.n for line in page.context["lines"]] == [5, 5, 5]
    assert not any(who.code in page.text for who in people)
    table = trainer().get(reverse("quizzes:gain_export", args=[quiz.code, "csv"])).getvalue().decode()
    assert len(table.strip().splitlines()) == 4
    with django_assert_max_num_queries(3):
        queries.gain_of(quiz)


@pytest.mark.django_db
def test_four_people_are_told_nothing_and_a_quiz_without_a_try_has_no_such_page() -> None:
    quiz, _people = pair(4)
    page = trainer().get(reverse("quizzes:gain", args=[quiz.code]))
    assert (page.status_code, page.context["lines"], page.context["figures"].pairs) == (200, [], 4)
    assert quiz.pretest is not None
    assert trainer().get(reverse("quizzes:gain", args=[quiz.pretest.code])).status_code == 404
