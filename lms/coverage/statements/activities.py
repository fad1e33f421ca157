"""What units held, for targets that count units."""

# ruff: noqa: S608 — statements are put together from constants and numbers; values are parameters

from collections.abc import Sequence

from .moments import Moment, Statement


def activities(moment: Moment, kinds: Sequence[str]) -> Statement:
    """(unit, kind, day, status, revoked on, reference, number, participants, title) of what units held, of
    these kinds and up to the day, by unit."""
    asked = ", ".join(f"%(kind{i})s" for i in range(len(kinds))) or "NULL"
    where = f"a.kind IN ({asked}) AND a.day <= %(on)s AND a.status IN ('approved', 'declared')"
    return Statement(
        "SELECT a.unit_id, a.kind, a.day, a.status, a.revoked_on, a.reference, a.recorded, a.participants, "
        f"a.title FROM {moment.rows('coverage_activity', 'a', where)} ORDER BY a.unit_id, a.recorded",
        {**moment.params, **{f"kind{i}": kind for i, kind in enumerate(kinds)}},
    )
