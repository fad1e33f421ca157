"""How fresh the lists of staff are."""

from datetime import date

from django.db.models import Count, Max, QuerySet

from ..models import Posting, RosterConfirmation, Unit, UnitSpan
from ..records import RosterFreshness
from .units import units_below, units_on


def roster_freshness(top: Unit, on: date) -> list[RosterFreshness]:
    """Of every unit below `top` with people in it on that day: when its list was last confirmed by that day.

    Those that were never confirmed first, then the oldest.
    """
    below = units_below([top.pk], on)
    people = dict(
        Posting.objects.current()
        .on(on)
        .filter(unit__in=below)
        .values_list("unit")
        .annotate(Count("person", distinct=True))
    )
    confirmed = dict(
        RosterConfirmation.objects.current()
        .filter(unit__in=list(people), day__lte=on)
        .values_list("unit")
        .annotate(Max("day"))
    )
    units = units_on(Unit.objects.filter(pk__in=list(people)), on)
    rows = [
        RosterFreshness(unit.id, unit.code, unit.name, people[unit.id], confirmed.get(unit.id))
        for unit in units
    ]
    return sorted(rows, key=lambda row: (row.confirmed_on or date.min, row.unit_code))


def postings_without_a_unit(on: date) -> QuerySet[Posting]:
    """Postings of that day in units that exist no longer: no figure counts them until they are moved."""
    standing = UnitSpan.objects.current().on(on).values("unit")
    return Posting.objects.current().on(on).exclude(unit__in=standing).order_by("unit__code")
