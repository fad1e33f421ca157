"""What people gained between a try before learning and its test."""

from datetime import datetime

from ..gain import Gain, GainFigures, figures, shares
from ..models import MarkRevision, QuestionVersion, Quiz, QuizVersion
from ..records import GainLine
from ..sheets import read

Sat = tuple[datetime, list[int], list[str]]
"""When somebody began, what they were asked, what it earned."""


def gain_of(quiz: Quiz) -> GainFigures:
    """Over everybody who took both, by first attempts with the marks that hold: three queries.

    Who took the test before the try counts as one who took the test only.
    """
    pools = QuestionVersion.objects.filter(quiz_versions__quiz__in=[quiz.pk, quiz.pretest_id])
    objective_of = dict(pools.values_list("pk", "objective"))
    before, after = _first_attempts(quiz.pretest_id or 0), _first_attempts(quiz.pk)
    return figures(
        {
            person: shares(questions, points, objective_of)
            for person, (at, questions, points) in before.items()
            if person not in after or at <= after[person][0]
        },
        {
            person: shares(questions, points, objective_of)
            for person, (_at, questions, points) in after.items()
        },
    )


def _first_attempts(quiz: int) -> dict[int, Sat]:
    """By person."""
    marks = MarkRevision.objects.current().filter(attempt__quiz=quiz).order_by("-attempt__started_at")
    columns = ("attempt__person_id", "attempt__started_at", "attempt__sheet", "points")
    found: dict[int, Sat] = {}
    for person, at, sheet, points in marks.values_list(*columns).iterator(chunk_size=5_000):
        questions, _choices, _seconds = read(sheet)
        if len(questions) == len(points):
            found[person] = (at, questions, points)
    return found


def gain_lines(found: GainFigures, version: QuizVersion) -> list[GainLine]:
    """The whole first, then each objective by its name; nothing where too few took both."""
    if found.overall is None:
        return []
    names = dict(enumerate(version.objectives, 1))
    return [
        _line(0, "", found.overall),
        *(_line(number, names.get(number, ""), gain) for number, gain in found.objectives),
    ]


def _line(number: int, name: str, gain: Gain) -> GainLine:
    return GainLine(number, name, gain.n, gain.before, gain.after, gain.gain, gain.error)
