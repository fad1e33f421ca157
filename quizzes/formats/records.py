"""What reading and writing a file of questions gives. Nothing is lost silently: taken, left, or noted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO, Any

from ..bodies import Wrong, wrong_with


class Why(StrEnum):
    """Why a question was left, or what of it was left out; `quizzes/wordings.py` has the sentences."""

    # Not taken.
    NOT_A_QUESTION = "not_a_question"
    UNSUPPORTED_KIND = "unsupported_kind"
    BROKEN = "broken"
    NOT_CLOSED = "not_closed"
    NO_OPTIONS = "no_options"
    NO_KEY_LINE = "no_key_line"
    KEY_NOT_AN_OPTION = "key_not_an_option"
    TEXT_BEFORE_FIRST = "text_before_first"
    HAS_PICTURE = "has_picture"
    HAS_SOUND = "has_sound"
    HAS_FORMULA = "has_formula"
    SCRIPTED_MARKING = "scripted_marking"
    NUMBER_AND_WORDS = "number_and_words"
    ALREADY_THERE = "already_there"
    TWICE_IN_FILE = "twice_in_file"
    MISSING_FILE = "missing_file"
    # Taken or written, but something was left out.
    FORMATTING_LEFT_OUT = "formatting_left_out"
    PICTURE_LEFT_OUT = "picture_left_out"
    LINK_LEFT_OUT = "link_left_out"
    TABLE_FLATTENED = "table_flattened"
    FEEDBACK_LEFT_OUT = "feedback_left_out"
    HINTS_LEFT_OUT = "hints_left_out"
    EXPLANATION_LEFT_OUT = "explanation_left_out"
    LABELS_LEFT_OUT = "labels_left_out"
    RUBRIC_LEFT_OUT = "rubric_left_out"
    POINTS_LEFT_OUT = "points_left_out"
    TYPES_LEFT_OUT = "types_left_out"
    EMPTY_LINES_LEFT_OUT = "empty_lines_left_out"
    ANSWER_TOO_LOOSE = "answer_too_loose"
    # Not written.
    CANNOT_CARRY_KIND = "cannot_carry_kind"
    CANNOT_CARRY_CREDIT = "cannot_carry_credit"
    CANNOT_CARRY_UNITS = "cannot_carry_units"
    CANNOT_CARRY_FOLDING = "cannot_carry_folding"
    CANNOT_CARRY_LINES = "cannot_carry_lines"
    CANNOT_CARRY_TEXT = "cannot_carry_text"


class Broken(StrEnum):
    """Why a whole file cannot be read."""

    TOO_LARGE = "too_large"
    NOT_XML = "not_xml"
    HAS_DTD = "has_dtd"
    NOT_THIS_FORMAT = "not_this_format"
    UNKNOWN_ENCODING = "unknown_encoding"
    GARBLED = "garbled"
    NOT_A_WORD_FILE = "not_a_word_file"
    OLD_WORD_FILE = "old_word_file"
    NOT_A_TABLE = "not_a_table"
    EMPTY = "empty"
    TOO_MANY = "too_many"


class Unreadable(Exception):
    """The file as a whole cannot be read; `detail` fills the sentence."""

    def __init__(self, why: Broken, detail: str = "") -> None:
        super().__init__(why, detail)
        self.why = why
        self.detail = detail


class NotTaken(Exception):
    """This question is left; the reader goes on with the next."""

    def __init__(self, why: Why | Wrong, detail: str = "") -> None:
        super().__init__(why, detail)
        self.why = why
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Note:
    """Something about one question. `name` is what the file calls it, `where` its line or file."""

    name: str
    why: Why | Wrong
    detail: str = ""
    where: str = ""
    text: str = ""
    """The question as it stands in the file, where that is something a person can mend."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A question that was read; `body` as `quizzes/bodies.py` says. Texts are NFC."""

    kind: str
    body: dict[str, Any]
    name: str = ""
    code: str = ""
    tags: tuple[str, ...] = ()
    objective: int = 1
    difficulty: int = 1
    source: str = ""
    law: str = ""
    where: str = ""
    picture: bytes = field(default=b"", repr=False)
    """On the way out: the picture that the body names in `image.id`."""


@dataclass(slots=True)
class Reading:
    """All of one file."""

    taken: list[Taken] = field(default_factory=list)
    left: list[Note] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    """Pictures that questions name in `image.id`, by that name."""
    mended: set[int] = field(default_factory=set)
    """Places in `left` of questions that somebody has written anew since; those now stand in `taken`."""

    def take(self, question: Taken) -> None:
        """Take the question if it can be asked; else it is left, with the first thing that is wrong."""
        faults = wrong_with(question.kind, question.body)
        if faults:
            name = question.name or shortened(str(question.body.get("stem", "")))
            self.left.append(Note(name, faults[0], where=question.where))
        else:
            self.taken.append(question)


@dataclass(slots=True)
class Written:
    """A file that was written, and what is not in it."""

    content: bytes = b""
    count: int = 0
    left: list[Note] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


Reader = Callable[[IO[bytes]], Reading]
Writer = Callable[[list[Taken]], Written]


def shortened(text: str, most: int = 60) -> str:
    """The beginning of a text, to name a question that has no name."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def letters(count: int) -> list[str]:
    """a, b, … z, aa, ab, … zz: ids of options; NotTaken for more than 702, which nobody writes by hand."""
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    if count > len(alphabet) * (len(alphabet) + 1):
        raise NotTaken(Why.BROKEN)
    return [alphabet[n] if n < 26 else alphabet[n // 26 - 1] + alphabet[n % 26] for n in range(count)]
