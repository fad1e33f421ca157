"""In which order a test is gone through, what is told meanwhile and afterwards, and to whom it is open."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lms.kernel.models import LedgerEntry
from quizzes import policies, queries, services
from quizzes.blueprint import Rule, Section, by_objective
from quizzes.enums import Feedback
from quizzes.errors import NotForYou, NotObliged, QuestionIsClosed
from quizzes.models import Attempt, MarkRevision, QuizVersion
from quizzes.passage import leads_on, open_now
from quizzes.presentation import shown
from quizzes.records import QuizRules, Seat
from tests.factories import quizzes as make
from tests.factories import roster

TWO_PARTS = (Section((Rule(2, (1,)),), "Phần một", "Chọn một."), Section((Rule(2, (2,)),), "Phần hai"))


def four(**rules: Any) -> QuizVersion:
    drafts = [make.single(objective=objective) for objective in (1, 1, 2, 2)]
    return make.quiz(*drafts, **{"sections": TWO_PARTS, **rules})


def begun(version: QuizVersion) -> tuple[Client, Attempt]:
    who, browser = make.learner(), Client()
    assert who.user is not None
    browser.force_login(who.user)
    browser.post(reverse("quizzes:quiz", args=[version.public_id]))
    return browser, Attempt.objects.get(person=who)


def page(attempt: Attempt, position: int) -> str:
    return reverse("quizzes:question", args=[attempt.public_id, position])


def place_of(attempt: Attempt, position: int, option: str) -> str:
    """What stands on the page for this option of the body."""
    item = attempt.items.select_related("question").get(position=position)
    offered = shown("single", item.question.body, option, item.seed).choices
    return next(choice.value for choice in offered if choice.chosen)


@pytest.mark.parametrize(
    ("passage", "reached", "open_positions"),
    [
        ("free", 3, [1, 2, 3, 4]),
        ("sections", 1, [1, 2]),
        ("sections", 4, [3, 4]),
        ("sections", 5, []),
        ("questions", 2, [2]),
        ("questions", 5, []),
    ],
)
def test_what_is_open_follows_from_how_far_one_has_come(
    passage: str, reached: int, open_positions: list[int]
) -> None:
    assert list(open_now(passage, TWO_PARTS, reached)) == open_positions


def test_going_on_closes_something_only_behind_a_part_or_a_question() -> None:
    ends = [[n for n in range(1, 5) if leads_on(p, TWO_PARTS, n)] for p in ("free", "sections", "questions")]
    assert ends == [[], [2, 4], [1, 2, 3, 4]]


# B7 ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_b7_a_jump_ahead_or_back_is_409_and_writes_nothing_where_questions_come_one_by_one() -> None:  # B7
    browser, attempt = begun(four(passage="questions"))
    for elsewhere in (2, 4):
        assert browser.get(page(attempt, elsewhere)).status_code == 409
        assert browser.post(page(attempt, elsewhere), {"answer": "0"}).status_code == 409
    assert attempt.items.filter(answered_at__isnull=False).count() == 0
    assert browser.post(page(attempt, 1), {"answer": "0", "go": "on"}).headers["Location"] == page(attempt, 2)
    assert browser.post(page(attempt, 1), {"answer": "1", "go": "stay"}).status_code == 409
    closed = browser.get(page(attempt, 1))
    assert (closed.status_code, page(attempt, 2) in closed.text) == (409, True)


@pytest.mark.django_db
def test_b7_a_part_that_was_left_and_one_not_reached_are_hidden() -> None:  # B7
    browser, attempt = begun(four(passage="sections"))
    assert [browser.get(page(attempt, n)).status_code for n in (1, 2, 3, 4)] == [200, 200, 409, 409]
    browser.post(page(attempt, 2), {"answer": "0", "go": "on"})
    assert [browser.get(page(attempt, n)).status_code for n in (1, 2, 3, 4)] == [409, 409, 200, 200]
    assert browser.post(page(attempt, 2), {"answer": "1", "go": "stay"}).status_code == 409
    overview = browser.get(reverse("quizzes:overview", args=[attempt.public_id])).text
    assert (page(attempt, 1) in overview, page(attempt, 3) in overview) == (False, True)


@pytest.mark.django_db
def test_b7_the_statement_that_saves_decides_even_where_the_page_is_old() -> None:  # B7
    attempt = services.start_attempt(person_id=roster.person().pk, version=four(passage="questions"))
    stale = attempt.items.select_related("attempt__version").get(position=1)
    services.go_on_from(item=stale)
    services.go_on_from(item=stale)  # pressed twice
    attempt.refresh_from_db()
    assert attempt.reached == 2
    with pytest.raises(QuestionIsClosed):
        services.save_answer(item=stale, answer="a")


@pytest.mark.django_db
def test_a_part_has_its_title_and_its_own_instruction() -> None:
    browser, attempt = begun(four())
    first, third = browser.get(page(attempt, 1)).text, browser.get(page(attempt, 3)).text
    assert ("Phần một" in first, "Chọn một." in first) == (True, True)
    assert ("Phần hai" in third, "Chọn một." in third) == (True, False)


@pytest.mark.django_db
def test_options_and_questions_stand_as_written_where_nothing_is_shuffled() -> None:
    drafts = [make.single(f"C{n}", stem=f"Câu {n}") for n in range(1, 6)]
    version = make.quiz(*drafts, shuffle="nothing")
    browser, attempt = begun(version)
    assert [item.question.body["stem"] for item in attempt.items.select_related("question")] == [
        f"Câu {n}" for n in range(1, 6)
    ]
    for position in range(1, 6):
        offered = browser.get(page(attempt, position)).context["shown"].choices
        assert [choice.text[-1] for choice in offered] == list("abcd")
        browser.post(page(attempt, position), {"answer": "0", "go": "on"})
    assert set(attempt.items.values_list("answer", flat=True)) == {"a"}


# What is told -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_practice_may_tell_at_once_and_the_answer_is_closed_from_then_on() -> None:
    browser, attempt = begun(make.quiz(make.single(), make.single(), practice=True, review="at_once"))
    assert "Giải thích." not in browser.get(page(attempt, 1)).text
    wrong = place_of(attempt, 1, "b")
    browser.post(page(attempt, 1), {"answer": wrong, "go": "check"})
    told = browser.get(page(attempt, 1))
    assert (told.context["told"].points, "Giải thích." in told.text) == ("0", True)
    right = place_of(attempt, 1, "a")
    assert browser.post(page(attempt, 1), {"answer": right, "go": "stay"}).status_code == 409
    assert attempt.items.get(position=1).answer == "b"
    assert "Giải thích." not in browser.get(page(attempt, 2)).text


@pytest.mark.django_db
def test_an_answer_that_was_never_given_is_not_told() -> None:  # B9
    browser, attempt = begun(make.quiz(make.single(), practice=True, review="at_once"))
    browser.post(page(attempt, 1), {"go": "check"})
    assert "Giải thích." not in browser.get(page(attempt, 1)).text
    assert attempt.items.get(position=1).told_at is None


@pytest.mark.django_db
def test_a_test_that_counts_tells_nothing_before_it_is_over() -> None:  # B9
    browser, attempt = begun(make.quiz())
    browser.post(page(attempt, 1), {"answer": "0", "go": "check"})
    assert attempt.items.get(position=1).told_at is None
    with pytest.raises(IntegrityError), transaction.atomic():
        QuizVersion.objects.update(review="at_once")


@pytest.mark.django_db
def test_right_or_wrong_is_told_without_any_key() -> None:  # B9
    browser, attempt = begun(make.quiz(make.single(), make.single(), review="after_submit", feedback="marks"))
    for position, option in ((1, "a"), (2, "b")):
        browser.post(page(attempt, position), {"answer": place_of(attempt, position, option), "go": "on"})
    browser.post(reverse("quizzes:submit", args=[attempt.public_id]), {"key": "k"})
    told = browser.get(reverse("quizzes:result", args=[attempt.public_id]))
    assert [(item.right, [line.text for line in item.lines]) for item in told.context["items"]] == [
        (True, ["Phương án a"]),
        (False, ["Phương án b"]),
    ]
    assert [word in told.text for word in ("Giải thích.", "vì a", "Phương án c")] == [False] * 3


def over(**rules: Any) -> Attempt:
    version = make.quiz(**rules)
    attempt = services.start_attempt(person_id=roster.person().pk, version=version)
    return services.submit_attempt(attempt=attempt, key="k")


def disclosed(attempt: Attempt) -> Feedback | None:
    attempt = Attempt.objects.select_related("version__quiz").get(pk=attempt.pk)
    return queries.disclosed(attempt, queries.standing(attempt.person_id, attempt.version))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("review", "feedback", "afterwards", "before", "after"),
    [
        ("after_submit", "explained", "same", "explained", "explained"),
        ("after_submit", "marks", "same", "marks", "marks"),
        ("after_submit", "explained", "closed", "explained", None),
        ("after_submit", "marks", "explained", "marks", "explained"),
        ("after_window", "marks", "same", None, "marks"),
        ("never", "explained", "same", None, None),
        ("never", "marks", "explained", None, "explained"),
    ],
)
def test_what_is_told_before_and_after_the_window(
    review: str, feedback: str, afterwards: str, before: str | None, after: str | None
) -> None:
    soon = timezone.now() + timedelta(hours=1)
    attempt = over(review=review, feedback=feedback, afterwards=afterwards, closes_at=soon)
    assert disclosed(attempt) == before
    QuizVersion.objects.update(closes_at=timezone.now() - timedelta(hours=1))
    assert disclosed(attempt) == after


@pytest.mark.django_db
def test_keys_wait_while_a_later_version_of_the_quiz_is_still_open() -> None:  # B9
    attempt = over(review="after_window", closes_at=timezone.now() + timedelta(hours=1))
    rules = queries.quiz_as_written(attempt.quiz.code)
    assert rules is not None
    moved = QuizRules("Dời", sections=by_objective([(1, 2)]))
    later = services.define_quiz(code=attempt.quiz.code, bank=rules.bank, rules=moved)
    past = timezone.now() - timedelta(hours=1)
    QuizVersion.objects.filter(pk=attempt.version_id).update(closes_at=past)
    QuizVersion.objects.filter(pk=later.pk).update(closes_at=timezone.now() + timedelta(days=1))
    assert disclosed(attempt) is None
    QuizVersion.objects.filter(pk=later.pk).update(closes_at=past)
    assert disclosed(attempt) == "explained"


# Practice ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_practice_is_without_limit_without_mark_and_without_ledger() -> None:
    version = make.quiz(make.single(), make.single(), practice=True, attempts=1, review="after_submit")
    browser, attempt = begun(version)
    entries = LedgerEntry.objects.count()
    browser.post(page(attempt, 1), {"answer": place_of(attempt, 1, "a"), "go": "on"})
    result = browser.post(reverse("quizzes:submit", args=[attempt.public_id]), {"key": "k"}, follow=True)
    assert (result.status_code, result.context["mark"].percent) == (200, 50)
    assert (MarkRevision.objects.count(), LedgerEntry.objects.count()) == (0, entries)
    assert result.context.get("appeal_form") is None
    for number in (2, 3):
        browser.post(reverse("quizzes:quiz", args=[attempt.version.public_id]))
        latest = Attempt.objects.get(number=number)
        browser.post(reverse("quizzes:submit", args=[latest.public_id]), {"key": "k"})


# Who may ----------------------------------------------------------------------------------------


@pytest.fixture
def obliged(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    people: set[int] = set()
    monkeypatch.setattr(policies, "_doors", [])
    monkeypatch.setattr(
        policies, "_obligations", [lambda person, _quiz: Seat("/khoa/") if person in people else None]
    )
    return people


@pytest.mark.django_db
def test_who_must_learn_the_course_sits_its_quiz_and_nobody_else(obliged: set[int]) -> None:
    version = make.quiz(open_to_all=False)
    one, other = roster.person(), roster.person()
    obliged.add(one.pk)
    assert services.start_attempt(person_id=one.pk, version=version).number == 1
    with pytest.raises(NotForYou):
        services.start_attempt(person_id=other.pk, version=version)


@pytest.mark.django_db
def test_a_quiz_for_the_obliged_is_shut_to_others_who_learn_the_course(
    obliged: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "_doors", [make.everybody])
    version = make.quiz(open_to_all=False, access="obliged")
    who, browser = make.learner(), Client()
    assert who.user is not None
    browser.force_login(who.user)
    door = reverse("quizzes:quiz", args=[version.public_id])
    assert str(browser.get(door).context["refused"]) == str(NotObliged())
    browser.post(door)
    assert Attempt.objects.count() == 0
    obliged.add(who.pk)
    assert browser.get(door).context["refused"] is None
    browser.post(door)
    assert Attempt.objects.count() == 1
