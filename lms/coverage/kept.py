"""Figures that were counted before: those of a large register are kept, and brought to what is known now.

What was kept says how every unit stood at one size of the ledger. Whoever a later entry touches is counted
twice more, as they stood then and as they stand now, by the same statement as everybody; the difference is
what the figures gained. So the answer is that of the whole computation, at the cost of what has happened
since (docs/decisions/0112).
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any, cast

from django.db import connection

from . import statements
from .errors import NoSuchUnit
from .models import KeptFigures, Target
from .questions import Ledger, Question, asked, day_of, fetch, merged_codes, settled, stable
from .records import Figure
from .rollup import Node, Several, Tally, Together, Tree, gained, oldest_confirmations
from .rules import Rule
from .statements import Moment, People, Vendor
from .touched import lists_of_staff, touched

FEW = 100_000
"""So many people are counted anew in less than a second; for no more is anything kept."""
MOST_ENTRIES = 50_000
"""After more than these the whole is counted again."""
MOST_PEOPLE = 20_000


@dataclass(frozen=True, slots=True)
class Kept:
    """How the target's unit and every unit below it stood on the day, as known at a size of the ledger."""

    ledger: int
    courses: tuple[int, ...]
    tree: Tree
    tallies: dict[int, Tally]

    def pack(self) -> bytes:
        rows = [
            (
                *(node.id, node.parent, node.kind, node.code, node.name, node.staffed),
                *(node.confirmed, self.tallies[unit].oldest),
                *self.tallies[unit].sums,
            )
            for unit, node in sorted(self.tree.nodes.items())
        ]
        said = [self.ledger, self.courses, self.tree.top, rows]
        return zlib.compress(json.dumps(said, default=date.isoformat).encode(), 1)

    @staticmethod
    @lru_cache(maxsize=2)
    def unpack(packed: bytes) -> "Kept":
        """Remembered by its bytes, since the same is asked for again: never altered by whoever gets it."""
        ledger, courses, top, rows = json.loads(zlib.decompress(packed))
        nodes, tallies = [], {}
        for unit, parent, kind, code, name, staffed, confirmed, oldest, *sums in rows:
            nodes.append(Node(unit, parent, kind, code, staffed, day_of(confirmed), name))
            tallies[unit] = Tally(sums, day_of(oldest))
        return Kept(ledger, tuple(courses), Tree(nodes, top), tallies)


# Asking ------------------------------------------------------------------------------------------


def figure_at_once(target: str, unit: str, on: date) -> Figure | None:
    """The unit's figure with its children's, as known now; None where too many would have to be counted
    before anything is kept.

    Raises UnknownTarget, NoSuchUnit.
    """
    chosen, ledger = asked(target, None, None)
    if (
        ledger.size > FEW
        and (kept := held(chosen, on))
        and (now := brought_forward(kept, chosen, on, ledger))
    ):
        top = next((node.id for node in now.tree.nodes.values() if node.code == unit), None)
        if top is not None:
            return _figure(now, chosen, top, Moment(on, ledger.known, past=True))
    return settled(chosen, ledger, lambda chosen, ledger: _counted_at_once(chosen, unit, on, ledger))


def _counted_at_once(target: Target, unit: str, on: date, ledger: Ledger) -> Figure | None:
    question = Question.ask(target, unit, on, ledger)
    return question.answer(children=True, people=False) if ledger.size <= FEW or _few(question) else None


def _figure(kept: Kept, target: Target, top: int, moment: Moment) -> Figure:
    question = Question(target, target.rule, moment, kept.tree, frozenset(), ())
    children = tuple(question.figure(unit, kept.tallies[unit]) for unit in kept.tree.children(top))
    return replace(question.figure(top, kept.tallies[top]), children=children)


def _few(question: Question) -> bool:
    """Whether no more people than these work in the units that are asked for."""
    if not question.people:
        return True
    ((found,),) = fetch(question.people[0].counted_up_to(FEW + 1))
    return bool(found <= FEW)


