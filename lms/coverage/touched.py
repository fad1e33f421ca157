"""Whom and what the ledger has touched since it had a certain size, as SQL over the tables of the register.

Every belief that was recorded or superseded has its entry, whose subject is the chain of the fact; so nobody
is missed, and what is found grows with what was written and not with the register.
"""

# ruff: noqa: S608 — statements are put together from constants and numbers; values are parameters

from collections.abc import Iterable

from .statements import Moment, Statement, Vendor
from .statements.moments import among, covers, listed

_WHO = {
    "roster.posting": ("roster_posting", "f.person_id, f.unit_id"),
    "roster.absence": ("roster_absence", "f.person_id, 0"),
    "coverage.evidence": ("coverage_evidence", "f.person_id, 0"),
    "coverage.progress": ("coverage_progress", "f.person_id, 0"),
    "roster.personmerge": ("roster_personmerge", "f.person_id, 0"),
    "roster.rosterconfirmation": ("roster_rosterconfirmation", "0, f.unit_id"),
    "roster.unitspan": ("roster_unitspan", "0, 0"),
}
"""By what the ledger calls a fact: its table, and the person and the unit that it concerns."""
_ACTS = ("recorded", "corrected", "withdrawn")


def touched(since: int, until: int) -> Statement:
    """(0, person, unit) that a fact of the register concerns which was recorded, corrected or withdrawn in
    the entries after `since` up to `until`; no person or unit is 0, both where the tree of units was."""
    parts = []
    for kind, (table, columns) in _WHO.items():
        types = ", ".join(f"'{kind}.{act}'" for act in _ACTS)
        parts.append(
            f"SELECT 0, {columns} FROM recent r JOIN {table} f ON f.chain = r.subject "
            f"WHERE r.type IN ({types})"
        )
    return Statement(
        "WITH recent AS (SELECT type, subject FROM kernel_ledgerentry "
        f"WHERE number > {int(since)} AND number <= {int(until)}) " + " UNION ".join(parts)
    )


def lists_of_staff(units: Iterable[int], moment: Moment, vendor: Vendor) -> Statement:
    """(unit, staffed, last confirmed) of these units."""
    posting = moment.rows("roster_posting", "p", f"p.unit_id = o.id AND {covers('p')}")
    confirmed = moment.rows("roster_rosterconfirmation", "c", "c.unit_id = o.id AND c.day <= %(on)s")
    return Statement(
        f"SELECT o.id, EXISTS (SELECT 1 FROM {posting}), (SELECT max(c.day) FROM {confirmed}) "
        f"FROM roster_unit o WHERE {among('o.id', 'units', vendor)}",
        {**moment.params, "units": listed(units, vendor)},
    )
