"""From groups of people to every unit's own figure: each person once at each level, however many posts.

Pure: a tree, and how many people stand how in which of its units. Whoever works in one unit is a number
added there and summed upwards. Whoever works in several is added in each and taken off again where their ways
up meet (the lowest common ancestors of neighbours in the order of a walk): one sum upwards is right for all.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date

from .rules import SOURCES, STATES


@dataclass(frozen=True, slots=True)
class Node:
    """A unit of the day's tree."""

    id: int
    parent: int | None
    kind: str
    code: str
    staffed: bool = False
    """Whether anybody works in it on the day."""
    confirmed: date | None = None
    """When its list of staff was last confirmed."""
    name: str = ""


class Tree:
    """The units below one top, the top included, in the order of a walk: parents before children."""

    def __init__(self, nodes: Iterable[Node], top: int) -> None:
        by_id = {node.id: node for node in nodes}
        children: dict[int, list[int]] = {}
        for node in by_id.values():
            if node.parent is not None and node.id != top:
                children.setdefault(node.parent, []).append(node.id)
        self.top = top
        self.nodes: dict[int, Node] = {}
        self.parent: dict[int, int] = {}
        self.place: dict[int, int] = {}
        self.depth: dict[int, int] = {}
        waiting = [top] if top in by_id else []
        while waiting:
            unit = waiting.pop()
            node = by_id[unit]
            self.nodes[unit] = node
            self.place[unit] = len(self.place)
            if unit == top:
                self.depth[unit] = 0
            else:
                above = node.parent
                assert above is not None
                self.parent[unit] = above
                self.depth[unit] = self.depth[above] + 1
            waiting.extend(children.get(unit, ()))

    def __contains__(self, unit: int) -> bool:
        return unit in self.place

    def children(self, unit: int) -> list[int]:
        """The units directly below, by code."""
        below = [child for child, parent in self.parent.items() if parent == unit]
        return sorted(below, key=lambda child: self.nodes[child].code)

    def below(self, top: int) -> set[int]:
        """The unit and every unit below it."""
        found = {top}
        for unit, parent in self.parent.items():  # parents before children
            if parent in found:
                found.add(unit)
        return found

    def staffed_only_in(self, units: Set[int]) -> "Tree":
        """The same tree, with nobody's list of staff looked at outside these units."""
        nodes = (n if n.id in units else replace(n, staffed=False) for n in self.nodes.values())
        return Tree(nodes, self.top)

    def meeting(self, a: int, b: int) -> int:
        """The lowest unit that has both below it."""
        depth, parent = self.depth, self.parent
        while a != b:
            if depth[a] >= depth[b]:
                a = parent[a]
            else:
                b = parent[b]
        return a

    def meetings(self, units: Iterable[int]) -> Iterator[int]:
        """Where the ways up of these units meet: once less than there are units."""
        ordered = sorted(units, key=self.place.__getitem__)
        for i in range(1, len(ordered)):
            yield self.meeting(ordered[i - 1], ordered[i])

    def above(self, unit: int) -> Iterator[int]:
        """The unit and every unit above it, up to the top."""
        yield unit
        while unit != self.top:
            unit = self.parent[unit]
            yield unit


# How somebody stands, in one number, so that the database can group a million people by it: settled · away ·
# state · source are its digits, from the left.
SETTLED = 64
"""No longer in grace, in one of their units at least."""
AWAY = 32
"""On an approved absence for a reason that takes a person out."""
STATE = 4
"""Times the place in STATES."""
SOURCE = 1
"""Times the place in SOURCES counted from 1; 0 for who is not trained."""
STANDINGS = 128
UNITS = 1 << 28
"""More than there are units, so that two of them and a standing are one number of the database's 63 bits."""


def standing_at(place: int) -> tuple[int, int, int]:
    """(unit, other, standing): the other unit is 0 where there is one alone; below 0 the unit is a person who
    has posts in several, and in which must be asked."""
    where, standing = divmod(place, STANDINGS)
    other, unit = divmod(where, UNITS) if where >= UNITS else (0, where)
    return unit, other, standing


