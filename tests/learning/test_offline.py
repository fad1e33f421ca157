"""Learning without a network: what is kept, and what is sent afterwards."""

import json
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from lms.learning import queries, services
from lms.learning.models import Completion, Enrolment, FinishedStep
from lms.roster.models import Person
from tests.factories import content as make
from tests.factories import quizzes

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 1)


@pytest.fixture
def mine() -> Enrolment:
    make.edition("P1", lessons=3)
    return services.enrol(person_id=quizzes.learner().pk, course="P1", on=DAY)


def keys(enrolment: Enrolment) -> list[str]:
    outline, _steps, _standing = queries.steps_and_standing(enrolment)
    return [str(lesson.key) for lesson in outline.lessons]


def send(client: Any, *lessons: str, enrolment: Any) -> Any:
    items = [{"enrolment": str(enrolment), "lesson": lesson} for lesson in lessons]
    return client.post("/learn/queue/", json.dumps({"lessons": items}), content_type="application/json")


def test_a_queue_sent_twice_is_learned_once(client: Any, mine: Enrolment) -> None:
    client.force_login(mine.person.user)
    first, second, _third = keys(mine)
    answers = [send(client, second, first, enrolment=mine.public_id).json() for _time in range(2)]
    assert answers == [{"stored": [second, first], "refused": []}] * 2
    mine.refresh_from_db()
    assert (FinishedStep.objects.count(), mine.place) == (2, 2)


def test_the_place_never_goes_back(client: Any, mine: Enrolment) -> None:
    client.force_login(mine.person.user)
    services.note_place(enrolment=mine, position=3)
    send(client, keys(mine)[0], enrolment=mine.public_id)
    mine.refresh_from_db()
    assert mine.place == 3


def test_the_last_lesson_of_a_queue_completes_the_course_and_a_late_copy_changes_nothing(
    client: Any, mine: Enrolment
) -> None:
    client.force_login(mine.person.user)
    for _time in range(2):
        assert send(client, *keys(mine), enrolment=mine.public_id).json()["refused"] == []
    assert Completion.objects.count() == 1


def test_a_queue_of_another_person_is_refused_and_told(client: Any, mine: Enrolment) -> None:
    other: Person = quizzes.learner()
    client.force_login(other.user)
    key = keys(mine)[0]
    assert send(client, key, enrolment=mine.public_id).json() == {"stored": [], "refused": [key]}
    assert FinishedStep.objects.count() == 0


def test_a_lesson_that_is_gone_is_refused_and_the_rest_is_stored(client: Any, mine: Enrolment) -> None:
    client.force_login(mine.person.user)
    gone, key = str(uuid4()), keys(mine)[0]
    assert send(client, gone, key, enrolment=mine.public_id).json() == {"stored": [key], "refused": [gone]}


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"lessons": 1}', '{"lessons": [1]}', '{"lessons": [{"enrolment": "x", "lesson": "y"}]}',
     json.dumps({"lessons": [{}] * 501})],
)  # fmt: skip
def test_what_is_no_queue_is_answered_400_and_stores_nothing(client: Any, mine: Enrolment, body: str) -> None:
    client.force_login(mine.person.user)
    assert client.post("/learn/queue/", body, content_type="application/json").status_code == 400
    assert FinishedStep.objects.count() == 0


def test_what_is_kept_on_the_phone_names_nobody(client: Any, mine: Enrolment) -> None:
    client.force_login(mine.person.user)
    shown = client.get(reverse("learning:pack", args=["P1"])).content.decode()
    assert [f"Bài số {n}" in shown for n in (1, 2, 3)] == [True, True, True]
    for personal in (mine.person.code, "Nguyễn Văn An", "csrfmiddlewaretoken"):
        assert personal not in shown


def test_a_course_that_is_not_begun_is_not_kept(client: Any, mine: Enrolment) -> None:
    client.force_login(quizzes.learner().user)
    assert client.get(reverse("learning:pack", args=["P1"])).url == "/learn/P1/"


def test_signing_out_clears_what_was_kept(client: Any, mine: Enrolment) -> None:
    client.force_login(mine.person.user)
    assert client.post(reverse("account_logout")).headers["Clear-Site-Data"] == '"cache", "storage"'


def test_the_worker_and_the_manifest_are_for_everybody(client: Any, db: None) -> None:
    worker, manifest = client.get("/sw.js"), client.get("/manifest.webmanifest")
    assert (worker.status_code, worker.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert manifest.json()["start_url"] == "/"
