"""A learner on a telephone: begins a course, reads, practises, goes on where he stopped."""

from io import StringIO
from typing import Any

import brotli
import pytest
from django.core.management import call_command

from content import queries as content
from lms.learning.models import Enrolment, FinishedStep
from lms.roster.models import Person
from tests.factories import quizzes

from .conftest import DESK, PHONE, Visitor

PASSWORD = "mot-mat-khau-dai"
FIRST_LESSON_BYTES = 80_000
FIRST_LESSON_REQUESTS = 8


@pytest.fixture
def me(what_ships: None) -> Person:
    call_command("load_starter", course="B5", stdout=StringIO(), stderr=StringIO())
    who = quizzes.learner()
    who.user.set_password(PASSWORD)
    who.user.save()
    return who


def weight(response: Any) -> int:
    """Bytes as they travel: text that never changes is served compressed (whitenoise), pages are not."""
    body = response.body()
    return len(brotli.compress(body)) if response.url.endswith((".css", ".js", ".svg")) else len(body)


def test_a_first_lesson_is_light_and_reads_well(visitor: Visitor, me: Person) -> None:
    visitor.signs_in(me.code, PASSWORD)
    visitor.goes_to("/learn/B5/").finds_no_barrier().presses("Bắt đầu học")
    visitor.reads("Bài 1/4").finds_no_barrier()
    url = visitor.page.url
    fresh = visitor.page.context.browser.new_context(viewport=PHONE, locale="vi-VN")
    fresh.add_cookies(visitor.page.context.cookies())
    page = fresh.new_page()
    responses: list[Any] = []
    page.on("response", lambda response: responses.append(response))
    page.goto(url, wait_until="networkidle")
    assert len(responses) <= FIRST_LESSON_REQUESTS
    assert sum(weight(response) for response in responses) <= FIRST_LESSON_BYTES
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    fresh.close()


def test_a_whole_course_is_read_without_script_and_resumed_where_it_was_left(
    visitor: Visitor, me: Person, browser: Any, live_server: Any
) -> None:
    plain = browser.new_context(java_script_enabled=False, viewport=PHONE, locale="vi-VN")
    visitor.signs_in(me.code, PASSWORD)
    plain.add_cookies(visitor.page.context.cookies())
    reader = Visitor(plain.new_page(), live_server.url)
    reader.goes_to("/learn/B5/").presses("Bắt đầu học")
    reader.reads("Bài 1/4").presses("Học xong, sang bài 2").reads("Bài 2/4")
    reader.goes_to("/learn/B5/").reads("Đã học 1/4 bài").follows("Học tiếp bài 2")
    for number in (3, 4):
        reader.presses(f"Học xong, sang bài {number}").reads(f"Bài {number}/4")
    reader.presses("Học xong, sang tình huống").reads("Một giờ sáng ở xóm chài")
    assert FinishedStep.objects.count() == 4
    plain.close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_scenario_shows_the_way_back_to_the_turning_point(
    size: dict[str, int], visitor: Visitor, me: Person
) -> None:
    visitor.page.set_viewport_size(size)  # type: ignore[arg-type]
    visitor.signs_in(me.code, PASSWORD)
    visitor.goes_to("/learn/B5/").presses("Bắt đầu học")
    visitor.reads("Bài 1/4")
    visitor.goes_to("/learn/B5/activity/2/").finds_no_barrier()
    visitor.follows("Chị và cháu đứng xa nhà").follows("Ừ, em vào trước")
    visitor.reads("Bỏ sót nguy cơ").finds_no_barrier().follows("Quay lại chỗ rẽ")
    visitor.reads("Em mang sẵn dây thừng")
    assert Enrolment.objects.count() == 1


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_catalogue_and_every_page_of_a_learner_have_no_barrier(
    size: dict[str, int], visitor: Visitor, me: Person
) -> None:
    visitor.page.set_viewport_size(size)  # type: ignore[arg-type]
    visitor.goes_to("/courses/").finds_no_barrier().follows("Kích động, loạn thần").finds_no_barrier()
    visitor.signs_in(me.code, PASSWORD)
    visitor.goes_to("/learn/").finds_no_barrier()
    visitor.goes_to("/learn/B5/").presses("Bắt đầu học").reads("Bài 1/4")
    visitor.goes_to("/learn/").finds_no_barrier()
    visitor.goes_to("/learn/B5/sheet/B5/").finds_no_barrier()
    outline = content.outline(content.latest_edition("B5"))
    for lesson in outline.lessons[1:]:
        visitor.goes_to(f"/learn/B5/{lesson.position}-{lesson.slug}/").finds_no_barrier()
