"""A learner on a phone, with the network cut in the middle."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import Page

from content.services import freeze_course
from lms.learning.models import ChoiceTaken, Feedback, FinishedStep, TriedCheck
from lms.roster.models import Person
from tests.factories import content as make
from tests.factories import quizzes

from .conftest import Visitor

PASSWORD = "mot-mat-khau-dai"


@pytest.fixture
def who(what_ships: None) -> Person:
    """Learns a course of one lesson with a check, and a scenario."""
    page = make.course_page("P1", scenarios_needed=1)
    activity = {"type": "scenario", "value": {"scenario": make.scenario().pk, "required": False}}
    module = make.module_page(page, activities=json.dumps([activity]))
    make.lesson_page(module, more=[make.check("Gọi 115", "Chờ thêm")])
    freeze_course(code="P1")
    return _with_password()


def _with_password() -> Person:
    who = quizzes.learner()
    who.user.set_password(PASSWORD)
    who.user.save()
    return who


@pytest.fixture
def me(what_ships: None) -> Person:
    call_command("load_starter", course="B5", stdout=StringIO(), stderr=StringIO())
    return _with_password()


def until_sent(page: Page) -> None:
    """Asked from outside: the page's own policy lets nothing be evaluated in it again and again."""
    for _time in range(200):
        if page.evaluate("localStorage.getItem('vung-queue')") == "[]":
            return
        page.wait_for_timeout(100)
    raise AssertionError("the queue was not sent")


def test_lessons_read_without_a_network_are_sent_once_it_is_back(visitor: Visitor, me: Person) -> None:
    page, context = visitor.page, visitor.page.context
    visitor.signs_in(me.code, PASSWORD)
    visitor.goes_to("/learn/B5/").presses("Bắt đầu học").reads("Bài 1/4")
    visitor.goes_to("/learn/B5/").presses("Tải về để học khi không có mạng")
    visitor.reads("Các bài đã có trên thiết bị này").finds_no_barrier()
    context.set_offline(True)
    visitor.goes_to("/learn/B5/1-bai/").reads("Cả khóa học trên một trang")
    visitor.presses("Tôi đã học bài 1").presses("Tôi đã học bài 2").reads("Chưa gửi lên máy chủ")
    assert FinishedStep.objects.count() == 0
    sent = page.evaluate("localStorage.getItem('vung-queue')")
    context.set_offline(False)
    until_sent(page)
    assert FinishedStep.objects.count() == 2
    page.evaluate("queue => localStorage.setItem('vung-queue', queue)", sent)
    visitor.goes_to("/learn/B5/pack/")
    until_sent(page)
    assert FinishedStep.objects.count() == 2
    visitor.finds_no_barrier()


def test_checks_and_a_scenario_done_without_a_network_are_sent_once_it_is_back(
    visitor: Visitor, who: Person
) -> None:
    page, context = visitor.page, visitor.page.context
    visitor.signs_in(who.code, PASSWORD)
    visitor.goes_to("/learn/P1/").presses("Bắt đầu học")
    visitor.goes_to("/learn/P1/").presses("Tải về để học khi không có mạng")
    visitor.reads("Các bài đã có trên thiết bị này")
    context.set_offline(True)
    visitor.goes_to("/learn/P1/activity/1/").reads("Cả khóa học trên một trang")
    page.get_by_text("Chờ thêm").click()
    page.get_by_text("Gọi 115").click()
    visitor.presses("Anh kể tôi nghe.").presses("Tôi báo công an.").reads("Bỏ sót nguy cơ")
    visitor.presses("Quay lại chỗ rẽ").presses("Tôi ở lại đây.").reads("Yên lành")
    visitor.finds_no_barrier().reads("Chưa gửi lên máy chủ")
    assert (FinishedStep.objects.count(), TriedCheck.objects.count()) == (0, 0)
    sent = page.evaluate("localStorage.getItem('vung-queue')")
    context.set_offline(False)
    until_sent(page)
    page.evaluate("queue => localStorage.setItem('vung-queue', queue)", sent)
    visitor.goes_to("/learn/P1/pack/")
    until_sent(page)
    assert [step.activity is not None for step in FinishedStep.objects.all()] == [True]
    assert [row.times for row in TriedCheck.objects.all()] == [2]
    assert list(ChoiceTaken.objects.values_list("answer", "people")) == [(1, 1)]


def test_a_check_inside_a_lesson_is_counted_and_feedback_is_kept(visitor: Visitor, who: Person) -> None:
    page = visitor.page
    visitor.signs_in(who.code, PASSWORD)
    visitor.goes_to("/learn/P1/").presses("Bắt đầu học")
    with page.expect_response("**/learn/queue/"):
        page.get_by_text("Chờ thêm").click()
    visitor.presses("Một phần").reads("Đã ghi: một phần").finds_no_barrier()
    page.get_by_label("Điều gì còn thiếu, điều gì có ích?").fill("Thiếu số điện thoại.")
    visitor.presses("Gửi lời góp ý").reads("Đã ghi: một phần")
    until_sent(page)
    assert (Feedback.objects.get().words, ChoiceTaken.objects.get().answer) == ("Thiếu số điện thoại.", 1)


def test_signing_out_warns_of_what_is_not_yet_sent_and_leaves_nothing_behind(
    visitor: Visitor, me: Person
) -> None:
    page = visitor.page
    visitor.signs_in(me.code, PASSWORD)
    visitor.goes_to("/accounts/logout/").finds_no_barrier()
    page.route("**/learn/queue/", lambda route: route.abort())
    page.evaluate("localStorage.setItem('vung-queue', JSON.stringify([{enrolment: 'x', lesson: 'y'}]))")
    visitor.goes_to("/accounts/logout/").reads("Chưa gửi lên máy chủ").finds_no_barrier()
    visitor.presses("Đăng xuất").reads("Đăng nhập để học")
    assert page.evaluate("localStorage.getItem('vung-queue')") is None
