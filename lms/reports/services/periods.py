"""A body asks those below it to report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from lms.coverage.queries import target_known_at
from lms.kernel.queries import ledger_size
from lms.kernel.services import Actor, append
from lms.reports.enums import SENT, PeriodKind, StepKind
from lms.reports.errors import DatesOutOfOrder, NoTargetsToReport, NotNow, NoUnitsToAsk, PeriodExists
from lms.reports.models import Period, PeriodTarget, ReportStep, UnitReport
from lms.reports.signals import report_awaited
from lms.roster.enums import Permit
from lms.roster.queries import Unit, unit_by_code, units_below
from lms.roster.services.rights import acting, require


@dataclass(frozen=True, slots=True)
class PeriodAsked:
    """What a body asks for: of whom, counted on which day, by which targets, until when."""

    name: str
    kind: PeriodKind
    since: date
    on: date
    due: date
    targets: Sequence[str]
    units: Sequence[str]
    station: str = ""
    """The body through which the reports go; empty: straight to who asks."""


@transaction.atomic
def open_period(*, unit: str, asked: PeriodAsked, by: Actor, today: date) -> Period:
    """Ask these units, all below `unit` on the day that is counted, for their reports.

    Raises NoSuchUnit, NotPermitted, NoUnitsToAsk, NoTargetsToReport, UnknownTarget, PeriodExists,
    DatesOutOfOrder.
    """
    place = unit_by_code(unit)
    require(by, Permit.CLOSE_PERIOD, place, today)
    if not asked.since <= asked.on <= asked.due:
        raise DatesOutOfOrder
    if not asked.targets:
        raise NoTargetsToReport
    known = ledger_size()
    for code in asked.targets:
        target_known_at(code, known)
    period = Period(
        unit=place,
        station=unit_by_code(asked.station) if asked.station else None,
        name=asked.name.strip(),
        kind=asked.kind,
        since=asked.since,
        on=asked.on,
        due=asked.due,
        opened_by=acting(by),
        opened_on=today,
    )
    try:
        with transaction.atomic():
            period.save()
    except IntegrityError:
        raise PeriodExists(period.name) from None
    PeriodTarget.objects.bulk_create(
        PeriodTarget(period=period, place=place_, code=code)
        for place_, code in enumerate(dict.fromkeys(asked.targets), start=1)
    )
    _ask(period, [place, *_asked_units(place, asked)], by)
    append(type="reports.period_opened", subject=period.public_id, fact=_fact(period, asked), by=by)
    return period


def _asked_units(place: Unit, asked: PeriodAsked) -> list[Unit]:
    wanted = set(asked.units) - {place.code}
    below = list(units_below([place.pk], asked.on).filter(code__in=wanted).order_by("code"))
    if not wanted or len(below) != len(wanted):
        raise NoUnitsToAsk
    return below


def _ask(period: Period, units: Sequence[Unit], by: Actor) -> None:
    reports = UnitReport.objects.bulk_create(UnitReport(period=period, unit=unit) for unit in units)
    ReportStep.objects.bulk_create(
        ReportStep(report=report, kind=StepKind.OPENED, by=acting(by)) for report in reports
    )


def _fact(period: Period, asked: PeriodAsked) -> dict[str, object]:
    return {
        "unit": period.unit.code,
        "name": period.name,
        "kind": period.kind,
        "since": period.since.isoformat(),
        "on": period.on.isoformat(),
        "due": period.due.isoformat(),
        "targets": list(asked.targets),
        "units": sorted(asked.units),
        "station": asked.station,
    }


@transaction.atomic
def remind_units(*, period: Period, by: Actor, today: date) -> int:
    """Remind every unit of the period that has not reported; how many those are."""
    waiting = period.reports.exclude(status__in=SENT).exclude(unit=period.unit)
    rows = waiting.select_related("period__unit")
    return len([remind_unit(report=report, by=by, today=today) for report in rows])


@transaction.atomic
def remind_unit(*, report: UnitReport, by: Actor, today: date) -> ReportStep:
    """Remind a unit that has not reported: its desk says so, and whoever listens writes to it."""
    require(by, Permit.CLOSE_PERIOD, report.period.unit, today)
    if report.status in SENT:
        raise NotNow
    step = ReportStep.objects.create(report=report, kind=StepKind.REMINDED, by=acting(by))
    transaction.on_commit(lambda: report_awaited.send(sender=UnitReport, report_id=report.pk), robust=True)
    return step
