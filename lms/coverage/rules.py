"""A target's rule as pure thought: who is new or in grace, what evidence counts, when the target is met.

docs/coverage.md §2 and §3, to the letter; no Django, no database. `statements` says the same in SQL.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, TypeAlias

from lms.kernel.spans import months_before

Operator: TypeAlias = Literal[">", ">=", "="]
State: TypeAlias = Literal["trained", "pending", "expired", "in_progress", "not_started"]

STATES: tuple[State, ...] = ("trained", "pending", "expired", "in_progress", "not_started")
"""Everybody who must be trained is in exactly one: the first that fits, in this order."""
HELD = ("class", "attended")
"""Source and outcome of a unit's activity: something that took place, and was taken part in."""
SOURCES = ("online", "class", "external")
"""Where training came from; of two on one day the one further left is called the latest."""
OUTCOMES = ("attended", "completed", "passed")
"""From the least to the most."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One belief about one piece of evidence, as the rule looks at it."""

    course: str
    source: str
    completed_on: date
    outcome: str
    status: str
    level: str = ""
    hours: Decimal | None = None
    valid_until: date | None = None
    revoked_on: date | None = None
    reference: str = ""
    number: int = 0
    """The ledger number at which it was recorded."""
    attendances: int = 1
    """How many took part: one, or the participants of a unit's activity."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What one version of a target demands, of whom, and what counts towards it."""

    operator: Operator
    value: Decimal
    """Per cent; a whole number or one decimal."""
    audience_mask: int
    unit: str
    courses: tuple[str, ...]
    period_start: date
    period_end: date
    unit_kinds: tuple[str, ...] = ()
    new_within_months: int = 0
    grace_days: int = 30
    excluded_reasons: tuple[str, ...] = ()
    course_rule: Literal["any", "all", "levels", "hours"] = "any"
    levels: tuple[str, ...] = ()
    hours: Decimal | None = None
    outcome: Literal["passed", "completed", "attended"] = "passed"
    must_be_valid: bool = False
    window: Literal["period", "months", "ever"] = "period"
    window_months: int = 0
    external_accepted: bool = True
    of_units: bool = False
    """Units are counted, not people: `courses` are kinds of activity, each activity a proof of its unit."""
    having: str = ""
    """Only units with one of this kind below them."""

    # Whom it counts --------------------------------------------------------------------------

    def first_day_of_the_new(self, on: date) -> date | None:
        """The first `since` of a person who is new on that day; None where everybody counts (step 3)."""
        if not self.new_within_months:
            return None
        return months_before(on, self.new_within_months) + timedelta(days=1)

    def last_day_out_of_grace(self, on: date) -> date:
        """Who holds a posting since this day or earlier is no longer in grace (step 4)."""
        return on - timedelta(days=0 if self.new_within_months else self.grace_days)

    # What counts -----------------------------------------------------------------------------

    def first_day_of_the_window(self, on: date) -> date | None:
        """The first day of completion that counts; None where any day does (step 7)."""
        if self.window == "period":
            return self.period_start
        if self.window == "months":
            return months_before(on, self.window_months) + timedelta(days=1)
        return None

    def outcomes(self) -> tuple[str, ...]:
        """The outcomes that are enough."""
        return OUTCOMES[OUTCOMES.index(self.outcome) :]

    def could_count(self, proof: Proof, on: date) -> bool:
        """Step 7 without approval, window and validity: what all three variants of the rule ask."""
        return (
            proof.course in self.courses
            and proof.status in ("approved", "declared")
            and proof.completed_on <= on
            and (proof.revoked_on is None or proof.revoked_on > on)
            and proof.outcome in self.outcomes()
            and (self.external_accepted or proof.source != "external")
        )

    def in_time(self, proof: Proof, on: date) -> bool:
        """Completed inside the window, and not expired where validity is asked for."""
        first = self.first_day_of_the_window(on)
        if first is not None and proof.completed_on < first:
            return False
        return not self.must_be_valid or proof.valid_until is None or proof.valid_until > on

    def counts(self, proof: Proof, on: date) -> bool:
        """Whether this piece of evidence counts on that day (step 7)."""
        return proof.status == "approved" and self.could_count(proof, on) and self.in_time(proof, on)

    def bears_on_the_course_rule(self, proof: Proof) -> bool:
        """Whether it moves the course rule forward: a level that is asked for, hours more than none."""
        if self.course_rule == "levels":
            return proof.level in self.levels
        if self.course_rule == "hours":
            return bool(proof.hours)
        return True

    def holds(self, proofs: Iterable[Proof]) -> bool:
        """Whether the course rule holds over these pieces of evidence."""
        if self.course_rule == "all":
            return {p.course for p in proofs} >= set(self.courses)
        if self.course_rule == "levels":
            return {p.level for p in proofs} >= set(self.levels)
        if self.course_rule == "hours":
            return sum((p.hours or Decimal(0) for p in proofs), Decimal(0)) >= (self.hours or 0)
        return any(True for _ in proofs)

    def counted(self, proofs: Iterable[Proof], on: date) -> list[Proof]:
        """What counts, latest first."""
        return sorted((p for p in proofs if self.counts(p, on)), key=_latest_first)

    def deciding(self, proofs: Iterable[Proof], on: date) -> list[Proof]:
        """The evidence that makes the course rule hold, latest first; empty for who is not trained."""
        bearing = [p for p in self.counted(proofs, on) if self.bears_on_the_course_rule(p)]
        return bearing if self.holds(bearing) else []

    def state(self, proofs: Sequence[Proof], on: date, *, underway: bool = False) -> State:
        """The state of a person of M with this evidence (step 8).

        `underway`: there is an open enrolment in one of the courses with at least one finished lesson.
        """
        possible = [p for p in proofs if self.could_count(p, on)]
        counted = [p for p in possible if self.counts(p, on)]
        if self.holds(counted):
            return "trained"
        if self.holds([p for p in possible if self.in_time(p, on)]):
            return "pending"
        if self.holds([p for p in possible if p.status == "approved"]):
            return "expired"
        if underway or any(self.bears_on_the_course_rule(p) for p in counted):
            return "in_progress"
        return "not_started"

    # What it comes to ------------------------------------------------------------------------

    @property
    def _tenths(self) -> int:
        return int(self.value * 10)

    def met(self, trained: int, required: int) -> bool | None:
        """Whether the target is met, on the exact fraction; None where nobody must be trained (step 9)."""
        if not required:
            return None
        have, want = trained * 1000, self._tenths * required
        if self.operator == ">":
            return have > want
        return have >= want if self.operator == ">=" else have == want

    def short_by(self, trained: int, required: int) -> int | None:
        """How many more of the required must become trained; None where it cannot be met so (step 10)."""
        if not required:
            return None
        whole, rest = divmod(self._tenths * required, 1000)
        if self.operator == "=":
            return whole - trained if rest == 0 and trained <= whole <= required else None
        needed = whole + 1 if self.operator == ">" or rest else whole
        if trained >= needed:
            return 0
        return needed - trained if needed <= required else None


def rate(trained: int, required: int) -> str | None:
    """Per cent with one decimal, rounded down; None where nobody must be trained (step 9)."""
    if not required:
        return None
    whole, tenths = divmod(trained * 1000 // required, 10)
    return f"{whole}.{tenths}"


def source_of(deciding: Sequence[Proof]) -> str:
    """The source of the latest of these: the day decides, then the order of SOURCES."""
    return min(deciding, key=_latest_first).source


def _latest_first(proof: Proof) -> tuple[int, int, int, str]:
    return (-proof.completed_on.toordinal(), SOURCES.index(proof.source), -proof.number, proof.course)
