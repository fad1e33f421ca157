"""Who reads which report, and what each may do next with it."""

from datetime import date

from django.db.models import Q, QuerySet

from lms.roster.enums import Permit
from lms.roster.policies import may, units_within_reach
from lms.roster.queries import Person

from .enums import EDITABLE, ReportStatus
from .models import Period, UnitReport


def reports_within_reach(me: Person, on: date) -> QuerySet[UnitReport]:
    """Reports of my units and below, and those that come to a unit of mine or pass through it."""
    mine = units_within_reach(me, Permit.SEE_FIGURES, on)
    receiving = units_within_reach(me, Permit.CLOSE_PERIOD, on)
    reach = Q(unit__in=mine) | Q(period__unit__in=receiving)
    reach |= Q(period__station__in=receiving) & ~Q(status__in=[*EDITABLE, ReportStatus.PREPARED])
    return UnitReport.objects.filter(reach).select_related("period__unit", "period__station", "unit")


def periods_within_reach(me: Person, on: date) -> QuerySet[Period]:
    """Periods that a unit of mine opened, or in which one of mine was asked or is the station."""
    mine = units_within_reach(me, Permit.SEE_FIGURES, on)
    return Period.objects.filter(Q(unit__in=mine) | Q(station__in=mine)).select_related("unit", "station")


def next_steps(report: UnitReport, me: Person, on: date) -> frozenset[str]:
    """What this person may do with the report now.

    Of `write`, `prepare`, `take_back`, `sign`, `forward`, `return`, `remind`.
    """
    status, period = ReportStatus(report.status), report.period
    steps = set()
    if may(me, Permit.PREPARE_REPORT, report.unit, on):
        if status in EDITABLE:
            steps |= {"write", "prepare"}
        elif status == ReportStatus.PREPARED:
            steps.add("take_back")
    by_another = status == ReportStatus.PREPARED and report.prepared_by_id != me.pk
    if by_another and may(me, Permit.CLOSE_PERIOD, report.unit, on):
        steps.add("sign")
    receives = not report.consolidates and may(me, Permit.CLOSE_PERIOD, period.unit, on)
    station = period.station is not None and may(me, Permit.CLOSE_PERIOD, period.station, on)
    if status == ReportStatus.SIGNED and period.station is not None:
        steps |= {"forward", "return"} if station else set()
    elif status in (ReportStatus.SIGNED, ReportStatus.FORWARDED) and receives:
        steps.add("return")
    if receives and status in (*EDITABLE, ReportStatus.PREPARED):
        steps.add("remind")
    return frozenset(steps)
