"""Whose deadlines are near: courses begun or assigned, targets whose period ends, requests for review."""

from datetime import date, timedelta

from django.urls import reverse

from lms.coverage import queries as coverage
from lms.coverage.records import ContestTold, TargetListed
from lms.kernel.workdays import is_working_day, working_day_after
from lms.learning import queries as learning
from lms.roster import policies
from lms.roster import queries as roster
from lms.roster.enums import Permit

from . import services
from .enums import Subject
from .records import About

COURSE_DAYS = (14, 7, 1)
"""Days before a course is due on which whoever is not done is told."""
TARGET_DAYS = (30, 7)
"""Days before a target's period ends."""
NOT_YET = ("expired", "in_progress", "not_started")
"""States of a target in which the person has something to do."""


def gather(*, on: date) -> int:
    """Tell everybody whose deadline is so many days away; how many notices are new. Twice a day is once."""
    told = sum(_courses(on, days) + _targets(on, days) for days in sorted({*COURSE_DAYS, *TARGET_DAYS}))
    return told + _contests(on)


def _courses(on: date, days: int) -> int:
    if days not in COURSE_DAYS:
        return 0
    told = 0
    for course in learning.courses_due(on + timedelta(days=days), on):
        about = About(f"course:{course.code}", course.title, course.url, on + timedelta(days=days))
        told += _tell(course.people, about, on)
    return told


def _targets(on: date, days: int) -> int:
    if days not in TARGET_DAYS:
        return 0
    ending = [
        target
        for target in coverage.targets_listed()
        if target.period_end == on + timedelta(days=days) and target.counts == "people"
    ]
    return sum(_target(target, on) for target in ending)


def _target(target: TargetListed, on: date) -> int:
    figure = coverage.coverage_of(target.code, target.unit_code, on, people=True)
    codes = [code for state in NOT_YET for code in figure.people.get(state, ())]
    about = About(f"target:{target.code}", target.name, "/", target.period_end)
    return _tell(set(roster.person_ids(codes).values()), about, on)


def _contests(on: date) -> int:
    """Who must answer is told from the working day before the deadline on, each working day until they do."""
    if not is_working_day(on):
        return 0
    return sum(tell_answerers(contest, on) for contest in coverage.contests_due(working_day_after(on, 1)))


def tell_answerers(contest: ContestTold, on: date) -> int:
    """Tell those who may answer, in the unit that is asked and in those above; for how many it was news."""
    people = policies.holders_over(contest.unit_id, Permit.ANSWER_CONTESTS, on)
    about = About(f"contest:{contest.chain}", "", reverse("coverage:contests"), contest.due)
    return services.tell(people - {contest.person_id}, subject=Subject.CONTEST, about=about, on=on)


def _tell(people: set[int], about: About, on: date) -> int:
    """Who is away with approval is left in peace."""
    away = roster.absence_reasons(people, on)
    return services.tell(people - away.keys(), subject=Subject.DEADLINE, about=about, on=on)
