"""What people say of a lesson, and which check misleads: numbers and words, no names, nothing of a few."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from content.models import CoursePage, LessonPage
from content.queries import latest_edition, outline
from content.records.editions import EditionListed
from content.services import freeze_course
from lms.learning import services
from lms.learning.enums import Helped
from lms.learning.errors import WordsTooMany
from lms.learning.heard import checks_taken, heard
from lms.learning.models import ChoiceTaken, Enrolment, Feedback, TriedCheck
from lms.learning.queries import address
from lms.learning.stopping import FEW
from lms.roster.enums import Role
from lms.roster.signals import person_erased
from tests.factories import content as courses
from tests.factories import quizzes, roster
from tests.refusals import refused

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


@pytest.fixture
def edition() -> EditionListed:
    return courses.edition_with_check("P1")


def begin(edition: EditionListed) -> Enrolment:
    who = roster.person(full_name="Phạm Thị Bímật")
    return services.enrol(person_id=who.pk, course=edition.code, on=DAY)


def say(
    edition: EditionListed,
    helped: Helped,
    words: str = "",
    mine: Enrolment | None = None,
    *,
    whole: bool = False,
) -> Feedback:
    lesson = None if whole else outline(latest_edition(edition.code)).lessons[0]
    mine = mine or begin(edition)
    return services.give_feedback(enrolment=mine, lesson=lesson, helped=helped, words=words, on=DAY)


# What a learner does ------------------------------------------------------------------------------------


@pytest.fixture
def mine(client: Client, edition: EditionListed) -> Enrolment:
    who = quizzes.learner()
    client.force_login(who.user)
    return services.enrol(person_id=who.pk, course="P1", on=DAY)


def lesson_url() -> str:
    return address("P1", outline(latest_edition("P1")).lessons[0])


def test_saying_it_again_replaces_what_was_said(client: Client, mine: Enrolment) -> None:
    for helped, words in (("yes", ""), ("partly", " Thiếu số điện thoại. ")):
        answer = client.post("/learn/P1/feedback/", {"lesson": "1", "helped": helped, "words": words})
        assert (answer.status_code, answer["Location"]) == (302, f"{lesson_url()}#feedback")
    said = Feedback.objects.get()
    assert (said.helped, said.words, said.lesson is None) == ("partly", "Thiếu số điện thoại.", False)
    assert "Đã ghi: một phần" in client.get(lesson_url()).content.decode()


def test_the_course_is_asked_about_once_it_is_completed(client: Client, mine: Enrolment) -> None:
    asked = "Khóa học có giúp việc của anh/chị không?"
    assert asked not in client.get("/learn/P1/").content.decode()
    client.post(lesson_url())
    assert asked in client.get("/learn/P1/").content.decode()
    client.post("/learn/P1/feedback/", {"helped": "no"})
    assert Feedback.objects.get().lesson is None


@pytest.mark.parametrize(
    "sent", [{}, {"helped": "maybe"}, {"helped": "yes", "lesson": "9"}, {"helped": "yes", "lesson": "x"}]
)
def test_what_is_no_answer_is_refused(client: Client, mine: Enrolment, sent: dict[str, str]) -> None:
    assert client.post("/learn/P1/feedback/", sent).status_code == 400
    assert Feedback.objects.count() == 0


def test_too_many_words_are_refused_and_the_learner_is_told(client: Client, mine: Enrolment) -> None:
    with pytest.raises(WordsTooMany):
        say(latest_edition("P1"), Helped.YES, "x" * 1001, mine)
    shown = client.post(
        "/learn/P1/feedback/", {"lesson": "1", "helped": "yes", "words": "x" * 1001}, follow=True
    )
    assert "1000" in shown.content.decode()
    assert Feedback.objects.count() == 0


def test_an_edition_that_leaves_the_lesson_as_it_was_asks_nobody_again(edition: EditionListed) -> None:
    mine = begin(edition)
    say(edition, Helped.NO, mine=mine)
    CoursePage.objects.update(title="Khóa học mới")
    newest = freeze_course(code="P1")
    assert newest is not None
    say(edition, Helped.YES, mine=services.move_to_newest(enrolment=mine, on=DAY))
    assert [row.helped for row in Feedback.objects.all()] == ["yes"]


def test_a_lesson_that_was_rewritten_is_asked_about_anew(edition: EditionListed) -> None:
    mine = begin(edition)
    say(edition, Helped.NO, mine=mine)
    LessonPage.objects.update(summary="Một câu khác.")
    freeze_course(code="P1")
    say(edition, Helped.YES, mine=services.move_to_newest(enrolment=mine, on=DAY))
    assert Feedback.objects.count() == 2


def test_whoever_is_forgotten_leaves_no_words(edition: EditionListed) -> None:
    said = say(edition, Helped.YES, "Tôi là trưởng công an xã X.")
    person_erased.send(None, person_ids=[said.person_id], by=None, on=DAY, reason="")
    said.refresh_from_db()
    assert (said.helped, said.words) == ("yes", "")


# What a trainer hears -----------------------------------------------------------------------------------


def test_numbers_and_words_are_told_from_five_answers_on(edition: EditionListed) -> None:
    for number in range(FEW - 1):
        say(edition, Helped.YES, f"Lời {number}")
    lesson = heard(edition).lessons[0]
    assert (lesson.people, lesson.yes, lesson.words) == (None, 0, ())
    say(edition, Helped.PARTLY, "A")
    lesson = heard(edition).lessons[0]
    assert (lesson.people, lesson.yes, lesson.partly, lesson.no) == (5, 4, 1, 0)
    assert lesson.words == ("A", "Lời 0", "Lời 1", "Lời 2", "Lời 3")


def test_the_course_is_heard_apart_from_its_lessons(edition: EditionListed) -> None:
    for _number in range(FEW):
        say(edition, Helped.NO, whole=True)
    found = heard(edition)
    assert (found.course.no, found.lessons[0].people) == (5, 0)


def choose(edition: EditionListed, answer: int) -> None:
    lesson = outline(edition).lessons[0]
    assert services.try_check(enrolment=begin(edition), lesson=lesson, number=2, answer=answer, times=1)


def test_the_wrong_answer_that_most_take_is_flagged(edition: EditionListed) -> None:
    for answer in (0, 0, 1, 1, 1):
        choose(edition, answer)
    check = checks_taken(edition)[0]
    assert (check.question, check.people, check.wrong) == ("Làm gì trước?", 5, 60)
    assert [(a.text, a.right, a.people, a.share, a.misleads) for a in check.answers] == [
        ("Gọi 115", True, 2, 40, False),
        ("Chờ thêm", False, 3, 60, True),
    ]


def test_choices_of_fewer_than_five_are_not_told(edition: EditionListed) -> None:
    for _number in range(FEW - 1):
        choose(edition, 1)
    check = checks_taken(edition)[0]
    assert (check.people, check.wrong, check.answers) == (None, 0, ())


@pytest.mark.parametrize("lessons", [1, 3])
def test_hearing_costs_the_same_for_any_number_of_lessons(
    lessons: int, django_assert_num_queries: Any
) -> None:
    page = courses.course_page("DAI")
    module = courses.module_page(page)
    for _number in range(lessons):
        courses.lesson_page(module, more=[courses.check("A", "B")])
    freeze_course(code="DAI")
    long = latest_edition("DAI")
    outline(long)
    with django_assert_num_queries(4):
        assert (len(heard(long).lessons), len(checks_taken(long))) == (lessons, lessons)


def test_the_trainers_page_names_nobody(client: Client, edition: EditionListed) -> None:
    for _number in range(FEW):
        say(edition, Helped.YES, "Rất sát việc ở xã.")
        choose(edition, 1)
    who, where = roster.person(), roster.unit("X")
    roster.posting(who, where)
    roster.role(who, where, Role.TRAINER)
    who.user = get_user_model().objects.create(username=who.code)
    who.save()
    CoursePage.objects.update(owner=who.user)
    client.force_login(who.user)
    page = client.get("/studio/courses/P1/").content.decode()
    assert [word in page for word in ("Rất sát việc ở xã.", "Chờ thêm", "Bímật")] == [True, True, False]


# What the database keeps --------------------------------------------------------------------------------


def test_a_person_says_once_whether_a_lesson_helped(edition: EditionListed) -> None:
    said = say(edition, Helped.YES)
    with refused("person_says_once_whether_a_lesson_helped"):
        said.pk = None
        said.save(force_insert=True)


def test_a_person_says_once_whether_a_course_helped(edition: EditionListed) -> None:
    said = say(edition, Helped.YES, whole=True)
    with refused("person_says_once_whether_a_course_helped"):
        said.pk = None
        said.save(force_insert=True)


def test_a_check_is_tried_in_one_row(edition: EditionListed) -> None:
    choose(edition, 1)
    row = TriedCheck.objects.get()
    with refused("check_is_tried_in_one_row"):
        row.pk = None
        row.save(force_insert=True)


def test_a_choice_is_counted_in_one_row(edition: EditionListed) -> None:
    choose(edition, 1)
    row = ChoiceTaken.objects.get()
    with refused("choice_is_counted_in_one_row"):
        row.pk = None
        row.save(force_insert=True)
