"""A trainer's day: from Word to a draft, a scenario, a second person, a top-up and its effect."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest

from content.models import CoursePage, LessonPage, ModulePage, Scenario
from content.queries import latest_edition
from content.services import ensure_groups, follow_roles
from lms.accounts.models import User
from tests.content.test_cms import user
from tests.factories import content as make

from .conftest import DESK, Visitor

PASSWORD = "mot-mat-khau-dai"


def somebody(name: str, group: str) -> User:
    made = user(name, group)
    made.set_password(PASSWORD)
    made.save()
    follow_roles(user_id=made.pk, on=date(2026, 6, 1))
    return made


def word_file(folder: Path) -> Path:
    document = docx.Document()
    document.add_heading("Lắng nghe khi người ta sợ", 0)
    document.add_heading("Ba điều làm trước", 1)
    document.add_paragraph("Ngồi ngang tầm mắt, nói chậm, hỏi một câu một lần.")
    document.add_heading("Ba điều tránh", 1)
    document.add_paragraph("Không dọa, không hứa, không ghi âm lén.")
    stored = io.BytesIO()
    document.save(stored)
    path = folder / "bai-giang.docx"
    path.write_bytes(stored.getvalue())
    return path


@pytest.fixture
def people(what_ships: None) -> tuple[User, User]:
    ensure_groups()
    return somebody("gv", "Giảng viên"), somebody("td", "Thẩm định")


def complete(trainer: User) -> None:
    """What a Word file does not hold, as the trainer adds it: summary, objective, source, scenario."""
    scenario = make.scenario("so-hai")
    Scenario.objects.update(owner=trainer)
    for module in ModulePage.objects.all():
        module.introduction = "<p>Vì sao.</p>"
        module.objectives = [("objective", "Lắng nghe.")]
        module.activities = [("scenario", {"scenario": scenario, "required": True})]
        module.save_revision(user=trainer)
    for lesson in LessonPage.objects.all():
        lesson.summary, lesson.objectives = "Một câu.", "1"
        lesson.sources = [
            ("source", {"key": "a", "title": "Nguồn", "publisher": "", "url": "", "year": None})
        ]
        lesson.save_revision(user=trainer)
    course = CoursePage.objects.get()
    course.introduction = "<p>Giới thiệu.</p>"
    course.save_revision(user=trainer)


def send_to_review(visitor: Visitor, pk: int) -> None:
    visitor.goes_to(f"/cms/pages/{pk}/edit/")
    visitor.page.locator("footer .w-dropdown__toggle, footer [data-w-dropdown-target='toggle']").first.click()
    with visitor.page.expect_navigation():
        visitor.page.locator("button[name='action-submit']").filter(visible=True).first.click()


def approve(visitor: Visitor, pk: int) -> None:
    visitor.goes_to(f"/cms/pages/{pk}/edit/")
    visitor.page.locator("footer .w-dropdown__toggle, footer [data-w-dropdown-target='toggle']").first.click()
    with visitor.page.expect_navigation():
        visitor.page.locator("[data-workflow-action-name='approve']").filter(visible=True).first.click()


def test_a_trainers_whole_day(visitor: Visitor, people: tuple[User, User], tmp_path: Path) -> None:
    trainer, _reviewer = people
    page = visitor.page
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    # Morning: the Word file becomes a draft.
    visitor.signs_in("gv", PASSWORD).goes_to("/cms/send/").finds_no_barrier()
    page.set_input_files("input[name=file]", str(word_file(tmp_path)))
    page.fill("input[name=title]", "Lắng nghe")
    page.fill("input[name=code]", "LN1")
    page.locator("main button.button-longrunning").click()
    visitor.reads("bai-giang.docx").finds_no_barrier()
    course, module = CoursePage.objects.get(), ModulePage.objects.get()
    lessons = list(LessonPage.objects.order_by("path"))
    assert (course.live, course.owner, len(lessons)) == (False, trainer, 2)
    complete(trainer)
    # The scenario: a choice that leads nowhere is told at its field and on the map.
    scenario = Scenario.objects.get()
    visitor.goes_to(f"/cms/snippets/content/scenario/edit/{scenario.pk}/")
    visitor.reads("Lối nào cũng đi tới một kết thúc").finds_no_barrier()
    lead = page.locator("[data-place='to'] input").first
    lead.fill("n9")
    page.locator("footer button[type=submit]").filter(visible=True).first.click()
    visitor.reads("Chưa công bố được").reads("dẫn tới “n9” không tồn tại")
    page.locator("[data-place='to'] input").first.fill("n2")
    page.locator("footer button[type=submit]").filter(visible=True).first.click()
    visitor.reads("Lối nào cũng đi tới một kết thúc")
    # Noon: to review; a second person publishes.
    wanted = [course.pk, module.pk, *(lesson.pk for lesson in lessons)]
    for pk in wanted:
        send_to_review(visitor, pk)
    visitor.signs_in("td", PASSWORD)
    for pk in wanted:
        approve(visitor, pk)
    assert latest_edition("LN1").rules["lessons"] == 2
    # Afternoon: a change, gathered and declared as a top-up; its effect is shown before.
    visitor.goes_to(f"/cms/change/{course.pk}/").finds_no_barrier()
    visitor.presses("Gom các thay đổi")
    lesson = LessonPage.objects.get(pk=lessons[0].pk)
    lesson.body = [("text", "<p>Nói chậm, và để người ta nói hết.</p>")]
    lesson.save_revision(user=trainer).publish(user=_reviewer)
    before = latest_edition("LN1").number
    visitor.goes_to(f"/cms/change/{course.pk}/").reads("Ba điều làm trước")
    page.locator("input[name=change][value=topup]").check()
    page.locator("main form button").last.click()
    page.wait_for_load_state("networkidle")
    newest = latest_edition("LN1")
    assert (newest.number, newest.change) == (before + 1, "topup")


def test_the_pages_for_trainers_have_no_barrier(visitor: Visitor, people: tuple[User, User]) -> None:
    visitor.page.set_viewport_size(DESK)  # type: ignore[arg-type]
    course = make.course_page("P1", review_due=date(2026, 6, 1))
    module = make.module_page(course)
    lesson = make.lesson_page(module)
    talk = make.scenario()
    make.freeze_course(code="P1")
    visitor.signs_in("td", PASSWORD)
    paths: tuple[Any, ...] = (
        "",
        f"pages/{course.pk}/",
        f"pages/{course.pk}/edit/",
        f"pages/{module.pk}/edit/",
        f"pages/{lesson.pk}/edit/",
        f"pages/add/content/lessonpage/{module.pk}/",
        f"snippets/content/scenario/edit/{talk.pk}/",
        "review/",
        "documents-cited/",
        "packages/bring/",
        "snippets/content/recording/add/",
    )
    for path in paths:
        visitor.goes_to(f"/cms/{path}").finds_no_barrier()
    for path in ("/studio/", "/studio/courses/P1/"):
        visitor.goes_to(path).finds_no_barrier()
