"""Named reads of who learns what."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONArray
from django.urls import reverse
from django.utils.translation import gettext as _

from content import queries as content
from content.enums import Level
from content.records.editions import ActivityListed, EditionListed, LessonListed, Outline
from lms.kernel.aggregates import JSONList
from lms.roster.queries import Person
from quizzes.records import Seat

from .enums import Outcome
from .models import Assignment, Completion, Enrolment, Feedback, FinishedStep
from .records import (
    AssignedToMe,
    AssignmentAct,
    Completed,
    CourseDue,
    CourseOfMine,
    CourseState,
    PersonInProgress,
    Standing,
    Step,
)
from .steps import next_step, standing_of, steps_of

# One enrolment ----------------------------------------------------------------------------------


class PlaceInCourse(NamedTuple):
    """How far somebody is in a course, as one query saw it."""

    enrolment: Enrolment
    outline: Outline
    steps: list[Step]
    standing: Standing


def enrolment_of(user: AbstractBaseUser | AnonymousUser, course: str) -> Enrolment | None:
    """The signed-in person's enrolment in a course: the open one, else the last. One query."""
    rows = Enrolment.objects.filter(person__user=user.pk, course__code=course)
    return rows.select_related("course", "edition__course").order_by("-round").first()


def enrolment_by_id(person_id: int, public_id: UUID) -> Enrolment | None:
    rows = Enrolment.objects.filter(person_id=person_id, public_id=public_id)
    return rows.select_related("course", "edition__course").first()


def place_of(user: AbstractBaseUser | AnonymousUser, course: str) -> PlaceInCourse | None:
    """The signed-in person's enrolment with all that is finished of it: one query, once warm."""
    finished = FinishedStep.objects.filter(enrolment=OuterRef("pk")).order_by().values("enrolment")
    columns = JSONArray("lesson_id", "activity_id", "score")
    steps = finished.annotate(all=JSONList(columns)).values("all")
    rows = Enrolment.objects.filter(person__user=user.pk, course__code=course).annotate(steps=Subquery(steps))
    enrolment = rows.select_related("course", "edition__course").order_by("-round").first()
    if enrolment is None:
        return None
    done = [(lesson, activity, _exact(score)) for lesson, activity, score in enrolment.steps or ()]
    outline = content.outline(content.listed(enrolment.edition))
    return PlaceInCourse(enrolment, *_standing(outline, done, course))


def _exact(score: float | None) -> Decimal | None:
    return None if score is None else Decimal(str(score)).quantize(Decimal("0.01"))


def steps_and_standing(enrolment: Enrolment) -> tuple[Outline, list[Step], Standing]:
    """What there is to do and how far the person is now: one query once the edition has been read."""
    outline = content.outline(content.listed(enrolment.edition))
    rows = FinishedStep.objects.filter(enrolment=enrolment).values_list("lesson_id", "activity_id", "score")
    return _standing(outline, rows, enrolment.course.code)


def _standing(
    outline: Outline, rows: Iterable[tuple[int | None, int | None, Decimal | None]], code: str
) -> tuple[Outline, list[Step], Standing]:
    finished = list(rows)
    steps = steps_of(
        outline,
        lessons={lesson for lesson, _activity, _score in finished if lesson is not None},
        activities={activity: score for _lesson, activity, score in finished if activity is not None},
        address=partial(address, code),
    )
    return outline, steps, standing_of(outline, steps)


def course_address(code: str) -> str:
    return reverse("learning:course", args=[code])


def address(code: str, place: LessonListed | ActivityListed) -> str:
    """Where a step of a course is done."""
    if isinstance(place, LessonListed):
        return reverse("learning:lesson", args=[code, place.position, place.slug])
    return reverse("learning:activity", args=[code, place.position])


# Lists ------------------------------------------------------------------------------------------


