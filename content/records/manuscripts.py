"""A trainer's Word or PowerPoint file, as read: lessons of blocks, pictures, and what was left out. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was not carried over or should be looked at: English with named placeholders."""

    text: str
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FoundPicture:
    """A picture of the file, as it stands there: nothing about it has been believed yet."""

    key: str
    content: bytes
    alternative: str
    place: str
    """The title of the lesson in which it stands."""


@dataclass(frozen=True, slots=True)
class LessonDraft:
    title: str
    blocks: tuple[tuple[str, Any], ...]
    """Kind and value as files state them (content/services/loading.py stores them); pictures by their key."""
    words: int


@dataclass(frozen=True, slots=True)
class Manuscript:
    title: str
    lessons: tuple[LessonDraft, ...]
    pictures: tuple[FoundPicture, ...]
    remarks: tuple[Remark, ...]
