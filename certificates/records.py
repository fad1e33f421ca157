"""What crosses the door."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Achievement:
    """What somebody has earned: the part of a certificate that learning knows."""

    course_id: int
    course_code: str
    course_title: str
    level_label: str
    edition: int
    round: int
    hours: Decimal | None
    result_label: str
    completed_on: date
    reference: str = ""
    """The paper or decision that proves it, where the platform did not see it."""


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """A certificate in its holder's list."""

    public_id: UUID
    link: str
    number: str
    title: str
    course_code: str
    course_title: str
    issued_on: date
    valid_until: date | None
    state: str


@dataclass(frozen=True, slots=True)
class Verified:
    """The answer to somebody who holds the paper: what it must say, and what it is worth on this day.

    `state` is `valid`, `expired`, `revoked`, `not_genuine` or `erased`.
    """

    state: str
    on: date
    paper: dict[str, Any]
    revoked_on: date | None = None
    revocation_reason: str = ""
    last_day: date | None = None
    entry: int | None = None
    """Number of the ledger's entry that commits to the paper."""
    recorded_at: datetime | None = None
    signer: str = ""
    """Who signed the PDF for the agency, where it was signed outside."""
    signed_at: datetime | None = None
    words: str = ""
    """Four syllables that stand on the paper too."""


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A line of the register, as whoever keeps it reads and exports it."""

    public_id: UUID
    number: str
    holder: str
    unit: str
    course: str
    details: str
    issued_on: date
    last_day: date | None
    state: str
    waits: bool
    """Whether somebody asked for a change that nobody has decided about."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits for a second person."""

    public_id: UUID
    certificate: UUID
    number: str
    holder: str
    kind: str
    reason: str
    explanation: str
    proposed_by: str
    proposed_on: date
    mine: bool
    """Asked for by who reads this, who therefore may not decide."""


@dataclass(frozen=True, slots=True)
class Certifiable:
    """Approved evidence that has no paper yet."""

    chain: UUID
    course_code: str
    holder: str
    unit: str
    course: str
    source: str
    reference: str
    completed_on: date


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file that came back signed.

    `state`: taken, unchanged; or why it was not taken: unreadable, unknown_key, altered, not_here, revoked,
    signed_before, none, broken, not_all, changed, unknown.
    """

    name: str
    state: str
    number: str = ""
    holder: str = ""
    signer: str = ""

    @property
    def good(self) -> bool:
        return self.state in ("taken", "unchanged")


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to a certificate: for its history."""

    on: date
    what: str
    who: str = ""
    why: str = ""
