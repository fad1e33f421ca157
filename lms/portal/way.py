"""The way to the target: whose training is nearest, in which order, and what each step makes of the figure.

Pure: figures and facts about people in, ranked steps out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lms.coverage.records import Figure
from lms.roster.records import Reachable

HALF = 0.5


class Kind(StrEnum):
    """What has to be done for a group of people; in the order of how near they are."""

    APPROVE = "approve"
    """They have been trained; somebody must look at the proof."""
    NEARLY = "nearly"
    """They have done half of a course or more."""
    LEARNING = "learning"
    """They have begun; how far they are was not looked into."""
    RENEW = "renew"
    """They learned it once, and it counts no longer."""
    BEGUN = "begun"
    """They have done less than half."""
    START = "start"
    """They have not begun; whether they have ever come in was not looked into."""
    HERE = "here"
    """They have signed in and not begun."""
    NEVER = "never"
    """They have never signed in."""


_STATES = {
    Kind.APPROVE: "pending",
    Kind.NEARLY: "in_progress",
    Kind.LEARNING: "in_progress",
    Kind.RENEW: "expired",
    Kind.BEGUN: "in_progress",
    Kind.START: "not_started",
    Kind.HERE: "not_started",
    Kind.NEVER: "not_started",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A group of people for whom the same has to be done, and the figure once it is done for them all."""

    kind: Kind
    count: int
    trained: int
    """After this step and all before it."""
    required: int
    meets: bool
    """Whether the target is met by this step, and was not before it."""
    people: tuple[str, ...] = ()
    """Officer codes, where they were looked into."""
    without_phone: int = 0
    needed: int = 0
    """How many of them are enough for the target, where this step meets it."""

    @property
    def state(self) -> str:
        """Under which state the list of the figure holds them."""
        return _STATES[self.kind]

    @property
    def share(self) -> float:
        """The figure after the step, in per cent."""
        return 100 * self.trained / self.required


def by_state(figure: Figure) -> list[Step]:
    """The steps that the figure alone tells: for any number of people, without a query."""
    counts = {
        Kind.APPROVE: figure.pending,
        Kind.LEARNING: figure.in_progress,
        Kind.RENEW: figure.expired,
        Kind.START: figure.not_started,
    }
    return _ranked(figure, [(kind, count, (), 0) for kind, count in counts.items()])


def by_person(figure: Figure, contacts: Iterable[Reachable], shares: Mapping[int, float]) -> list[Step]:
    """The steps for people who were looked into: how far each is, and whether they have ever come in.

    The figure must hold its people. `shares`: by person's id, how much of a course is done.
    """
    known = {contact.code: contact for contact in contacts}
    groups: dict[Kind, list[str]] = {kind: [] for kind in Kind}
    groups[Kind.APPROVE] = list(figure.people.get("pending", ()))
    groups[Kind.RENEW] = list(figure.people.get("expired", ()))
    for code in figure.people.get("in_progress", ()):
        far = shares.get(known[code].person_id, 0.0) if code in known else 0.0
        groups[Kind.NEARLY if far >= HALF else Kind.BEGUN].append(code)
    for code in figure.people.get("not_started", ()):
        groups[Kind.HERE if code in known and known[code].came_in else Kind.NEVER].append(code)
    return _ranked(
        figure,
        [
            (
                kind,
                len(codes),
                tuple(codes),
                sum(not (code in known and known[code].has_phone) for code in codes),
            )
            for kind, codes in groups.items()
        ],
    )


def _ranked(figure: Figure, groups: Sequence[tuple[Kind, int, tuple[str, ...], int]]) -> list[Step]:
    if not figure.required or figure.short_by is None:
        return []
    steps, gained = [], 0
    for kind, count, people, without in groups:
        if count:
            left, gained = figure.short_by - gained, gained + count
            meets = 0 < left <= count
            after = figure.trained + gained
            steps.append(
                Step(kind, count, after, figure.required, meets, people, without, left if meets else 0)
            )
    return steps
