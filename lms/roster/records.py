"""What crosses the door: finished rows, without a way back into the database."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from .enums import UnitKind


@dataclass(frozen=True, slots=True)
class UnitOnDay:
    """A unit as it was called, and where it stood, on one day."""

    id: int
    public_id: UUID
    code: str
    name: str
    kind: str
    parent: int | None
    sector: str
    since: date
    until: date | None

    @property
    def kind_label(self) -> str:
        return str(UnitKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class UnitFound:
    """A search's answer: the unit, and the names of the units above it, the nearest first."""

    unit: UnitOnDay
    above: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PostingOnDay:
    """Where a person works, and what for."""

    id: int
    unit: int
    unit_code: str
    unit_name: str
    title: str
    audiences: tuple[str, ...]
    since: date
    until: date | None
    decision: str


@dataclass(frozen=True, slots=True)
class PersonOnDay:
    """Who a person is, and their postings on one day."""

    id: int
    public_id: UUID
    code: str
    full_name: str
    birth_date: date | None
    postings: tuple[PostingOnDay, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """How a person can be written to, and in which language; empty where the register knows no way."""

    full_name: str
    email: str
    phone: str
    language: str


@dataclass(frozen=True, slots=True)
class RosterFreshness:
    """When the list of staff of one unit was last confirmed; `None`: never."""

    unit: int
    unit_code: str
    unit_name: str
    people: int
    confirmed_on: date | None


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role that a person holds, as its holder reads it."""

    role: str
    role_label: str
    unit_code: str
    unit_name: str
    since: date
    until: date | None
    sentence: str


@dataclass(frozen=True, slots=True)
class LookTold:
    """Who opened which page of mine on which day."""

    day: date
    code: str
    name: str
    unit: str
    page: str


@dataclass(frozen=True, slots=True)
class ErasureShown:
    """What would be erased of a person and what stays: how many of each, before anybody decides."""

    code: str
    full_name: str
    left_on: date | None
    particulars: int
    posts: int
    absences: int
    looks: int
    national_id: bool
    sign_in: bool


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role as whoever keeps roles reads it: whose, for what, from whom, and where it stands."""

    chain: UUID
    person_code: str
    person_name: str
    role_label: str
    unit_code: str
    unit_name: str
    since: date
    until: date | None
    status: str
    granted_by: str
    approved_by: str
    mine: bool
    """I granted it, or it is mine: somebody else decides."""


@dataclass(frozen=True, slots=True)
class FactStated:
    """A fact about a person as now believed, in words for the person."""

    kind: str
    """`record`, `posting` or `absence`."""
    chain: UUID
    words: str


@dataclass(frozen=True, slots=True)
class Post:
    """A post as the figures look at it: where, for which audiences, when."""

    unit: int
    audience_mask: int
    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or self.until > day)


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merger of units did."""

    units: int
    children: int
    people: int
    roles: int


@dataclass(frozen=True, slots=True)
class MadeUpPerson:
    """Somebody of the demonstration: a posting that they hold today. Who holds two stands there twice."""

    code: str
    unit: str
    audiences: tuple[str, ...]
    since: date


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The demonstration's staff, for whoever makes up their training."""

    today: date
    commune: str
    learner: str
    next_learner: str
    on_leave: str
    people: tuple[MadeUpPerson, ...]


@dataclass(frozen=True, slots=True)
class Slip:
    """One strip of a sheet of one-time codes. The code stands here and on the paper, nowhere else."""

    person_code: str
    full_name: str
    unit_name: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Reachable:
    """How somebody can be reached; the number and the address themselves stay in the register."""

    person_id: int
    code: str
    has_phone: bool
    has_email: bool
    came_in: bool
    """Whether they have ever signed in."""


@dataclass(frozen=True, slots=True)
class PersonListed:
    """One line of a list that goes out: where somebody works, and as what, on a day."""

    code: str
    full_name: str
    units: str
    titles: str


@dataclass(frozen=True, slots=True)
class AbsenceTold:
    """Why somebody is away, who asked for it, and the second person who approved it."""

    reason: str
    proposed_by: str
    approved_by: str
    """Empty where the operator's import did."""
