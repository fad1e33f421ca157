"""When a quiz may be taken, how long, and who has more time than others."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lms.kernel.models import LedgerEntry
from quizzes import policies, queries, services
from quizzes.enums import Decision, Feedback
from quizzes.errors import AlreadyDecided, NotOpenNow, NotYourself, WaitFirst, WaitsForDecision
from quizzes.models import Accommodation, Attempt, QuizVersion
from quizzes.signals import attempt_finished
from tests.factories import quizzes as make
from tests.factories import roster

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def begin(version: QuizVersion, person_id: int | None = None) -> Attempt:
    return services.start_attempt(person_id=person_id or roster.person().pk, version=version)


def minutes(attempt: Attempt) -> float:
    assert attempt.deadline is not None
    return (attempt.deadline - attempt.started_at).total_seconds() / 60


@pytest.mark.parametrize(("opens", "closes"), [(HOUR, None), (None, -HOUR), (HOUR, 2 * HOUR)])
def test_outside_its_window_a_quiz_does_not_begin(opens: timedelta | None, closes: timedelta | None) -> None:
    now = timezone.now()
    version = make.quiz(opens_at=now + opens if opens else None, closes_at=now + closes if closes else None)
    with pytest.raises(NotOpenNow):
        begin(version)


def test_an_attempt_ends_when_the_quiz_closes_even_if_time_would_be_left() -> None:
    version = make.quiz(minutes=60, closes_at=timezone.now() + timedelta(minutes=10))
    attempt = begin(version)
    assert attempt.deadline == version.closes_at


def test_the_next_attempt_waits_so_many_hours_after_the_last_was_handed_in() -> None:
    version = make.quiz(wait_hours=24)
    first = services.submit_attempt(attempt=begin(version), key="k")
    with pytest.raises(WaitFirst):
        begin(version, first.person_id)
    Attempt.objects.filter(pk=first.pk).update(submitted_at=timezone.now() - 25 * HOUR)
    assert begin(version, first.person_id).number == 2


def test_practice_is_taken_again_and_again_and_finishes_nothing() -> None:
    heard: list[object] = []

    def listen(result: object, **_more: object) -> None:
        heard.append(result)

    attempt_finished.connect(listen)
    version = make.quiz(make.single(), practice=True, attempts=1)
    who = roster.person().pk
    for number in (1, 2, 3):
        attempt = begin(version, who)
        services.save_answer(item=attempt.items.get(), answer="a")
        assert services.submit_attempt(attempt=attempt, key="k").number == number
    attempt_finished.disconnect(listen)
    assert heard == []


def test_keys_come_out_after_the_window_and_not_before() -> None:
    version = make.quiz(review="after_window", closes_at=timezone.now() + HOUR)
    attempt = services.submit_attempt(attempt=begin(version), key="k")
    standing = queries.standing(attempt.person_id, version)
    assert queries.disclosed(attempt, standing) is None
    QuizVersion.objects.filter(pk=version.pk).update(closes_at=timezone.now() - HOUR)
    later = Attempt.objects.select_related("version").get(pk=attempt.pk)
    assert queries.disclosed(later, standing) == Feedback.EXPLAINED


def test_the_database_refuses_a_quiz_that_closes_before_it_opens() -> None:
    version = make.quiz()
    with pytest.raises(IntegrityError), transaction.atomic():
        QuizVersion.objects.filter(pk=version.pk).update(
            opens_at=timezone.now(), closes_at=timezone.now() - HOUR
        )


# B16 --------------------------------------------------------------------------------------------


def test_b16_more_time_is_granted_by_two_persons_logged_and_listed() -> None:  # B16
    version = make.quiz(minutes=40)
    friend, trainer, second = roster.person(), roster.person(), roster.person()
    asked = services.ask_for_more_time(
        person=friend, quiz=version.quiz, extra_percent=25, reason="Gãy tay phải.", by=trainer
    )
    assert minutes(begin(version, friend.pk)) == 40
    with pytest.raises(NotYourself):
        services.decide_more_time(accommodation=asked, decision=Decision.APPROVED, by=trainer)
    services.decide_more_time(accommodation=asked, decision=Decision.APPROVED, by=second)
    with pytest.raises(AlreadyDecided):
        services.decide_more_time(accommodation=asked, decision=Decision.REJECTED, by=second)
    Attempt.objects.all().delete()
    assert (minutes(begin(version, friend.pk)), minutes(begin(version))) == (50, 40)
    entry = LedgerEntry.objects.get(type="quizzes.accommodation.approved")
    assert (entry.subject, entry.actor) == (asked.public_id, second.code)
    [line] = queries.exceptions_of(version.quiz, type(friend).objects.all(), trainer)
    assert (line.person_code, line.extra_percent, line.reason, line.decision) == (
        friend.code,
        25,
        "Gãy tay phải.",
        "approved",
    )


def test_b16_nobody_asks_for_or_grants_their_own_time_and_nobody_asks_twice() -> None:  # A11, B16
    version, who, other = make.quiz(minutes=40), roster.person(), roster.person()
    with pytest.raises(NotYourself):
        services.ask_for_more_time(person=who, quiz=version.quiz, extra_percent=50, reason="?", by=who)
    asked = services.ask_for_more_time(person=who, quiz=version.quiz, extra_percent=50, reason="?", by=other)
    with pytest.raises(NotYourself):
        services.decide_more_time(accommodation=asked, decision=Decision.APPROVED, by=who)
    with pytest.raises(WaitsForDecision):
        services.ask_for_more_time(person=who, quiz=version.quiz, extra_percent=60, reason="?", by=other)


@pytest.mark.parametrize("percent", [0, 201])
def test_b16_the_database_refuses_no_more_time_and_far_too_much(percent: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Accommodation(
            person=roster.person(),
            quiz=make.quiz().quiz,
            extra_percent=percent,
            reason="?",
            asked_by=roster.person(),
            asked_at=timezone.now(),
        ).save()


def test_b16_the_exceptions_stand_on_a_page_and_a_second_trainer_grants(
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # B16
    monkeypatch.setattr(policies, "_teachings", [])
    unit, version = roster.unit(), make.quiz(minutes=40)
    clients = []
    for _ in range(2):
        trainer = make.learner()
        roster.posting(trainer, unit)
        roster.role(trainer, unit, "trainer")
        assert trainer.user is not None
        clients.append(Client())
        clients[-1].force_login(trainer.user)
    friend, stranger = roster.person(), roster.person()
    roster.posting(friend, unit)
    page = reverse("quizzes:exceptions", args=[version.quiz.code])
    asked = {"extra_percent": 25, "reason": "Gãy tay phải."}
    clients[0].post(page, {**asked, "person": stranger.code})
    assert Accommodation.objects.count() == 0
    clients[0].post(page, {**asked, "person": friend.code})
    decide = reverse("quizzes:more_time", args=[Accommodation.objects.get().public_id])
    clients[0].post(decide, {"decision": "approved"})
    assert Accommodation.objects.get().decision == ""
    clients[1].post(decide, {"decision": "approved"})
    assert Accommodation.objects.get().decision == "approved"
    assert "Gãy tay phải." in clients[0].get(page).text
