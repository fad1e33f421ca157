"""Whether who acts may act; the operator always may."""

from datetime import date

from lms.kernel.services import Actor
from lms.roster.enums import Permit
from lms.roster.errors import NotPermitted, SecondPersonNeeded
from lms.roster.models import Person, Unit
from lms.roster.policies import may, may_see
from lms.roster.queries import same_human


def acting(by: Actor) -> Person | None:
    """The person who acts; None for the operator and the platform."""
    return by if isinstance(by, Person) else None


def require(by: Actor, permit: Permit, unit: Unit, today: date) -> None:
    """NotPermitted unless `by` holds the permit for the unit today."""
    person = acting(by)
    if person is not None and not may(person, permit, unit, today):
        raise NotPermitted


def require_over(by: Actor, permit: Permit, person: Person, today: date) -> None:
    """NotPermitted unless `by` holds the permit today for a unit in which the person works."""
    actor = acting(by)
    if actor is None:
        return
    if not may_see(actor, permit, person, today):
        raise NotPermitted


def require_second_person(by: Actor, *others: Person | None) -> None:
    """SecondPersonNeeded if who decides is one of the others, under whatever code."""
    actor = acting(by)
    if actor is not None and any(other and same_human(actor, other) for other in others):
        raise SecondPersonNeeded
