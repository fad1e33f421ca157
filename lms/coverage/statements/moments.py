"""What was believed at a moment, and the words that all statements share."""

# ruff: noqa: S608 — statements are put together from constants and numbers; values are parameters

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Params = dict[str, Any]

COLUMNS = {
    "roster_unitspan": "unit_id, parent_id, kind, name, since, until",
    "roster_posting": "person_id, unit_id, since, until, audience_mask",
    "roster_absence": "person_id, reason, status, since, until, recorded",
    "roster_rosterconfirmation": "unit_id, day",
    "roster_personmerge": "person_id, same_as_id",
    "coverage_progress": "person_id, course_id, since, until",
    "coverage_activity": "unit_id, kind, day, status, revoked_on, reference, recorded, participants, title",
    "coverage_evidence": (
        "person_id, course_id, completed_on, status, source, outcome, valid_until, revoked_on, level, hours, "
        "reference, recorded, chain"
    ),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, and what was known of it."""

    on: date
    known: int
    """Ledger size."""
    past: bool
    """Whether the ledger has grown since `known`."""

    def rows(self, table: str, alias: str, where: str = "", *, whose: str = "") -> str:
        """FROM and WHERE of the beliefs held at this moment.

        `whose`: a condition that begins with a column, by which few rows are found; asked before all else.
        """
        known = f"recorded <= {int(self.known)}"
        if not self.past:
            # What is asked comes first, since it sorts out more rows: conditions are tried from the left.
            asked = "".join(f"{one} AND " for one in (whose and f"{alias}.{whose}", where) if one)
            return f"{table} {alias} WHERE {asked}{alias}.superseded IS NULL AND {alias}.{known}"
        superseded = f"superseded > {int(self.known)}"
        chosen = f"SELECT {COLUMNS[table]} FROM {table} WHERE {f'{whose} AND ' if whose else ''}{known}"
        return (
            f"({chosen} AND superseded IS NULL UNION ALL {chosen} AND {superseded}) {alias} "
            f"WHERE {where or '1 = 1'}"
        )

    @property
    def params(self) -> Params:
        return {"on": self.on}


def covers(alias: str) -> str:
    return f"{alias}.since <= %(on)s AND ({alias}.until IS NULL OR {alias}.until > %(on)s)"


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    params: Params = field(default_factory=dict)


Vendor = Literal["sqlite", "postgresql"]


def among(column: str, name: str, vendor: Vendor) -> str:
    """Whether a column is one of a list of numbers, which `listed` makes a parameter."""
    if vendor == "sqlite":
        return f"{column} IN (SELECT value FROM json_each(%({name})s))"
    return f"{column} = ANY(%({name})s)"


def listed(numbers: Iterable[int], vendor: Vendor) -> Any:
    chosen = list(numbers)
    return str(chosen) if vendor == "sqlite" else chosen


def yes(condition: str) -> str:
    """1 or 0, which both databases add and compare alike."""
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"
