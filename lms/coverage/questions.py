"""A figure asked for: its target, its moment, its tree, and the people to whom it applies."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias, TypeVar, cast

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from lms.roster.queries import person_codes

from . import statements
from .errors import LedgerShorter, NoSuchUnit, UnknownTarget
from .models import Target
from .records import BySource, Figure, Freshness
from .rollup import (
    SETTLED,
    SOURCE,
    STATE,
    Node,
    Several,
    Tally,
    Together,
    Tree,
    by_standing,
    roll_up,
    standing_at,
)
from .rules import HELD, SOURCES, STATES, Proof, Rule, rate
from .statements import Moment, People, Statement, Vendor, all_of

LISTS = (*STATES, "excluded", "in_grace")
"""Everybody in the population stands in one of these."""
Answer = TypeVar("Answer")
Apart: TypeAlias = dict[int, tuple[int, int]]
"""By person's id (standing, attendances): whoever has posts in several units."""


@dataclass(frozen=True, slots=True)
class Ledger:
    known: int
    size: int
    merged: bool
    """Whether any codes were ever merged."""


def stable(
    code: str,
    version: int | None,
    known_at: int | None,
    compute: Callable[[Target, Ledger], Answer],
) -> Answer:
    """Compute by a target as known at a ledger size, though others write meanwhile."""
    return settled(*asked(code, version, known_at), compute)


def asked(code: str, version: int | None, known_at: int | None) -> tuple[Target, Ledger]:
    """The target as known at a ledger size, and the ledger: one query."""
    versions = _versions(code, version).annotate(
        size=RawSQL("(SELECT max(number) FROM kernel_ledgerentry)", []),
        merged=RawSQL("EXISTS (SELECT 1 FROM roster_personmerge)", []),
    )
    rows = list(versions)
    if not rows:
        raise UnknownTarget(code)
    size, merged = rows[0].size or 0, bool(rows[0].merged)
    known = size if known_at is None else known_at
    if known > size or known < 0:
        raise LedgerShorter(known, size)
    return _known_at(rows, known), Ledger(known, size, merged)


def settled(target: Target, ledger: Ledger, compute: Callable[[Target, Ledger], Answer]) -> Answer:
    """The present is read from what is not superseded; if the ledger grew under the reading, what was
    believed at its beginning is past, and is read again as such."""
    answer = compute(target, ledger)
    if ledger.known == ledger.size:
        grown, merged = _ledger()
        if grown > ledger.size:
            return compute(target, Ledger(ledger.known, grown, merged))
    return answer


def _ledger() -> tuple[int, bool]:
    ((size, merged),) = fetch(statements.state_of_the_ledger())
    return size or 0, bool(merged)


def target_known_at(code: str, known: int, version: int | None = None) -> Target:
    """The target's latest version as known then; where none was, its first statement ever."""
    rows = list(_versions(code, version))
    if not rows:
        raise UnknownTarget(code)
    return _known_at(rows, known)


def _versions(code: str, version: int | None) -> QuerySet[Target]:
    """Every belief about the target, or about one version of it, in the order in which they were stated."""
    rows = Target.objects.filter(code=code).select_related("unit").order_by("recorded_entry")
    return rows if version is None else rows.filter(version=version)


def _known_at(rows: Sequence[Target], known: int) -> Target:
    then = [
        row
        for row in rows
        if row.recorded is not None
        and row.recorded <= known
        and (row.superseded is None or row.superseded > known)
    ]
    return max(then, key=lambda row: row.version, default=rows[0])


