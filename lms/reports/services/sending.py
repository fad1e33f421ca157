"""The way of a report: prepared by one, signed by another, forwarded, returned or consolidated.

Each step takes the report as it was seen (`version`): a second is told, and nothing is done twice.
"""

from collections.abc import Collection, Mapping
from datetime import date

from django.db import transaction
from django.db.models import F

from lms.kernel.jobs import enqueue
from lms.kernel.services import Actor, append
from lms.reports.enums import EDITABLE, ReportStatus, SectionKey, StepKind
from lms.reports.errors import CommentNeeded, LetterheadNeeded, NothingChanged, NotNow
from lms.reports.models import (
    ClosedReport,
    Letterhead,
    LineComment,
    ReportStep,
    Section,
    SignedFigure,
    UnitReport,
)
from lms.reports.signals import report_returned, report_signed
from lms.roster.enums import Permit
from lms.roster.queries import Unit
from lms.roster.services.rights import acting, require, require_second_person

from .closings import close_period
from .restatements import restate


@transaction.atomic
def write_section(*, report: UnitReport, key: SectionKey, text: str, by: Actor, today: date) -> None:
    """Put somebody's words in place of the sentences made from the figures; empty: those again."""
    require(by, Permit.PREPARE_REPORT, report.unit, today)
    fresh = UnitReport.objects.select_for_update().get(pk=report.pk)
    if fresh.status not in EDITABLE:
        raise NotNow
    if text.strip():
        Section.objects.update_or_create(report=report, key=key, defaults={"text": text.strip()})
    else:
        Section.objects.filter(report=report, key=key).delete()


@transaction.atomic
def set_letterhead(*, unit: Unit, letterhead: Letterhead, by: Actor, today: date) -> Letterhead:
    """Say how the unit's letters look from now on."""
    require(by, Permit.PREPARE_REPORT, unit, today)
    Letterhead.objects.filter(unit=unit).exclude(pk=letterhead.pk).delete()
    letterhead.unit = unit
    letterhead.save()
    return letterhead


@transaction.atomic
def prepare_report(*, report: UnitReport, version: int, by: Actor, today: date) -> UnitReport:
    """Say that the report is ready; a second person signs it."""
    require(by, Permit.PREPARE_REPORT, report.unit, today)
    if not Letterhead.objects.filter(unit=report.unit_id).exists():
        raise LetterheadNeeded
    return _step(
        report, version, EDITABLE, ReportStatus.PREPARED, StepKind.PREPARED, by, prepared_by=acting(by)
    )


@transaction.atomic
def take_back(*, report: UnitReport, version: int, by: Actor, today: date) -> UnitReport:
    """Back to the desk before it is signed."""
    require(by, Permit.PREPARE_REPORT, report.unit, today)
    return _step(report, version, [ReportStatus.PREPARED], ReportStatus.OPEN, StepKind.TAKEN_BACK, by)


@transaction.atomic
def sign_report(*, report: UnitReport, version: int, by: Actor, today: date) -> UnitReport:
    """Close the unit's figures and send the report upward.

    A report that had been returned is restated where its figures changed. The report of the body that asked
    consolidates those that were sent. Raises NotPermitted, SecondPersonNeeded, DayToCome, NotNow.
    """
    require(by, Permit.CLOSE_PERIOD, report.unit, today)
    require_second_person(by, report.prepared_by)
    signed = _step(
        report,
        version,
        [ReportStatus.PREPARED],
        ReportStatus.SIGNED,
        StepKind.SIGNED,
        by,
        signed_by=acting(by),
        signed_on=today,
    )
    figures = {target.code: _figure(signed, target.code, by, today) for target in signed.period.targets.all()}
    if signed.consolidates:
        _accept_all(signed, by)
    append(
        type="reports.report_signed",
        subject=signed.public_id,
        fact={
            "period": str(signed.period.public_id),
            "unit": signed.unit.code,
            "figures": {code: closed.sha256 for code, closed in figures.items()},
        },
        by=by,
    )
    signed.files.update(report=None)  # what was written before it came back
    enqueue("reports.write", report=signed.pk, key=f"{signed.pk}-{signed.version}")
    transaction.on_commit(lambda: report_signed.send(sender=UnitReport, report_id=signed.pk), robust=True)
    return signed


