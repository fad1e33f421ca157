"""A trainer settles a quiz: parts and what they draw, rules, faults at the field."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lms.roster.enums import Role
from lms.roster.models import Person
from quizzes import queries, services
from quizzes.blueprint import Rule, Section
from quizzes.models import Quiz
from quizzes.records import QuestionDraft
from tests.factories import quizzes as make

pytestmark = pytest.mark.django_db
PLAIN = {
    "title": "Bài cuối khóa", "objectives": "Nhận biết\nSơ cứu", "pass_mark": "70", "attempts": "2",
    "wait_hours": "24", "minutes": "30", "shuffle": "all", "passage": "sections", "feedback": "marks",
    "review": "after_submit", "afterwards": "same", "access": "learners", "p0-title": "Phần A",
    "p0-instruction": "Chọn một.", "p0-r0-draw": "2", "p0-r0-objectives": ["1"], "act": "keep",
}  # fmt: skip


@pytest.fixture
def keeper() -> Person:
    return make.trainer(role=Role.TRAINER)


@pytest.fixture
def client(keeper: Person) -> Client:
    browser = Client()
    assert keeper.user is not None
    browser.force_login(keeper.user)
    return browser


@pytest.fixture
def quiz(keeper: Person) -> Quiz:
    bank = services.open_bank(code="NH-01", title="Ngân hàng", course="", by=keeper)
    for n in range(8):
        draft = make.single(objective=1 if n < 6 else 2)
        tagged = QuestionDraft(
            draft.code, draft.kind, draft.objective, 1, draft.body, ("luật",) if n < 3 else ()
        )
        services.word_question(bank=bank, draft=tagged, by=keeper)
    return services.open_quiz(code="KT-01", bank=bank)


def post(client: Client, **changes: Any) -> Any:
    posted = {name: value for name, value in {**PLAIN, **changes}.items() if value is not None}
    return client.post(reverse("quizzes:settings", args=["KT-01"]), posted)


def test_a_trainer_opens_a_quiz_over_an_own_bank_and_settles_it(
    client: Client, quiz: Quiz, keeper: Person
) -> None:
    made = client.post(reverse("quizzes:quiz_add"), {"code": "KT-02", "bank": "NH-01"})
    assert made.headers["Location"] == reverse("quizzes:settings", args=["KT-02"])
    assert post(client).status_code == 302
    written = queries.quiz_as_written("KT-01")
    assert written is not None
    rules = written.rules
    assert rules.sections == (Section((Rule(2, (1,)),), "Phần A", "Chọn một."),)
    assert (rules.title, rules.objectives) == ("Bài cuối khóa", ("Nhận biết", "Sơ cứu"))
    assert (rules.pass_mark, rules.attempts, rules.minutes, rules.wait_hours) == (70, 2, 30, 24)
    assert (rules.passage, rules.feedback, rules.review) == ("sections", "marks", "after_submit")
    assert quiz.versions.get().by == keeper


def test_keeping_the_same_again_makes_no_version_and_a_change_makes_one(client: Client, quiz: Quiz) -> None:
    for title, versions in (("Bài cuối khóa", 1), ("Bài cuối khóa", 1), ("Khác", 2)):
        post(client, title=title)
        assert quiz.versions.count() == versions


def test_beside_each_line_stand_the_numbers_and_a_warning_below_three_times(
    client: Client, quiz: Quiz
) -> None:
    page = post(client, **{"p0-r1-draw": "2", "p0-r1-tags": ["luật"], "act": "count"})
    [part] = page.context["parts"].parts
    assert [(line.supply.rule.draw, line.supply.found, line.supply.thin) for line in part.rules] == [
        (2, 6, False),
        (2, 3, True),
    ]
    assert page.context["parts"].thin == 1
    assert quiz.versions.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"pass_mark": "101"}, "pass_mark"),
        ({"pass_mark": "-1"}, "pass_mark"),
        ({"attempts": "0"}, "attempts"),
        ({"minutes": "0"}, "minutes"),
        ({"wait_hours": "x"}, "wait_hours"),
        ({"review": "at_once"}, "review"),
        ({"review": "after_window"}, "closes_at"),
        ({"afterwards": "closed"}, "closes_at"),
        ({"review": "after_pass", "practice": "on"}, "review"),
        ({"access": "whoever"}, "access"),
        ({"pretest": "KT-99"}, "pretest"),
        (
            {
                "opens_at_0": "2026-12-02",
                "opens_at_1": "08:00",
                "closes_at_0": "2026-12-01",
                "closes_at_1": "08:00",
            },
            "closes_at",
        ),
        ({"opens_at_0": "hôm nào", "opens_at_1": "08:00"}, "opens_at"),
    ],
)
def test_a_fault_stands_at_its_field_and_nothing_is_kept(
    client: Client, quiz: Quiz, changes: dict[str, Any], field: str
) -> None:
    page = post(client, **changes)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert quiz.versions.count() == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"p0-r0-draw": "7"}, "6"),
        ({"p0-r0-draw": "0"}, "p0-r0-draw"),
        ({"p0-r0-draw": ""}, "alert"),
        ({"p0-r0-draw": "6", "p0-r1-draw": "2", "p0-r1-tags": ["luật"]}, "alert"),
    ],
)
def test_a_draw_that_the_bank_cannot_give_is_not_kept(
    client: Client, quiz: Quiz, changes: dict[str, Any], said: str
) -> None:
    page = post(client, **changes)
    assert (page.status_code, said in page.text, quiz.versions.count()) == (422, True, 0)


def test_lines_and_parts_are_added_without_script_and_nothing_typed_is_lost(
    client: Client, quiz: Quiz
) -> None:
    page = post(client, act="line-0")
    [part] = page.context["parts"].parts
    assert (len(part.rules), part.rules[0]["draw"].value(), page.status_code) == (2, "2", 200)
    page = post(client, act="part")
    titles = [part.form["title"].value() for part in page.context["parts"].parts]
    assert (titles[0], len(titles)) == ("Phần A", 2)


def test_practice_may_tell_at_once(client: Client, quiz: Quiz) -> None:
    assert post(client, practice="on", review="at_once").status_code == 302
    version = quiz.versions.get()
    assert (version.practice, version.review) == (True, "at_once")


def test_a_quiz_of_a_bank_of_others_does_not_exist(client: Client, quiz: Quiz) -> None:  # A15
    other = services.open_bank(code="NH-02", title="Của người khác", course="", by=make.trainer())
    services.open_quiz(code="KT-77", bank=other)
    page = reverse("quizzes:settings", args=["KT-77"])
    assert (client.get(page).status_code, client.post(page, PLAIN).status_code) == (404, 404)
    assert client.post(reverse("quizzes:quiz_add"), {"code": "KT-78", "bank": "NH-02"}).status_code == 422
    assert "KT-77" not in client.get(reverse("quizzes:studio")).text
    assert post(client, pretest="KT-77").status_code == 422


def test_what_was_settled_by_somebody_is_left_alone_when_the_course_is_loaded_again(
    client: Client, quiz: Quiz
) -> None:
    post(client)
    assert queries.settled_by_somebody("KT-01") is True
    assert queries.settled_by_somebody(make.quiz().quiz.code) is False
