"""COVERAGE.md §3 as SQL: one statement for the people of any units, the same on SQLite and PostgreSQL.

Reads the tables of the register by name, because a join over a million rows cannot pass through another
room's door (docs/decisions/0041). Everything here is text; `queries` runs it.

What is believed now is read from partial indexes that hold no superseded row. What was believed earlier is
that, less what was recorded since, plus what was superseded since: so the past costs what has changed, and
the present does not depend on how much was ever corrected.
"""

# ruff: noqa: S608 — statements are put together from constants and numbers; values are parameters

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from .rollup import AWAY, SETTLED, SOURCE, STANDINGS, STATE, UNITS
from .rules import SOURCES, STATES, Rule, State

Params = dict[str, Any]

_COLUMNS = {
    "roster_unitspan": "unit_id, parent_id, kind, name, since, until",
    "roster_posting": "person_id, unit_id, since, until, audience_mask",
    "roster_absence": "person_id, reason, status, since, until, recorded",
    "roster_rosterconfirmation": "unit_id, day",
    "roster_personmerge": "person_id, same_as_id",
    "coverage_progress": "person_id, course_id, since, until",
    "coverage_evidence": (
        "person_id, course_id, completed_on, status, source, outcome, valid_until, revoked_on, level, hours, "
        "reference, recorded"
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

    def rows(self, table: str, alias: str, where: str = "") -> str:
        """FROM and WHERE of the beliefs held at this moment; takes the parameter `known`."""
        if not self.past:
            # What is asked comes first, since it sorts out more rows: conditions are tried from the left.
            asked = f"{where} AND " if where else ""
            return (
                f"{table} {alias} WHERE {asked}{alias}.superseded IS NULL AND {alias}.recorded <= %(known)s"
            )
        columns = _COLUMNS[table]
        return (
            f"(SELECT {columns} FROM {table} WHERE superseded IS NULL AND recorded <= %(known)s UNION ALL "
            f"SELECT {columns} FROM {table} WHERE superseded > %(known)s AND recorded <= %(known)s) {alias} "
            f"WHERE {where or '1 = 1'}"
        )

    @property
    def params(self) -> Params:
        return {"known": self.known, "on": self.on}


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


# The tree ---------------------------------------------------------------------------------------


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
    sql = " UNION ALL ".join(f"SELECT * FROM ({part.sql}) part{i}" for i, part in enumerate(parts))
    return Statement(sql, {name: value for part in parts for name, value in part.params.items()})


# The people -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class People:
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

    def grouped(self) -> Statement:
        """(place, people, attendances), in as many rows as there are different places.

        `place` is what `rollup.standing_at` takes apart: 128 times the unit, or two units in one number, plus
        the standing; for anybody else with several units their person's id with a minus in place of the unit.
        """
        # SQLite would sort whole rows instead of their places, were the inner statement not kept apart.
        apart = " LIMIT -1" if self.vendor == "sqlite" else ""
        return Statement(
            f"{self._with()}SELECT s.place, count(*), sum(s.attendances) FROM "
            f"(SELECT {self._place()} AS place, coalesce(e.attendances, 0) AS attendances "
            f"FROM {self._standings()}{apart}) s GROUP BY s.place",
            self._params(),
        )

    def one_by_one(self) -> Statement:
        """(person, place, attendances), one row a person."""
        return Statement(
            f"{self._with()}SELECT q.person_id, {self._place()}, "
            f"coalesce(e.attendances, 0) FROM {self._standings()}",
            self._params(),
        )

    def posts(self, people: Iterable[int]) -> Statement:
        """(person, unit, settled there) for every unit in which these people are in the population."""
        return Statement(
            f"{self._with()}SELECT p.person_id, p.unit_id, max({_yes('p.since <= %(settled)s')}) "
            f"FROM {self._posting()} AND {among('p.person_id', 'people', self.vendor)} "
            "GROUP BY p.person_id, p.unit_id",
            {**self._params(), "people": listed(people, self.vendor)},
        )

    def proofs(self) -> Statement:
        """(person, course, source, completed_on, outcome, status, level, hours, valid_until, revoked_on,
        reference, number) of all evidence that could count, by person."""
        return Statement(
            f"{self._with()}SELECT e.person_id, e.course_id, e.source, e.completed_on, e.outcome, e.status, "
            f"e.level, e.hours, e.valid_until, e.revoked_on, e.reference, e.recorded FROM {self._possible()} "
            "ORDER BY e.person_id, e.recorded",
            self._params(),
        )

    def absences(self) -> Statement:
        """(person, reason, since, until, number) of the absences that take people out (step 5)."""
        return Statement(
            f"{self._with()}SELECT a.person_id, a.reason, a.since, a.until, a.recorded "
            f"FROM {self._taken_out()} ORDER BY a.recorded",
            self._params(),
        )

    def beginnings(self) -> Statement:
        """(person, first day of the earliest post) of everybody in the population or new to it."""
        return Statement(
            f"{self._with()}SELECT p.person_id, min(p.since) FROM {self._posting()} GROUP BY p.person_id",
            self._params(),
        )

    def first_days_of_this_work(self) -> Statement:
        """(person, first day of the earliest post ever, anywhere, with an audience of the rule)."""
        earlier = self._rows("roster_posting", "x", "(x.audience_mask & %(audience)s) <> 0")
        return Statement(
            f"{self._with()}SELECT x.person_id, min(x.since) FROM {earlier} AND x.person_id IN "
            f"(SELECT p.person_id FROM {self._posting()}) GROUP BY x.person_id",
            self._params(),
        )

    # The pieces

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
            columns = _COLUMNS[table].removeprefix("person_id, ")
            inner = self.moment.rows(table, "r")
            return (
                f"(SELECT same.human AS person_id, {columns} FROM same, {inner} AND r.person_id = same.code) "
                f"{alias} WHERE {where}"
            )
        if self.codes:
            where += f" AND NOT ({among(f'{alias}.person_id', 'codes', self.vendor)})"
        return self.moment.rows(table, alias, where)

    def _posting(self) -> str:
        """Posts on the day, with an audience of the rule, in the units asked for (step 2)."""
        where = f"{covers('p')} AND (p.audience_mask & %(audience)s) <> 0"
        if self.units is not None:
            where += f" AND {among('p.unit_id', 'units', self.vendor)}"
        return self._rows("roster_posting", "p", where)

    def _population(self) -> str:
        """One row a person: the first and last of their units, how many posts, and whether they are settled
        in any of them and in all (steps 2–4)."""
        new, settled = self.rule.new_within_months, _yes("p.since <= %(settled)s")
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

    def _standings(self) -> str:
        sql = f"({self._population()}) q LEFT JOIN ({self._training()}) e ON e.person_id = q.person_id"
        sql += f" LEFT JOIN ({self._underway()}) u ON u.person_id = q.person_id"
        if self.rule.excluded_reasons:
            sql += f" LEFT JOIN ({self._away()}) a ON a.person_id = q.person_id"
        return sql

    def _place(self) -> str:
        where = (
            "CASE WHEN q.unit = q.other THEN q.unit WHEN q.posts = 2 AND q.settled = q.settled_everywhere "
            f"THEN q.other * {UNITS} + q.unit ELSE -q.person_id END"
        )
        return f"{where} * {STANDINGS} + {self._standing()}"

    def _standing(self) -> str:
        """How somebody stands, packed as `rollup` unpacks it (step 8)."""
        away = "CASE WHEN a.person_id IS NULL THEN 0 ELSE 1 END" if self.rule.excluded_reasons else "0"
        trained, pending, expired, partly = (
            (f"e.latest > {_PENDING}", f"e.latest = {_PENDING}", f"e.latest = {_EXPIRED}", "")
            if self.rule.course_rule == "any"
            else ("e.trained = 1", "e.pending = 1", "e.expired = 1", "e.partly = 1 OR ")
        )
        state = (
            f"CASE WHEN {trained} THEN {_packed('trained')} + {self._source_of_latest()} "
            f"WHEN {pending} THEN {_packed('pending')} WHEN {expired} THEN {_packed('expired')} "
            f"WHEN {partly}u.person_id IS NOT NULL THEN {_packed('in_progress')} "
            f"ELSE {_packed('not_started')} END"
        )
        return f"(q.settled * {SETTLED} + {away} * {AWAY} + {state})"

    def _day_and_source(self) -> str:
        """A day of completion and its source as one value, the latest being the greatest, above _PENDING.

        A number on PostgreSQL, where texts are compared letter by letter by a language's rules; a text on
        SQLite, which keeps days as texts and holds any text to be greater than any number.
        """
        ranks = " ".join(f"WHEN '{source}' THEN {_rank(source)}" for source in SOURCES)
        rank = f"CASE v.source {ranks} ELSE 0 END"
        if self.vendor == "sqlite":
            return f"v.completed_on || {rank}"
        return f"(v.completed_on - DATE '0001-01-01' + 1) * 4 + {rank}"

    def _source_of_latest(self) -> str:
        """Its source's place in SOURCES, counted from 1."""
        rank = "substr(e.latest, 11)" if self.vendor == "sqlite" else "e.latest %% 4"
        quote = "'" if self.vendor == "sqlite" else ""
        places = " ".join(
            f"WHEN {quote}{_rank(source)}{quote} THEN {place}"
            for place, source in enumerate(SOURCES, start=1)
        )
        return f"CASE {rank} {places} ELSE 0 END"

    def _away(self) -> str:
        """Who is on an approved absence that takes a person out (step 5)."""
        return f"SELECT DISTINCT a.person_id FROM {self._taken_out()}"

    def _taken_out(self) -> str:
        reasons = ", ".join(f"%(reason{i})s" for i in range(len(self.rule.excluded_reasons))) or "NULL"
        where = f"{covers('a')} AND a.status = 'approved' AND a.reason IN ({reasons})"
        return self._rows("roster_absence", "a", where)

    def _underway(self) -> str:
        """Who is in the middle of one of the courses."""
        where = f"{covers('w')} AND w.course_id IN ({self._course_list()})"
        return f"SELECT DISTINCT w.person_id FROM {self._rows('coverage_progress', 'w', where)}"

    def _course_list(self) -> str:
        return ", ".join(str(int(course)) for course in self.courses) or "NULL"

    def _training(self) -> str:
        """One row a person with evidence: whether the course rule holds over it (steps 7 and 8)."""
        if self.rule.course_rule == "any":
            return self._best()
        return (
            "SELECT v.person_id, "
            f"{self._holds('v.counts')} AS trained, {self._holds('v.timely')} AS pending, "
            f"{self._holds('v.approved')} AS expired, {self._partly()} AS partly, "
            f"{_ATTENDANCES}, "
            f"max(CASE WHEN v.counts = 1{self._bears()} THEN {self._day_and_source()} END) AS latest "
            f"FROM ({self._evidence()}) v GROUP BY v.person_id"
        )

    def _best(self) -> str:
        """The same where one course is enough: what the best evidence of each person is worth, in one number,
        since six of them over three million rows cost twice as much."""
        return (
            "SELECT v.person_id, max(CASE WHEN v.timely = 0 THEN CASE WHEN v.approved = 1 "
            f"THEN {_EXPIRED} ELSE 0 END WHEN v.approved = 1 THEN {self._day_and_source()} "
            f"ELSE {_PENDING} END) AS latest, {_ATTENDANCES} "
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
            f"{_yes(approved)} AS approved, {_yes(in_time)} AS timely, "
            f"{_yes(f'{approved} AND {in_time}')} AS counts FROM {self._possible()}"
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
            return _yes(
                f"count(DISTINCT CASE WHEN {flag} = 1 THEN v.course_id END) = {len(set(self.courses))}"
            )
        if rule.course_rule == "levels":
            return _yes(
                " AND ".join(
                    f"max(CASE WHEN {flag} = 1 AND v.level = %(level{i})s THEN 1 ELSE 0 END) = 1"
                    for i in range(len(rule.levels))
                )
            )
        if rule.course_rule == "hours":
            return _yes(f"sum(CASE WHEN {flag} = 1 THEN {_HUNDREDTHS} ELSE 0 END) >= %(hundredths)s")
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


_ATTENDANCES = "CAST(sum(v.counts) AS integer) AS attendances"
"""PostgreSQL adds small numbers as such, and large ones as decimals."""
_EXPIRED, _PENDING = 1, 2
"""In place of a day and its source: approved once but not in time, and in time but not approved."""

_HUNDREDTHS = "CAST(round(coalesce(v.hours, 0) * 100) AS bigint)"
"""Hours as whole numbers, since SQLite would add them as binary fractions."""


def _yes(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


def _packed(state: State) -> int:
    return STATES.index(state) * STATE


def _rank(source: str) -> int:
    """So that of two on one day the one further left in SOURCES is the greater."""
    return len(SOURCES) - SOURCES.index(source)


assert len(SOURCES) < 4
assert SOURCE == 1
