"""Whose deadlines are near: courses begun or assigned, and targets whose period ends."""

from datetime import date, timedelta

from lms.coverage import queries as coverage
from lms.coverage.records import TargetListed
from lms.learning import queries as learning
from lms.roster import queries as roster

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
    return sum(_courses(on, days) + _targets(on, days) for days in sorted({*COURSE_DAYS, *TARGET_DAYS}))


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
    ending = [t for t in coverage.targets_listed() if t.period_end == on + timedelta(days=days)]
    return sum(_target(target, on) for target in ending)


def _target(target: TargetListed, on: date) -> int:
    figure = coverage.coverage_of(target.code, target.unit_code, on, people=True)
    codes = [code for state in NOT_YET for code in figure.people.get(state, ())]
    about = About(f"target:{target.code}", target.name, "/", target.period_end)
    return _tell(set(roster.person_ids(codes).values()), about, on)


def _tell(people: set[int], about: About, on: date) -> int:
    """Who is away with approval is left in peace."""
    away = roster.absence_reasons(people, on)
    return services.tell(people - away.keys(), subject=Subject.DEADLINE, about=about, on=on)
