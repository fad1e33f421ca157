"""An examination on a telephone whose line breaks: nothing is lost, the page says no more than is so."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from lms.accounts.models import User
from quizzes.models import Attempt
from tests.factories import quizzes as make

from .conftest import Visitor

PASSWORD = "vung-trinh-dien-2026"


@pytest.fixture
def learner(what_ships: None) -> User:
    who = make.learner()
    assert who.user is not None
    who.user.set_password(PASSWORD)
    who.user.save()
    return who.user


def test_an_answer_given_while_the_line_is_cut_reaches_the_server_when_it_is_back(
    visitor: Visitor, learner: User, context: Any
) -> None:  # B19
    version = make.quiz(make.single(), make.single(), minutes=30)
    page = visitor.page
    visitor.signs_in(learner.username, PASSWORD).goes_to(f"/learn/quiz/{version.public_id}/")
    visitor.presses("Bắt đầu làm bài").reads("Câu 1/2")
    page.get_by_label("Phương án a").check()
    visitor.reads("Đã lưu trên máy chủ")
    item = Attempt.objects.get().items.get(position=1)
    assert item.answer == "a"
    context.set_offline(True)
    page.get_by_label("Phương án b").check()
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "lost")
    page.get_by_role("button", name=re.compile("Lưu và")).click()
    visitor.reads("Câu 1/2")
    item.refresh_from_db()
    assert item.answer == "a"
    context.set_offline(False)
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "kept", timeout=15_000)
    item.refresh_from_db()
    assert item.answer == "b"
    page.get_by_role("button", name=re.compile("Lưu và")).click()
    visitor.reads("Câu 2/2").finds_no_barrier()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
