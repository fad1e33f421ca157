"""The main job, end to end: write, review, learn, pass, certify, check, count; in Vietnamese.

The world is the demonstration: the country's real units, one city's made-up staff, the starter courses.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from content.models import ModulePage
from content.queries import course_anchors, outline_of
from lms.coverage.queries import coverage_of
from lms.coverage.services import record_online_evidence
from lms.kernel import jobs
from lms.portal.demonstration import PASSWORD
from lms.roster.made_up import COMMUNE
from lms.roster.models import Person
from quizzes.models import AttemptItem
from quizzes.presentation import shown

from .conftest import DESK, PHONE, Visitor

LESSON = "Sau một đêm dài: chăm sóc người trực"
COURSE = "Kích động, loạn thần, cấp cứu: người không phải y tế làm gì"


@pytest.fixture
def institution(what_ships: None) -> Iterator[None]:
    call_command("load_starter", course="B5")
    call_command("load_demo")
    yield


def work() -> None:
    """What the background worker does in its next minute."""
    jobs.work_all()


@pytest.mark.usefixtures("institution")
def test_the_main_job_end_to_end(visitor: Visitor) -> None:
    a_trainer_writes_a_lesson_and_a_reviewer_publishes_it(visitor)
    the_commune_stands_at(visitor, "77,5", "31/40")
    learn_the_course(visitor)
    take_the_test(visitor)
    work()
    paper = the_certificate_is_there(visitor)
    a_stranger_checks_it(visitor, paper)
    the_commune_stands_at(visitor, "80,0", "32/40", met=False)
    who_counts_and_why(visitor)
    another_officer_of_the_commune_finishes()
    the_commune_stands_at(visitor, "82,5", "33/40", met=True)


# The trainer's and the reviewer's part --------------------------------------------------------------


def a_trainer_writes_a_lesson_and_a_reviewer_publishes_it(visitor: Visitor) -> None:
    page = visitor.page
    page.set_viewport_size(DESK)
    module = ModulePage.objects.get(alias_of=None, title=COURSE)
    visitor.signs_in("giang-vien", PASSWORD).goes_to(f"/cms/pages/add/content/lessonpage/{module.pk}/")
    page.wait_for_load_state("networkidle")
    page.locator("#id_title").press_sequentially(LESSON)
    page.locator("#id_title").blur()
    page.locator("#id_summary").fill("Người trực cũng cần được hỏi thăm.")
    page.locator("#id_objectives").fill("1")
    page.locator("section[id*=body] button.c-sf-add-button").first.click()
    page.get_by_role("option", name="Văn bản").click()
    page.locator(".public-DraftEditor-content").first.click()
    page.keyboard.type("Sau ca trực, hỏi nhau một câu: anh có sao không?[^so-tay]")
    expect(page.locator("[name=body-0-value]")).to_have_value(re.compile("hỏi nhau"))  # the editor saves late
    page.locator("section[id*=sources] button.c-sf-add-button").first.click()
    page.locator("[name=sources-0-value-key]").fill("so-tay")
    page.locator("[name=sources-0-value-title]").fill("Sổ tay trực đêm")
    page.locator("[name=sources-0-value-publisher]").fill("Trạm y tế")
    page.get_by_role("button", name="Thao tác khác").click()
    page.get_by_role("button", name="Gửi duyệt").click()
    page.wait_for_url(re.compile(r"/cms/pages/\d+/$"))
    visitor.signs_out().signs_in("tham-dinh", PASSWORD).goes_to("/cms/").reads(LESSON)
    page.get_by_role("link", name=LESSON).first.click()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Thao tác khác").click()
    page.get_by_role("button", name="Duyệt và xuất bản", exact=True).click()
    page.wait_for_url(re.compile(r"/cms/$|/cms/pages/\d+/$"), timeout=45_000)
    assert LESSON in {lesson.title for lesson in outline_of("B5").lessons}
    visitor.signs_out()


# The learner's part ---------------------------------------------------------------------------------


def learn_the_course(visitor: Visitor) -> None:
    page = visitor.page
    page.set_viewport_size(PHONE)
    visitor.signs_in("can-bo", PASSWORD).reads("Việc cần học").finds_no_barrier()
    first = page.locator(".todo > li").first
    expect(first.get_by_role("heading")).to_have_text(COURSE)
    first.get_by_role("link", name="Bắt đầu học").click()
    visitor.reads("Để hoàn thành khóa học").finds_no_barrier()
    page.locator("main").get_by_role("button", name=re.compile("Bắt đầu")).click()
    for number in range(1, 10):
        visitor.finds_no_barrier()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        onward = page.locator("main form.onward").get_by_role("button").last
        label = onward.inner_text()
        onward.click()
        page.wait_for_load_state()
        if "bài" not in label or number == 9:
            break


def take_the_test(visitor: Visitor) -> None:
    page = visitor.page
    visitor.goes_to("/learn/B5/")
    page.get_by_role("link", name=re.compile("kiểm tra", re.I)).last.click()
    visitor.finds_no_barrier()
    page.get_by_role("button", name=re.compile("Bắt đầu làm bài")).click()
    for position in range(1, 11):
        visitor.reads(f"Câu {position}/10")
        if position in (1, 5):
            visitor.finds_no_barrier()
        answer_rightly(page, position)
        page.get_by_role("button", name=re.compile("Lưu và")).click()
    visitor.reads("Anh/chị đã trả lời đủ").finds_no_barrier().presses("Nộp bài")
    visitor.reads("Đạt").finds_no_barrier()


def answer_rightly(page: Page, position: int) -> None:
    """Choose what the key says, as somebody who has read the lessons."""
    item = AttemptItem.objects.select_related("question").get(attempt__state="open", position=position)
    choose(
        page,
        shown(
            item.question.kind, item.question.body, right(item.question.kind, item.question.body), item.seed
        ),
    )


def right(kind: str, body: dict[str, Any]) -> Any:
    match kind:
        case "single":
            return next(option["id"] for option in body["options"] if option.get("correct"))
        case "several":
            return [option["id"] for option in body["options"] if option.get("correct")]
        case "true_false":
            return body["answer"]
        case "order":
            return [item["id"] for item in body["items"]]
        case "match":
            return {pair["id"]: pair["id"] for pair in body["pairs"]}
    return [right(part["kind"], part) for part in body["parts"]]


def choose(page: Page, question: Any) -> None:
    for part in question.parts:
        choose(page, part)
    for choice in question.choices:
        if choice.chosen:
            page.locator(f"input[name='{question.name}'][value='{choice.value}']").check()
    for row in question.rows:
        for choice in row.choices:
            if choice.chosen:
                page.locator(f"select[name='{row.name}']").select_option(choice.value)


def the_certificate_is_there(visitor: Visitor) -> str:
    """The PDF is a PDF; give back the address that its QR code carries."""
    page = visitor.page
    visitor.goes_to("/learn/record/").reads("Đã được tính là đã tập huấn").finds_no_barrier()
    address = page.get_by_role("link", name="Mở tệp PDF").get_attribute("href")
    pdf = page.request.get(visitor.address + str(address))
    assert (pdf.status, pdf.headers["content-type"], pdf.body()[:5]) == (200, "application/pdf", b"%PDF-")
    return str(page.get_by_role("link", name="Người khác thấy gì").get_attribute("href"))


def a_stranger_checks_it(visitor: Visitor, paper: str) -> None:
    visitor.signs_out().goes_to(paper).reads("Giấy thật, còn hiệu lực").reads(COURSE).finds_no_barrier()


# The manager's part ---------------------------------------------------------------------------------


def the_commune_stands_at(visitor: Visitor, rate: str, fraction: str, met: bool = False) -> None:
    visitor.page.set_viewport_size(DESK)
    visitor.signs_out().signs_in("bao-cao", PASSWORD).goes_to(f"/desk/?unit={COMMUNE}&target=T1")
    visitor.reads(f"{rate} %").reads(f"{fraction} người").finds_no_barrier()
    figure = visitor.page.locator(".figure-card .figure")
    expect(figure).to_contain_text("Đạt chỉ tiêu" if met else "Chưa đạt chỉ tiêu")
    if met:
        expect(figure).not_to_contain_text("Chưa đạt")


def who_counts_and_why(visitor: Visitor) -> None:
    visitor.page.locator(".figure-card .figure").click()
    visitor.reads("Ai được tính, vì sao").finds_no_barrier()
    mine = visitor.page.get_by_role("row").filter(has_text=learner().code)
    expect(mine).to_contain_text(COURSE)
    expect(mine).to_contain_text("trực tuyến")


def learner() -> Person:
    return Person.objects.get(user__username="can-bo")


def another_officer_of_the_commune_finishes() -> None:
    """The same course by the officer who sits beside the learner, as learning reports it."""
    today = timezone.localdate()
    figure = coverage_of("T1", COMMUNE, today, people=True)
    code = next(code for code in figure.people["not_started"] if code != learner().code)
    course = course_anchors(["B5"])["B5"]
    record_online_evidence(
        person_id=Person.objects.get(code=code).pk,
        course_id=course.id,
        edition=1,
        level=course.level,
        hours=course.hours,
        score=None,
        outcome="passed",
        completed_on=today,
        reference="online:B5:1:1",
        by="platform",
    )
