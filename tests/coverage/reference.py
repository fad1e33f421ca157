"""COVERAGE.md §3 by brute force: plain Python over lists of facts, in the page's own order.

Written from the page and sharing no line with `rules`, `rollup` or `statements`, so that both being wrong in
the same way takes two mistakes. Slow, and meant to be.
"""

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import floor


@dataclass(frozen=True)
class Known:
    """From when to when a belief was held, in ledger numbers."""

    recorded: int
    superseded: int | None = None

    def at(self, number: int) -> bool:
        return self.recorded <= number and (self.superseded is None or self.superseded > number)


@dataclass(frozen=True)
class UnitSpan:
    known: Known
    unit: str
    kind: str
    parent: str | None
    since: date
    until: date | None


@dataclass(frozen=True)
class Posting:
    known: Known
    person: str
    unit: str
    audiences: frozenset[str]
    since: date
    until: date | None


@dataclass(frozen=True)
class Absence:
    known: Known
    person: str
    reason: str
    approved: bool
    since: date
    until: date | None


@dataclass(frozen=True)
class Evidence:
    known: Known
    person: str
    course: str
    level: str
    source: str
    completed_on: date
    hours: Fraction
    outcome: str
    status: str
    valid_until: date | None
    revoked_on: date | None
    reference: str


@dataclass(frozen=True)
class Progress:
    known: Known
    person: str
    course: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Confirmation:
    known: Known
    unit: str
    day: date


@dataclass(frozen=True)
class Merge:
    """The code `person` is the same human being as `same_as`."""

    known: Known
    person: str
    same_as: str


@dataclass(frozen=True)
class Activity:
    known: Known
    unit: str
    kind: str
    day: date
    participants: int
    status: str
    revoked_on: date | None
    title: str


@dataclass(frozen=True)
class Target:
    operator: str
    value: Fraction
    audiences: frozenset[str]
    unit: str
    unit_kinds: frozenset[str]
    new_within_months: int
    grace_days: int
    excluded_reasons: frozenset[str]
    courses: frozenset[str]
    course_rule: str
    levels: frozenset[str]
    hours: Fraction
    outcome: str
    must_be_valid: bool
    window: str
    """`period`, `ever` or `months:N`."""
    external_accepted: bool
    period_start: date
    counts: str = "people"
    having: str = ""
    activities: frozenset[str] = frozenset()


@dataclass
class World:
    units: list[UnitSpan] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)
    confirmations: list[Confirmation] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)


class NoSuchUnit(Exception):
    pass


