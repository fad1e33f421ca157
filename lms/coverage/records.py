"""What crosses the door of coverage: finished figures, without a way back into the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class BySource:
    """How the trained divide by the source of their latest deciding evidence."""

    online: int = 0
    class_: int = 0
    external: int = 0

    def as_json(self) -> dict[str, int]:
        return {"online": self.online, "class": self.class_, "external": self.external}


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh the lists of staff are from which a figure was counted."""

    units: int = 0
    """Units with people in them."""
    confirmed: int = 0
    """Those of them that confirmed their list within the period."""
    oldest: date | None = None
    """The oldest of the last confirmations; units that never confirmed have none."""

    @property
    def stale(self) -> bool:
        """A rate on a stale roster is never shown as green."""
        return self.confirmed < self.units

    def as_json(self) -> dict[str, Any]:
        return {
            "units": self.units,
            "confirmed": self.confirmed,
            "oldest": self.oldest.isoformat() if self.oldest else None,
        }


@dataclass(frozen=True, slots=True)
class Figure:
    """One unit's share of people trained, for one target, on one day, as known at one ledger size."""

    target: str
    unit: str
    on: date
    ledger: int
    required: int
    trained: int
    pending: int
    expired: int
    in_progress: int
    not_started: int
    excluded: int
    in_grace: int
    rate: str | None
    met: bool | None
    short_by: int | None
    attendances: int
    by_source: BySource
    roster: Freshness
    version: int = 1
    """Of the target."""
    unit_id: int = 0
    unit_name: str = ""
    """As the unit was called on the day."""
    children: tuple["Figure", ...] = ()
    """The units directly below, by code."""
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Officer codes by state, and of the excluded and those in grace; unit codes where units are counted."""
    counts: str = "people"
    """What was counted: `people` or `units`."""

    def as_json(self) -> dict[str, Any]:
        """As `manage.py coverage` prints it (docs/contract.md)."""
        return {
            "target": self.target,
            "unit": self.unit,
            "on": self.on.isoformat(),
            "ledger": self.ledger,
            "required": self.required,
            "trained": self.trained,
            "pending": self.pending,
            "expired": self.expired,
            "in_progress": self.in_progress,
            "not_started": self.not_started,
            "excluded": self.excluded,
            "in_grace": self.in_grace,
            "rate": self.rate,
            "met": self.met,
            "short_by": self.short_by,
            "attendances": self.attendances,
            "by_source": self.by_source.as_json(),
            "roster": self.roster.as_json(),
            "children": [child.as_json() for child in self.children],
            "people": {state: list(codes) for state, codes in self.people.items()},
            **({"counts": self.counts} if self.counts != "people" else {}),
        }


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """One line of the table under a report."""

    unit: str
    required: int
    new: int
    """Of the required: their earliest post ever in this work began within the period."""
    classes: int
    """Different classes that count towards the target; each course learned on the platform is one."""
    attendances: int
    trained: int
    basic: int
    advanced: int
    passed: int
    """Of the required: at least one test passed."""
    excluded: int
    in_grace: int
    late: int = 0
    """Of the trained: who are so only by training that was first told more than a day after it was over."""
    trained_people: tuple[int, ...] = ()
    """Row ids; for asking other rooms about them."""


@dataclass(frozen=True, slots=True)
class Annex:
    """The rows under a unit's figure. `children` and `own` may hold one person twice, `whole` never does."""

    target: str
    unit: str
    on: date
    ledger: int
    children: tuple[AnnexRow, ...]
    own: AnnexRow
    whole: AnnexRow
    contests: int = 0
    """Contests of these units' people that had no answer yet."""
    counts: str = "people"


@dataclass(frozen=True, slots=True)
class TargetListed:
    """A target as a page lists it: the latest version now believed."""

    code: str
    version: int
    name: str
    document: str
    issuer: str
    operator: str
    value: str
    unit_id: int
    unit_code: str
    period_start: date
    period_end: date
    counts: str = "people"
    """What is counted: `people` or `units`."""
    unit_kinds: str = ""
    """The names of the kinds of units that count, where not all do."""

    @property
    def demand(self) -> str:
        """«> 80 %»."""
        return f"{self.operator} {self.value} %"


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A piece of evidence as a page shows it."""

    course_code: str
    course_title: str
    source: str
    source_label: str
    outcome_label: str
    completed_on: date
    status: str
    status_label: str
    reference: str
    valid_until: date | None
    number: int
    """The ledger number at which it was recorded; 0: not numbered yet."""
    chain: UUID | None = None
    told_late_on: date | None = None
    """When it was first told, where that was more than a day after its completion."""


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """What a unit held, as a page shows it."""

    chain: UUID
    title: str
    kind_label: str
    day: date
    participants: int
    status: str
    status_label: str
    revoked_on: date | None
    number: int
    """The ledger number at which it was recorded; 0: not numbered yet."""


@dataclass(frozen=True, slots=True)
class EvidenceTold:
    """A piece of evidence as news of it tells."""

    chain: UUID
    person_id: int
    course_id: int
    source: str
    status: str
    outcome: str
    completed_on: date
    reference: str
    revoked_on: date | None


@dataclass(frozen=True, slots=True)
class OutsideTraining:
    """Approved evidence of a class or from outside, whole enough to be written on a paper."""

    chain: UUID
    person_id: int
    course_id: int
    course_code: str
    course_title: str
    source_label: str
    level_label: str
    hours: Decimal | None
    outcome_label: str
    completed_on: date
    valid_until: date | None
    reference: str


@dataclass(frozen=True, slots=True)
class ContestTold:
    """A contest as news of it tells: no words of anybody's."""

    chain: UUID
    person_id: int
    unit_id: int
    status: str
    due: date


