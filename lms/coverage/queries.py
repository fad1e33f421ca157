"""The share of people trained, for any target, unit and day, as known at any moment (docs/coverage.md §3)."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from content.enums import Level
from lms.kernel.uncollected import uncollected
from lms.roster.queries import units_below

from .annexes import annex_of
from .contests import contestable, contests_due, contests_of, contests_waiting
from .duties import duties_of, evidence_lines, latest_targets, listed, rule_sentences
from .enums import EvidenceStatus, Outcome, Source
from .kept import figure_at_once
from .models import Activity, Evidence
from .questions import Question, stable, target_known_at
from .receipts import receipt_of
from .records import ActivityLine, Figure, OutsideTraining, TargetListed

__all__ = [
    "activities_waiting",
    "activity_lines",
    "annex_of",
    "approved_outside",
    "contestable",
    "contests_due",
    "contests_of",
    "contests_waiting",
    "coverage_of",
    "duties_of",
    "every_unit",
    "evidence_lines",
    "figure_at_once",
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


@uncollected()
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


# Activities of units -----------------------------------------------------------------------------


def activity_lines(target: str, units: Iterable[int], on: date) -> dict[int, list[ActivityLine]]:
    """What these units had held by that day of the kinds that the target asks, by unit: the latest first."""
    wanted = next((row for row in latest_targets() if row.code == target), None)
    rows = Activity.objects.current().filter(unit__in=list(units), day__lte=on)
    rows = rows.filter(kind__in=wanted.activities if wanted else [])
    found: dict[int, list[ActivityLine]] = {}
    for row in rows.exclude(status=EvidenceStatus.REJECTED).order_by("-day", "-pk"):
        found.setdefault(row.unit_id, []).append(
            ActivityLine(
                row.chain,
                row.title,
                row.kind_label,
                row.day,
                row.participants,
                row.status,
                row.get_status_display(),
                row.revoked_on,
                row.recorded or 0,
            )
        )
    return found


def activities_waiting(tops: Iterable[int], today: date) -> int:
    """How many activities of these units and those below wait for a second person."""
    waiting = Activity.objects.current().filter(status=EvidenceStatus.DECLARED)
    return waiting.filter(unit__in=units_below(tops, today)).count()


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
