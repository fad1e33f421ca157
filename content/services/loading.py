"""A course's files → its pages. Running it again changes only what has changed in the files."""

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from html import escape, unescape
from typing import Any, TypeVar
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.html import strip_tags
from django.utils.text import slugify
from wagtail.models import Page

from content.models import CoursePage, LessonPage, ModulePage, Scenario
from content.records.files import Block, CourseFile, Curriculum, LegalGround, Lesson, Module
from content.records.files import Scenario as ScenarioFile
from lms.kernel.folding import fold

from .site import ensure_catalogue

P = TypeVar("P", bound=Page)
NAMESPACE = UUID("5f1e5a86-0f6c-4d7e-9d0a-6a7d2f6f3c11")
"""Ids of blocks that come from files are made of their place, so that loading twice is the same twice."""


@dataclass(frozen=True, slots=True)
class LoadedPages:
    """What loading a course did: pages made anew, changed, as they were, left to those who edited them."""

    code: str
    created: int
    changed: int
    unchanged: int
    kept: int


@transaction.atomic
def load_course(curriculum: Curriculum, course: CourseFile) -> LoadedPages:
    """Write and publish a course's pages; one edition is frozen on commit if anything changed.

    A module that already stands under another course is shown here as its alias, so that a correction is made
    in one place. Modules that are not written yet are left out.
    """
    return _Loader(curriculum, course).load()


