"""Editions as other rooms read them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SourceCited:
    number: int
    title: str
    publisher: str
    url: str
    year: int | None


@dataclass(frozen=True, slots=True)
class RenderedLesson:
    """A lesson's text as HTML, as an edition keeps it and a preview shows it."""

    title: str
    summary: str
    minutes: int
    clinical: bool
    html: str
    words: int
    sources: tuple[SourceCited, ...]


@dataclass(frozen=True, slots=True)
class LessonListed:
    """A lesson in an outline."""

    id: int
    key: UUID
    position: int
    slug: str
    title: str
    summary: str
    minutes: int
    digest: str
    """Of all that it says: the same in another edition where it reads the same."""


@dataclass(frozen=True, slots=True)
class ActivityListed:
    """Something to do in an outline, after the lesson at `after_lesson` (0: before them all).

    `first`: a try that stands before its module's lessons and counts for nothing.

    `key` is how the room that keeps it finds it again (content/records/activities.py).
    """

    id: int
    position: int
    after_lesson: int
    kind: str
    reference: str
    version: int
    title: str
    required: bool
    key: dict[str, Any]
    first: bool = False


@dataclass(frozen=True, slots=True)
class ModuleListed:
    position: int
    code: str
    title: str
    introduction: str
    objectives: tuple[str, ...]
    legal_ground: tuple[dict[str, Any], ...]
    reviewer: str
    review_due: date | None
    sheet_title: str
    lessons: tuple[LessonListed, ...]
    activities: tuple[ActivityListed, ...]


@dataclass(frozen=True, slots=True)
class EditionListed:
    """An edition without what is in it."""

    id: int
    course: int
    code: str
    number: int
    title: str
    introduction: str
    level: str
    hours: Decimal
    published_at: datetime
    change: str
    audiences: tuple[str, ...]
    legal_ground: tuple[dict[str, Any], ...]
    reviewer: str
    review_due: date | None
    rules: dict[str, int]


@dataclass(frozen=True, slots=True)
class Outline:
    """An edition with everything that there is to do in it, in order."""

    edition: EditionListed
    modules: tuple[ModuleListed, ...]

    @property
    def lessons(self) -> tuple[LessonListed, ...]:
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    @property
    def activities(self) -> tuple[ActivityListed, ...]:
        return tuple(activity for module in self.modules for activity in module.activities)

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)


@dataclass(frozen=True, slots=True)
class LessonRead:
    """A lesson of an edition as it is read."""

    id: int
    key: UUID
    module_code: str
    module_title: str
    position: int
    slug: str
    title: str
    summary: str
    minutes: int
    words: int
    clinical: bool
    html: str
    sources: tuple[SourceCited, ...]
    reviewer: str
    review_due: date | None
    legal_ground: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class AnswerListed:
    """An answer of an unmarked check, in plain words."""

    text: str
    right: bool


@dataclass(frozen=True, slots=True)
class CheckListed:
    """An unmarked check inside a lesson; its number is unique within the lesson."""

    number: int
    question: str
    answers: tuple[AnswerListed, ...]


@dataclass(frozen=True, slots=True)
class ChangeSince:
    """What the pages of a course say now and its newest edition does not: titles, in order."""

    number: int
    """Of the newest edition; 0 before the first."""
    new: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    activities: tuple[str, ...]
    differs: bool
