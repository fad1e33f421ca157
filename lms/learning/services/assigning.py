"""A unit asks its people to learn a course, and takes it back."""

from collections.abc import Collection
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from content import queries as content
from content.enums import Admission
from lms.kernel.services import Actor, changed, correct_facts, record_facts, withdraw_facts
from lms.learning.enums import Reason
from lms.learning.errors import AssignedByTargetsAlone, DueInThePast, NobodyChosen
from lms.learning.models import Assignment, Enrolment
from lms.learning.queries import people_of_course
from lms.learning.records import Assigned
from lms.learning.signals import assignments_taken_back, course_assigned
from lms.roster import policies
from lms.roster.enums import Permit
from lms.roster.errors import NotPermitted
from lms.roster.services.rights import acting


@transaction.atomic
def assign_course(*, people: Collection[int], course: str, due: date | None, by: Actor, on: date) -> Assigned:
    """Ask these people, by row id, to learn a course; who has completed it is not asked.

    Who was asked before keeps that row; a nearer deadline is taken over, here and in a course already begun.
    Everybody must lie within reach. Raises NobodyChosen, DueInThePast, NoSuchEdition,
    AssignedByTargetsAlone, NotPermitted.
    """
    if not people:
        raise NobodyChosen
    if due is not None and due < on:
        raise DueInThePast
    edition = content.latest_edition(course)
    if content.admission(course) == Admission.DUTY:
        raise AssignedByTargetsAlone
    _require_reach(people, by, on)
    done = people_of_course(course)[0] & set(people)
    asked = set(people) - done
    standing = list(Assignment.objects.current().filter(person__in=asked, course=edition.course, until=None))
    earlier = [row for row in standing if due is not None and (row.due is None or due < row.due)]
    correct_facts([(row, changed(row, {"due": due})) for row in earlier], by=by)
    new, act = asked - {row.person_id for row in standing}, uuid4()
    rows = [
        Assignment(
            person_id=person, course_id=edition.course, due=due, assigned_by=acting(by), act=act, since=on
        )
        for person in sorted(new)
    ]
    record_facts(rows, by=by)
    _tighten(asked, edition.course, due)
    course_assigned.send(
        Assignment,
        people=sorted(new),
        course_code=course,
        title=edition.title,
        due=due,
        by=acting(by),
        on=on,
    )
    return Assigned(new=len(new), standing=len(standing), done=len(done))


def _require_reach(people: Collection[int], by: Actor, on: date) -> None:
    actor = acting(by)
    if actor is None:
        return
    reach = policies.people_within_reach(actor, Permit.ASSIGN_LEARNING, on).filter(pk__in=people)
    if reach.count() < len(set(people)):
        raise NotPermitted


def _tighten(people: Collection[int], course_id: int, due: date | None) -> None:
    """Whoever is in the middle of the course has the nearer deadline from now on."""
    if due is None:
        return
    begun = Enrolment.objects.filter(person__in=people, course=course_id, closed_on__isnull=True)
    begun.filter(Q(due__isnull=True) | Q(due__gt=due)).update(due=due, reason=Reason.MANAGER)


@transaction.atomic
def take_back_assignments(*, act: UUID, by: Actor, on: date) -> int:
    """Ask no longer what was asked by one press of the button, of everybody within reach; of how many.

    What was learned meanwhile stays. A course that was begun goes on without this deadline.
    """
    rows = Assignment.objects.current().filter(act=act).select_related("course")
    actor = acting(by)
    if actor is not None:
        rows = rows.filter(person__in=policies.people_within_reach(actor, Permit.ASSIGN_LEARNING, on))
    found = list(rows)
    if not found:
        return 0
    withdraw_facts(found, by=by)
    people = [row.person_id for row in found]
    begun = Enrolment.objects.filter(
        person__in=people, course=found[0].course_id, closed_on__isnull=True, reason=Reason.MANAGER
    )
    begun.update(due=None, reason=Reason.SELF)
    assignments_taken_back.send(Assignment, people=people, course_code=found[0].course.code)
    return len(found)