def my_courses(person_id: int, on: date) -> list[CourseOfMine]:
    """The courses that somebody has begun, the nearest deadline first, completed ones last: three queries.

    A course taken several times is shown by its last round.
    """
    rows = (
        Enrolment.objects.filter(person_id=person_id, since__lte=on)
        .select_related("course", "edition__course", "completion")
        .order_by("course_id", "-round")
    )
    last: dict[int, Enrolment] = {}
    for row in rows:
        last.setdefault(row.course_id, row)
    finished: dict[int, list[tuple[int | None, int | None, Decimal | None]]] = defaultdict(list)
    steps = FinishedStep.objects.filter(enrolment__in=[row.pk for row in last.values()])
    columns = ("enrolment_id", "lesson_id", "activity_id", "score")
    for enrolment, lesson, activity, score in steps.values_list(*columns):
        finished[enrolment].append((lesson, activity, score))
    courses = [_mine(row, finished[row.pk]) for row in last.values()]
    courses.sort(key=lambda c: (c.completed_on is not None, c.due or date.max, c.since, c.course_code))
    return courses


def _mine(row: Enrolment, finished: list[tuple[int | None, int | None, Decimal | None]]) -> CourseOfMine:
    edition = content.listed(row.edition)
    _outline, steps, standing = _standing(content.outline(edition), finished, edition.code)
    step = next_step(steps, standing)
    url = course_address(edition.code)
    completion = getattr(row, "completion", None)
    return CourseOfMine(
        enrolment=row.public_id,
        course_id=row.course_id,
        course_code=edition.code,
        title=edition.title,
        level=edition.level,
        hours=edition.hours,
        edition=edition.number,
        since=row.since,
        due=row.due,
        reason=row.reason,
        standing=standing,
        next_label=next_label(step, standing),
        next_url=step.url if step and completion is None else url,
        url=url,
        completed_on=completion.completed_on if completion else None,
        outcome=completion.outcome if completion else "",
        score=completion.score if completion else None,
    )


def next_label(step: Step | None, standing: Standing) -> str:
    """The verb on the one button."""
    if step is None:
        return _("Look at the course again")
    if step.lesson is not None:
        if standing.done == 0:
            return _("Begin lesson {number}").format(number=step.lesson.position)
        return _("Go on with lesson {number}").format(number=step.lesson.position)
    return _("Take the test") if step.kind == "quiz" else _("Practise the scenario")


def people_in_progress(courses: Iterable[str] | None = None) -> Iterator[PersonInProgress]:
    """Everybody with an open enrolment and at least one finished lesson, and since when: one query."""
    rows = Enrolment.objects.filter(closed_on__isnull=True, finished__lesson__isnull=False)
    if courses is not None:
        rows = rows.filter(course__code__in=list(courses))
    grouped = rows.values("person_id", "course_id").annotate(first=Min("finished__finished_at"))
    for row in grouped.order_by("person_id", "course_id").iterator():
        yield PersonInProgress(row["person_id"], row["course_id"], row["first"].date())


def courses_due(due: date, on: date) -> list[CourseDue]:
    """The courses that people have to be done with on the day `due`, begun or assigned: two queries."""
    begun = Enrolment.objects.filter(closed_on__isnull=True, due=due, since__lte=on)
    found: dict[str, CourseDue] = {}
    columns = ("course__code", "course__title", "person")
    asked = _open_assignments(on).filter(due=due)
    for code, title, person in [*begun.values_list(*columns), *asked.values_list(*columns)]:
        found.setdefault(code, CourseDue(code, title, course_address(code), set())).people.add(person)
    return list(found.values())


def shares_finished(people: Collection[int], courses: Iterable[str]) -> dict[int, float]:
    """How much of a course each of these people has done, by person: of several open ones the most.

    Of what the course asks for, from nought to one; who has begun none is left out. Two queries for each
    five thousand people.
    """
    wanted, codes = list(people), list(courses)
    shares: dict[int, float] = {}
    for start in range(0, len(wanted), 5_000):
        rows = Enrolment.objects.filter(
            person__in=wanted[start : start + 5_000], course__code__in=codes, closed_on__isnull=True
        )
        done = rows.annotate(steps=Count("finished")).values_list("person_id", "edition_id", "steps")
        found = list(done)
        asked = _steps_asked({edition for _person, edition, _steps in found})
        for person, edition, steps in found:
            share = min(steps / asked[edition], 1.0) if asked[edition] else 0.0
            shares[person] = max(share, shares.get(person, 0.0))
    return shares


