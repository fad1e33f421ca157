"""A curriculum as its files state it (content/starter/README.md). Pure: no Django, no database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a file. `text` is English with named placeholders, filled from `details`."""

    path: Path
    line: int
    text: str
    details: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text.format(**dict(self.details))}"


@dataclass(frozen=True, slots=True)
class LegalGround:
    """One article of one document that a course rests on, and the day since when it is in force."""

    document: str
    article: str = ""
    in_force: date | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from; `key` is what the text cites as [^key]."""

    key: str
    title: str
    publisher: str = ""
    url: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """General knowledge that a named kind of specialist must still confirm."""

    text: str
    who: str
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a lesson: `kind` and `value` as the block of that name stores them (content/blocks.py)."""

    kind: str
    value: Any
    line: int


@dataclass(frozen=True, slots=True)
class Lesson:
    path: Path
    position: int
    slug: str
    title: str
    summary: str
    objectives: tuple[int, ...]
    minutes: int
    clinical: bool
    sources: tuple[Source, ...]
    review: tuple[Claim, ...]
    body: str
    body_line: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Option:
    text: str
    correct: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a bank; which of the last seven fields are used depends on `kind`."""

    path: Path
    line: int
    code: str
    kind: str
    objective: int
    difficulty: int
    tags: tuple[str, ...]
    stem: str
    explanation: str
    sources: tuple[str, ...]
    options: tuple[Option, ...] = ()
    answer: bool | None = None
    items: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    extra: tuple[str, ...] = ()
    parts: tuple["Question", ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that the learner may say or do, and where it leads."""

    text: str
    feedback: str
    to: str
    skill: str = ""
    error: str = ""
    trust: int = 0
    readiness: int = 0
    safety_missed: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    key: str
    speaker: str
    says: str
    narration: str
    choices: tuple[Choice, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Ending:
    key: str
    kind: str
    title: str
    text: str
    learn: str
    line: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """A branching conversation: nodes lead by choices to nodes or endings."""

    path: Path
    position: int
    slug: str
    title: str
    setting: str
    role: str
    objectives: tuple[int, ...]
    sources: tuple[str, ...]
    start: str
    nodes: tuple[Node, ...]
    endings: tuple[Ending, ...]


@dataclass(frozen=True, slots=True)
class GraphFault:
    """Why a conversation cannot be played to an end. `text` is English, filled from `details`."""

    place: str
    """Key of the node or ending at which it is to be told."""
    choice: int | None
    """Number of the node's choice, from 0; None for the place itself."""
    line: int
    text: str
    details: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Draw:
    """How many questions a test draws from those of one objective."""

    objective: int
    draw: int


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A module's test: the same for the pre-test and the post-test."""

    pass_mark: Decimal
    attempts: int
    minutes: int
    draws: tuple[Draw, ...]

    @property
    def size(self) -> int:
        return sum(draw.draw for draw in self.draws)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A practice sheet that fits one printed page."""

    path: Path
    title: str
    body: str
    body_line: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Module:
    path: Path
    code: str
    title: str
    level: str
    hours: Decimal
    audiences: tuple[str, ...]
    objectives: tuple[str, ...]
    legal_ground: tuple[LegalGround, ...]
    reviewer: str
    review_due: date
    test: Blueprint
    intro: str
    lessons: tuple[Lesson, ...]
    scenarios: tuple[Scenario, ...]
    questions: tuple[Question, ...]
    sheet: Sheet | None


@dataclass(frozen=True, slots=True)
class CourseFile:
    path: Path
    code: str
    title: str
    level: str
    hours: Decimal
    audiences: tuple[str, ...]
    modules: tuple[str, ...]
    legal_ground: tuple[LegalGround, ...]
    review_due: date
    intro: str


@dataclass(frozen=True, slots=True)
class Curriculum:
    """Everything that stands in one folder, and everything that is wrong with it."""

    root: Path
    courses: tuple[CourseFile, ...]
    modules: tuple[Module, ...]
    faults: tuple[Fault, ...]

    def module(self, code: str) -> Module | None:
        return next((module for module in self.modules if module.code == code), None)

    def claims(self) -> Iterator[tuple[Module, Lesson, Claim]]:
        """What specialists must confirm, in reading order."""
        for module in self.modules:
            for lesson in module.lessons:
                for claim in lesson.review:
                    yield module, lesson, claim
