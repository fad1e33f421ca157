"""Attempts that a person should look at; nothing follows from them by machine."""

from datetime import date

from django.db.models import QuerySet

from lms.roster import queries as roster
from lms.roster.queries import Person

from ..models import Attempt, MarkRevision
from ..patterns import sheet, too_fast, twins
from ..records import FastLine, SitterLine, TwinLine
from ..sheets import read

MOST = 2_000
"""The latest attempts, among which is looked; a quiz is looked through while it is taken, not years later."""


def patterns_of(attempts: QuerySet[Attempt], on: date) -> tuple[list[FastLine], list[TwinLine]]:
    """Too fast, and alike within a unit, among the latest of these attempts: five queries."""
    marks = MarkRevision.objects.current().filter(attempt__in=attempts).order_by("-attempt__submitted_at")
    columns = (
        "attempt_id",
        "attempt__public_id",
        "attempt__person_id",
        "attempt__submitted_at",
        "attempt__sheet",
        "points",
    )
    rows = list(marks.values_list(*columns)[:MOST])
    people = {
        who.id: who
        for who in roster.people_on(
            Person.objects.filter(pk__in={person for _pk, _id, person, *_ in rows}), on
        )
    }
    sheets, sitters = [], {}
    for pk, public_id, person, at, kept, points in rows:
        who = people.get(person)
        post = who.postings[0] if who and who.postings else None
        questions, choices, seconds = read(kept)
        sitters[pk] = SitterLine(public_id, who.full_name if who else "", post.unit_name if post else "", at)
        if len(questions) == len(points):
            unit = post.unit if post else 0
            sheets.append(sheet(pk, person, unit, questions, choices, seconds, points))
    return (
        [FastLine(sitters[one.attempt], one.seconds, one.answers) for one in too_fast(sheets)],
        [
            TwinLine(sitters[pair.attempts[0]], sitters[pair.attempts[1]], pair.common, pair.wrong)
            for pair in twins(sheets)
        ],
    )
