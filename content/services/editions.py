"""Freezing: a course's live pages → an edition, rendered once."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.text import slugify

from content.activities import quizzes
from content.conversations.playing import played
from content.enums import ActivityKind, ChangeKind
from content.models import (
    Course,
    CoursePage,
    Edition,
    EditionActivity,
    EditionLesson,
    EditionModule,
    LessonPage,
    ModulePage,
)
from content.records.editions import ChangeSince
from content.rendering import cite, render_lesson, render_stream, sources_json
from content.signals import edition_frozen
from lms.kernel.folding import fold


@dataclass
class _Draft:
    """An edition before it is compared with the last and stored."""

    course: dict[str, Any]
    modules: list[dict[str, Any]] = field(default_factory=list)
    lessons: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    activities: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def digest(self) -> str:
        return _digest([self.course, self.modules, self.lessons, self.activities])


@transaction.atomic
def freeze_edition(course: Course, *, change: ChangeKind = ChangeKind.MINOR, days: int = 0) -> Edition | None:
    """Freeze what is live below a course's page; None where nothing is live or nothing has changed.

    `days`: how long those who finished an earlier edition have for what a top-up or a repeat asks of them.
    Costs one rendering of every lesson: about 5 ms each.
    """
    page = CoursePage.objects.live().filter(course=course).first()
    if page is None:
        return None
    draft = _draft(page)
    if not draft.lessons:
        return None
    Course.objects.select_for_update().get(pk=course.pk)
    last = course.editions.order_by("-number").first()
    digest = draft.digest()
    if last is not None and last.digest == digest:
        return None
    edition = Edition.objects.create(
        course=course, number=last.number + 1 if last else 1, change=change, digest=digest, **draft.course
    )
    modules = EditionModule.objects.bulk_create(
        [EditionModule(edition=edition, **values) for values in draft.modules]
    )
    EditionLesson.objects.bulk_create(
        [EditionLesson(edition=edition, module=modules[place], **values) for place, values in draft.lessons]
    )
    EditionActivity.objects.bulk_create(
        [EditionActivity(edition=edition, module=modules[place], **v) for place, v in draft.activities]
    )
    Course.objects.filter(pk=course.pk).update(title=page.title, level=page.level, hours=page.hours)
    edition_frozen.send(Edition, code=course.code, number=edition.number, change=edition.change, days=days)
    return edition


@transaction.atomic
def publish_changes(*, code: str, change: ChangeKind, days: int = 0) -> Edition | None:
    """Freeze what was gathered as one edition of this kind; None where nothing differs from the last."""
    course = Course.objects.select_for_update().get(code=code)
    edition = freeze_edition(course, change=change, days=days)
    Course.objects.filter(pk=course.pk).update(gathering=False)
    return edition


def gather_changes(*, code: str) -> None:
    """Let what is published in a course wait until somebody says what it asks of those who finished."""
    Course.objects.filter(code=code).update(gathering=True)


def change_since(*, code: str) -> ChangeSince:
    """What publishing now would change against the newest edition. Renders every lesson: 5 ms each."""
    page = CoursePage.objects.live().filter(code=code).first()
    last = Edition.objects.filter(course__code=code).order_by("-number").first()
    draft = _draft(page) if page else _Draft({})
    before = {row.key: row for row in last.lessons.all()} if last else {}
    now = {values["key"]: values for _place, values in draft.lessons}
    acts = {(a.kind, a.reference): a.version for a in last.activities.all()} if last else {}
    return ChangeSince(
        number=last.number if last else 0,
        new=tuple(v["title"] for key, v in now.items() if key not in before),
        changed=tuple(
            v["title"] for key, v in now.items() if key in before and v["html"] != before[key].html
        ),
        removed=tuple(row.title for key, row in before.items() if key not in now),
        activities=tuple(
            a["title"]
            for _place, a in draft.activities
            if acts.get((a["kind"], a["reference"])) != a["version"]
        ),
        differs=bool(draft.lessons) and (last is None or last.digest != draft.digest()),
    )


def _draft(page: CoursePage) -> _Draft:
    draft = _Draft({})
    shelf = quizzes()
    module_pages = ModulePage.objects.live().child_of(page).order_by("path")
    for place, module in enumerate(module_pages):
        draft.modules.append(_module(place + 1, module))
        blocks = [(len(draft.lessons), block) for block in module.activities if _is_first(block)]
        for lesson in LessonPage.objects.live().child_of(module).order_by("path"):
            draft.lessons.append((place, _lesson(len(draft.lessons) + 1, lesson, module)))
            blocks += [(len(draft.lessons), block) for block in lesson.body]
        blocks += [(len(draft.lessons), block) for block in module.activities if not _is_first(block)]
        for after, block in blocks:
            if block.block_type in set(ActivityKind) and _is_there(block):
                draft.activities.append((place, _activity(len(draft.activities) + 1, after, block, shelf)))
    needed = [activity for _place, activity in draft.activities if activity["required"]]
    held = sum(activity["kind"] == ActivityKind.SCENARIO for _place, activity in draft.activities)
    draft.course = {
        "title": page.title,
        "introduction": str(page.introduction),
        "level": page.level,
        "hours": page.hours,
        "audiences": page.audiences,
        "legal_ground": _legal_ground(page),
        "reviewer": page.reviewer,
        "review_due": page.review_due,
        "rules": {
            "lessons": len(draft.lessons),
            "scenarios": min(
                held, max(page.scenarios_needed, sum(a["kind"] == ActivityKind.SCENARIO for a in needed))
            ),
            "quizzes": sum(a["kind"] == ActivityKind.QUIZ for a in needed),
        },
    }
    return draft


def _module(position: int, page: ModulePage) -> dict[str, Any]:
    return {
        "position": position,
        "code": page.code,
        "title": page.title,
        "introduction": str(page.introduction),
        "objectives": [str(block.value) for block in page.objectives],
        "legal_ground": _legal_ground(page),
        "reviewer": page.reviewer,
        "review_due": page.review_due,
        "sheet_title": page.sheet_title,
        "sheet": str(cite(render_stream(page.sheet), {})),
    }


def _lesson(position: int, page: LessonPage, module: ModulePage) -> dict[str, Any]:
    rendered = render_lesson(page)
    values = {
        "key": page.translation_key,
        "slug": slugify(fold(page.slug)) or str(position),
        "title": rendered.title,
        "summary": rendered.summary,
        "objectives": page.objective_numbers(),
        "minutes": rendered.minutes,
        "words": rendered.words,
        "clinical": rendered.clinical,
        "html": str(rendered.html),
        "sources": sources_json(rendered),
    }
    return {**values, "position": position, "digest": _digest(values)}


def _is_first(block: Any) -> bool:
    """Whether it is a try that stands before its module's lessons. Quizzes within lessons never are."""
    return bool(block.value.get("first"))


