"""Who must be trained (COVERAGE.md §3, steps 2–5)."""

# ruff: noqa: S608 — statements are put together from constants and numbers; values are parameters

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..rules import Rule
from .moments import COLUMNS, Moment, Params, Vendor, among, covers, listed, yes


@dataclass(frozen=True, slots=True)
class Population:
    """Whose figure: which units' people, by a rule, at a moment."""

    rule: Rule
    courses: Sequence[int]
    """Row ids of the rule's courses."""
    moment: Moment
    vendor: Vendor
    units: Sequence[int] | None = None
    """Only posts in these units; None: in all, and the caller leaves out what does not belong."""
    codes: Sequence[tuple[int, int]] = ()
    """(code, human being): codes that name one human being together."""
    merged: bool = False
    """Count the human beings of `codes` and nobody else; otherwise everybody but them."""
    only: Sequence[int] | None = None
    """Count these people and nobody else, by row ids."""

    def _params(self) -> Params:
        rule, on = self.rule, self.moment.on
        params: Params = {
            **self.moment.params,
            "audience": rule.audience_mask,
            "settled": rule.last_day_out_of_grace(on),
            "window": rule.first_day_of_the_window(on),
            "new": rule.first_day_of_the_new(on),
            **{f"level{i}": level for i, level in enumerate(rule.levels)},
            **{f"reason{i}": reason for i, reason in enumerate(rule.excluded_reasons)},
        }
        if rule.hours is not None:
            params["hundredths"] = int(rule.hours * Decimal(100))
        if self.units is not None:
            params["units"] = listed(self.units, self.vendor)
        if self.codes and not self.merged:
            params["codes"] = listed((code for code, _human in self.codes), self.vendor)
        if self.only is not None:
            params["only"] = listed(self.only, self.vendor)
        return params

    def _with(self) -> str:
        """The codes of the merged, as a table."""
        if not self.merged:
            return ""
        pairs = ", ".join(f"({int(code)}, {int(human)})" for code, human in self.codes)
        return f"WITH same(code, human) AS (VALUES {pairs}) "

    def _rows(self, table: str, alias: str, where: str) -> str:
        """Beliefs about people: of everybody but the merged, or of the merged under their human being."""
        if self.merged:
            columns = COLUMNS[table].removeprefix("person_id, ")
            inner = self.moment.rows(table, "r")
            return (
                f"(SELECT same.human AS person_id, {columns} FROM same, {inner} AND r.person_id = same.code) "
                f"{alias} WHERE {where}"
            )
        if self.codes:
            where += f" AND NOT ({among(f'{alias}.person_id', 'codes', self.vendor)})"
        whose = "" if self.only is None else among("person_id", "only", self.vendor)
        return self.moment.rows(table, alias, where, whose=whose)

    def _posting(self) -> str:
        """Posts on the day, with an audience of the rule, in the units asked for (step 2)."""
        where = f"{covers('p')} AND (p.audience_mask & %(audience)s) <> 0"
        if self.units is not None:
            where += f" AND {among('p.unit_id', 'units', self.vendor)}"
        return self._rows("roster_posting", "p", where)

    def _population(self) -> str:
        """One row a person: the first and last of their units, how many posts, and whether they are settled
        in any of them and in all (steps 2–4)."""
        new, settled = self.rule.new_within_months, yes("p.since <= %(settled)s")
        sql = (
            "SELECT p.person_id, min(p.unit_id) AS unit, max(p.unit_id) AS other, count(*) AS posts, "
            f"max({settled}) AS settled, min({settled}) AS settled_everywhere FROM {self._posting()} "
            f"GROUP BY p.person_id{' HAVING min(p.since) >= %(new)s' if new else ''}"
        )
        if not new:
            return sql
        earlier = self._rows(
            "roster_posting",
            "x",
            "x.person_id = h.person_id AND (x.audience_mask & %(audience)s) <> 0 AND x.since < %(new)s",
        )
        return f"SELECT h.* FROM ({sql}) h WHERE NOT EXISTS (SELECT 1 FROM {earlier})"

    def _taken_out(self) -> str:
        reasons = ", ".join(f"%(reason{i})s" for i in range(len(self.rule.excluded_reasons))) or "NULL"
        where = f"{covers('a')} AND a.status = 'approved' AND a.reason IN ({reasons})"
        return self._rows("roster_absence", "a", where)

    def _course_list(self) -> str:
        return ", ".join(str(int(course)) for course in self.courses) or "NULL"
