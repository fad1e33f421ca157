"""What is due for review, and what rests on a document that was replaced."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from content.grounds import document_key, documents_cited, due_for_review
from content.models import CoursePage, LessonPage, ReplacedDocument
from content.services import ensure_groups
from tests.factories import content as make

from .test_cms import add_url, lesson_form, user

pytestmark = pytest.mark.django_db
LAW = "Luật Phòng, chống ma túy 120/2025/QH15"


@pytest.fixture(autouse=True)
def _ground() -> None:
    ensure_groups()


def ground(document: str, article: str = "") -> str:
    value = {"document": document, "article": article, "in_force": None}
    return json.dumps([{"type": "ground", "value": value}])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (LAW, "Luật số 120/2025/qh15", True),
        ("Nghị định 116/2021/NĐ-CP", "NĐ 116/2021/NĐ-CP", True),
        ("Hướng dẫn của Bộ Y tế", "HƯỚNG DẪN  của Bộ y tế", True),
        (LAW, "Luật Phòng, chống ma túy 73/2021/QH14", False),
    ],
)
def test_two_ways_of_writing_a_document_are_one_document(one: str, other: str, same: bool) -> None:
    assert (document_key(one) == document_key(other)) is same


def test_what_is_due_comes_by_day_and_drafts_and_later_days_do_not() -> None:
    course = make.course_page("P1", review_due=date(2026, 7, 1))
    module = make.module_page(course, review_due=date(2026, 6, 1))
    make.module_page(course, review_due=date(2026, 8, 2))
    lesson = make.lesson_page(module, live=False)
    LessonPage.objects.filter(pk=lesson.pk).update(review_due=date(2026, 5, 1))
    due = due_for_review(CoursePage.objects.all(), date(2026, 8, 1))
    assert [page.pk for page in due] == [module.pk, course.pk]


def test_everything_that_rests_on_a_document_is_found_in_grounds_and_in_boxes_of_law() -> None:
    course = make.course_page("P1", legal_ground=ground(LAW, "Điều 5"))
    lesson = make.lesson_page(make.module_page(course))
    law = {"document": "Luật 120/2025/QH15", "article": "Điều 33", "in_force": None, "text": "<p>Cấm.</p>"}
    lesson.body = json.dumps([{"type": "law", "value": law}])
    make.publish(lesson)
    [cited] = documents_cited(CoursePage.objects.all())
    assert [(place.page.pk, place.article) for place in cited.places] == [
        (course.pk, "Điều 5"),
        (lesson.pk, "Điều 33"),
    ]


def test_noting_a_replacement_lists_everything_that_rests_on_it(client: Any) -> None:
    course = make.course_page("P1", title="Kỹ năng đầu tiên", legal_ground=ground(LAW, "Điều 5"))
    client.force_login(user("td", "Thẩm định"))
    given = {"document": LAW, "replaced_by": "Luật 15/2028/QH16", "since": "2028-07-01"}
    response = client.post(reverse("content_documents"), given, follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(reverse("content_review"), 302)]
    assert (course.title in page, "Luật 15/2028/QH16" in page) == (True, True)
    assert ReplacedDocument.objects.get().key == "120/2025/qh15"


def test_a15_a_trainer_sees_his_own_courses_and_notes_no_replacement(client: Any) -> None:
    trainer = user("gv", "Giảng viên")
    soon = timezone.localdate() + timedelta(days=5)
    make.course_page("P1", title="Của tôi", owner=trainer, review_due=soon, legal_ground=ground(LAW))
    make.course_page(
        "P2", title="Của người khác", review_due=soon, legal_ground=ground("Luật khác 9/2020/QH14")
    )
    client.force_login(trainer)
    page = client.get(reverse("content_review")).content.decode()
    assert ("Của tôi" in page, "Của người khác" in page, "còn 5 ngày" in page) == (True, False, True)
    given = {"document": LAW, "replaced_by": "x", "since": "2028-07-01"}
    client.post(reverse("content_documents"), given)
    assert ReplacedDocument.objects.count() == 0


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_as_many_queries_for_three_courses_as_for_one(
    number: int, django_assert_num_queries: Any
) -> None:
    for place in range(number):
        course = make.course_page(f"P{place}", review_due=date(2026, 6, 1), legal_ground=ground(LAW))
        make.lesson_page(make.module_page(course))
    with django_assert_num_queries(5):
        documents_cited(CoursePage.objects.all())
    with django_assert_num_queries(4):
        due_for_review(CoursePage.objects.all(), date(2026, 7, 1))


def test_a_reviewer_comments_at_the_passage(client: Any) -> None:
    trainer, reviewer = user("gv", "Giảng viên"), user("td", "Thẩm định")
    module = make.module_page(make.course_page("P1", owner=trainer))
    client.force_login(trainer)
    client.post(add_url(module), lesson_form("Bài của tôi", "action-submit"))
    lesson = LessonPage.objects.get(title="Bài của tôi")
    said = {"contentpath": "summary", "text": "Câu này chưa rõ.", "position": "", "id": ""}
    replies = {f"replies-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}
    comments = {f"comments-0-{name}": value for name, value in (said | replies).items()}
    client.force_login(reviewer)
    url = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    client.post(url, lesson_form("Bài của tôi") | comments | {"comments-TOTAL_FORMS": 1})
    comment = lesson.wagtail_admin_comments.get()
    assert (comment.user, comment.contentpath, comment.text) == (reviewer, "summary", "Câu này chưa rõ.")
