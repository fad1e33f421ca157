"""Named reads of what is taught. Editions cross the door as frozen records."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery

from .checks import MARK, checks_in
from .coursefiles import read_curriculum
from .coursefiles.checks import missing_modules
from .coursefiles.readability import Readability, readability
from .coursefiles.review import review_list
from .enums import ActivityKind, Admission
from .errors import NoSuchCourse, NoSuchEdition, NoSuchLesson
from .models import Course, CoursePage, Edition, EditionActivity, EditionLesson, EditionModule
from .records.anchors import CourseAnchor
from .records.editions import (
    ActivityListed,
    CheckListed,
    EditionListed,
    LessonListed,
    LessonRead,
    ModuleListed,
    Outline,
    SourceCited,
)
from .records.files import Curriculum, Module

__all__ = [
    "CourseAnchor",
    "activity",
    "admission",
    "assignable",
    "catalogue",
    "checks",
    "checks_in",
    "course_anchors",
    "course_id",
    "curriculum",
    "edition_by_id",
    "editions_by_id",
    "latest_edition",
    "lesson",
    "listed",
    "missing_modules",
    "outline",
    "outline_of",
    "readability_of",
    "review_list",
    "sheet",
    "taught_here",
]


def curriculum(root: Path | None = None) -> Curriculum:
    """A curriculum as its files state it: the one that ships, or that of another folder."""
    return read_curriculum(root or Path(settings.ROOT) / "content" / "starter")


def readability_of(module: Module) -> Readability:
    """How long the sentences of a module's lessons are."""
    return readability(lesson.body for lesson in module.lessons)


def course_anchors(codes: Iterable[str] | None = None) -> dict[str, CourseAnchor]:
    """Courses by their codes; without any, all of them."""
    rows = Course.objects.all() if codes is None else Course.objects.filter(code__in=list(codes))
    return {
        row.code: CourseAnchor(row.pk, row.code, row.title, row.level, row.hours)
        for row in rows.order_by("code")
    }


def taught_here(codes: Iterable[str]) -> set[str]:
    """Those of these courses that have pages here, published or not yet: the pages say what they are."""
    pages = CoursePage.objects.filter(course__code__in=list(codes))
    return set(pages.values_list("course__code", flat=True))


# Editions ---------------------------------------------------------------------------------------


def catalogue() -> list[EditionListed]:
    """The newest edition of every course that is published now, by code: one query."""
    return _newest(CoursePage.objects.live())


def assignable() -> list[EditionListed]:
    """The same without the courses that are for those alone of whom a target demands them."""
    return _newest(CoursePage.objects.live().exclude(admission=Admission.DUTY))


def _newest(pages: QuerySet[CoursePage]) -> list[EditionListed]:
    newest = Edition.objects.filter(course=OuterRef("course")).order_by("-number").values("pk")[:1]
    rows = Edition.objects.filter(course__in=pages.values("course"), pk=Subquery(newest))
    return [listed(row) for row in rows.select_related("course").order_by("course__code")]


def course_id(code: str) -> int:
    """The row id of a course by its code, or NoSuchCourse."""
    found = Course.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise NoSuchCourse(code)
    return found


def latest_edition(code: str) -> EditionListed:
    """The newest edition of a course, or NoSuchEdition: one query."""
    row = _editions().filter(course__code=code).order_by("-number").first()
    if row is None:
        raise NoSuchEdition(code)
    return listed(row)


def admission(code: str) -> Admission:
    """Who may begin a course, as its page says now; open while it has none: one query."""
    said = CoursePage.objects.live().filter(code=code).values_list("admission", flat=True).first()
    return Admission(said or Admission.OPEN)


def edition_by_id(pk: int) -> EditionListed:
    return listed(_editions().get(pk=pk))


def editions_by_id(ids: set[int]) -> dict[int, EditionListed]:
    """Editions by row id: one query."""
    return {row.pk: listed(row) for row in _editions().filter(pk__in=ids)}


def outline_of(code: str) -> Outline | None:
    """The newest edition with all that is in it; None while nothing is published: four queries."""
    try:
        return outline(latest_edition(code))
    except NoSuchEdition:
        return None


