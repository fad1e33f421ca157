"""From groups of people to every unit's own figure: each person once at each level, however many posts.

Pure: a tree, and how many people stand how in which of its units. Whoever works in one unit is a number
added there and summed upwards. Whoever works in several is added in each and taken off again where their ways
up meet (the lowest common ancestors of neighbours in the order of a walk): one sum upwards is right for all.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from copy import copy
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

    def above_some(self, kind: str) -> set[int]:
        """The units with one of this kind anywhere below them."""
        of_kind = [unit for unit, node in self.nodes.items() if node.kind == kind]
        return {above for unit in of_kind for above in self.above(unit) if above != unit}

    def staffed_only_in(self, units: Set[int]) -> "Tree":
        """The same tree, with nobody's list of staff looked at outside these units."""
        nodes = (n if n.id in units else replace(n, staffed=False) for n in self.nodes.values())
        return Tree(nodes, self.top)

    def with_nodes(self, nodes: Iterable[Node]) -> "Tree":
        """The same tree, with these in place of the nodes of the same units."""
        tree = copy(self)
        tree.nodes = {**self.nodes, **{node.id: node for node in nodes}}
        return tree

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
    _place(tree, {unit: tally.sums for unit, tally in tallies.items()}, together, several)
    for unit, node in tree.nodes.items():
        if node.staffed:
            tally = tallies[unit]
            tally.sums[_UNITS], tally.sums[_CONFIRMED] = _fresh(node, confirmed_since)
            tally.oldest = node.confirmed
    for unit in reversed(tree.nodes):  # children before parents
        if unit != tree.top:
            _add_to_parent(tallies[unit], tallies[tree.parent[unit]])
    return tallies


def gained(
    tree: Tree,
    together: Iterable[Together],
    several: Iterable[Several],
    renewed: Iterable[tuple[Node, Node]] = (),
    *,
    confirmed_since: date,
) -> dict[int, list[int]]:
    """What the sums of which units gain by these people, and by units whose list stands otherwise than it did
    (as it stood, as it stands): costs nothing for all the other units."""
    own: dict[int, list[int]] = defaultdict(lambda: [0] * _WIDTH)
    _place(tree, own, together, several)
    for before, after in renewed:
        was, now = (_fresh(node, confirmed_since) if node.staffed else (0, 0) for node in (before, after))
        for column, old, new in zip((_UNITS, _CONFIRMED), was, now, strict=True):
            own[after.id][column] += new - old
    found: dict[int, list[int]] = {}
    for unit, sums in own.items():
        for above in tree.above(unit):
            found[above] = (
                [a + b for a, b in zip(found[above], sums, strict=True)] if above in found else sums
            )
    return found


def oldest_confirmations(tree: Tree) -> dict[int, date | None]:
    """For each unit the oldest of the last confirmations at or below it."""
    found = {unit: node.confirmed if node.staffed else None for unit, node in tree.nodes.items()}
    for unit in reversed(tree.nodes):  # children before parents
        day, above = found[unit], tree.parent.get(unit)
        if day is not None and above is not None:
            found[above] = min(day, found[above] or day)
    return found


def _place(
    tree: Tree, sums: Mapping[int, list[int]], together: Iterable[Together], several: Iterable[Several]
) -> None:
    """Add everybody where they work, and take off again where their ways up meet."""
    for unit, other, standing, people, attendances in together:
        here, there = unit in tree, other in tree
        if here:
            _add(sums[unit], standing, people, attendances)
        if there:
            _add(sums[other], standing, people, attendances)
            if here:
                _add(sums[tree.meeting(unit, other)], standing, -people, -attendances)
    for units, settled, standing, attendances in several:
        if settled:
            for unit, sign in _signed(tree, settled):
                _add(sums[unit], standing, sign, sign * attendances)
        if len(settled) < len(units):
            for unit, sign in _signed(tree, units):
                sums[unit][_PRESENT] += sign
            for unit, sign in _signed(tree, settled):  # where they are settled they are counted already
                sums[unit][_PRESENT] -= sign


def _fresh(node: Node, confirmed_since: date) -> tuple[int, int]:
    """What a unit with people in it adds to _UNITS and _CONFIRMED."""
    return 1, int(node.confirmed is not None and node.confirmed >= confirmed_since)


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