def _is_there(block: Any) -> bool:
    """Whether the slot still has its scenario, published: a draft is nobody's yet."""
    return block.block_type != ActivityKind.SCENARIO or bool(
        block.value["scenario"] and block.value["scenario"].live
    )


def _activity(position: int, after: int, block: Any, shelf: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {"position": position, "after_lesson": after, "kind": block.block_type}
    values["required"] = bool(block.value["required"]) and not _is_first(block)
    if _is_first(block):
        values["first"] = True
    if block.block_type == ActivityKind.SCENARIO:
        scenario = block.value["scenario"]
        graph = {"setting": scenario.setting, "role": scenario.role, **played(scenario.graph)}
        return {
            **values,
            "reference": scenario.code,
            "version": scenario.version,
            "title": scenario.title,
            "payload": graph,
        }
    code = block.value["quiz"]
    quiz = shelf.get(code)
    return {
        **values,
        "reference": code,
        "version": quiz.version if quiz else 1,
        "title": quiz.title if quiz else code,
        "payload": dict(quiz.key) if quiz else None,
    }


def _legal_ground(page: Any) -> list[dict[str, Any]]:
    return [
        {
            "document": block.value["document"],
            "article": block.value["article"] or "",
            "in_force": block.value["in_force"].isoformat() if block.value["in_force"] else None,
        }
        for block in page.legal_ground
    ]


def _digest(value: Any) -> str:
    text = json.dumps(value, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def freeze_course(*, code: str) -> Edition | None:
    """Freeze a course by its code: for whoever has changed what its slots name."""
    course = Course.objects.filter(code=code).first()
    return freeze_edition(course) if course else None