def outline(edition: EditionListed) -> Outline:
    """All that there is to do in an edition, in order, without the texts.

    An edition never changes, so that it is read once a process: three queries the first time, none after.
    """
    return Outline(edition, _modules(edition.id, edition.published_at))


@lru_cache(maxsize=64)
def _modules(edition: int, _published_at: datetime) -> tuple[ModuleListed, ...]:
    lessons: dict[int, list[LessonListed]] = defaultdict(list)
    fields = ("module_id", "pk", "key", "position", "slug", "title", "summary", "minutes", "digest")
    for module, *values in (
        EditionLesson.objects.filter(edition=edition).order_by("position").values_list(*fields)
    ):
        lessons[module].append(LessonListed(*values))
    activities: dict[int, list[ActivityListed]] = defaultdict(list)
    for row in EditionActivity.objects.filter(edition=edition).order_by("position"):
        activities[row.module_id].append(_activity(row))
    modules = EditionModule.objects.filter(edition=edition).order_by("position").defer("sheet")
    return tuple(
        ModuleListed(
            m.position,
            m.code,
            m.title,
            m.introduction,
            tuple(m.objectives),
            tuple(m.legal_ground),
            m.reviewer,
            m.review_due,
            m.sheet_title,
            tuple(lessons[m.pk]),
            tuple(activities[m.pk]),
        )
        for m in modules
    )


def lesson(edition: EditionListed, position: int) -> LessonRead:
    """One lesson of an edition with its text, or NoSuchLesson: read once a process, like the outline."""
    return _lesson(edition.id, edition.published_at, position)


@lru_cache(maxsize=256)
def _lesson(edition: int, _published_at: datetime, position: int) -> LessonRead:
    rows = EditionLesson.objects.filter(edition=edition, position=position).select_related("module")
    row = rows.first()
    if row is None:
        raise NoSuchLesson(position)
    module = row.module
    return LessonRead(
        row.pk,
        row.key,
        module.code,
        module.title,
        row.position,
        row.slug,
        row.title,
        row.summary,
        row.minutes,
        row.words,
        row.clinical,
        row.html,
        tuple(SourceCited(**source) for source in row.sources),
        module.reviewer,
        module.review_due,
        tuple(module.legal_ground),
    )


def checks(edition: int) -> dict[int, tuple[CheckListed, ...]]:
    """Lesson row id → its unmarked checks whose choices may be counted: one query."""
    rows = EditionLesson.objects.filter(edition=edition, html__contains=MARK).values_list("pk", "html")
    return {pk: checks_in(html) for pk, html in rows}


def activity(edition: int, position: int) -> tuple[ActivityListed, Any]:
    """Something to do in an edition, with what the edition keeps of it, or NoSuchLesson."""
    row = EditionActivity.objects.filter(edition=edition, position=position).first()
    if row is None:
        raise NoSuchLesson(position)
    return _activity(row), row.payload


def sheet(edition: int, module: str) -> tuple[str, str]:
    """Title and HTML of a module's practice sheet, or NoSuchLesson."""
    row = EditionModule.objects.filter(edition=edition, code=module).exclude(sheet="").first()
    if row is None:
        raise NoSuchLesson(0)
    return row.sheet_title, row.sheet


def _editions() -> QuerySet[Edition]:
    return Edition.objects.select_related("course")


def listed(row: Edition) -> EditionListed:
    """An edition's row, fetched with its course, as a record; no query."""
    return EditionListed(
        row.pk,
        row.course_id,
        row.course.code,
        row.number,
        row.title,
        row.introduction,
        row.level,
        row.hours,
        row.published_at,
        row.change,
        tuple(row.audiences),
        tuple(row.legal_ground),
        row.reviewer,
        row.review_due,
        row.rules,
    )


def _activity(row: EditionActivity) -> ActivityListed:
    key = row.payload if row.kind == ActivityKind.QUIZ and row.payload else {}
    return ActivityListed(
        row.pk,
        row.position,
        row.after_lesson,
        row.kind,
        row.reference,
        row.version,
        row.title,
        row.required,
        key,
        row.first,
    )
