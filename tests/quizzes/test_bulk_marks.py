"""Many marks in one file: every line sound, a reason each, a second person for all."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lms.roster.enums import Role
from lms.roster.models import Unit
from quizzes import policies, services
from quizzes.models import Attempt, MarkChange, QuizVersion
from tests.factories import quizzes as make
from tests.factories import roster

pytestmark = pytest.mark.django_db
HEADER = "person,question,points,reason\n"


@pytest.fixture(autouse=True)
def _own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "_teachings", [])


@pytest.fixture
def unit() -> Unit:
    return roster.unit()


@pytest.fixture
def quiz() -> QuizVersion:
    return make.quiz(make.single("Q-1"), make.single("Q-2"))


def trainer(unit: Unit) -> Client:
    who, client = make.learner(), Client()
    roster.role(who, unit, Role.TRAINER)
    assert who.user is not None
    client.force_login(who.user)
    return client


def sat(quiz: QuizVersion, unit: Unit) -> Attempt:
    who = roster.person()
    roster.posting(who, unit)
    attempt = services.start_attempt(person_id=who.pk, version=quiz)
    return services.submit_attempt(attempt=attempt, key="k")


def send(client: Client, quiz: QuizVersion, *lines: str) -> Any:
    file = SimpleUploadedFile("diem.csv", (HEADER + "\n".join(lines) + "\n").encode())
    return client.post(reverse("quizzes:marks", args=[quiz.quiz.code]), {"file": file})


def test_b15_marks_in_bulk_are_asked_for_by_one_and_decided_by_another(
    quiz: QuizVersion, unit: Unit
) -> None:  # B15
    one, other = sat(quiz, unit), sat(quiz, unit)
    asker, second = trainer(unit), trainer(unit)
    asked = send(
        asker, quiz, f"{one.person.code},Q-1,1,Máy hỏng", f'{other.person.code},Q-2,"0,5",Quét thiếu'
    )
    page = asked.headers["Location"]
    asker.post(page, {"decision": "approved"})
    assert [a.marks.count() for a in (one, other)] == [1, 1]
    waiting = second.get(reverse("quizzes:studio")).context["waiting"]
    assert [wish.url for wish in waiting] == [page]
    second.post(page, {"decision": "approved"})
    assert [str(a.marks.order_by("number").last().percent) for a in (one, other)] == ["50.00", "25.00"]  # type: ignore[union-attr]
    assert set(MarkChange.objects.values_list("decision", flat=True)) == {"approved"}


@pytest.mark.parametrize(
    "line",
    [
        "{who},Q-1,=1+1,Công thức",
        "{who},Q-1,-1,Âm",
        "{who},Q-1,1.5,Quá nhiều",
        "{who},Q-1,1,",
        "{who},Q-9,1,Không có câu này",
        "KHONG-CO,Q-1,1,Không có người này",
        "{who},Q-2,1,Hai lần",
    ],
)
def test_b15_one_bad_line_and_nothing_is_asked_for(quiz: QuizVersion, unit: Unit, line: str) -> None:  # B15
    attempt = sat(quiz, unit)
    code = attempt.person.code
    answer = send(trainer(unit), quiz, f"{code},Q-2,1,Đúng", line.format(who=code))
    assert (answer.status_code, answer.context["faults"].count, MarkChange.objects.count()) == (422, 1, 0)


def test_b15_people_outside_the_trainer_s_units_do_not_exist(
    quiz: QuizVersion, unit: Unit
) -> None:  # A15, B15
    foreign = sat(quiz, roster.unit())
    answer = send(trainer(unit), quiz, f"{foreign.person.code},Q-1,1,Ngoài đơn vị")
    assert (answer.status_code, MarkChange.objects.count()) == (422, 0)
    asked = send(trainer(roster.unit()), quiz, f"{foreign.person.code},Q-1,1,?")
    assert asked.status_code == 422
