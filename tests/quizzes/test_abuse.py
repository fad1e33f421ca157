"""Cases B of the list of abuses that are about taking and answering a test; the number is in the name."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from lms.kernel.services import record_fact
from lms.roster.models import Person, PersonMerge
from quizzes import services
from quizzes.errors import AlreadyPassed, NoAttemptLeft
from quizzes.models import Attempt, QuizVersion
from tests.factories import quizzes as make
from tests.factories import roster

pytestmark = pytest.mark.django_db


def browser_of(who: Person) -> Client:
    """A browser without any cookie of an earlier one."""
    browser = Client()
    browser.force_login(who.user)  # type: ignore[arg-type]
    return browser


def sat(who: Person, version: QuizVersion, answer: str) -> Attempt:
    attempt = services.start_attempt(person_id=who.pk, version=version)
    for item in attempt.items.all():
        services.save_answer(item=item, answer=answer)
    return services.submit_attempt(attempt=attempt, key="k")


def second_code_of(who: Person) -> Person:
    """Another code that the register says is the same human being."""
    other = roster.person()
    record_fact(PersonMerge(person=other, same_as=who), by="operator", reason="một người")
    return other


def test_b11_a_browser_without_cookies_has_no_attempt_more() -> None:
    version, who = make.quiz(attempts=1), make.learner()
    sat(who, version, "b")
    answer = browser_of(who).post(reverse("quizzes:quiz", args=[version.public_id]), follow=True)
    assert [str(one) for one in answer.context["messages"]] == [str(NoAttemptLeft())]
    assert Attempt.objects.count() == 1


def test_b11_two_codes_of_one_human_share_their_attempts() -> None:
    version, who = make.quiz(attempts=1), make.learner()
    other = second_code_of(who)
    sat(who, version, "b")
    with pytest.raises(NoAttemptLeft):
        services.start_attempt(person_id=other.pk, version=version)
    assert Attempt.objects.count() == 1


def test_b11_who_has_passed_under_one_code_does_not_sit_again_under_the_other() -> None:
    version, who = make.quiz(), make.learner()
    other = second_code_of(who)
    sat(other, version, "a")
    with pytest.raises(AlreadyPassed):
        services.start_attempt(person_id=who.pk, version=version)


def test_b19_a_queue_that_names_anothers_attempt_writes_nothing() -> None:
    version, who, stranger = make.quiz(), make.learner(), make.learner()
    attempt = services.start_attempt(person_id=who.pk, version=version)
    page = reverse("quizzes:question", args=[attempt.public_id, 1])
    assert browser_of(stranger).post(page, {"answer": "0", "go": "stay"}).status_code == 404
    assert attempt.items.filter(answer__isnull=False).count() == 0


def test_b19_the_server_s_time_decides_whatever_time_the_queue_claims() -> None:
    version, who = make.quiz(minutes=10), make.learner()
    attempt = services.start_attempt(person_id=who.pk, version=version)
    Attempt.objects.update(deadline=F("deadline") - timedelta(hours=1))
    page = reverse("quizzes:question", args=[attempt.public_id, 1])
    early = (attempt.started_at + timedelta(minutes=1)).isoformat()
    answer = browser_of(who).post(
        page, {"answer": "0", "go": "stay", "answered_at": early, "at": early, "deadline": early}
    )
    item = attempt.items.get(position=1)
    assert (answer.status_code, item.answer, item.answered_at) == (409, None, None)
    assert item.late_answer is not None and item.late_at is not None and item.late_at > attempt.started_at


def test_b4_handed_in_after_its_time_an_attempt_is_over_by_the_server_s_clock() -> None:
    version, who = make.quiz(minutes=10, pass_mark=50), make.learner()
    attempt = services.start_attempt(person_id=who.pk, version=version)
    services.save_answer(item=attempt.items.get(position=1), answer="a")
    Attempt.objects.update(deadline=F("deadline") - timedelta(hours=1))
    browser, early = browser_of(who), attempt.started_at.isoformat()
    second = reverse("quizzes:question", args=[attempt.public_id, 2])
    assert browser.post(second, {"answer": "0", "go": "stay", "at": early}).status_code == 409
    submit = reverse("quizzes:submit", args=[attempt.public_id])
    assert browser.post(submit, {"key": "k", "submitted_at": early}).status_code == 302
    attempt.refresh_from_db()
    assert attempt.submitted_at is not None and attempt.deadline is not None
    assert (attempt.state, attempt.submitted_at > attempt.deadline) == ("expired", True)
    assert [(mark.points.count("1"), mark.percent) for mark in attempt.marks.all()] == [(1, 50)]
    assert attempt.items.get(position=2).late_answer is not None
