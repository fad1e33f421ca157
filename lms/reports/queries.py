"""Named reads of closed reports, and going over them again."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from django.conf import settings
from django.db.models import Q, QuerySet

from lms.coverage.queries import receipt_of
from lms.kernel.errors import Refused
from lms.kernel.facts import fact_models, ledger_type
from lms.kernel.models import LedgerEntry
from lms.kernel.proofs import is_proven
from lms.kernel.queries import proof_of
from lms.kernel.services.checkpoints import known_verifiers

from . import closing
from .errors import UnknownReport
from .models import ClosedReport
from .records import ReportListed, Verdict

EXPORT = "vung/report/1"


def report_by_id(report: int) -> ClosedReport:
    """The report, or UnknownReport."""
    rows = ClosedReport.objects.select_related("target__unit", "unit", "document", "replaces")
    found = rows.filter(pk=report).first()
    if found is None:
        raise UnknownReport(report)
    return cast(ClosedReport, found)


def reports_listed(units: Iterable[int]) -> list[ReportListed]:
    """The closed reports of these units, the latest first."""
    rows = ClosedReport.objects.filter(unit__in=list(units)).select_related("target", "unit", "replaced_by")
    return [
        ReportListed(
            id=row.pk,
            public_id=row.public_id,
            name=row.name,
            number=row.number,
            target_code=row.target.code,
            target_version=row.target.version,
            unit_code=row.unit.code,
            on=row.on,
            known_at=row.known_at,
            sha256=row.sha256,
            replaces=row.replaces_id,
            replaced_by=row.replaced_by.pk if hasattr(row, "replaced_by") else None,
        )
        for row in rows.order_by("-on", "-pk")
    ]


def exported(report: ClosedReport) -> dict[str, Any]:
    """The report as a file: what was frozen, and the proof that its closing is in the ledger."""
    return {
        "format": EXPORT,
        "report": report.pk,
        "sha256": report.sha256,
        "replaces": report.replaces.sha256 if report.replaces else None,
        "data": report.document.content,
        "ledger": proof_of(report.recorded).as_json() if report.recorded else None,
        "code": settings.VERSION,
    }


def verified(stated: Mapping[str, Any]) -> Verdict:
    """Go over an exported report: its SHA-256, its closing, its place in the ledger, and every fact anew."""
    data = stated["data"]
    wrong = closing.misshapen(data)
    if wrong:
        return Verdict(tuple(wrong))
    found = [*_about_its_sum(stated, data), *_about_its_closing(stated)]
    try:
        again = _recomputed(data)
    except Refused as refusal:
        return Verdict((*found, f"data: {refusal}"))
    return Verdict((*found, *closing.differences(data, again)))


def _about_its_sum(stated: Mapping[str, Any], data: Mapping[str, Any]) -> list[str]:
    computed, told = closing.digest(data), stated.get("sha256")
    return [] if told == computed else [f"sha256: {closing.short(told)} → {computed}"]


def _about_its_closing(stated: Mapping[str, Any]) -> list[str]:
    told = stated.get("sha256")
    report = ClosedReport.objects.filter(sha256=told).first() if closing.is_text(told) else None
    if report is None:
        return ["report: no report with this SHA-256 was closed here"]
    proof = stated.get("ledger")
    if proof is None:
        return []
    bound = LedgerEntry.objects.get(number=report.recorded).commitment.hex()
    entry = proof.get("entry") if isinstance(proof, Mapping) else None
    if not isinstance(entry, Mapping) or entry.get("commitment") != bound:
        return ["ledger: the proof is not that of this report's closing"]
    if proof.get("checkpoint") != "" and not _is_proven(dict(proof)):
        return ["ledger: the closing is not proven by the checkpoint"]
    return []


def _is_proven(proof: dict[str, Any]) -> bool:
    try:
        return is_proven(proof, known_verifiers())
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        return False  # not the form of a proof


def _recomputed(data: Mapping[str, Any]) -> dict[str, Any]:
    receipt = receipt_of(
        data["target"]["code"],
        data["unit"],
        date.fromisoformat(data["on"]),
        data["known_at"],
        version=data["target"]["version"],
    )
    again = closing.document(
        name=data["name"],
        figures=receipt.figure.as_json(),
        target=receipt.target,
        people=[person.as_json() for person in receipt.people],
    )
    restates = data.get("restates")
    if restates is None:
        return again
    before = ClosedReport.objects.select_related("document").filter(sha256=restates["replaces"]).first()
    if before is None:
        raise UnknownReport(restates["replaces"])
    old = before.document.content
    return {
        **again,
        "restates": closing.restating(
            old,
            again,
            sha256=before.sha256,
            number=before.number + 1,
            reason=restates["reason"],
            entries=entries_about(
                closing.changed_people(old, again),
                before.known_at,
                data["known_at"],
                of_units=data["target"].get("counts") == "units",
            ),
        ),
    }


_ABOUT_UNITS = frozenset({"coverage.activity", "roster.unitspan"})
"""The facts by which a figure over units changes."""


def entries_about(
    people: Iterable[str], after: int, upto: int, *, of_units: bool = False
) -> dict[str, list[dict[str, Any]]]:
    """By officer code, or unit code: the ledger's entries in (after, upto] by which facts came or went."""
    chosen = list(people)
    found: dict[str, dict[int, str]] = {code: {} for code in chosen}
    for model in fact_models().values():
        columns = {field.name for field in model._meta.concrete_fields}
        about = (
            {"person", "same_as"}
            if not of_units
            else {"unit"}
            if ledger_type(model) in _ABOUT_UNITS
            else set()
        )
        for column in sorted(columns & about):
            for code, number in _moved(model._default_manager.all(), column, chosen, after, upto):
                found[code][number] = ledger_type(model)
    return {
        code: [{"number": number, "type": kind} for number, kind in sorted(numbers.items())]
        for code, numbers in found.items()
    }


def _moved(
    rows: QuerySet[Any], column: str, people: list[str], after: int, upto: int
) -> Iterable[tuple[str, int]]:
    """(officer code, ledger number) of every coming and going."""
    lately = Q(recorded__gt=after, recorded__lte=upto) | Q(superseded__gt=after, superseded__lte=upto)
    for at in range(0, len(people), 5_000):
        asked = rows.filter(lately, **{f"{column}__code__in": people[at : at + 5_000]})
        for code, *numbers in asked.values_list(f"{column}__code", "recorded", "superseded"):
            yield from ((code, number) for number in numbers if number is not None and after < number <= upto)


def read_export(text: str) -> Mapping[str, Any] | None:
    """The exported report that a file holds, or None."""
    try:
        stated = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if (
        not isinstance(stated, dict)
        or stated.get("format") != EXPORT
        or not isinstance(stated.get("data"), dict)
    ):
        return None
    return stated
