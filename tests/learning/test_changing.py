"""A course changes: what that asks of those who finished it, and of those in the middle of it."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from content import queries as content
from content import services as content_services
from content.activities import effect_of
from content.enums import ChangeKind
from content.models import CoursePage, LessonPage, ModulePage
from content.services import publish_changes
from lms.kernel import jobs
from lms.learning import queries, services
from lms.learning.enums import Reason
from lms.learning.models import Completion, Enrolment, FinishedStep
from lms.roster.models import Person
from quizzes import queries as quiz_queries
from quizzes import services as quiz_services
from quizzes.errors import AlreadyPassed
from quizzes.models import QuizVersion
from tests.content.test_cms import user
from tests.factories import content as make
from tests.factories import quizzes, roster

pytestmark = pytest.mark.django_db
DAY, LATER, DUE = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 30)


@pytest.fixture
def course() -> CoursePage:
    make.edition("P1", lessons=2)
    return CoursePage.objects.get()


def finished(who: Person | None = None) -> Person:
    """Somebody who has read all lessons of the edition that stands."""
    who = who or roster.person()
    enrolment = services.enrol(person_id=who.pk, course="P1", on=DAY)
    outline, _steps, _standing = queries.steps_and_standing(enrolment)
    for lesson in outline.lessons:
        services.finish_lesson(enrolment=enrolment, lesson=lesson, on=DAY)
    return who


def add_lesson(course: CoursePage) -> None:
    make.lesson_page(ModulePage.objects.child_of(course).get(), "Bài mới")


def ask(change: ChangeKind) -> int:
    edition = publish_changes(code="P1", change=change, days=60)
    assert edition is not None
    return services.ask_again(edition_id=edition.pk, change=change, on=LATER, due=DUE)


def left(who: Person) -> list[str]:
    enrolment = Enrolment.objects.select_related("course", "edition__course").get(person=who, closed_on=None)
    return [step.title for step in queries.steps_and_standing(enrolment)[1] if not step.finished]


def test_a_top_up_asks_only_for_what_is_new(course: CoursePage) -> None:
    who = finished()
    add_lesson(course)
    assert ask(ChangeKind.TOPUP) == 1
    again = Enrolment.objects.get(person=who, closed_on=None)
    assert (again.reason, again.due, again.round) == (Reason.TOPUP, DUE, 2)
    assert left(who) == ["Bài mới"]


def test_a_top_up_asks_for_a_lesson_that_reads_otherwise(course: CoursePage) -> None:
    who = finished()
    lesson = LessonPage.objects.get(title="Bài số 2")
    lesson.summary = "Một câu khác."
    make.publish(lesson)
    ask(ChangeKind.TOPUP)
    assert left(who) == ["Bài số 2"]


def test_a_repeat_asks_for_everything(course: CoursePage) -> None:
    who = finished()
    add_lesson(course)
    ask(ChangeKind.REPEAT)
    assert left(who) == ["Bài số 1", "Bài số 2", "Bài mới"]


@pytest.mark.parametrize("change", ChangeKind.values)
def test_nothing_that_was_finished_becomes_unfinished_by_a_change(course: CoursePage, change: str) -> None:
    who = finished()
    before = list(Completion.objects.values())
    steps = set(FinishedStep.objects.values_list("pk", flat=True))
    add_lesson(course)
    edition = publish_changes(code="P1", change=ChangeKind(change), days=60)
    assert edition is not None
    jobs.work_all()
    assert list(Completion.objects.values()) == before
    assert steps <= set(FinishedStep.objects.values_list("pk", flat=True))
    assert Enrolment.objects.filter(person=who, closed_on=None).count() == (change != ChangeKind.MINOR)


def test_asking_twice_asks_once(course: CoursePage) -> None:
    finished()
    add_lesson(course)
    ask(ChangeKind.REPEAT)
    edition = content.latest_edition("P1").id
    assert services.ask_again(edition_id=edition, change=ChangeKind.REPEAT, on=LATER, due=DUE) == 0
    assert Enrolment.objects.count() == 2


def test_whoever_is_in_the_middle_finishes_the_edition_that_he_began_or_moves(course: CoursePage) -> None:
    who = roster.person()
    enrolment = services.enrol(person_id=who.pk, course="P1", on=DAY)
    outline, _steps, _standing = queries.steps_and_standing(enrolment)
    services.finish_lesson(enrolment=enrolment, lesson=outline.lessons[0], on=DAY)
    add_lesson(course)
    assert ask(ChangeKind.REPEAT) == 0
    assert left(who) == ["Bài số 2"]
    services.move_to_newest(enrolment=enrolment, on=LATER)
    services.move_to_newest(enrolment=enrolment, on=LATER)
    assert left(who) == ["Bài số 2", "Bài mới"]


def test_moving_completes_where_nothing_of_the_new_edition_is_left(course: CoursePage) -> None:
    who = roster.person()
    enrolment = services.enrol(person_id=who.pk, course="P1", on=DAY)
    outline, _steps, _standing = queries.steps_and_standing(enrolment)
    services.finish_lesson(enrolment=enrolment, lesson=outline.lessons[0], on=DAY)
    LessonPage.objects.get(title="Bài số 2").unpublish()
    publish_changes(code="P1", change=ChangeKind.MINOR)
    services.move_to_newest(enrolment=enrolment, on=LATER)
    assert Completion.objects.get(person=who).edition == 2


def test_a_learner_moves_by_a_button_and_sees_it_only_while_there_is_a_newer_edition(
    client: Any, course: CoursePage
) -> None:
    who = quizzes.learner()
    services.enrol(person_id=who.pk, course="P1", on=DAY)
    client.force_login(who.user)
    assert 'name="move"' not in client.get("/learn/P1/").content.decode()
    add_lesson(course)
    publish_changes(code="P1", change=ChangeKind.MINOR)
    assert 'name="move"' in client.get("/learn/P1/").content.decode()
    client.post("/learn/P1/", {"move": "1"})
    assert Enrolment.objects.get().edition.number == 2


def test_before_publishing_the_reviewer_reads_what_changed_and_whom_it_reaches(
    client: Any, course: CoursePage
) -> None:
    content_services.ensure_groups()
    who = roster.person()
    roster.posting(who, roster.unit(name="Phường Hồng Bàng"), since=date(2020, 1, 1))
    finished(who)
    content_services.gather_changes(code="P1")
    add_lesson(course)
    client.force_login(user("td", "Thẩm định"))
    url = reverse("content_change", args=[course.pk])
    shown = client.get(url)
    assert shown.context["since"].new == ("Bài mới",)
    assert shown.context["effect"].units == (("Phường Hồng Bàng", 1),)
    client.post(url, {"change": "topup", "days": "30"})
    assert (content.latest_edition("P1").number, content.latest_edition("P1").change) == (2, "topup")


@pytest.mark.django_db(transaction=True)
def test_gathered_changes_make_one_edition_and_otherwise_each_makes_its_own() -> None:
    content_services.ensure_groups()
    make.edition("P1", lessons=1)
    course = CoursePage.objects.get()
    before = content.latest_edition("P1").number
    content_services.gather_changes(code="P1")
    add_lesson(course)
    assert content.latest_edition("P1").number == before
    publish_changes(code="P1", change=ChangeKind.MINOR)
    assert content.latest_edition("P1").number == before + 1
    course.refresh_from_db()
    make.lesson_page(ModulePage.objects.child_of(course).get(), "Bài sau nữa")
    assert content.latest_edition("P1").number == before + 2


def test_a_trainer_sees_the_effect_and_does_not_publish_and_others_see_nothing(client: Any) -> None:
    content_services.ensure_groups()
    trainer = user("gv", "Giảng viên")
    page = make.course_page("P1", owner=trainer)
    url = reverse("content_change", args=[page.pk])
    client.force_login(trainer)
    assert (client.get(url).status_code, client.post(url, {"gather": "1"}).status_code) == (200, 302)
    page.course.refresh_from_db()
    assert page.course.gathering is False
    client.force_login(user("gv2", "Giảng viên"))
    assert client.get(url).status_code == 404


def test_the_effect_of_a_course_that_nobody_learns_is_nobody() -> None:
    assert effect_of("P9").finished == 0


def sit(who: Person, version: QuizVersion, *, right: bool) -> None:
    attempt = quiz_services.start_attempt(person_id=who.pk, version=version)
    for item in attempt.items.all():
        quiz_services.save_answer(item=item, answer="a" if right else "b")
    quiz_services.submit_attempt(attempt=attempt, key=str(attempt.number))


def test_in_a_repeat_the_test_is_sat_again_with_all_its_attempts() -> None:
    version = quizzes.quiz(attempts=2)
    make.edition("P1", lessons=1, quiz=version.quiz.code)
    who = roster.person()
    finished(who)
    sit(who, version, right=False)
    sit(who, version, right=True)
    assert Completion.objects.filter(person=who).count() == 1
    with pytest.raises(AlreadyPassed):
        quiz_services.start_attempt(person_id=who.pk, version=version)
    add_lesson(CoursePage.objects.get())
    ask(ChangeKind.REPEAT)
    standing = quiz_queries.standing(who.pk, version)
    assert (standing.passed, standing.used, standing.left) == (False, 0, 2)
    sit(who, version, right=True)
    assert left(who) == ["Bài số 1", "Bài mới"]
    assert Completion.objects.filter(person=who).count() == 1
