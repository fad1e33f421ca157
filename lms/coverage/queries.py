"""The share of people trained, for any target, unit and day, as known at any moment (docs/coverage.md §3)."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from content.enums import Level

from .annexes import annex_of
from .contests import contestable, contests_of, contests_waiting
from .duties import duties_of, evidence_lines, latest_targets, listed, rule_sentences
from .enums import EvidenceStatus, Outcome, Source
from .models import Evidence
from .questions import Question, stable, target_known_at
from .receipts import receipt_of
from .records import Figure, OutsideTraining, TargetListed

__all__ = [
    "annex_of",
    "approved_outside",
    "contestable",
    "contests_of",
    "contests_waiting",
    "coverage_of",
    "duties_of",
    "every_unit",
    "evidence_lines",
    "receipt_of",
    "rule_sentences",
    "target_courses",
    "target_known_at",
    "targets_listed",
]


def coverage_of(
    target: str,
    unit: str,
    on: date,
    known_at: int | None = None,
    *,
    version: int | None = None,
    children: bool = False,
    people: bool = False,
) -> Figure:
    """One unit's figure, everything below it included; with its direct children's, and with officer codes.

    `known_at` is a ledger size; None: now. At most six queries, however large the tree, and with `people` one
    more for every ten thousand of them.
    Raises UnknownTarget, NoSuchUnit, LedgerShorter.
    """
    return stable(
        target,
        version,
        known_at,
        lambda chosen, ledger: Question.ask(chosen, unit, on, ledger).answer(children, people),
    )


def every_unit(
    target: str, unit: str, on: date, known_at: int | None = None, *, version: int | None = None
) -> dict[str, Figure]:
    """The own figure of the unit and of every unit below it, by code."""
    return stable(
        target,
        version,
        known_at,
        lambda chosen, ledger: Question.ask(chosen, unit, on, ledger).every_answer(),
    )


# Targets ----------------------------------------------------------------------------------------


def targets_listed() -> list[TargetListed]:
    """Every target in its latest version, by code."""
    return [listed(row) for row in latest_targets()]


def target_courses(code: str) -> tuple[str, ...]:
    """The course codes of a target's latest version."""
    return next((tuple(row.courses) for row in latest_targets() if row.code == code), ())


# Evidence ---------------------------------------------------------------------------------------


def approved_outside(
    *, courses: Iterable[str], on: date, chains: Iterable[UUID] | None = None
) -> list[OutsideTraining]:
    """What was approved of classes and from outside, holds on that day, and was more than being there.

    The oldest first. One query.
    """
    rows = Evidence.objects.current().filter(
        Q(revoked_on__isnull=True) | Q(revoked_on__gt=on),
        Q(valid_until__isnull=True) | Q(valid_until__gt=on),
        course__code__in=list(courses),
        source__in=(Source.CLASS, Source.EXTERNAL),
        status=EvidenceStatus.APPROVED,
        outcome__in=(Outcome.PASSED, Outcome.COMPLETED),
        completed_on__lte=on,
    )
    if chains is not None:
        rows = rows.filter(chain__in=list(chains))
    return [
        OutsideTraining(
            row.chain,
            row.person_id,
            row.course_id,
            row.course.code,
            row.course.title,
            row.get_source_display(),
            str(Level(row.level).label) if row.level in Level.values else row.level,
            row.hours,
            row.get_outcome_display(),
            row.completed_on,
            row.valid_until,
            row.reference,
        )
        for row in rows.select_related("course").order_by("completed_on", "pk")
    ]
