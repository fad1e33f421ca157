"""What a slot names and what fills it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class QuizListed:
    """A quiz that a trainer may put into a slot; `key` is how its room finds this frozen version again."""

    code: str
    title: str
    version: int
    key: dict[str, object]


class QuizShelf(Protocol):
    """The quizzes that another room keeps. Content asks only what there is, never what is in it."""

    def quizzes(self) -> Sequence[QuizListed]:
        """Every quiz that may be put into a slot, in the order to show."""
        ...


class QuizCarrier(Protocol):
    """Takes quizzes with their questions from one installation to another, as files."""

    def pack(self, codes: Sequence[str]) -> dict[str, bytes]:
        """Files below `questions/` for these quizzes; codes that are unknown are left out."""
        ...

    def unpack(self, files: Mapping[str, bytes], course: str) -> list[str]:
        """Make the quizzes of these files; the codes of those that are here already and stay as they are."""
        ...


class CourseDoor(Protocol):
    """Where a course of the catalogue is learned; whoever plays lessons says so."""

    def __call__(self, code: str) -> str:
        """The address of a course's outline."""
        ...


@dataclass(frozen=True, slots=True)
class Moved:
    """Whom a change of a course reaches, as counts: no names."""

    finished: int
    """People whose completion of an earlier edition stands."""
    learning: int
    """People in the middle of an earlier edition; they finish it, or choose to move."""
    units: tuple[tuple[str, int], ...]
    """Units and how many of the finished work there, most first."""


Effect = Callable[[str], Moved]
"""Course code → whom a change of it reaches."""

Stage = Callable[[HttpRequest, str, Mapping[str, Any]], HttpResponse]
"""Request, title and conversation → the page on which a trainer tries it as a learner would."""