@dataclass(frozen=True, slots=True)
class Question:
    """A figure asked for: its target, moment and tree, and whose posts are looked at."""

    target: Target
    rule: Rule
    moment: Moment
    tree: Tree
    """Of the unit asked for."""
    eligible: frozenset[int]
    """The units in which a post brings somebody into the population."""
    people: tuple[People, ...]
    """Everybody, and the human beings with several codes; nothing where no unit is eligible."""
    held: Mapping[int, Sequence[Proof]] | None = None
    """Where units are counted: what each of them held. They stand in the place of people."""

    @classmethod
    def ask(cls, target: Target, unit: str, on: date, ledger: Ledger) -> "Question":
        moment = Moment(on, ledger.known, past=ledger.known < ledger.size)
        rule = target.rule
        here, above = [], set()
        for height, *row in fetch(statements.surroundings(moment, unit)):
            if height:
                above.add(row[0])
            else:
                here.append(_node(row))
        top = next((node.id for node in here if node.code == unit), None)
        if top is None:
            raise NoSuchUnit(unit, on)
        tree = Tree(here, top)
        if target.unit_id == top or target.unit_id in above:
            area = frozenset(tree.nodes)
        elif target.unit_id in tree:
            area = frozenset(tree.below(target.unit_id))
            tree = tree.staffed_only_in(area)
        else:
            area = frozenset()
            tree = tree.staffed_only_in(area)
        kinds = set(rule.unit_kinds)
        eligible = frozenset(u for u in area if tree.nodes[u].kind in kinds) if kinds else area
        if rule.of_units:
            if rule.having:
                eligible &= tree.above_some(rule.having)
            # No list of staff goes into the figure, so none makes it stale.
            bare = tree.staffed_only_in(frozenset())
            return cls(target, rule, moment, bare, eligible, (), _held(rule, moment, eligible))
        everywhere = not above and len(area) == len(tree.nodes)
        people = _people(rule, moment, None if everywhere else eligible, ledger) if eligible else ()
        return cls(target, rule, moment, tree, eligible, people)

    # Answers

    def figure_of(self, people: Iterable[Several]) -> Figure:
        """The figure of the unit and of its direct children, counted from these people."""
        tallies = self._roll_up([], people)
        below = tuple(self.figure(unit, tallies[unit]) for unit in self.tree.children(self.tree.top))
        return replace(self.figure(self.tree.top, tallies[self.tree.top]), children=below)

    def answer(self, children: bool, people: bool) -> Figure:
        below = self.tree.children(self.tree.top) if children else []
        wanted = [self.tree.top, *below]
        if people:
            counted = self.everybody()
            tallies = self._roll_up([], [person for _id, person in counted])
            lists = self._lists(wanted, counted)
        else:
            tallies, lists = self._tallies(fetch), {}
        figures = {unit: self.figure(unit, tallies[unit], lists.get(unit)) for unit in wanted}
        return replace(figures[self.tree.top], children=tuple(figures[unit] for unit in below))

    def every_answer(self) -> dict[str, Figure]:
        return {
            self.tree.nodes[unit].code: self.figure(unit, tally) for unit, tally in self.tallies().items()
        }

    def tallies(self) -> dict[int, Tally]:
        """The tally of the unit and of every unit below it."""
        return self._tallies(fetch_by_person)

    def _tallies(self, read: Callable[[Statement], list[Any]]) -> dict[int, Tally]:
        if self.held is not None:
            return self._roll_up([], [several for _unit, several in self.everybody()])
        groups = read(all_of([source.grouped() for source in self.people])) if self.people else []
        return self._roll_up(*self.placed(groups))

    def placed(self, groups: Iterable[Sequence[Any]]) -> tuple[list[Together], list[Several]]:
        """Groups of people, as `People.grouped` gives them, by the eligible units in which they work."""
        together, apart = self.sorted_out(groups)
        return together, [person for _id, person in self._several(self.people, apart)]

    def sorted_out(self, groups: Iterable[Sequence[Any]]) -> tuple[list[Together], Apart]:
        """The same, with those apart whose posts must be asked for."""
        together: list[Together] = []
        apart: Apart = {}
        eligible = self.eligible
        for place, people, attendances in groups:
            unit, other, standing = standing_at(place)
            if unit < 0:
                apart[-unit] = (standing, int(attendances))
            elif unit in eligible:
                there = other if other in eligible else 0
                together.append((unit, there, standing, people, int(attendances)))
            elif other in eligible:
                together.append((other, 0, standing, people, int(attendances)))
        return together, apart

    def _roll_up(self, together: Iterable[Together], several: Iterable[Several]) -> dict[int, Tally]:
        return roll_up(self.tree, together, several, confirmed_since=self.rule.period_start)

    def everybody(self) -> list[tuple[int, Several]]:
        """Who is in the population, by person's id; where units are counted, which, by unit's id."""
        if self.held is None:
            return [person for source in self.people for person in self.one_by_one(source)]
        return [(unit, self._standing_of(unit, proofs)) for unit, proofs in self.held.items()]

    def _standing_of(self, unit: int, proofs: Sequence[Proof]) -> Several:
        """A unit, as somebody who works in it alone."""
        state = self.rule.state(proofs, self.moment.on)
        source = 1 + SOURCES.index(HELD[0]) if state == "trained" else 0
        standing = SETTLED + STATES.index(state) * STATE + source * SOURCE
        counted = self.rule.counted(proofs, self.moment.on)
        return [unit], [unit], standing, sum(proof.attendances for proof in counted)

    def codes_of(self, counted: Iterable[int]) -> Mapping[int, str]:
        """Officer codes, or unit codes where units are counted."""
        if self.held is None:
            return person_codes(counted)
        return {unit: self.tree.nodes[unit].code for unit in counted}

    def one_by_one(self, source: People) -> Iterator[tuple[int, Several]]:
        """Everybody who is in the population, by person's id."""
        apart = {}
        for person, place, attendances in fetch(source.one_by_one()):
            unit, other, standing = standing_at(place)
            if unit < 0:
                apart[person] = (standing, int(attendances))
            elif units := [one for one in (unit, other) if one in self.eligible]:
                yield person, (units, units if standing & SETTLED else [], standing, int(attendances))
        yield from self._several((source,), apart)

    def _several(self, sources: Sequence[People], apart: Apart) -> Iterator[tuple[int, Several]]:
        """People with posts in several units, by person's id, with those of the units that are eligible."""
        posts = fetch(all_of([source.posts(apart) for source in sources])) if apart else ()
        return self.with_posts(posts, apart)

    def with_posts(self, rows: Iterable[Sequence[Any]], apart: Apart) -> Iterator[tuple[int, Several]]:
        """The same, with their posts as `People.posts` gives them."""
        posts: dict[int, list[int]] = {}
        unsettled: dict[int, set[int]] = {}
        for person, unit, settled_ in rows:
            if unit in self.eligible and person in apart:
                if person in posts:
                    posts[person].append(unit)
                else:
                    posts[person] = [unit]
                if not settled_:
                    unsettled.setdefault(person, set()).add(unit)
        for person, units in posts.items():
            settled_in = [u for u in units if u not in unsettled[person]] if person in unsettled else units
            yield person, (units, settled_in, *apart[person])

    def _lists(
        self, wanted: Sequence[int], counted: Sequence[tuple[int, Several]]
    ) -> dict[int, dict[str, tuple[str, ...]]]:
        codes = self.codes_of(person for person, _several in counted)
        found = by_standing(self.tree, wanted, ((codes[person], several) for person, several in counted))
        return {
            unit: {name: tuple(sorted(lists.get(name, ()))) for name in LISTS}
            for unit, lists in found.items()
        }

    def figure(self, unit: int, tally: Tally, people: Mapping[str, tuple[str, ...]] | None = None) -> Figure:
        trained, pending, expired, in_progress, not_started = tally.states
        required = tally.required
        return Figure(
            target=self.target.code,
            unit=self.tree.nodes[unit].code,
            on=self.moment.on,
            ledger=self.moment.known,
            required=required,
            trained=trained,
            pending=pending,
            expired=expired,
            in_progress=in_progress,
            not_started=not_started,
            excluded=tally.excluded,
            in_grace=tally.in_grace,
            rate=rate(trained, required),
            met=self.rule.met(trained, required),
            short_by=self.rule.short_by(trained, required),
            attendances=tally.attendances,
            by_source=BySource(*tally.sources),
            roster=Freshness(tally.units, tally.confirmed, tally.oldest),
            version=self.target.version,
            unit_id=unit,
            unit_name=self.tree.nodes[unit].name,
            people=people or {},
            counts=self.target.counts,
        )


