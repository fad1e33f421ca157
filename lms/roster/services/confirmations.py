"""Confirming that a list of staff is right."""

from datetime import date

from django.db import transaction

from lms.kernel.services import Actor, record_fact
from lms.roster.enums import Permit
from lms.roster.errors import DaysOutOfOrder
from lms.roster.models import RosterConfirmation, Unit
from lms.roster.queries import unit_on

from .rights import acting, require


@transaction.atomic
def confirm_roster(*, unit: Unit, day: date, by: Actor, today: date) -> RosterConfirmation:
    """Say that the unit's own list of staff is right on that day. Saying it twice changes nothing."""
    require(by, Permit.CONFIRM_ROSTER, unit, today)
    if day > today:
        raise DaysOutOfOrder
    unit_on(unit, day)
    said = RosterConfirmation.objects.current().filter(unit=unit, day=day)
    there: RosterConfirmation | None = said.first()
    if there is not None:
        return there
    return record_fact(RosterConfirmation(unit=unit, day=day, confirmed_by=acting(by)), by=by)
