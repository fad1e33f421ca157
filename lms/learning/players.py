"""What this room plugs into others: the quiz shelf into content, the gate and the way back into quizzes."""

from datetime import datetime

from django.utils import timezone

from content import policies as authors
from content import queries as courses
from content import services as content
from content.policies import courses_to_write_in
from content.records.activities import Moved
from lms.roster import queries as roster
from lms.roster.queries import Person
from quizzes import policies as quiz_doors
from quizzes import queries as quizzes

from .banks import Shelf
from .queries import course_address, last_step_before, people_of_course, quiz_places

UNITS_SHOWN = 30


def plug_in() -> None:
    content.plug_quizzes(Shelf())
    content.plug_course_door(course_address)
    content.plug_effect(effect)
    quiz_doors.add_gate(may_sit)
    quiz_doors.add_round(round_begins)
    quiz_doors.add_way_back(way_back)
    quiz_doors.add_teaching(quizzes_of_own_courses)
    quiz_doors.add_own_courses(own_courses)


def own_courses(person: Person) -> list[str]:
    """The courses in which this person writes."""
    return [page.code for page in courses_to_write_in(person.user)] if person.user else []


def round_begins(person_id: int, version_id: int) -> datetime | None:
    """When the round through the course began in which this test has to be passed anew; None in the first."""
    line = quizzes.quiz_versions([version_id]).get(version_id)
    places = quiz_places(person_id, line.quiz_code) if line else []
    again = [enrolment for enrolment, _place in places if enrolment.closed_on is None and enrolment.round > 1]
    return last_step_before(again[0]) if again else None


def effect(code: str) -> Moved:
    """Whom a change of the course reaches: counts by unit of work, no names."""
    finished, learning = people_of_course(code)
    counted = roster.unit_names_of(finished, timezone.localdate())
    return Moved(len(finished), learning, tuple(counted.most_common(UNITS_SHOWN)))


def may_sit(person_id: int, version_id: int) -> bool:
    """A test is for those who are enrolled in a course in which it has a place."""
    line = quizzes.quiz_versions([version_id]).get(version_id)
    return line is not None and bool(quiz_places(person_id, line.quiz_code))


def way_back(person_id: int, version_id: int) -> str:
    line = quizzes.quiz_versions([version_id]).get(version_id)
    places = quiz_places(person_id, line.quiz_code) if line else []
    return course_address(places[0][0].course.code) if places else ""


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
