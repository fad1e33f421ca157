"""What those who write a course hear of it: did it help, and which check misleads.

Never by name, never of a few: where fewer than five people would be counted, nothing is told.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from django.db.models import Count

from content import queries as content
from content.records.editions import CheckListed, EditionListed

from .enums import Helped
from .models import ChoiceTaken, Feedback
from .stopping import FEW


@dataclass(frozen=True, slots=True)
class Said:
    """What people say of a lesson, or of the course; `people` is None where fewer than five spoke."""

    title: str
    people: int | None
    yes: int
    partly: int
    no: int
    words: tuple[str, ...]
    """In the order of the alphabet, so that none tells when it was written."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The course over all its editions, and each lesson of the newest over all in which it reads the same."""

    course: Said
    lessons: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class AnswerTaken:
    text: str
    right: bool
    people: int
    share: int
    """In per cent of those who tried the check, rounded down."""
    misleads: bool
    """The wrong answer that most people took."""


@dataclass(frozen=True, slots=True)
class CheckTaken:
    """An unmarked check and what people chose first; `people` is None where fewer than five tried it."""

    lesson: str
    question: str
    people: int | None
    wrong: int
    """In per cent of those who tried it."""
    answers: tuple[AnswerTaken, ...]


def heard(edition: EditionListed) -> Heard:
    """What is said of a course and its lessons: two queries."""
    rows = Feedback.objects.filter(edition__course=edition.course)
    counted: dict[Hashable, Counter[str]] = defaultdict(Counter)
    for key, digest, helped, number in rows.values_list("lesson__key", "lesson__digest", "helped").annotate(
        number=Count("pk")
    ):
        counted[key, digest][helped] += number
    words: dict[Hashable, list[str]] = defaultdict(list)
    for key, digest, text in rows.exclude(words="").values_list("lesson__key", "lesson__digest", "words"):
        words[key, digest].append(text)

    def said(title: str, place: Hashable) -> Said:
        return _said(title, counted[place], words[place])

    lessons = tuple(said(one.title, (one.key, one.digest)) for one in content.outline(edition).lessons)
    return Heard(said(edition.title, (None, None)), lessons)


def _said(title: str, counted: Counter[str], words: list[str]) -> Said:
    people = counted.total()
    if people < FEW:
        return Said(title, None if people else 0, 0, 0, 0, ())
    yes, partly, no = (counted[one] for one in (Helped.YES, Helped.PARTLY, Helped.NO))
    return Said(title, people, yes, partly, no, tuple(sorted(words)))


def checks_taken(edition: EditionListed) -> tuple[CheckTaken, ...]:
    """The unmarked checks of an edition, the most misleading first: two queries.

    A lesson that reads the same in an earlier edition brings its numbers along.
    """
    lessons = content.outline(edition).lessons
    rows = ChoiceTaken.objects.filter(lesson__key__in=[lesson.key for lesson in lessons])
    taken: dict[Hashable, Counter[int]] = defaultdict(Counter)
    columns = ("lesson__key", "lesson__digest", "number", "answer", "people")
    for key, digest, number, answer, people in rows.values_list(*columns):
        taken[key, digest, number][answer] += people
    checks = content.checks(edition.id)
    found = [
        _taken(lesson.title, check, taken[lesson.key, lesson.digest, check.number])
        for lesson in lessons
        for check in checks.get(lesson.id, ())
    ]
    return tuple(sorted(found, key=lambda check: (check.people is None or not check.people, -check.wrong)))


def _taken(lesson: str, check: CheckListed, counted: Mapping[int, int]) -> CheckTaken:
    people = sum(counted.values())
    if people < FEW:
        return CheckTaken(lesson, check.question, None if people else 0, 0, ())
    wrong = {place: counted[place] for place, answer in enumerate(check.answers) if not answer.right}
    most = max(wrong.values(), default=0)
    answers = tuple(
        AnswerTaken(
            answer.text,
            answer.right,
            counted[place],
            100 * counted[place] // people,
            most > 0 and wrong.get(place) == most,
        )
        for place, answer in enumerate(check.answers)
    )
    return CheckTaken(lesson, check.question, people, 100 * sum(wrong.values()) // people, answers)
