"""The contests that wait for an answer."""

# ruff: noqa: S608 — statements are put together from constants and numbers; values are parameters

from collections.abc import Iterable
from datetime import date

from .moments import Statement, Vendor, among, covers, listed


def contests_waiting(tops: Iterable[int], on: date, vendor: Vendor) -> Statement:
    """(how many contests wait, how many are overdue) that were sent to these units or to one below, or are
    raised by people who work there on the day."""
    waits = "c.superseded_entry IS NULL AND c.status = 'waiting'"
    post = f"p.person_id = c.person_id AND p.superseded_entry IS NULL AND {covers('p')}"
    stands = f"s.superseded_entry IS NULL AND {covers('s')}"
    return Statement(
        f"WITH RECURSIVE waiting(id, due, unit) AS (SELECT c.id, c.due, c.unit_id FROM coverage_contest c "
        f"WHERE {waits} UNION SELECT c.id, c.due, p.unit_id FROM coverage_contest c JOIN roster_posting p "
        f"ON {post} WHERE {waits}), up(origin, unit, parent) AS (SELECT s.unit_id, s.unit_id, s.parent_id "
        f"FROM roster_unitspan s WHERE s.unit_id IN (SELECT unit FROM waiting) AND {stands} "
        f"UNION SELECT up.origin, s.unit_id, s.parent_id FROM up JOIN roster_unitspan s "
        f"ON s.unit_id = up.parent WHERE {stands}) "
        "SELECT count(*), count(CASE WHEN found.due < %(on)s THEN 1 END) FROM (SELECT DISTINCT w.id, w.due "
        f"FROM waiting w JOIN up ON up.origin = w.unit WHERE {among('up.unit', 'tops', vendor)}) found",
        {"on": on, "tops": listed(tops, vendor)},
    )
