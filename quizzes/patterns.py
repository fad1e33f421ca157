"""Attempts that a person should look at: faster than anybody reads, or alike as two sheets of one hand.

Pure: no Django, no database. It decides nothing; what is found is a question, not an answer (docs/trust.md).

- fast: half of the answers came within HASTE seconds, over at least FEWEST answers;
- twins: two people of one unit, at least FEWEST questions in common, all answered alike, some of them alike
  and *wrong*, and as fast to within a second in NEARLY all of them. Right answers alike say little: whoever
  knows the matter answers alike (W. H. Angoff, JASA 69, 44-49, 1974).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

FEWEST = 5
HASTE = 2
NEARLY = 0.9
WRONG_ALIKE = 2
TYPED = "*"
"""Stands in a sheet for what was typed or sorted: not compared."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One attempt: question → (choice, seconds, whether it earned all). `unit`: where the person works."""

    attempt: int
    person: int
    unit: int
    answers: Mapping[int, tuple[str, int | None, bool]]


@dataclass(frozen=True, slots=True)
class Fast:
    """An attempt whose answers came within `seconds`, by the median, over so many of them."""

    attempt: int
    seconds: float
    answers: int


@dataclass(frozen=True, slots=True)
class Twins:
    """Two attempts alike in all questions that both met; `wrong` of them alike and wrong."""

    attempts: tuple[int, int]
    common: int
    wrong: int


def sheet(
    attempt: int,
    person: int,
    unit: int,
    questions: Sequence[int],
    choices: Sequence[str],
    seconds: Sequence[int | None],
    points: Sequence[str],
) -> Sheet:
    """What `quizzes/sheets.py` keeps of an attempt, beside the points of its mark."""
    rows = zip(questions, choices, seconds, points, strict=True)
    answers = {q: (choice, time, point == "1") for q, choice, time, point in rows if choice}
    return Sheet(attempt, person, unit, answers)


def too_fast(sheets: Iterable[Sheet]) -> list[Fast]:
    """The fastest first."""
    found = []
    for one in sheets:
        times = [time for _choice, time, _right in one.answers.values() if time is not None]
        if len(times) >= FEWEST and (middle := median(times)) < HASTE:
            found.append(Fast(one.attempt, middle, len(times)))
    return sorted(found, key=lambda line: (line.seconds, line.attempt))


def twins(sheets: Iterable[Sheet]) -> list[Twins]:
    """Within each unit; those with most wrong alike first. A unit of n costs n²/2 comparisons at most."""
    by_unit: dict[int, list[Sheet]] = defaultdict(list)
    for one in sheets:
        by_unit[one.unit].append(one)
    pairs = (pair for unit in by_unit.values() for pair in combinations(unit, 2))
    found = [line for one, other in pairs if (line := _alike(one, other)) is not None]
    return sorted(found, key=lambda line: (-line.wrong, -line.common, line.attempts))


def _alike(one: Sheet, other: Sheet) -> Twins | None:
    met = one.answers.keys() & other.answers.keys()
    common = [question for question in met if one.answers[question][0] != TYPED]
    if one.person == other.person or len(common) < FEWEST:
        return None
    wrong = near = 0
    for question in common:
        choice, time, right = one.answers[question]
        others, others_time, _right = other.answers[question]
        if choice != others:
            return None
        wrong += not right
        near += time is not None and others_time is not None and abs(time - others_time) <= 1
    if wrong < WRONG_ALIKE or near < NEARLY * len(common):
        return None
    return Twins((one.attempt, other.attempt), len(common), wrong)
