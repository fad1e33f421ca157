"""The tree of units on a day, the ledger's size, courses and merged codes."""

# ruff: noqa: S608 — statements are put together from constants and numbers; values are parameters

from collections.abc import Iterable, Sequence

from .moments import Moment, Statement, covers


def surroundings(moment: Moment, unit: str) -> Statement:
    """(height, unit, parent, kind, staffed, last confirmed, code, name) of a unit and every unit below it
    on the day; and, with a height above 0, of every unit above it.

    No rows where the unit does not exist on the day; of units above only the height is told.
    """
    span = moment.rows("roster_unitspan", "s", covers("s"))
    posting = moment.rows("roster_posting", "p", f"p.unit_id = below.id AND {covers('p')}")
    confirmed = moment.rows("roster_rosterconfirmation", "c", "c.unit_id = below.id AND c.day <= %(on)s")
    top = "(SELECT id FROM roster_unit WHERE code = %(unit)s)"
    return Statement(
        "WITH RECURSIVE below(id, parent, kind, name) AS ("
        f"SELECT s.unit_id, s.parent_id, s.kind, s.name FROM {span} AND s.unit_id = {top} UNION "
        f"SELECT s.unit_id, s.parent_id, s.kind, s.name FROM below, {span} AND s.parent_id = below.id), "
        f"up(id, parent, height) AS (SELECT s.unit_id, s.parent_id, 0 FROM {span} AND s.unit_id = {top} "
        f"UNION ALL SELECT s.unit_id, s.parent_id, up.height + 1 FROM up, {span} "
        "AND s.unit_id = up.parent AND up.height < 100) "
        f"SELECT 0, below.id, below.parent, below.kind, EXISTS (SELECT 1 FROM {posting}), "
        f"(SELECT max(c.day) FROM {confirmed}), o.code, below.name "
        "FROM below JOIN roster_unit o ON o.id = below.id UNION ALL "
        "SELECT up.height, up.id, NULL, '', 1 = 0, NULL, '', '' FROM up WHERE up.height > 0",
        {**moment.params, "unit": unit},
    )


def state_of_the_ledger() -> Statement:
    """(size, whether any codes were ever merged)."""
    return Statement("SELECT max(number), EXISTS (SELECT 1 FROM roster_personmerge) FROM kernel_ledgerentry")


def courses_and_merges(moment: Moment, courses: Sequence[str], *, merged: bool) -> Statement:
    """(0, course, course) for each of these codes that is known; (1, code's person, human being's person) for
    all that are known to be one, where any ever were."""
    codes = ", ".join(f"%(course{i})s" for i in range(len(courses))) or "NULL"
    sql = f"SELECT 0, c.id, c.id FROM content_course c WHERE c.code IN ({codes})"
    if merged:
        sql += f" UNION ALL SELECT 1, m.person_id, m.same_as_id FROM {moment.rows('roster_personmerge', 'm')}"
    return Statement(sql, {**moment.params, **{f"course{i}": code for i, code in enumerate(courses)}})


def all_of(parts: Sequence[Statement]) -> Statement:
    """The rows of several statements, whose parameters of one name are the same."""
    if len(parts) == 1:
        return parts[0]
    return _union((f"SELECT * FROM ({part.sql}) part{i}" for i, part in enumerate(parts)), parts)


def numbered(parts: Sequence[tuple[int, Statement]]) -> Statement:
    """The same, each row led by the number that its statement has."""
    rows = (f"SELECT {int(n)}, part{i}.* FROM ({part.sql}) part{i}" for i, (n, part) in enumerate(parts))
    return _union(rows, [part for _number, part in parts])


def _union(rows: Iterable[str], parts: Iterable[Statement]) -> Statement:
    return Statement(
        " UNION ALL ".join(rows), {name: value for part in parts for name, value in part.params.items()}
    )
