"""The least valid courses: pages in the CMS, and the edition that learners read."""

import itertools
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from wagtail.signal_handlers import disable_reference_index_auto_update

from content.models import CoursePage, LessonPage, ModulePage, Scenario
from content.queries import latest_edition
from content.records.editions import EditionListed
from content.services import ensure_catalogue, freeze_course

_number = itertools.count(1)
INDEXING = "modelsearch.signal_handlers.insert_or_update_object_task"


def course_page(code: str = "", title: str = "Kỹ năng tư vấn", **more: Any) -> CoursePage:
    code = code or f"T{next(_number)}"
    page = CoursePage(
        title=title,
        slug=code.lower(),
        code=code,
        hours=Decimal("1.5"),
        introduction="<p>Giới thiệu.</p>",
        live=False,
        **more,
    )
    return publish(draft(ensure_catalogue(), page))


def module_page(course: CoursePage, title: str = "Chuyên đề", **more: Any) -> ModulePage:
    number = next(_number)
    page = ModulePage(
        title=title,
        slug=f"m{number}",
        code=f"M{number}",
        introduction="<p>Vì sao.</p>",
        objectives=json.dumps([{"type": "objective", "value": "Nhận ra dấu hiệu."}]),
        live=False,
        **more,
    )
    return publish(draft(course, page))


def lesson_page(
    module: ModulePage,
    title: str = "Bài",
    text: str = "<p>Nội dung [^a].</p>",
    *,
    live: bool = True,
    more: Sequence[dict[str, Any]] = (),
) -> LessonPage:
    number = next(_number)
    page = LessonPage(
        title=title,
        slug=f"bai-{number}",
        summary="Một câu.",
        objectives="1",
        body=json.dumps([{"type": "text", "value": text}, *more]),
        sources=json.dumps([{"type": "source", "value": {"key": "a", "title": "Nguồn A"}}]),
        live=False,
    )
    return publish(draft(module, page)) if live else module.add_child(instance=page)


def draft(parent: Any, page: Any) -> Any:
    with unindexed():
        parent.add_child(instance=page)
        page.save_revision(clean=False)
    return page


def publish(page: Any) -> Any:
    """What stands on the page goes public, and into the indexes."""
    revision = page.latest_revision if page.live_revision_id is None else None
    (revision or page.save_revision()).publish()
    page.refresh_from_db()
    return page


@contextmanager
def unindexed() -> Iterator[None]:
    """A page is saved three times on its way to the public; the last of them is enough for the indexes."""
    with disable_reference_index_auto_update(), patch(INDEXING):
        yield


def scenario(code: str = "") -> Scenario:
    """A conversation of two turns, with a good and a failed ending."""
    choice = {"feedback": "Góp ý.", "skill": "", "error": "", "trust": 0, "readiness": 0}
    listen = {**choice, "text": "Anh kể tôi nghe.", "to": "n2", "skill": "open_question", "trust": 2}
    threat = {**choice, "text": "Tôi báo công an.", "to": "e2", "error": "threat", "safety_missed": True}
    stay = {**choice, "text": "Tôi ở lại đây.", "to": "e1", "skill": "safety", "safety_missed": False}
    listen["safety_missed"] = False
    node = {"speaker": "Anh T.", "says": "Tôi sợ.", "narration": ""}
    return Scenario.objects.create(
        code=code or f"s{next(_number)}",
        title="Một giờ sáng",
        setting="Xóm chài.",
        role="Bạn là công an xã.",
        graph={
            "start": "n1",
            "nodes": {
                "n1": {**node, "choices": [listen, threat]},
                "n2": {**node, "says": "Anh ở lại chứ?", "choices": [stay, threat]},
            },
            "endings": {
                "e1": {"kind": "good", "title": "Yên lành", "text": "Anh T. ngủ.", "learn": "Ở lại."},
                "e2": {"kind": "failed", "title": "Bỏ sót", "text": "Anh T. đi.", "learn": "Đừng dọa."},
            },
        },
    )


def edition(
    code: str = "", *, lessons: int = 2, quiz: str = "", with_scenario: bool = False, needed: int = 0
) -> EditionListed:
    """A published course with one module, and its newest edition."""
    page = course_page(code, scenarios_needed=needed)
    activities: list[dict[str, Any]] = []
    if with_scenario:
        value = {"scenario": scenario().pk, "required": False}
        activities.append({"type": "scenario", "value": value})
    if quiz:
        activities.append({"type": "quiz", "value": {"quiz": quiz, "required": True}})
    module = module_page(page, activities=json.dumps(activities))
    for number in range(1, lessons + 1):
        lesson_page(module, f"Bài số {number}")
    freeze_course(code=page.code)
    return latest_edition(page.code)


def check(*answers: str, question: str = "Làm gì trước?") -> dict[str, Any]:
    """An unmarked check as a block; its first answer is the right one."""
    given = [
        {"text": f"<p>{text}</p>", "right": not place, "feedback": "<p>Vì sao.</p>"}
        for place, text in enumerate(answers)
    ]
    return {"type": "check", "value": {"question": f"<p>{question}</p>", "answers": given}}


def edition_with_check(code: str = "") -> EditionListed:
    """A published course of one lesson, whose second block is a check of two answers."""
    page = course_page(code)
    lesson_page(module_page(page), more=[check("Gọi 115", "Chờ thêm")])
    freeze_course(code=page.code)
    return latest_edition(page.code)