# Keeping -----------------------------------------------------------------------------------------


def held(target: Target, on: date) -> Kept | None:
    packed = KeptFigures.objects.filter(target=target, on=on).values_list("packed", flat=True).first()
    return None if packed is None else Kept.unpack(bytes(packed))


def keep(target: str, on: date) -> bool:
    """Count and keep the figures of the target's unit and all below it, or bring what is kept forward.

    Nothing is kept where there are few people, or where the unit does not exist on the day: False.
    Seconds for a million people: belongs behind the page.
    """
    try:
        found = stable(target, None, None, lambda chosen, ledger: _to_keep(chosen, on, ledger))
    except NoSuchUnit:
        return False
    if found is None:
        return False
    chosen, kept = found
    KeptFigures.objects.update_or_create(
        target=chosen, on=on, defaults={"ledger": kept.ledger, "packed": kept.pack()}
    )
    return True


def _to_keep(target: Target, on: date, ledger: Ledger) -> tuple[Target, Kept] | None:
    if ledger.size <= FEW:
        return None
    if (kept := held(target, on)) and (now := brought_forward(kept, target, on, ledger)):
        return target, now
    question = Question.ask(target, target.unit.code, on, ledger)
    return None if _few(question) else (target, counted(question))


def counted(question: Question) -> Kept:
    """The whole, counted person by person."""
    courses = tuple(question.people[0].courses)
    return Kept(question.moment.known, courses, question.tree, question.tallies())


# Bringing forward ---------------------------------------------------------------------------------

_BEFORE, _AFTER, _TOUCHED = range(3)
_Placed = tuple[list[Together], list[Several]]
_NOBODY: tuple[_Placed, _Placed] = (([], []), ([], []))


def brought_forward(kept: Kept, target: Target, on: date, ledger: Ledger) -> Kept | None:
    """The same as known now; None where too much has happened, or the tree itself is another.

    Four queries at most, however much has happened; each reads what was believed at one ledger size, so that
    nothing that is written meanwhile is seen.
    """
    if kept.ledger == ledger.known:
        return kept
    if not 0 < ledger.known - kept.ledger <= MOST_ENTRIES:
        return None
    return _Change(kept, target, on, ledger).brought_forward()