def enrolled(people: Collection[int], course: str) -> set[int]:
    """Those of these people who learn the course now."""
    rows = Enrolment.objects.filter(person__in=list(people), course__code=course, closed_on__isnull=True)
    return set(rows.values_list("person_id", flat=True))


def _steps_asked(editions: set[int]) -> dict[int, int]:
    """How many steps each of these editions asks for."""
    return {
        pk: edition.rules["lessons"] + edition.rules["quizzes"] + edition.rules["scenarios"]
        for pk, edition in content.editions_by_id(editions).items()
    }


# Assignments ------------------------------------------------------------------------------------


def assignment_of(person_id: int, course_id: int, on: date) -> Assignment | None:
    """What the person's unit asks of them in this course on that day."""
    return Assignment.objects.current().on(on).filter(person=person_id, course=course_id).first()


def assigned_to(person_id: int, on: date) -> list[AssignedToMe]:
    """What the person's unit asks for and is not done, the nearest deadline first: one query."""
    rows = _open_assignments(on).filter(person=person_id).order_by(F("due").asc(nulls_last=True), "pk")
    return [
        AssignedToMe(row.course.code, row.course.title, row.due, row.assigned_by_id)
        for row in rows.select_related("course")
    ]


def _open_assignments(on: date) -> QuerySet[Assignment]:
    rows: QuerySet[Assignment] = Assignment.objects.current().on(on)
    return rows.exclude(_DONE_SINCE)


_DONE_SINCE = Exists(
    Completion.objects.filter(
        person=OuterRef("person"),
        course=OuterRef("course"),
        completed_on__gte=OuterRef("since"),
        withdrawn_on__isnull=True,
    )
)


def acts_within(people: QuerySet[Person], on: date, *, limit: int = 20) -> list[AssignmentAct]:
    """What was assigned to these people, one line a press of the button, the latest first: one query."""
    rows = Assignment.objects.current().on(on).filter(person__in=people.values("pk"))
    columns = ("act", "course__title", "due", "since", "assigned_by")
    grouped = rows.values(*columns).annotate(
        people=Count("pk"), done=Count("pk", filter=Q(_DONE_SINCE)), last=Max("pk")
    )
    return [
        AssignmentAct(
            line["act"],
            line["course__title"],
            line["due"],
            line["since"],
            line["assigned_by"],
            line["people"],
            line["done"],
        )
        for line in grouped.order_by("-last")[:limit]
    ]


def course_states(people: Iterable[int], course_code: str, on: date) -> dict[int, CourseState]:
    """How far each of these people is with a course; who is not in the answer has nothing to do with it.

    Three queries.
    """
    chosen = list(people)
    done: dict[int, date] = dict(
        _completions()
        .filter(person__in=chosen, course__code=course_code)
        .values_list("person")
        .annotate(last=Max("completed_on"))
    )
    rows = Enrolment.objects.filter(person__in=chosen, course__code=course_code, closed_on__isnull=True)
    begun = set(rows.values_list("person", flat=True))
    open_now = _open_assignments(on).filter(person__in=chosen, course__code=course_code)
    asked: dict[int, date | None] = dict(open_now.values_list("person", "due"))
    return {
        person: CourseState(done.get(person), person in begun, person in asked, asked.get(person))
        for person in {*done, *begun, *asked}
    }


# Completions ------------------------------------------------------------------------------------


def completion_of(*, person_id: int, course_code: str, edition: int) -> Completed | None:
    """The latest completion of this edition by this person, if one stands today."""
    rows = _completions().filter(person=person_id, course__code=course_code, edition=edition)
    row = rows.order_by("-round").first()
    return completed_record(row) if row else None


