"""Attempts that a person should look at."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lms.roster.enums import Role
from lms.roster.models import Unit
from quizzes import policies, services
from quizzes.models import Attempt, MarkRevision, QuizVersion
from quizzes.patterns import Sheet, too_fast, twins
from tests.factories import quizzes as make
from tests.factories import roster


def sheet(n: int, choices: str, seconds: int, right: str = "a", unit: int = 1, person: int = 0) -> Sheet:
    answers = {q: (choice, seconds + q, choice == right) for q, choice in enumerate(choices)}
    return Sheet(n, person or n, unit, answers)


def test_alike_and_wrong_and_as_fast_in_one_unit_is_found_and_nothing_less() -> None:
    one = sheet(1, "aabbcc", 20)
    assert [pair.attempts for pair in twins([one, sheet(2, "aabbcc", 21)])] == [(1, 2)]
    for other in (
        sheet(2, "aabbcc", 21, unit=2),
        sheet(2, "aabbca", 21),
        sheet(2, "aabbcc", 40),
        sheet(2, "aabbcc", 21, person=1),
    ):
        assert twins([one, other]) == []


def test_right_answers_alike_say_nothing() -> None:
    assert twins([sheet(1, "aaaaaaaa", 20), sheet(2, "aaaaaaaa", 20)]) == []
    assert twins([sheet(1, "aaaaaaab", 20), sheet(2, "aaaaaaab", 20)]) == []


def test_what_was_typed_is_not_compared_and_few_answers_are_none() -> None:
    assert twins([sheet(1, "bb***", 20), sheet(2, "bb***", 20)]) == []
    assert too_fast([Sheet(1, 1, 1, dict.fromkeys(range(4), ("a", 0, True)))]) == []


def test_half_of_the_answers_within_two_seconds_is_too_fast() -> None:
    bot = Sheet(1, 1, 1, {q: ("a", q % 2, True) for q in range(40)})
    reader = Sheet(2, 2, 1, {q: ("a", 2 + q, True) for q in range(40)})
    assert [(line.attempt, line.answers) for line in too_fast([reader, bot])] == [(1, 40)]


def sat(version: QuizVersion, unit: Unit, name: str, answers: str, seconds: int) -> Attempt:
    who = roster.person(full_name=name)
    roster.posting(who, unit)
    attempt = services.start_attempt(person_id=who.pk, version=version)
    rows = list(attempt.items.order_by("question__question__code"))
    for n, (item, answer) in enumerate(zip(rows, answers, strict=True), start=1):
        services.save_answer(item=item, answer=answer)
        type(item).objects.filter(pk=item.pk).update(
            answered_at=attempt.started_at + timedelta(seconds=seconds * n)
        )
    return services.submit_attempt(attempt=attempt, key="k")


@pytest.mark.django_db
def test_b18_a_bot_and_two_alike_are_shown_to_a_trainer_and_marked_like_everybody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # B18
    monkeypatch.setattr(policies, "_teachings", [])
    unit, elsewhere = roster.unit(), roster.unit()
    version = make.quiz(*[make.single(f"C{n}") for n in range(1, 7)])
    bot = sat(version, unit, "Máy Trả Lời", "aaaaaa", 0)
    one, other = (sat(version, unit, name, "abacab", 20) for name in ("Lê Thị Một", "Lê Thị Hai"))
    sat(version, elsewhere, "Người Nơi Khác", "abacab", 20)
    who, client = make.learner(), Client()
    assert who.user is not None
    roster.role(who, unit, Role.TRAINER)
    client.force_login(who.user)
    page = client.get(reverse("quizzes:patterns", args=[version.quiz.code]))
    assert [line.who.name for line in page.context["fast"]] == ["Máy Trả Lời"]
    assert [{line.one.name, line.other.name} for line in page.context["twins"]] == [
        {"Lê Thị Một", "Lê Thị Hai"}
    ]
    assert "Người Nơi Khác" not in page.text
    assert [MarkRevision.objects.get(attempt=a).passed for a in (bot, one, other)] == [True, False, False]
    assert MarkRevision.objects.count() == 4