@dataclass(frozen=True, slots=True)
class ContestListed:
    """A contest as a page shows it."""

    chain: UUID
    person_id: int
    person_code: str
    person_name: str
    unit_name: str
    about: str
    about_label: str
    fact: str
    """What is recorded now, in words; empty where something is missing, or it is withdrawn."""
    words: str
    opened_on: date
    due: date
    status: str
    status_label: str
    overdue: bool
    answer: str
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class ContestsWaiting:
    """How many contests wait for an answer, and how many of them are overdue."""

    waiting: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Contestable:
    """Something recorded about a person, which they may contest."""

    about: str
    chain: UUID
    words: str

    @property
    def key(self) -> str:
        return f"{self.about}:{self.chain}"


@dataclass(frozen=True, slots=True)
class Need:
    """A course that would help, and whether it is among what already counts."""

    course_code: str
    title: str
    done: bool
    level: str = ""
    hours: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """Why a person must be trained for one target, and where they stand: counted or not, and why."""

    target: TargetListed
    standing: str
    """A state, or `excluded`, or `in_grace`."""
    rule: tuple[str, ...]
    """In words, one sentence a line."""
    course_rule: str
    """Which of the needs it takes: `any`, `all`, `levels`, `hours`."""
    levels: tuple[str, ...]
    needs: tuple[Need, ...]
    deciding: tuple[EvidenceLine, ...]
    waiting: tuple[EvidenceLine, ...]
    """Declared, and not approved yet."""
    lapsed: tuple[EvidenceLine, ...]
    """Out of the window, or no longer valid."""
    absence: str = ""
    absent_until: date | None = None
    counted_from: date | None = None
    """For somebody in grace: the first day on which they count."""

    @property
    def fulfilled(self) -> bool:
        return self.standing == "trained"

    @property
    def missing(self) -> tuple[Need, ...]:
        """What would still help: of levels asked for, only those of which nothing is done yet."""
        still = tuple(need for need in self.needs if not need.done)
        if self.course_rule != "levels":
            return still
        have = {need.level for need in self.needs if need.done}
        return tuple(need for need in still if need.level in self.levels and need.level not in have)

    @property
    def open(self) -> bool:
        """Whether there is something to do about it now."""
        return self.standing in ("in_progress", "not_started", "expired", "in_grace")


@dataclass(frozen=True, slots=True)
class Deciding:
    """A piece of evidence by which somebody counts as trained."""

    course: str
    source: str
    outcome: str
    completed_on: date
    reference: str
    number: int
    """The ledger number at which it was recorded."""

    def as_json(self) -> dict[str, Any]:
        return {
            "course": self.course,
            "source": self.source,
            "outcome": self.outcome,
            "completed_on": self.completed_on.isoformat(),
            "reference": self.reference,
            "number": self.number,
        }


@dataclass(frozen=True, slots=True)
class Away:
    """An approved absence that takes somebody out of the figure."""

    reason: str
    since: date
    until: date | None
    number: int

    def as_json(self) -> dict[str, Any]:
        return {
            "reason": self.reason,
            "since": self.since.isoformat(),
            "until": self.until.isoformat() if self.until else None,
            "number": self.number,
        }


@dataclass(frozen=True, slots=True)
class PersonStands:
    """One person of a figure, or one unit where units are counted: how they stand, and by what."""

    code: str
    standing: str
    """A state, or `excluded`, or `in_grace`."""
    evidence: tuple[Deciding, ...] = ()
    """What makes the rule hold for who is trained, the latest first."""
    absences: tuple[Away, ...] = ()
    """What takes out who is excluded."""
    since: date | None = None
    """For who is in grace: the first day of their earliest post here."""
    is_unit: bool = False

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {"unit" if self.is_unit else "person": self.code, "state": self.standing}
        if self.evidence:
            found["evidence"] = [proof.as_json() for proof in self.evidence]
        if self.absences:
            found["absences"] = [absence.as_json() for absence in self.absences]
        if self.since:
            found["since"] = self.since.isoformat()
        return found


@dataclass(frozen=True, slots=True)
class Receipt:
    """A figure opened: everybody who is in it, how they stand and by what."""

    figure: Figure
    """With its direct children's figures."""
    target: Mapping[str, Any]
    """The target's version, field by field (docs/coverage.md §2)."""
    people: tuple[PersonStands, ...]
    """By officer code."""