def _figure(report: UnitReport, target: str, by: Actor, today: date) -> ClosedReport:
    """The closed figure; after a return its successor, if anything came in that changes it."""
    held = SignedFigure.objects.filter(report=report, target=target).select_related("closed").first()
    if held is None:
        closed = close_period(
            target=target,
            unit=report.unit.code,
            on=report.period.on,
            name=report.period.name,
            by=by,
            today=today,
        )
        SignedFigure.objects.create(report=report, target=target, closed=closed)
        return closed
    try:
        reason = _why_it_came_back(report)
        held.closed = restate(held.closed, reason=reason, proposed_by=report.prepared_by, by=by)
    except NothingChanged:
        return held.closed
    held.save(update_fields=["closed"])
    return held.closed


def _why_it_came_back(report: UnitReport) -> str:
    returned = report.steps.filter(kind=StepKind.RETURNED).last()
    said = [comment.text for comment in returned.comments.all()] if returned else []
    return "; ".join(said)[:500] or report.period.name


@transaction.atomic
def forward_report(*, report: UnitReport, version: int, by: Actor, today: date) -> UnitReport:
    """The station («qua …») has checked it and sends it on."""
    station = report.period.station
    if station is None:
        raise NotNow
    require(by, Permit.CLOSE_PERIOD, station, today)
    return _step(report, version, [ReportStatus.SIGNED], ReportStatus.FORWARDED, StepKind.FORWARDED, by)


@transaction.atomic
def return_report(
    *, report: UnitReport, version: int, comments: Mapping[str, str], by: Actor, today: date, note: str = ""
) -> UnitReport:
    """Send it back with comments at lines: `section:KEY` or `unit:CODE` → what has to be corrected."""
    period = report.period
    receiver = period.station if period.station and report.status == ReportStatus.SIGNED else period.unit
    require(by, Permit.CLOSE_PERIOD, receiver, today)
    said = {line: text.strip() for line, text in comments.items() if text.strip()}
    if not said:
        raise CommentNeeded
    returned = _step(
        report,
        version,
        [ReportStatus.SIGNED, ReportStatus.FORWARDED],
        ReportStatus.RETURNED,
        StepKind.RETURNED,
        by,
        note=note,
        signed_by=None,
        signed_on=None,
        prepared_by=None,
    )
    step = returned.steps.last()
    LineComment.objects.bulk_create(
        LineComment(step=step, line=line, text=text) for line, text in said.items()
    )
    append(
        type="reports.report_returned",
        subject=returned.public_id,
        fact={"comments": said},
        by=by,
        reason=note,
    )
    transaction.on_commit(lambda: report_returned.send(sender=UnitReport, report_id=report.pk), robust=True)
    return returned


def _accept_all(report: UnitReport, by: Actor) -> None:
    """Those that were sent are consolidated; who has not reported stays open, and is named on the paper."""
    last = ReportStatus.FORWARDED if report.period.station_id else ReportStatus.SIGNED
    sent = report.period.reports.filter(status=last).exclude(pk=report.pk)
    ReportStep.objects.bulk_create(
        ReportStep(report=one, kind=StepKind.ACCEPTED, by=acting(by)) for one in sent
    )
    sent.update(status=ReportStatus.ACCEPTED, version=F("version") + 1)


def _step(
    report: UnitReport,
    version: int,
    before: Collection[str],
    after: ReportStatus,
    kind: StepKind,
    by: Actor,
    *,
    note: str = "",
    **fields: object,
) -> UnitReport:
    """Take the step if nobody was first, and remember who took it; otherwise NotNow."""
    rows = UnitReport.objects.filter(pk=report.pk, version=version, status__in=before)
    if not rows.update(status=after, version=version + 1, **fields):
        raise NotNow
    ReportStep.objects.create(report=report, kind=kind, by=acting(by), note=note)
    return UnitReport.objects.select_related("period__unit", "period__station", "unit").get(pk=report.pk)