def _people(rule: Rule, moment: Moment, units: frozenset[int] | None, ledger: Ledger) -> tuple[People, ...]:
    vendor = cast(Vendor, connection.vendor)
    courses: list[int] = []
    same: dict[int, int] = {}
    for merge, code, human in fetch(
        statements.courses_and_merges(moment, rule.courses, merged=ledger.merged)
    ):
        if merge:
            same[code] = human
        else:
            courses.append(code)
    codes = merged_codes(same)
    chosen = None if units is None else sorted(units)
    everybody = People(rule, sorted(courses), moment, vendor, chosen, codes)
    return (everybody, replace(everybody, merged=True)) if codes else (everybody,)


def _held(rule: Rule, moment: Moment, units: frozenset[int]) -> dict[int, list[Proof]]:
    """What each of these units held, as the rule looks at it; by unit's id."""
    found: dict[int, list[Proof]] = {unit: [] for unit in sorted(units)}
    for unit, kind, day, status, revoked, reference, number, participants, title in fetch(
        statements.activities(moment, rule.courses)
    ):
        held_on = day_of(day)
        if unit in found and held_on is not None:
            found[unit].append(
                Proof(
                    course=kind,
                    source=HELD[0],
                    completed_on=held_on,
                    outcome=HELD[1],
                    status=status,
                    revoked_on=day_of(revoked),
                    reference=reference or title,
                    number=number,
                    attendances=participants,
                )
            )
    return found


def merged_codes(same: Mapping[int, int]) -> tuple[tuple[int, int], ...]:
    """(code, human being) of everybody who is known under several codes, in order."""
    pairs = set()
    for code in same:
        human = same[code]
        while human in same:
            human = same[human]
        pairs |= {(code, human), (human, human)}
    return tuple(sorted(pairs))


def _node(row: Sequence[Any]) -> Node:
    unit, parent, kind, staffed, confirmed, code, name = row
    return Node(unit, parent, kind, code, bool(staffed), day_of(confirmed), name)


def day_of(value: date | str | None) -> date | None:
    """SQLite gives days as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def fetch_by_person(statement: Statement) -> list[Any]:
    """The rows of a statement that joins facts by person, each from an index that has people in order.

    PostgreSQL would put everybody into hash tables all the same, at nearly twice the cost.
    """
    if connection.vendor != "postgresql":
        return fetch(statement)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(_IN_ORDER)
        cursor.execute(statement.sql, statement.params)
        rows = list(cursor.fetchall())
        cursor.execute(_AS_IT_LIKES)
    return rows


_SETTINGS = {"enable_hashjoin": "off", "enable_hashagg": "off", "work_mem": "'128MB'"}
_IN_ORDER = "; ".join(f"SET LOCAL {name} = {value}" for name, value in _SETTINGS.items())
_AS_IT_LIKES = "; ".join(f"SET LOCAL {name} TO DEFAULT" for name in _SETTINGS)


def fetch(statement: Statement) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.params)
        return list(cursor.fetchall())
