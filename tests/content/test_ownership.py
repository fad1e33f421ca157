"""Whose course it is (ABUSE A15)."""

from typing import Any

import pytest
from django.urls import reverse

from content import services
from content.models import LessonPage
from lms.accounts.models import User
from tests.factories import content as make

from .test_cms import add_url, lesson_form, user


@pytest.fixture
def mine(db: None) -> User:
    services.ensure_groups()
    return user("gv1", "Giảng viên")


@pytest.fixture
def theirs(mine: User) -> User:
    return user("gv2", "Giảng viên")


def test_a15_a_trainer_adds_and_edits_only_in_courses_of_his_own(mine: User, theirs: User) -> None:
    course = make.course_page("P1", owner=mine)
    module = make.module_page(course)
    lesson = make.lesson_page(module)
    answers = {
        who: [
            course.permissions_for_user(person).can_add_subpage(),
            module.permissions_for_user(person).can_add_subpage(),
            lesson.permissions_for_user(person).can_edit(),
            lesson.permissions_for_user(person).can_publish(),
        ]
        for who, person in (("mine", mine), ("theirs", theirs), ("review", user("td", "Thẩm định")))
    }
    assert answers == {
        "mine": [True, True, True, False],
        "theirs": [False, False, False, False],
        "review": [True, True, True, True],
    }


def test_a15_what_one_wrote_in_a_course_is_not_ones_own_once_the_course_is_not(
    mine: User, theirs: User
) -> None:
    course = make.course_page("P1", owner=mine)
    lesson = make.lesson_page(make.module_page(course))
    lesson.owner = theirs
    lesson.save()
    services.name_writer(code="P1", username="gv2")
    assert LessonPage.objects.get().permissions_for_user(theirs).can_edit() is True
    course.course.writers.clear()
    assert LessonPage.objects.get().permissions_for_user(theirs).can_edit() is False


def test_a15_posting_a_lesson_into_anothers_course_makes_nothing(
    client: Any, mine: User, theirs: User
) -> None:
    module = make.module_page(make.course_page("P1", owner=mine))
    client.force_login(theirs)
    client.post(add_url(module), lesson_form("Bài lạc", "action-submit"))
    client.force_login(mine)
    client.post(add_url(module), lesson_form("Bài của tôi"))
    assert list(LessonPage.objects.values_list("title", flat=True)) == ["Bài của tôi"]


def test_a15_a_draft_of_another_is_not_read_by_copying_or_moving_it(mine: User, theirs: User) -> None:
    module = make.module_page(make.course_page("P1", owner=mine))
    lesson = make.lesson_page(module, live=False)
    own = make.module_page(make.course_page("P2", owner=theirs))
    rights = lesson.permissions_for_user(theirs)
    assert (rights.can_copy_to(own), rights.can_move_to(own)) == (False, False)


def test_a_copied_course_asks_for_a_code_of_its_own_and_belongs_to_who_copied_it(
    client: Any, mine: User
) -> None:
    course = make.course_page("P1", owner=mine)
    make.lesson_page(make.module_page(course))
    client.force_login(mine)
    client.post(
        reverse("wagtailadmin_pages:copy", args=[course.pk]),
        {
            "new_title": "Bản sao",
            "new_slug": "ban-sao",
            "new_parent_page": course.get_parent().pk,
            "copy_subpages": "on",
            "publish_copies": "",
        },
    )
    copy = type(course).objects.get(title="Bản sao")
    assert (copy.live, copy.code, copy.course, copy.owner) == (False, "", None, mine)
    assert LessonPage.objects.descendant_of(copy).count() == 1
    assert copy.permissions_for_user(mine).can_edit() is True


def test_only_whoever_publishes_names_the_writers_of_a_course(client: Any, mine: User, theirs: User) -> None:
    course = make.course_page("P1", owner=mine)
    url = reverse("content_writers", args=[course.pk])
    client.force_login(theirs)
    client.post(url, {"writers": [theirs.pk]})
    assert list(course.course.writers.all()) == []
    client.force_login(user("td", "Thẩm định"))
    client.post(url, {"writers": [theirs.pk]})
    assert list(course.course.writers.all()) == [theirs]
    assert client.get(url).status_code == 200
