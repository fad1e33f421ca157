"""The trainer's pages: analysis, corrections, appeals, marks."""

import io
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lms.kernel import jobs
from lms.roster.enums import Role
from lms.roster.models import Person, Unit
from quizzes import policies, services
from quizzes.enums import RulingKind
from quizzes.models import Appeal, Attempt, KeyCorrection, MarkChange, QuizVersion
from quizzes.records import PaperConcerned
from tests.factories import quizzes as make
from tests.factories import roster

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return roster.unit()


def in_role(unit: Unit, role: str = Role.TRAINER) -> tuple[Client, Person]:
    who = make.learner()
    roster.posting(who, unit)
    roster.role(who, unit, role)
    client = Client()
    assert who.user is not None
    client.force_login(who.user)
    return client, who


@pytest.fixture(autouse=True)
def _own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every quiz of these tests is in a course of every trainer, but where a test says otherwise."""
    monkeypatch.setattr(policies, "_teachings", [])


@pytest.fixture
def trainer(unit: Unit) -> Client:
    return in_role(unit)[0]


@pytest.fixture
def reviewer(unit: Unit) -> Client:
    return in_role(unit, Role.REVIEWER)[0]


@pytest.fixture
def quiz() -> QuizVersion:
    return make.quiz(make.single("Q-1", stem="Câu một?"), make.single("Q-2", stem="Câu hai?"))


def sat(quiz: QuizVersion, unit: Unit, answers: str = "ab", full_name: str = "Trần Thị Bình") -> Attempt:
    who = roster.person(full_name=full_name)
    roster.posting(who, unit)
    attempt = services.start_attempt(person_id=who.pk, version=quiz)
    for item, answer in zip(attempt.items.order_by("question__question__code"), answers, strict=True):
        services.save_answer(item=item, answer=answer)
    return services.submit_attempt(attempt=attempt, key="k")


def question_page(quiz: QuizVersion, code: str = "Q-1") -> str:
    return reverse("quizzes:studio_question", args=[quiz.quiz.code, code, 1])


def test_a_trainer_finds_a_bad_question_and_a_second_one_approves_the_right_key(
    trainer: Client, reviewer: Client, quiz: QuizVersion, unit: Unit
) -> None:  # B14
    up, down = sat(quiz, unit, "ba", "Lê Thị Lên"), sat(quiz, unit, "aa", "Lê Văn Xuống")
    asked = trainer.post(
        question_page(quiz), {"ruling": "new_key", "keys": ["b"], "reason": "Điều 3 nói khác."}
    )
    correction = KeyCorrection.objects.get()
    page = reverse("quizzes:correction", args=[correction.public_id])
    assert asked.url == page
    assert trainer.post(page, {"decision": "approved"}).status_code == 302
    correction.refresh_from_db()
    assert correction.decision == ""
    reviewer.post(page, {"decision": "approved"})
    jobs.work_all()
    shown = reviewer.get(page)
    assert [(line.name, line.passed) for line in shown.context["failed"]] == [("Lê Văn Xuống", False)]
    assert [(line.name, line.passed) for line in shown.context["passed"]] == [("Lê Thị Lên", True)]
    assert [mark.passed for mark in up.marks.order_by("number")] == [False, True]
    assert [mark.passed for mark in down.marks.order_by("number")] == [True, False]


def test_b14_the_certificates_of_those_who_failed_are_listed(
    trainer: Client, reviewer: Client, quiz: QuizVersion, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:  # B14
    down = sat(quiz, unit, "aa")

    def papers(people: Any, code: str) -> list[PaperConcerned]:
        return [PaperConcerned(one, "15/2026", code, "còn hiệu lực", "/x/") for one in people]

    monkeypatch.setattr(policies, "_papers", [papers])
    trainer.post(question_page(quiz), {"ruling": "new_key", "keys": ["c"], "reason": "Sai."})
    page = reverse("quizzes:correction", args=[KeyCorrection.objects.get().public_id])
    reviewer.post(page, {"decision": "approved"})
    jobs.work_all()
    [line] = reviewer.get(page).context["failed"]
    assert (line.person_id, [paper.number for paper in line.papers]) == (down.person_id, ["15/2026"])


@pytest.mark.parametrize(
    "posted",
    [
        {"ruling": "new_key", "keys": ["a"], "reason": "Trùng."},
        {"ruling": "new_key", "keys": [], "reason": "Không có."},
        {"ruling": "new_key", "keys": ["z"], "reason": "Lạ."},
        {"ruling": "new_key", "keys": ["b"], "reason": "  "},
        {"ruling": "other", "keys": ["b"], "reason": "Lạ."},
    ],
)
def test_what_is_no_key_or_has_no_reason_is_not_asked_for(
    trainer: Client, quiz: QuizVersion, posted: dict[str, Any]
) -> None:
    assert trainer.post(question_page(quiz), posted).status_code == 200
    assert KeyCorrection.objects.count() == 0


def test_a_question_without_options_can_be_left_out_but_not_rekeyed(trainer: Client) -> None:
    draft = make.single("Q-T")
    body = {"stem": "Xếp?", "items": [{"id": "a", "text": "1"}, {"id": "b", "text": "2"}]}
    version = make.quiz(type(draft)("Q-T", "order", 1, 1, body))
    page = question_page(version, "Q-T")
    assert trainer.post(page, {"ruling": "new_key", "reason": "?"}).status_code == 200
    assert trainer.post(page, {"ruling": "left_out", "reason": "Mơ hồ."}).status_code == 302
    assert KeyCorrection.objects.get().ruling == "left_out"


def test_after_everybody_got_the_point_the_old_key_may_come_back(
    trainer: Client, quiz: QuizVersion, unit: Unit
) -> None:
    version = quiz.pool.get(question__code="Q-1")
    correction = services.ask_for_correction(
        version=version, ruling=RulingKind.FULL_MARKS, reason="Mơ hồ.", by=roster.person()
    )
    services.decide_correction(correction=correction, decision="approved", by=roster.person())  # type: ignore[arg-type]
    trainer.post(question_page(quiz), {"ruling": "new_key", "keys": ["a"], "reason": "Đáp án cũ đúng."})
    assert KeyCorrection.objects.get(decision="").body == version.body


# Appeals ----------------------------------------------------------------------------------------


def test_a_learner_asks_and_reads_the_answer_of_a_trainer(
    trainer: Client, quiz: QuizVersion, unit: Unit
) -> None:
    who = make.learner()
    roster.posting(who, unit)
    attempt = services.submit_attempt(attempt=services.start_attempt(person_id=who.pk, version=quiz), key="k")
    learner = Client()
    assert who.user is not None
    learner.force_login(who.user)
    result = reverse("quizzes:result", args=[attempt.public_id])
    learner.post(reverse("quizzes:appeal", args=[attempt.public_id]), {"position": 2, "text": "Luật đã sửa."})
    [line] = trainer.get(reverse("quizzes:appeals")).context["open"]
    assert (line.position, line.text, line.points) == (2, "Luật đã sửa.", "0")
    trainer.post(
        reverse("quizzes:answer", args=[line.public_id]),
        {"outcome": "stands", "answer": "Điều 7 còn hiệu lực."},
    )
    assert "Điều 7 còn hiệu lực." in learner.get(result).text
    assert trainer.get(reverse("quizzes:appeals")).context["open"] == []


def test_a_stranger_cannot_appeal_for_another(client: Client, quiz: QuizVersion, unit: Unit) -> None:
    attempt = sat(quiz, unit)
    stranger = make.learner()
    assert stranger.user is not None
    client.force_login(stranger.user)
    answer = client.post(reverse("quizzes:appeal", args=[attempt.public_id]), {"position": 1, "text": "?"})
    assert (answer.status_code, Appeal.objects.count()) == (404, 0)


# One mark ---------------------------------------------------------------------------------------


def test_b15_a_mark_is_asked_for_by_one_trainer_and_decided_by_another(
    trainer: Client, reviewer: Client, quiz: QuizVersion, unit: Unit
) -> None:  # B15
    attempt = sat(quiz, unit, "ab")
    page = reverse("quizzes:attempt", args=[attempt.public_id])
    wrong = attempt.items.get(question__question__code="Q-2").position
    trainer.post(page, {"position": wrong, "points": "0,5", "reason": "Máy hỏng."})
    change = reverse("quizzes:change", args=[MarkChange.objects.get().public_id])
    trainer.post(change, {"decision": "approved"})
    assert attempt.marks.count() == 1
    reviewer.post(change, {"decision": "approved"})
    assert [str(mark.percent) for mark in attempt.marks.order_by("number")] == ["50.00", "75.00"]


@pytest.mark.parametrize("points", ["=1+1", "-1", "+1", "1.5", "2/1", "1/0", "1e0", "１", "", "0/", "@x"])
def test_b15_formulas_negative_points_and_more_than_there_is_are_refused(
    trainer: Client, quiz: QuizVersion, unit: Unit, points: str
) -> None:  # B15
    attempt = sat(quiz, unit)
    page = reverse("quizzes:attempt", args=[attempt.public_id])
    answer = trainer.post(page, {"position": 1, "points": points, "reason": "?"})
    assert (answer.status_code, MarkChange.objects.count()) == (200, 0)


# Reach ------------------------------------------------------------------------------------------


def test_people_outside_the_trainers_units_do_not_exist(trainer: Client, quiz: QuizVersion) -> None:
    foreign = sat(quiz, roster.unit(), full_name="Người Xã Khác")
    appeal = services.raise_appeal(item=foreign.items.select_related("attempt").all()[0], text="?")
    change = services.ask_for_mark_change(
        item=foreign.items.select_related("attempt__person").all()[0],
        points=Fraction(1),
        reason="?",
        by=roster.person(),
    )
    answers = [
        trainer.get(reverse("quizzes:attempt", args=[foreign.public_id])),
        trainer.post(
            reverse("quizzes:answer", args=[appeal.public_id]), {"outcome": "stands", "answer": "!"}
        ),
        trainer.post(reverse("quizzes:change", args=[change.public_id]), {"decision": "approved"}),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert "Người Xã Khác" not in trainer.get(reverse("quizzes:studio")).text
    assert trainer.get(reverse("quizzes:appeals")).context["open"] == []


def test_a15_a_quiz_of_another_course_does_not_exist(
    trainer: Client, quiz: QuizVersion, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:  # A15
    other = make.quiz(make.single("Q-9"))
    monkeypatch.setattr(policies, "_teachings", [lambda me: {quiz.quiz.code}])
    attempt = services.submit_attempt(
        attempt=services.start_attempt(person_id=make.learner().pk, version=other), key="k"
    )
    roster.posting(attempt.person, unit)
    pages = [
        reverse("quizzes:analysis", args=[other.quiz.code]),
        question_page(other, "Q-9"),
        reverse("quizzes:attempt", args=[attempt.public_id]),
    ]
    assert [trainer.get(page).status_code for page in pages] == [404, 404, 404]
    assert trainer.post(pages[1], {"ruling": "full_marks", "reason": "?"}).status_code == 404
    assert trainer.get(question_page(quiz)).status_code == 200


@pytest.mark.parametrize("role", [Role.UNIT_MANAGER, Role.AUDITOR, Role.ADMINISTRATOR, None])
def test_who_is_no_trainer_sees_none_of_it(quiz: QuizVersion, unit: Unit, role: str | None) -> None:  # A6
    client = in_role(unit, role)[0] if role else Client()
    if role is None:
        who = make.learner()
        assert who.user is not None
        client.force_login(who.user)
    attempt = sat(quiz, unit)
    pages = [
        reverse("quizzes:studio"),
        reverse("quizzes:analysis", args=[quiz.quiz.code]),
        reverse("quizzes:analysis_export", args=[quiz.quiz.code, "csv"]),
        question_page(quiz),
        reverse("quizzes:appeals"),
        reverse("quizzes:attempt", args=[attempt.public_id]),
    ]
    assert [client.get(page).status_code for page in pages] == [403] * 6


# Figures ----------------------------------------------------------------------------------------


def test_the_analysis_names_the_questions_and_a_new_mark_makes_new_figures(
    trainer: Client, quiz: QuizVersion, unit: Unit
) -> None:
    page = reverse("quizzes:analysis", args=[quiz.quiz.code])
    assert trainer.get(page).context["figures"].attempts == 0
    sat(quiz, unit, "ab")
    sat(quiz, unit, "aa")
    shown = trainer.get(page).context
    assert shown["figures"].attempts == 2
    assert {line.code: line.facility for line in shown["items"]} == {"Q-1": 100, "Q-2": 50}


def test_the_export_is_a_table_in_which_formulas_are_inert(trainer: Client, unit: Unit) -> None:  # E1
    quiz = make.quiz(make.single("Q-1", stem="=cmd|' /C calc'!A0"))
    sat(quiz, unit, "a")
    sheet = trainer.get(reverse("quizzes:analysis_export", args=[quiz.quiz.code, "xlsx"]))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.getvalue())).get_sheet_by_index(0).to_python()
    assert (rows[1][0], rows[1][2], rows[1][4]) == ("Q-1", "=cmd|' /C calc'!A0", 1.0)
    text = trainer.get(reverse("quizzes:analysis_export", args=[quiz.quiz.code, "csv"])).getvalue().decode()
    assert "'=cmd" in text
    assert trainer.get(f"/studio/quizzes/{quiz.quiz.code}/analysis.pdf").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_cost_the_same_with_one_row_and_with_three(
    trainer: Client, unit: Unit, count: int, django_assert_max_num_queries: Any
) -> None:
    quizzes = [make.quiz(*[make.single() for _ in range(count)]) for _ in range(count)]
    attempts = [sat(quiz, unit, "a" * count) for quiz in quizzes]
    for attempt in attempts:
        item = attempt.items.select_related("attempt__person").all()[0]
        services.raise_appeal(item=item, text="?")
        services.ask_for_mark_change(item=item, points=Fraction(1), reason="?", by=roster.person())
    pages = {
        reverse("quizzes:studio"): 39,
        reverse("quizzes:appeals"): 22,
        reverse("quizzes:analysis", args=[quizzes[0].quiz.code]): 21,
    }
    for page, most in pages.items():
        with django_assert_max_num_queries(most):
            assert trainer.get(page).status_code == 200