def completions(*, course_code: str = "", person_id: int | None = None) -> Iterator[Completed]:
    """All completions that stand, the oldest first; of one course or of all, of one person or of all."""
    rows = _completions().order_by("completed_on", "pk")
    if course_code:
        rows = rows.filter(course__code=course_code)
    if person_id is not None:
        rows = rows.filter(person=person_id)
    return map(completed_record, rows.iterator(chunk_size=2_000))


def completed_record(row: Completion) -> Completed:
    return Completed(
        row.person_id,
        row.course_id,
        row.course.code,
        row.title,
        row.level,
        str(Level(row.level).label) if row.level else "",
        row.edition,
        row.round,
        row.hours,
        row.score,
        row.outcome,
        str(Outcome(row.outcome).label),
        row.completed_on,
    )


def _completions() -> QuerySet[Completion]:
    return Completion.objects.filter(withdrawn_on__isnull=True).select_related("course")


def people_of_course(code: str) -> tuple[set[int], int]:
    """The people whose completion stands, and how many are in the middle of the course: two queries."""
    finished = set(_completions().filter(course__code=code).values_list("person", flat=True))
    open_now = Enrolment.objects.filter(course__code=code, closed_on__isnull=True)
    return finished, open_now.count()


def last_step_before(enrolment: Enrolment) -> datetime | None:
    """When the person last finished something of the course in an earlier round."""
    earlier = FinishedStep.objects.filter(
        enrolment__person=enrolment.person_id,
        enrolment__course=enrolment.course_id,
        enrolment__round__lt=enrolment.round,
    )
    last: datetime | None = earlier.aggregate(last=Max("finished_at"))["last"]
    return last


# Tests ------------------------------------------------------------------------------------------


def quiz_places(person_id: int, quiz_code: str) -> list[tuple[Enrolment, ActivityListed]]:
    """The person's enrolments in which this quiz has a place, open ones first."""
    rows = Enrolment.objects.filter(person_id=person_id).select_related("course", "edition__course")
    places: list[tuple[Enrolment, ActivityListed]] = []
    for row in rows.filter(Q(closed_on__isnull=True) | Q(completion__isnull=False)).order_by("-round"):
        activities = content.outline(content.listed(row.edition)).activities
        places += [(row, a) for a in activities if a.kind == "quiz" and a.reference == quiz_code]
    return sorted(places, key=lambda place: place[0].closed_on is not None)


def seat_in_courses(codes: Iterable[str], quiz_code: str) -> Seat | None:
    """A seat at the quiz for whom these courses are asked of; None where none of them has it now."""
    for code in codes:
        found = content.outline_of(code)
        if found and any(a.kind == "quiz" and a.reference == quiz_code for a in found.activities):
            return Seat(course_address(code))
    return None


def courses_with_quiz(people: Collection[int], quiz_code: str) -> set[tuple[int, int]]:
    """(person, course) of every enrolment of these people in which this quiz has a place: one query."""
    rows = Enrolment.objects.filter(person__in=people).select_related("edition__course")
    return {
        (row.person_id, row.course_id)
        for row in rows
        if any(
            activity.kind == "quiz" and activity.reference == quiz_code
            for activity in content.outline(content.listed(row.edition)).activities
        )
    }


def newer_edition(enrolment: Enrolment) -> EditionListed | None:
    """The newest edition, where the person is in the middle of an earlier one."""
    if enrolment.closed_on is not None:
        return None
    newest = content.latest_edition(enrolment.course.code)
    return newest if newest.number > enrolment.edition.number else None


def edition_now(code: str) -> EditionListed:
    return content.latest_edition(code)


# Feedback ---------------------------------------------------------------------------------------


def feedback_on(enrolment: Enrolment, lesson: LessonListed | None) -> Feedback | None:
    """What the person has said of the lesson as it reads here, in any edition; without one, of the course."""
    said = Feedback.objects.filter(person=enrolment.person_id)
    if lesson is None:
        return said.filter(lesson=None, edition=enrolment.edition_id).first()
    return said.filter(lesson__key=lesson.key, lesson__digest=lesson.digest).first()
