"""What a browser says about itself never passes a test: scores from a console, films «watched» at once."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from lms.learning import services
from lms.learning.models import Completion, Enrolment, FinishedStep
from quizzes import services as hall
from quizzes.models import Attempt, MarkRevision
from tests.factories import content as make
from tests.factories import quizzes

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
FORGED = {
    "score": "100", "score.raw": "100", "cmi.core.score.raw": "100", "cmi.core.lesson_status": "passed",
    "percent": "100", "passed": "true", "result": '{"score": {"raw": 100}, "success": true}',
}  # fmt: skip


@pytest.fixture
def learning() -> tuple[Client, Enrolment, Any]:
    version = quizzes.quiz(quizzes.single(), quizzes.single())
    make.edition("BC1", quiz=version.quiz.code)
    who, browser = quizzes.learner(), Client()
    assert who.user is not None
    browser.force_login(who.user)
    return browser, services.enrol(person_id=who.pk, course="BC1", on=DAY), version


def test_b13_a_score_from_the_console_is_no_mark_and_finishes_nothing(
    learning: tuple[Client, Enrolment, Any],
) -> None:  # B13
    browser, enrolment, version = learning
    for position in range(1, 4):
        browser.post(reverse("learning:activity", args=["BC1", position]), FORGED)
    sent = {
        "lessons": [],
        "quizzes": [{"enrolment": str(enrolment.public_id), **FORGED}],
        "statements": [FORGED],
    }
    browser.post(reverse("learning:queue"), json.dumps(sent), content_type="application/json")
    attempt = hall.start_attempt(person_id=enrolment.person_id, version=version)
    page = reverse("quizzes:question", args=[attempt.public_id, 1])
    browser.post(page, {**FORGED, "go": "stay"})
    browser.post(reverse("quizzes:submit", args=[attempt.public_id]), {**FORGED, "key": "k"})
    assert [(mark.percent, mark.passed) for mark in MarkRevision.objects.all()] == [(0, False)]
    assert (FinishedStep.objects.count(), Completion.objects.count()) == (0, 0)
    assert Attempt.objects.get().state == "submitted"


def test_b17_that_a_film_has_ended_is_taken_from_nobody(
    learning: tuple[Client, Enrolment, Any],
) -> None:  # B17
    browser, enrolment, _version = learning
    ended = {"enrolment": str(enrolment.public_id), "event": "ended", "seconds": 0, "watched": 1.0}
    sent = {"lessons": [], "videos": [ended], "films": [ended], "statements": [ended]}
    answer = browser.post(reverse("learning:queue"), json.dumps(sent), content_type="application/json")
    assert answer.json() == {"stored": [], "refused": []}
    assert (FinishedStep.objects.count(), Completion.objects.count()) == (0, 0)
    names = {str(name) for name in get_resolver("lms.learning.urls").reverse_dict if isinstance(name, str)}
    assert not {name for name in names if any(word in name for word in ("watch", "video", "film", "ended"))}