def standing_in_words(standing: int) -> str:
    """`in_grace`, `excluded` or the state: the first that fits."""
    if not standing & SETTLED:
        return "in_grace"
    return "excluded" if standing & AWAY else STATES[standing % AWAY // STATE]


Several = tuple[Sequence[int], Sequence[int], int, int]
"""(units, settled, standing, attendances): somebody with posts in several units; `settled` are those of them
in which they are no longer in grace. A plain tuple, since there may be a hundred thousand."""

Together = tuple[int, int, int, int, int]
"""(unit, other, standing, people, attendances): so many people who work in this unit alone, or in these two,
and stand the same."""

_PRESENT, _EXCLUDED, _ATTENDANCES, _UNITS, _CONFIRMED = range(5)
_STATE = 5
_SOURCE = _STATE + len(STATES)
_WIDTH = _SOURCE + len(SOURCES)


def _columns(standing: int) -> tuple[int, ...]:
    """The sums to which somebody who stands so is added."""
    if not standing & SETTLED:
        return (_PRESENT,)
    if standing & AWAY:
        return (_PRESENT, _EXCLUDED)
    state, source = standing % AWAY // STATE, standing % STATE
    columns = (_PRESENT, _STATE + state)
    return (*columns, _SOURCE + source - 1) if source else columns


_COLUMNS = [
    _columns(standing) if standing % AWAY // STATE < len(STATES) else () for standing in range(STANDINGS)
]
_COUNTS = [standing & (SETTLED | AWAY) == SETTLED for standing in range(STANDINGS)]


@dataclass(slots=True)
class Tally:
    """One unit's figure, everything below it included."""

    sums: list[int] = field(default_factory=lambda: [0] * _WIDTH)
    oldest: date | None = None

    @property
    def states(self) -> list[int]:
        """How many are in each of STATES."""
        return self.sums[_STATE:_SOURCE]

    @property
    def sources(self) -> list[int]:
        """How many of the trained owe it to each of SOURCES."""
        return self.sums[_SOURCE:]

    @property
    def required(self) -> int:
        return sum(self.states)

    @property
    def excluded(self) -> int:
        return self.sums[_EXCLUDED]

    @property
    def in_grace(self) -> int:
        return self.sums[_PRESENT] - self.excluded - self.required

    @property
    def attendances(self) -> int:
        return self.sums[_ATTENDANCES]

    @property
    def units(self) -> int:
        """Units with people in them."""
        return self.sums[_UNITS]

    @property
    def confirmed(self) -> int:
        """Those of them whose list was confirmed within the period."""
        return self.sums[_CONFIRMED]


def roll_up(
    tree: Tree, together: Iterable[Together], several: Iterable[Several], *, confirmed_since: date
) -> dict[int, Tally]:
    """Every unit's own figure. Who works in units that are not in the tree is left out."""
    tallies = {unit: Tally() for unit in tree.nodes}
    for unit, other, standing, people, attendances in together:
        here, there = unit in tallies, other in tallies
        if here:
            _add(tallies[unit].sums, standing, people, attendances)
        if there:
            _add(tallies[other].sums, standing, people, attendances)
            if here:
                _add(tallies[tree.meeting(unit, other)].sums, standing, -people, -attendances)
    for units, settled, standing, attendances in several:
        if settled:
            for unit, sign in _signed(tree, settled):
                _add(tallies[unit].sums, standing, sign, sign * attendances)
        if len(settled) < len(units):
            for unit, sign in _signed(tree, units):
                tallies[unit].sums[_PRESENT] += sign
            for unit, sign in _signed(tree, settled):  # where they are settled they are counted already
                tallies[unit].sums[_PRESENT] -= sign
    for unit, node in tree.nodes.items():
        if node.staffed:
            tally = tallies[unit]
            tally.sums[_UNITS] = 1
            tally.sums[_CONFIRMED] = int(node.confirmed is not None and node.confirmed >= confirmed_since)
            tally.oldest = node.confirmed
    for unit in reversed(tree.nodes):  # children before parents
        if unit != tree.top:
            _add_to_parent(tallies[unit], tallies[tree.parent[unit]])
    return tallies


def _add(sums: list[int], standing: int, people: int, attendances: int) -> None:
    for column in _COLUMNS[standing]:
        sums[column] += people
    if attendances and _COUNTS[standing]:
        sums[_ATTENDANCES] += attendances


def _signed(tree: Tree, units: Sequence[int]) -> list[tuple[int, int]]:
    """Where somebody is added, and where taken off again, so that they come up once from below everywhere."""
    if len(units) == 2:
        return [(units[0], 1), (units[1], 1), (tree.meeting(units[0], units[1]), -1)]
    return [(unit, 1) for unit in units] + [(unit, -1) for unit in tree.meetings(units)]


def _add_to_parent(child: Tally, parent: Tally) -> None:
    parent.sums = [a + b for a, b in zip(parent.sums, child.sums, strict=True)]
    if child.oldest is not None and (parent.oldest is None or child.oldest < parent.oldest):
        parent.oldest = child.oldest


def by_standing(
    tree: Tree, wanted: Sequence[int], people: Iterable[tuple[str, Several]]
) -> dict[int, dict[str, list[str]]]:
    """For each wanted unit: the codes of the people in it or below it, by how they stand there."""
    found: dict[int, dict[str, list[str]]] = {unit: {} for unit in wanted}
    for code, (units, settled, standing, _attendances) in people:
        here = {above for unit in units for above in tree.above(unit) if above in found}
        settled_here = {above for unit in settled for above in tree.above(unit) if above in found}
        for unit in here:
            words = standing_in_words(standing if unit in settled_here else 0)
            found[unit].setdefault(words, []).append(code)
    return found