class _Loader:
    def __init__(self, curriculum: Curriculum, course: CourseFile) -> None:
        self.curriculum, self.course = curriculum, course
        self.created = self.changed = self.unchanged = self.kept = 0

    def load(self) -> LoadedPages:
        catalogue = ensure_catalogue()
        course = self.course
        page = self.put(
            catalogue,
            CoursePage.objects.filter(code=course.code).first(),
            CoursePage,
            {
                "title": course.title,
                "slug": slug(f"{course.code} {course.title}"),
                "code": course.code,
                "level": course.level,
                "hours": course.hours,
                "audiences": list(course.audiences),
                "introduction": paragraphs(course.intro),
                "legal_ground": legal_ground(course.legal_ground, course.code),
                "review_due": course.review_due,
            },
        )
        for code in course.modules:
            module = self.curriculum.module(code)
            if module is not None:
                self.module(page, module)
        return LoadedPages(course.code, self.created, self.changed, self.unchanged, self.kept)

    def module(self, course: CoursePage, module: Module) -> None:
        home = ModulePage.objects.filter(code=module.code, alias_of=None).first()
        if home is not None and not home.is_child_of(course):
            self.write_module(home.get_parent().specific, home, module)
            if not ModulePage.objects.child_of(course).filter(alias_of=home).exists():
                home.refresh_from_db()
                home.create_alias(parent=course, recursive=True)
                self.created += 1
            return
        self.write_module(course, home, module)

    def write_module(self, course: CoursePage, home: ModulePage | None, module: Module) -> None:
        scenarios = [self.scenario(module, scenario) for scenario in module.scenarios]
        activities: list[tuple[str, Any]] = [
            ("scenario", {"scenario": scenario.pk, "required": False}) for scenario in scenarios
        ]
        if module.questions:
            activities.append(("quiz", {"quiz": module.code, "required": True, "first": False}))
            trial = {"quiz": trial_code(module.code), "required": False, "first": True}
            activities.append(("quiz", trial))
        page = self.put(
            course,
            home,
            ModulePage,
            {
                "title": module.title,
                "slug": slug(f"{module.code} {module.title}"),
                "code": module.code,
                "hours": module.hours,
                "audiences": list(module.audiences),
                "introduction": paragraphs(module.intro),
                "objectives": raw([("objective", text) for text in module.objectives], module.code),
                "activities": raw(activities, f"{module.code}/activities"),
                "sheet_title": module.sheet.title if module.sheet else "",
                "sheet": body(module.sheet.blocks if module.sheet else (), f"{module.code}/sheet"),
                "legal_ground": legal_ground(module.legal_ground, module.code),
                "reviewer": module.reviewer,
                "review_due": module.review_due,
            },
        )
        kept = set()
        for lesson in module.lessons:
            kept.add(self.lesson(page, module, lesson).pk)
        for gone in LessonPage.objects.child_of(page).exclude(pk__in=kept).filter(owner=None).live():
            gone.unpublish()
            self.changed += 1

    def lesson(self, module_page: ModulePage, module: Module, lesson: Lesson) -> LessonPage:
        place = f"{module.code}/{lesson.slug}"
        page: LessonPage = self.put(
            module_page,
            LessonPage.objects.child_of(module_page).filter(slug=lesson.slug).first(),
            LessonPage,
            {
                "title": lesson.title,
                "slug": lesson.slug,
                "summary": lesson.summary,
                "objectives": ", ".join(str(number) for number in lesson.objectives),
                "minutes": lesson.minutes,
                "clinical": lesson.clinical,
                "body": body(lesson.blocks, place),
                "sources": raw([("source", asdict(source)) for source in lesson.sources], f"{place}/sources"),
            },
        )
        return page

    def scenario(self, module: Module, scenario: ScenarioFile) -> Scenario:
        values = {
            "title": scenario.title,
            "setting": scenario.setting,
            "role": scenario.role,
            "objectives": list(scenario.objectives),
            "graph": graph(scenario),
        }
        code = f"{module.code}-{scenario.position}"
        found, made = Scenario.objects.get_or_create(code=code, defaults=values)
        if found.latest_revision_id is not None:
            self.kept += 1
            return found
        if not made and any(getattr(found, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(found, name, value)
            found.version += 1
            found.save()
            self.changed += 1
        return found

    def put(self, parent: Page, page: P | None, kind: type[P], values: dict[str, Any]) -> P:
        """Make the page, or change it where the files say otherwise, and publish it.

        A page that somebody has edited in the CMS is his from then on, and is left alone.
        """
        if page is None:
            page = kind(live=False, **values)
            parent.add_child(instance=page)
            self.created += 1
        elif page.latest_revision is not None and page.latest_revision.user_id is not None:
            self.kept += 1
            return page
        elif page.live and not _differing(page, values):
            self.unchanged += 1
            return page
        else:
            for name, value in values.items():
                setattr(page, name, value)
            self.changed += 1
        page.save_revision(clean=True, log_action=False).publish(log_action=False)
        page.refresh_from_db()
        return page  # type: ignore[no-any-return]


def _differing(page: Page, values: dict[str, Any]) -> list[str]:
    return [name for name, value in values.items() if _plain(page, name, None) != _plain(page, name, value)]


def _plain(page: Page, name: str, value: Any) -> Any:
    """A field's value in the form in which it is stored; of the page itself where none is given."""
    field = page._meta.get_field(name)
    current = getattr(page, name) if value is None else field.to_python(value)
    return field.get_prep_value(current)


def trial_code(module: str) -> str:
    """The code of the try before a module's lessons, next to that of its test."""
    return f"{module}-TRUOC"


def slug(text: str) -> str:
    return slugify(fold(text))[:80].rstrip("-")


def paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(' '.join(part.split()))}</p>" for part in re.split(r"\n\s*\n", text))


def _id(place: str, number: object) -> str:
    return str(uuid5(NAMESPACE, f"{place}/{number}"))


def raw(blocks: list[tuple[str, Any]], place: str) -> str:
    """A stream as it is stored, with ids made of the place."""
    stream = [
        {"type": kind, "value": value, "id": _id(place, number)}
        for number, (kind, value) in enumerate(blocks)
    ]
    return json.dumps(stream, ensure_ascii=False, default=str)


def items(values: list[Any], place: str) -> list[dict[str, Any]]:
    return [{"type": "item", "value": value, "id": _id(place, number)} for number, value in enumerate(values)]


def legal_ground(ground: tuple[LegalGround, ...], place: str) -> str:
    return raw([("ground", asdict(one)) for one in ground], f"{place}/ground")


def body(blocks: tuple[Block, ...], place: str) -> str:
    stored = []
    for number, block in enumerate(blocks):
        shape = SHAPES.get(block.kind)
        value = shape(block.value, f"{place}/{number}") if shape else block.value
        stored.append((block.kind, value))
    return raw(stored, place)


def _line(text: str) -> str:
    return text if text.startswith("<p>") else f"<p>{text}</p>"


def _words(text: str) -> str:
    """Inline rich text as plain text, for headings."""
    return unescape(strip_tags(text))


def _table(value: Any, _place: str) -> Any:
    return {
        "columns": [{"type": "text", "heading": _words(head)} for head in value["head"]],
        "rows": [{"values": [_line(cell) for cell in row]} for row in value["rows"]],
        "caption": "",
    }


def _compare(value: Any, place: str) -> Any:
    rows = [{"left": _line(row["left"]), "right": _line(row["right"])} for row in value["rows"]]
    return {"left": _words(value["left"]), "right": _words(value["right"]), "rows": items(rows, place)}


def _check(value: Any, place: str) -> Any:
    answers = [
        {"text": _line(a["text"]), "right": a["right"], "feedback": _line(a["feedback"])}
        for a in value["answers"]
    ]
    return {"question": value["question"], "answers": items(answers, place)}


SHAPES: dict[str, Callable[[Any, str], Any]] = {
    "table": _table,
    "compare": _compare,
    "check": _check,
    "steps": lambda value, place: items([_line(step) for step in value], place),
    "cards": lambda value, place: items([{**c, "front": _words(c["front"])} for c in value], place),
}
"""Blocks whose stored form is not the form in which files are read."""


def graph(scenario: ScenarioFile) -> dict[str, Any]:
    return {
        "start": scenario.start,
        "nodes": {
            node.key: {
                "speaker": node.speaker,
                "says": node.says,
                "narration": node.narration,
                "choices": [asdict(choice) for choice in node.choices],
            }
            for node in scenario.nodes
        },
        "endings": {
            ending.key: {
                "kind": ending.kind,
                "title": ending.title,
                "text": ending.text,
                "learn": ending.learn,
            }
            for ending in scenario.endings
        },
    }
