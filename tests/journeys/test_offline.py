"""A learner on a phone, with the network cut in the middle."""

from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import Page

from lms.learning.models import FinishedStep
from lms.roster.models import Person
from tests.factories import quizzes

from .conftest import Visitor

PASSWORD = "mot-mat-khau-dai"


@pytest.fixture
def me(what_ships: None) -> Person:
    call_command("load_starter", course="B5", stdout=StringIO(), stderr=StringIO())
    who = quizzes.learner()
    who.user.set_password(PASSWORD)
    who.user.save()
    return who


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
