"""Learning without a network: what is kept, and what is sent afterwards."""

import json
import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from PIL import Image

from lms.learning import queries, services
from lms.learning.models import ChoiceTaken, Completion, Enrolment, FinishedStep, TriedCheck
from lms.roster.models import Person
from tests.factories import content as make
from tests.factories import quizzes

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 1)
NOBODYS = str(uuid4())


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


def test_the_manifest_names_icons_of_the_sizes_that_it_states(client: Any, db: None) -> None:
    icons = [
        icon for icon in client.get("/manifest.webmanifest").json()["icons"] if icon["type"] == "image/png"
    ]
    found = []
    for icon in (icon for icon in icons if icon["type"] == "image/png"):
        path = finders.find(icon["src"].removeprefix("/static/"))
        assert path is not None
        with Image.open(path) as image:
            found.append((f"{image.width}x{image.height}", icon["sizes"], icon.get("purpose", "any")))
    assert found == [
        ("192x192", "192x192", "any"),
        ("512x512", "512x512", "any"),
        ("512x512", "512x512", "maskable"),
    ]


# Checks and scenarios ---------------------------------------------------------------------------


def queue(client: Any, **lists: list[dict[str, Any]]) -> Any:
    return client.post("/learn/queue/", json.dumps({"lessons": [], **lists}), content_type="application/json")


def tried(enrolment: Enrolment, *, answer: int = 1, times: int = 1, check: int = 2) -> dict[str, Any]:
    key = keys(enrolment)[0]
    return {
        "enrolment": str(enrolment.public_id),
        "lesson": key,
        "check": check,
        "answer": answer,
        "times": times,
    }


@pytest.fixture
def checked() -> Enrolment:
    make.edition_with_check("P2")
    return services.enrol(person_id=quizzes.learner().pk, course="P2", on=DAY)


def test_a_check_sent_twice_is_counted_once_and_the_higher_count_stands(
    client: Any, checked: Enrolment
) -> None:
    client.force_login(checked.person.user)
    for times in (1, 3, 2):
        answer = queue(client, checks=[tried(checked, times=times)]).json()
        assert answer == {"stored": [f"{keys(checked)[0]}/2"], "refused": []}
    assert TriedCheck.objects.get().times == 3
    assert list(ChoiceTaken.objects.values_list("number", "answer", "people")) == [(2, 1, 1)]


def test_only_the_first_choice_of_a_person_counts(client: Any, checked: Enrolment) -> None:
    client.force_login(checked.person.user)
    for answer in (1, 0):
        queue(client, checks=[tried(checked, answer=answer)])
    assert list(ChoiceTaken.objects.values_list("answer", "people")) == [(1, 1)]


@pytest.mark.parametrize("wrong", [{"check": 9}, {"answer": 2}])
def test_a_check_or_an_answer_that_is_not_there_is_refused(
    client: Any, checked: Enrolment, wrong: dict[str, int]
) -> None:
    client.force_login(checked.person.user)
    assert queue(client, checks=[tried(checked, **wrong)]).json()["stored"] == []
    assert (TriedCheck.objects.count(), ChoiceTaken.objects.count()) == (0, 0)


@pytest.fixture
def talking() -> Enrolment:
    make.edition("P3", lessons=1, with_scenario=True, needed=1)
    return services.enrol(person_id=quizzes.learner().pk, course="P3", on=DAY)


def went(enrolment: Enrolment, way: str) -> dict[str, Any]:
    outline, _steps, _standing = queries.steps_and_standing(enrolment)
    reference = outline.activities[0].reference
    return {"enrolment": str(enrolment.public_id), "scenario": reference, "way": way}


def test_a_scenario_gone_through_without_a_network_is_finished_once(client: Any, talking: Enrolment) -> None:
    client.force_login(talking.person.user)
    for _time in range(2):
        assert queue(client, scenarios=[went(talking, "0.0")]).json()["refused"] == []
    assert list(FinishedStep.objects.values_list("activity__reference", flat=True)) == [
        went(talking, "")["scenario"]
    ]


@pytest.mark.parametrize("way", ["", "0", "0.1", "0.7", "x", "0.0.0"])
def test_a_way_that_the_server_does_not_find_passed_finishes_nothing(
    client: Any, talking: Enrolment, way: str
) -> None:
    client.force_login(talking.person.user)
    assert queue(client, scenarios=[went(talking, way)]).json()["stored"] == []
    assert FinishedStep.objects.count() == 0


def test_a_late_queue_never_takes_a_finished_step_back(client: Any, talking: Enrolment) -> None:
    client.force_login(talking.person.user)
    queue(client, scenarios=[went(talking, "0.0")])
    queue(client, scenarios=[went(talking, "0.1")])
    assert FinishedStep.objects.count() == 1


@pytest.mark.parametrize(
    "lists",
    [{"checks": 1}, {"checks": [{}]}, {"scenarios": [{"enrolment": "x"}]}, {"scenarios": [1]},
     {"checks": [{"enrolment": NOBODYS, "lesson": NOBODYS, "check": 1, "answer": -1, "times": 1}]},
     {"checks": [{"enrolment": NOBODYS, "lesson": NOBODYS, "check": 1, "answer": 0, "times": 10**9}]}],
)  # fmt: skip
def test_checks_and_scenarios_that_are_none_are_answered_400(
    client: Any, mine: Enrolment, lists: dict[str, Any]
) -> None:
    client.force_login(mine.person.user)
    assert queue(client, **lists).status_code == 400


def test_the_kept_page_carries_the_conversation_with_its_skills_in_words(
    client: Any, talking: Enrolment
) -> None:
    client.force_login(talking.person.user)
    shown = client.get(reverse("learning:pack", args=["P3"])).content.decode()
    found = re.search(r'<script id="talk-1" type="application/json">(.*?)</script>', shown)
    assert found is not None
    graph = json.loads(found[1])
    assert graph["nodes"]["n2"]["says"] == "Anh ở lại chứ?"
    assert [choice["skill"] for choice in graph["nodes"]["n1"]["choices"]] == ["câu hỏi mở", ""]


def test_checks_of_two_lessons_open_apart_on_the_page_that_is_kept(client: Any) -> None:
    page = make.course_page("P9")
    module = make.module_page(page)
    for _time in range(2):
        make.lesson_page(module, more=[make.check("Gọi 115", "Bỏ đi")])
    make.freeze_course(code="P9")
    who = quizzes.learner()
    client.force_login(who.user)
    services.enrol(person_id=who.pk, course="P9", on=DAY)
    html = client.get("/learn/P9/pack/").content.decode()
    assert re.findall(r'<details[^>]* name="([^"]+)"', html) == ["check-1-2"] * 2 + ["check-2-2"] * 2
