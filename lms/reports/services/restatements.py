"""Restating a closed report: asked for by one, decided by another, and never in place of the old one."""

from datetime import date

from django.db import transaction

from lms.coverage.queries import receipt_of
from lms.kernel.queries import ledger_size
from lms.kernel.services import Actor, correct_fact, record_fact
from lms.reports import closing
from lms.reports.enums import RestatementStatus
from lms.reports.errors import AlreadyRestated, NothingChanged, RestatementWaits
from lms.reports.models import ClosedReport, Restatement
from lms.reports.queries import entries_about
from lms.roster.enums import Permit
from lms.roster.errors import AlreadyDecided, ReasonNeeded
from lms.roster.queries import Person
from lms.roster.services.rights import acting, require, require_second_person

from .closings import document_of, keep


@transaction.atomic
def propose_restatement(*, report: ClosedReport, reason: str, by: Actor, today: date) -> Restatement:
    """Ask that the report be restated by what is known when a second person says yes."""
    require(by, Permit.CLOSE_PERIOD, report.unit, today)
    if not reason.strip():
        raise ReasonNeeded
    _require_newest(report)
    if report.restatements.filter(superseded_entry__isnull=True, status=RestatementStatus.PROPOSED).exists():
        raise RestatementWaits
    return record_fact(
        Restatement(report=report, reason=reason.strip(), proposed_by=acting(by)), by=by, reason=reason
    )


@transaction.atomic
def approve_restatement(*, restatement: Restatement, by: Actor, today: date) -> ClosedReport:
    """The second person's yes: the successor is closed now, and says what changed and why.

    The same target's version, unit, day and name; what is known is what is known now.
    """
    _decide(restatement, RestatementStatus.APPROVED, by, today)
    return restate(restatement.report, reason=restatement.reason, proposed_by=restatement.proposed_by, by=by)


def restate(report: ClosedReport, *, reason: str, proposed_by: Person | None, by: Actor) -> ClosedReport:
    """Close the successor, by what is known now. Whoever calls has seen to the two persons.

    Raises AlreadyRestated, NothingChanged.
    """
    _require_newest(report)
    known = ledger_size()
    receipt = receipt_of(
        report.target.code, report.unit.code, report.on, known, version=report.target.version
    )
    before, after = report.document.content, document_of(receipt, name=report.name)
    changed = closing.changed_people(before, after)
    restates = closing.restating(
        before,
        after,
        sha256=report.sha256,
        number=report.number + 1,
        reason=reason,
        entries=entries_about(changed, report.known_at, known, of_units=receipt.figure.counts == "units"),
    )
    if not restates["figures"] and not restates["people"]:
        raise NothingChanged
    successor = ClosedReport(
        name=report.name,
        number=report.number + 1,
        replaces=report,
        target=report.target,
        unit=report.unit,
        on=report.on,
        known_at=known,
        closed_by=proposed_by,
        approved_by=acting(by),
    )
    return keep({**after, "restates": restates}, successor, by=by, reason=reason)


@transaction.atomic
def reject_restatement(*, restatement: Restatement, by: Actor, today: date, reason: str) -> Restatement:
    """The second person's no, with the reason; the report stays as it is."""
    if not reason.strip():
        raise ReasonNeeded
    return _decide(restatement, RestatementStatus.REJECTED, by, today, reason)


def _decide(
    restatement: Restatement, status: RestatementStatus, by: Actor, today: date, reason: str = ""
) -> Restatement:
    require(by, Permit.CLOSE_PERIOD, restatement.report.unit, today)
    require_second_person(by, restatement.proposed_by)
    if restatement.status != RestatementStatus.PROPOSED:
        raise AlreadyDecided
    return correct_fact(restatement, {"status": status, "decided_by": acting(by)}, by=by, reason=reason)


def _require_newest(report: ClosedReport) -> None:
    if ClosedReport.objects.filter(replaces=report).exists():
        raise AlreadyRestated(report.pk)
