"""Closing a period: what is known now is frozen, and answers for itself for ever."""

import zlib
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction

from lms.coverage.queries import receipt_of, target_known_at
from lms.coverage.records import Receipt
from lms.kernel.commitments import canonical
from lms.kernel.queries import ledger_size
from lms.kernel.services import Actor, record_fact
from lms.reports import closing
from lms.reports.errors import AlreadyClosed, DayToCome
from lms.reports.models import ClosedReport, ReportDocument
from lms.roster.enums import Permit
from lms.roster.queries import unit_by_code
from lms.roster.services.rights import acting, require


@transaction.atomic
def close_period(*, target: str, unit: str, on: date, name: str, by: Actor, today: date) -> ClosedReport:
    """Freeze the unit's figure on a day, as known now, with everybody behind it.

    Raises UnknownTarget, NoSuchUnit, NotPermitted, AlreadyClosed, DayToCome.
    """
    if on > today:
        raise DayToCome(on)
    place = unit_by_code(unit)
    require(by, Permit.CLOSE_PERIOD, place, today)
    known = ledger_size()
    version = target_known_at(target, known)
    closed = ClosedReport.objects.filter(target__code=target, unit=place, on=on, name=name, number=1)
    if (earlier := closed.first()) is not None:
        raise AlreadyClosed(earlier.pk)
    receipt = receipt_of(target, unit, on, known, version=version.version)
    content = document_of(receipt, name=name)
    row = ClosedReport(name=name, target=version, unit=place, on=on, known_at=known, closed_by=acting(by))
    try:
        with transaction.atomic():
            return keep(content, row, by=by)
    except IntegrityError:  # somebody else was first, between the question and the writing
        if (earlier := closed.first()) is None:
            raise
        raise AlreadyClosed(earlier.pk) from None


def document_of(receipt: Receipt, *, name: str, restates: dict[str, Any] | None = None) -> dict[str, Any]:
    return closing.document(
        name=name,
        figures=receipt.figure.as_json(),
        target=receipt.target,
        people=[person.as_json() for person in receipt.people],
        restates=restates,
    )


def keep(content: dict[str, Any], report: ClosedReport, *, by: Actor, reason: str = "") -> ClosedReport:
    """Record the report with its SHA-256, and put its document beside it."""
    plain = canonical(content)
    report.sha256 = sha256(plain).hexdigest()
    record_fact(report, by=by, reason=reason)
    ReportDocument.objects.create(report=report, packed=zlib.compress(plain))
    return report
