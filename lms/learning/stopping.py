"""How learners go through a course, for those who write it: by number, never by name, never of a few.

Where fewer than five people would be counted, nothing is told: among so few each is known.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Count, Q

from content import queries as content
from content.records.editions import ActivityListed, EditionListed, LessonListed

from .models import Enrolment, FinishedStep

FEW = 5


@dataclass(frozen=True, slots=True)
class CourseTaught:
    """A course in numbers; None: fewer than five."""

    code: str
    title: str
    begun: int | None
    completed: int | None


@dataclass(frozen=True, slots=True)
class StepReached:
    """A step of the newest edition and how many of those who began it finished the step."""

    title: str
    kind: str
    finished: int | None
    share: int
    """In per cent of those who began, rounded down; 0 where the number is not told."""
    lost: bool
    """Here most people stop: the largest fall from the step before it."""


@dataclass(frozen=True, slots=True)
class WayThrough:
    """The newest edition, step by step; `begun` is None where fewer than five people began it."""

    edition: EditionListed
    begun: int | None
    steps: tuple[StepReached, ...]


def courses_taught(courses: Iterable[tuple[str, str]]) -> list[CourseTaught]:
    """These courses (code and title) with who began and who completed, over all editions: one query."""
    named = list(courses)
    rows = Enrolment.objects.filter(course__code__in=[code for code, _title in named]).values_list(
        "course__code"
    )
    counted = rows.annotate(
        begun=Count("person", distinct=True),
        done=Count(
            "person", distinct=True, filter=Q(completion__withdrawn_on=None, completion__isnull=False)
        ),
    )
    found = {code: (begun, done) for code, begun, done in counted}
    return [
        CourseTaught(code, title, *(_told(number) for number in found.get(code, (0, 0))))
        for code, title in named
    ]


def way_through(code: str) -> WayThrough:
    """Where people stop in the newest edition of a course: four queries. Raises NoSuchEdition."""
    edition = content.latest_edition(code)
    begun = Enrolment.objects.filter(edition=edition.id).count()
    if begun < FEW:
        return WayThrough(edition, None, ())
    rows = FinishedStep.objects.filter(enrolment__edition=edition.id)
    lessons = dict(rows.values_list("lesson").annotate(Count("pk")))
    activities = dict(rows.values_list("activity").annotate(Count("pk")))
    finished = [
        (place, (lessons if isinstance(place, LessonListed) else activities).get(place.id, 0))
        for place in _in_order(edition)
    ]
    falls = [before - after for before, after in pairwise([begun, *(number for _place, number in finished)])]
    worst = max(falls, default=0)
    steps = tuple(
        StepReached(
            place.title,
            "lesson" if isinstance(place, LessonListed) else place.kind,
            _told(number),
            100 * number // begun if number >= FEW else 0,
            lost=worst >= FEW and fall == worst,
        )
        for (place, number), fall in zip(finished, falls, strict=True)
    )
    return WayThrough(edition, begun, steps)


def _in_order(edition: EditionListed) -> list[LessonListed | ActivityListed]:
    """Lessons, each followed by what must be done after it; tries and what may be left out are no steps."""
    outline = content.outline(edition)
    needed = [activity for activity in outline.activities if activity.required and not activity.first]
    places: list[LessonListed | ActivityListed] = []
    for lesson in outline.lessons:
        places += [lesson, *(activity for activity in needed if activity.after_lesson == lesson.position)]
    return places


def _told(number: int) -> int | None:
    return None if 0 < number < FEW else number