def minus_months(day: date, months: int) -> date:
    """A day that does not exist becomes the last day of that month."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def covers(fact, day: date) -> bool:
    return fact.since <= day and (fact.until is None or day < fact.until)


def outcome(target: Target, m: int, n: int) -> tuple:
    """9. Rate, met. 10. Short by."""

    def met_with(trained: int) -> bool:
        exact = Fraction(100 * trained, m)
        if target.operator == ">":
            return exact > target.value
        if target.operator == ">=":
            return exact >= target.value
        return exact == target.value

    if m:
        tenths = floor(Fraction(1000 * n, m))
        rate = f"{tenths // 10}.{tenths % 10}"
        met = met_with(n)
        short_by = next((k for k in range(m - n + 1) if met_with(n + k)), None)
    else:
        rate, met, short_by = None, None, None
    return rate, met, short_by


def compute_units(world: World, target: Target, spans, area, below, day: date, number: int) -> dict:
    """The same over units: those of the target's kinds, each by what it held itself."""
    units = {
        code
        for code in area
        if spans[code].kind in target.unit_kinds
        and (not target.having or any(spans[inner].kind == target.having for inner in below(code) - {code}))
    }
    states: dict[str, list[str]] = {
        s: [] for s in ("trained", "pending", "expired", "in_progress", "not_started")
    }
    participants = 0
    for unit in sorted(units):
        held = [
            a
            for a in world.activities
            if a.known.at(number)
            and a.unit == unit
            and a.kind in target.activities
            and a.day <= day
            and (a.revoked_on is None or day < a.revoked_on)
        ]
        if target.window == "period":
            timely = [a for a in held if a.day >= target.period_start]
        elif target.window.startswith("months:"):
            first = minus_months(day, int(target.window.removeprefix("months:")))
            timely = [a for a in held if a.day > first]
        else:
            timely = held
        counted = [a for a in timely if a.status == "approved"]
        participants += sum(a.participants for a in counted)

        def enough(rows: list[Activity]) -> bool:
            kinds = {a.kind for a in rows}
            return kinds >= target.activities if target.course_rule == "all" else bool(kinds)

        if enough(counted):
            states["trained"].append(unit)
        elif enough([a for a in timely if a.status in ("approved", "declared")]):
            states["pending"].append(unit)
        elif enough([a for a in held if a.status == "approved"]):
            states["expired"].append(unit)
        elif counted:
            states["in_progress"].append(unit)
        else:
            states["not_started"].append(unit)
    m, n = len(units), len(states["trained"])
    rate, met, short_by = outcome(target, m, n)
    return {
        "required": m,
        **{state: len(found) for state, found in states.items()},
        "excluded": 0,
        "in_grace": 0,
        "rate": rate,
        "met": met,
        "short_by": short_by,
        "attendances": participants,
        "by_source": {"online": 0, "class": n, "external": 0},
        "roster": {"units": 0, "confirmed": 0, "oldest": None},
        "people": {**states, "excluded": [], "in_grace": []},
        "counts": "units",
    }


