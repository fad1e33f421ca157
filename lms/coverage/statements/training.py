"""Over which evidence the course rule holds (COVERAGE.md §3, step 7)."""

# ruff: noqa: S608 — statements are put together from constants and numbers; values are parameters

from dataclasses import dataclass

from ..rules import SOURCES
from .moments import yes
from .population import Population

ATTENDANCES = "CAST(sum(v.counts) AS integer) AS attendances"
"""PostgreSQL adds small numbers as such, and large ones as decimals."""
EXPIRED, PENDING = 1, 2
"""In place of a day and its source: approved once but not in time, and in time but not approved."""

HUNDREDTHS = "CAST(round(coalesce(v.hours, 0) * 100) AS bigint)"
"""Hours as whole numbers, since SQLite would add them as binary fractions."""


def weight(source: str) -> int:
    """So that of two on one day the one further left in SOURCES is the greater."""
    return len(SOURCES) - SOURCES.index(source)


assert len(SOURCES) < 4


@dataclass(frozen=True, slots=True)
class Training(Population):
    """One row a person with evidence, and what it is worth."""

    def _training(self) -> str:
        """One row a person with evidence: whether the course rule holds over it (steps 7 and 8)."""
        if self.rule.course_rule == "any":
            return self._best()
        return (
            "SELECT v.person_id, "
            f"{self._holds('v.counts')} AS trained, {self._holds('v.timely')} AS pending, "
            f"{self._holds('v.approved')} AS expired, {self._partly()} AS partly, "
            f"{ATTENDANCES}, "
            f"max(CASE WHEN v.counts = 1{self._bears()} THEN {self._day_and_source()} END) AS latest "
            f"FROM ({self._evidence()}) v GROUP BY v.person_id"
        )

    def _best(self) -> str:
        """The same where one course is enough: what the best evidence of each person is worth, in one number,
        since six of them over three million rows cost twice as much."""
        return (
            "SELECT v.person_id, max(CASE WHEN v.timely = 0 THEN CASE WHEN v.approved = 1 "
            f"THEN {EXPIRED} ELSE 0 END WHEN v.approved = 1 THEN {self._day_and_source()} "
            f"ELSE {PENDING} END) AS latest, {ATTENDANCES} "
            f"FROM ({self._evidence()}) v GROUP BY v.person_id"
        )

    def _evidence(self) -> str:
        """Evidence that could count, with what it lacks to count (step 7)."""
        rule = self.rule
        timely = []
        if rule.window != "ever":
            timely.append("e.completed_on >= %(window)s")
        if rule.must_be_valid:
            timely.append("(e.valid_until IS NULL OR e.valid_until > %(on)s)")
        in_time = " AND ".join(timely) or "1 = 1"
        approved = "e.status = 'approved'"
        return (
            "SELECT e.person_id, e.course_id, e.completed_on, e.source, e.level, e.hours, "
            f"{yes(approved)} AS approved, {yes(in_time)} AS timely, "
            f"{yes(f'{approved} AND {in_time}')} AS counts FROM {self._possible()}"
        )

    def _possible(self) -> str:
        """Evidence of these people that could count: step 7 without approval, window and validity."""
        rule = self.rule
        outcomes = ", ".join(f"'{outcome}'" for outcome in rule.outcomes())
        where = (
            f"e.course_id IN ({self._course_list()}) AND e.completed_on <= %(on)s "
            f"AND e.status IN ('approved', 'declared') AND e.outcome IN ({outcomes}) "
            "AND (e.revoked_on IS NULL OR e.revoked_on > %(on)s)"
        )
        if not rule.external_accepted:
            where += " AND e.source <> 'external'"
        if self.units is not None:
            where += f" AND e.person_id IN (SELECT p.person_id FROM {self._posting()})"
        return self._rows("coverage_evidence", "e", where)

    def _holds(self, flag: str) -> str:
        """Whether the course rule holds over the rows with this flag."""
        rule = self.rule
        if rule.course_rule == "all":
            return yes(
                f"count(DISTINCT CASE WHEN {flag} = 1 THEN v.course_id END) = {len(set(self.courses))}"
            )
        if rule.course_rule == "levels":
            return yes(
                " AND ".join(
                    f"max(CASE WHEN {flag} = 1 AND v.level = %(level{i})s THEN 1 ELSE 0 END) = 1"
                    for i in range(len(rule.levels))
                )
            )
        if rule.course_rule == "hours":
            return yes(f"sum(CASE WHEN {flag} = 1 THEN {HUNDREDTHS} ELSE 0 END) >= %(hundredths)s")
        return f"max({flag})"

    def _partly(self) -> str:
        """Whether counted evidence covers a part of the course rule."""
        return f"max(CASE WHEN v.counts = 1{self._bears()} THEN 1 ELSE 0 END)"

    def _bears(self) -> str:
        """Whether a row moves the course rule forward."""
        if self.rule.course_rule == "levels":
            levels = ", ".join(f"%(level{i})s" for i in range(len(self.rule.levels)))
            return f" AND v.level IN ({levels})"
        if self.rule.course_rule == "hours":
            return " AND v.hours > 0"
        return ""

    def _day_and_source(self) -> str:
        """A day of completion and its source as one value, the latest being the greatest, above PENDING.

        A number on PostgreSQL, where texts are compared letter by letter by a language's rules; a text on
        SQLite, which keeps days as texts and holds any text to be greater than any number.
        """
        ranks = " ".join(f"WHEN '{source}' THEN {weight(source)}" for source in SOURCES)
        rank = f"CASE v.source {ranks} ELSE 0 END"
        if self.vendor == "sqlite":
            return f"v.completed_on || {rank}"
        return f"(v.completed_on - DATE '0001-01-01' + 1) * 4 + {rank}"