class _Change:
    """From what was kept to what is known now."""

    def __init__(self, kept: Kept, target: Target, on: date, ledger: Ledger) -> None:
        self.kept, self.target, self.ledger = kept, target, ledger
        self.rule: Rule = target.rule
        self.moments = (
            Moment(on, kept.ledger, past=True),
            Moment(on, ledger.known, past=True),
        )
        self.vendor = cast(Vendor, connection.vendor)
        self.people: set[int] = set()
        self.units: set[int] = set()
        self.same: tuple[dict[int, int], dict[int, int]] = ({}, {})
        """By code the human being: before, and after."""

    def brought_forward(self) -> Kept | None:
        if not self._look():
            return None
        tree, renewed = self._renewed()
        tallies = dict(self.kept.tallies)
        (gone, gone_apart), (come, come_apart) = self._placed(tree) if self.people else _NOBODY
        since = self.rule.period_start
        lost = gained(tree, gone, gone_apart, confirmed_since=since)
        for sign, sums_of in (
            (-1, lost),
            (1, gained(tree, come, come_apart, renewed, confirmed_since=since)),
        ):
            for unit, sums in sums_of.items():
                had = tallies[unit]
                tallies[unit] = Tally([a + sign * b for a, b in zip(had.sums, sums, strict=True)], had.oldest)
        if renewed:
            oldest = oldest_confirmations(tree)
            tallies = {unit: Tally(tally.sums, oldest[unit]) for unit, tally in tallies.items()}
        return Kept(self.ledger.known, self.kept.courses, tree, tallies)

    def _look(self) -> bool:
        """Find whom and what the ledger has touched; False where all may be another."""
        merged, courses = self.ledger.merged, set()
        parts = [
            (number, statements.courses_and_merges(moment, self.rule.courses, merged=merged))
            for number, moment in enumerate(self.moments)
        ]
        parts.append((_TOUCHED, touched(self.kept.ledger, self.ledger.known)))
        tree_is_same = True
        for number, merge, one, other in fetch(statements.numbered(parts)):
            if number == _TOUCHED:
                self.people.add(one)
                self.units.add(other)
                tree_is_same &= bool(one or other)
            elif merge:
                self.same[number][one] = other
            else:
                courses.add(one)
        self.people.discard(0)
        self.units &= self.kept.tree.nodes.keys()
        return (
            tree_is_same and len(self.people) <= MOST_PEOPLE and tuple(sorted(courses)) == self.kept.courses
        )

    def _renewed(self) -> tuple[Tree, list[tuple[Node, Node]]]:
        """The tree with the lists of staff as they stand now, and the units whose lists changed."""
        nodes = self.kept.tree.nodes
        rows = (
            fetch(lists_of_staff(sorted(self.units), self.moments[_AFTER], self.vendor)) if self.units else ()
        )
        looked = [
            (nodes[unit], replace(nodes[unit], staffed=bool(staffed), confirmed=day_of(confirmed)))
            for unit, staffed, confirmed in rows
        ]
        renewed = [(old, new) for old, new in looked if old != new]
        return self.kept.tree.with_nodes([new for _old, new in renewed]), renewed

    def _placed(self, tree: Tree) -> tuple[_Placed, ...]:
        """Where everybody touched worked and how they stood, before and after; with all the codes of whoever
        has several, before or after."""
        pairs = [dict(merged_codes(same)) for same in self.same]
        together = _closed({code for code in self.people if any(code in some for some in pairs)}, pairs)
        plain = sorted(self.people - together)
        kinds = set(self.rule.unit_kinds)
        eligible = frozenset(u for u, node in tree.nodes.items() if not kinds or node.kind in kinds)
        questions = []
        for moment, human_of in zip(self.moments, pairs, strict=True):
            one = People(self.rule, self.kept.courses, moment, self.vendor)
            codes = sorted((code, human_of.get(code, code)) for code in together)
            sources = [
                *([replace(one, only=plain)] if plain else []),
                *([replace(one, codes=codes, merged=True)] if codes else []),
            ]
            questions.append(Question(self.target, self.rule, moment, tree, eligible, tuple(sources)))
        parts = [
            (number, source.grouped())
            for number, question in enumerate(questions)
            for source in question.people
        ]
        groups: dict[int, list[Sequence[Any]]] = {_BEFORE: [], _AFTER: []}
        for number, *group in fetch(statements.numbered(parts)):
            groups[number].append(group)
        sorted_out = [question.sorted_out(groups[number]) for number, question in enumerate(questions)]
        apart = {person for _together, some in sorted_out for person in some}
        posts: dict[int, list[Sequence[Any]]] = {_BEFORE: [], _AFTER: []}
        parts = [
            (number, source.posts(apart))
            for number, question in enumerate(questions)
            for source in question.people
        ]
        for number, *post in fetch(statements.numbered(parts)) if apart else ():
            posts[number].append(post)
        return tuple(
            (together, [person for _id, person in question.with_posts(posts[number], some)])
            for number, (question, (together, some)) in enumerate(zip(questions, sorted_out, strict=True))
        )


def _closed(codes: set[int], pairs: Sequence[dict[int, int]]) -> set[int]:
    """These codes with all that name the same human beings, in any of the ways of naming."""
    found: set[int] = set()
    waiting = set(codes)
    by_human: list[dict[int, set[int]]] = [{} for _ in pairs]
    for groups, human_of in zip(by_human, pairs, strict=True):
        for code, human in human_of.items():
            groups.setdefault(human, set()).add(code)
    while waiting:
        found |= waiting
        waiting = {
            other
            for groups, human_of in zip(by_human, pairs, strict=True)
            for other in chain.from_iterable(groups.get(human_of.get(code, 0), ()) for code in waiting)
        } - found
    return found