def compute(world: World, target: Target, unit: str, day: date, number: int) -> dict:
    """The object that `manage.py coverage --people` prints, but for target, unit, on, ledger and children."""
    human = {m.person: m.same_as for m in world.merges if m.known.at(number)}

    def who(code: str) -> str:
        while code in human:
            code = human[code]
        return code

    # 1. The tree on D.
    spans = {s.unit: s for s in world.units if s.known.at(number) and covers(s, day)}
    if unit not in spans:
        raise NoSuchUnit(unit)

    def below(top: str) -> set[str]:
        if top not in spans:
            return set()
        found = {top}
        while True:
            more = {code for code, s in spans.items() if s.parent in found} - found
            if not more:
                return found
            found |= more

    area = below(unit) & below(target.unit)
    if target.counts == "units":
        return compute_units(world, target, spans, area, below, day, number)

    # 2. In the population.
    postings = [p for p in world.postings if p.known.at(number)]
    of_audience = [p for p in postings if p.audiences & target.audiences]
    qualifying = [
        p
        for p in of_audience
        if covers(p, day)
        and p.unit in area
        and (not target.unit_kinds or spans[p.unit].kind in target.unit_kinds)
    ]
    people = {who(p.person) for p in qualifying}

    # 3. New only.
    if target.new_within_months:
        threshold = minus_months(day, target.new_within_months)
        people = {x for x in people if min(p.since for p in of_audience if who(p.person) == x) > threshold}

    # 4. In grace.
    grace = 0 if target.new_within_months else target.grace_days
    in_grace = {
        x
        for x in people
        if all(p.since > day - timedelta(days=grace) for p in qualifying if who(p.person) == x)
    }

    # 5. Excluded.
    away = {
        who(a.person)
        for a in world.absences
        if a.known.at(number) and a.approved and a.reason in target.excluded_reasons and covers(a, day)
    }
    excluded = (people - in_grace) & away

    # 6. Required.
    required = people - in_grace - excluded

    # 7. and 8. Trained, and everybody's state.
    rank = {"attended": 1, "completed": 2, "passed": 3}

    def counts(e: Evidence, *, statuses: set[str], timely: bool) -> bool:
        if e.status not in statuses:
            return False
        if e.revoked_on is not None and e.revoked_on <= day:
            return False
        if e.completed_on > day:
            return False
        if rank[e.outcome] < rank[target.outcome]:
            return False
        if e.source == "external" and not target.external_accepted:
            return False
        if e.course not in target.courses:
            return False
        if not timely:
            return True
        if target.must_be_valid and e.valid_until is not None and not e.valid_until > day:
            return False
        if target.window == "period":
            return target.period_start <= e.completed_on
        if target.window.startswith("months:"):
            return e.completed_on > minus_months(day, int(target.window.removeprefix("months:")))
        return True

    def rule_holds(rows: list[Evidence]) -> bool:
        if target.course_rule == "any":
            return len(rows) > 0
        if target.course_rule == "all":
            return all(any(e.course == c for e in rows) for c in target.courses)
        if target.course_rule == "levels":
            return all(any(e.level == lv for e in rows) for lv in target.levels)
        return sum(e.hours for e in rows) >= target.hours

    def covers_a_part(rows: list[Evidence]) -> bool:
        if target.course_rule == "levels":
            return any(e.level in target.levels for e in rows)
        if target.course_rule == "hours":
            return any(e.hours > 0 for e in rows)
        return bool(rows)

    by_person: dict[str, list[Evidence]] = {}
    for e in world.evidence:
        if e.known.at(number):
            by_person.setdefault(who(e.person), []).append(e)
    underway = {
        who(p.person)
        for p in world.progress
        if p.known.at(number) and covers(p, day) and p.course in target.courses
    }
    states: dict[str, list[str]] = {
        s: [] for s in ("trained", "pending", "expired", "in_progress", "not_started")
    }
    by_source = {"online": 0, "class": 0, "external": 0}
    attendances = 0
    for x in sorted(required):
        rows = by_person.get(x, [])
        counted = [e for e in rows if counts(e, statuses={"approved"}, timely=True)]
        attendances += len(counted)
        if rule_holds(counted):
            states["trained"].append(x)
            deciding = [
                e
                for e in counted
                if (target.course_rule != "levels" or e.level in target.levels)
                and (target.course_rule != "hours" or e.hours > 0)
            ]
            last_day = max(e.completed_on for e in deciding)
            sources = {e.source for e in deciding if e.completed_on == last_day}
            by_source[next(s for s in ("online", "class", "external") if s in sources)] += 1
        elif rule_holds([e for e in rows if counts(e, statuses={"approved", "declared"}, timely=True)]):
            states["pending"].append(x)
        elif rule_holds([e for e in rows if counts(e, statuses={"approved"}, timely=False)]):
            states["expired"].append(x)
        elif x in underway or covers_a_part(counted):
            states["in_progress"].append(x)
        else:
            states["not_started"].append(x)

    m, n = len(required), len(states["trained"])
    rate, met, short_by = outcome(target, m, n)

    # How fresh the roster is.
    staffed = {p.unit for p in postings if covers(p, day) and p.unit in area}
    last = {
        u: max(
            (c.day for c in world.confirmations if c.known.at(number) and c.unit == u and c.day <= day),
            default=None,
        )
        for u in staffed
    }
    confirmed_days = [d for d in last.values() if d is not None]
    return {
        "required": m,
        "trained": n,
        "pending": len(states["pending"]),
        "expired": len(states["expired"]),
        "in_progress": len(states["in_progress"]),
        "not_started": len(states["not_started"]),
        "excluded": len(excluded),
        "in_grace": len(in_grace),
        "rate": rate,
        "met": met,
        "short_by": short_by,
        "attendances": attendances,
        "by_source": by_source,
        "roster": {
            "units": len(staffed),
            "confirmed": sum(d >= target.period_start for d in confirmed_days),
            "oldest": min(confirmed_days).isoformat() if confirmed_days else None,
        },
        "people": {
            **states,
            "excluded": sorted(excluded),
            "in_grace": sorted(in_grace),
        },
    }
