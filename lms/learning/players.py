"""What this room plugs into others: the quiz shelf into content, the door of the hall into quizzes."""

from django.utils import timezone

from content import policies as authors
from content import queries as courses
from content import services as content
from content.policies import courses_to_write_in
from content.records.activities import Moved
from lms.roster import queries as roster
from lms.roster.queries import Person
from quizzes import policies as quiz_doors
from quizzes.records import Seat

from .banks import Shelf
from .carrying import QuestionCarrier
from .enums import Reason
from .queries import (
    assigned_to,
    course_address,
    last_step_before,
    people_of_course,
    quiz_places,
    seat_in_courses,
)
from .views import stage

UNITS_SHOWN = 30


def plug_in() -> None:
    content.plug_quizzes(Shelf())
    content.plug_course_door(course_address)
    content.plug_effect(effect)
    content.plug_stage(stage)
    content.plug_carrier(QuestionCarrier())
    quiz_doors.add_door(seat)
    quiz_doors.add_obligation(assigned_seat)
    quiz_doors.add_teaching(quizzes_of_own_courses)
    quiz_doors.add_own_courses(own_courses)


def own_courses(person: Person) -> list[str]:
    """The courses in which this person writes."""
    return [page.code for page in courses_to_write_in(person.user)] if person.user else []


def seat(person_id: int, quiz_code: str) -> Seat | None:
    """A test is for those who are enrolled in a course in which it has a place."""
    places = quiz_places(person_id, quiz_code)
    if not places:
        return None
    again = [enrolment for enrolment, _place in places if enrolment.closed_on is None and enrolment.round > 1]
    return Seat(course_address(places[0][0].course.code), last_step_before(again[0]) if again else None)


def assigned_seat(person_id: int, quiz_code: str) -> Seat | None:
    """Whoever is asked to learn a course, has begun it for another reason than their own wish or not yet,
    takes its tests."""
    for enrolment, _place in quiz_places(person_id, quiz_code):
        if enrolment.reason != Reason.SELF:
            return seat(person_id, quiz_code)
    asked = assigned_to(person_id, timezone.localdate())
    return seat_in_courses((one.course_code for one in asked), quiz_code)


def effect(code: str) -> Moved:
    """Whom a change of the course reaches: counts by unit of work, no names."""
    finished, learning = people_of_course(code)
    counted = roster.unit_names_of(finished, timezone.localdate())
    return Moved(len(finished), learning, tuple(counted.most_common(UNITS_SHOWN)))


def quizzes_of_own_courses(me: Person) -> set[str]:
    """The quizzes that have a place in the newest editions of the courses that this trainer writes (A15)."""
    if me.user is None:
        return set()
    own = authors.courses_to_write_in(me.user).values_list("code", flat=True)
    outlines = map(courses.outline_of, own)
    return {
        activity.reference
        for outline in outlines
        if outline is not None
        for activity in outline.activities
        if activity.kind == "quiz"
    }
