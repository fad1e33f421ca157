"""What an attempt is drawn from: parts of a test, each with rules that draw so many questions of some kind.

Pure: no Django, no database. A question may meet several rules; it is drawn once, and a draw is found
wherever there is one (a matching of rules and questions along augmenting paths, Kuhn 1955).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

ENOUGH = 3
"""So many times what it draws a rule should find in the bank, or people soon know the questions."""


@dataclass(frozen=True, slots=True)
class Label:
    """A question as the blueprint sees it; `id` is its version's."""

    id: int
    objective: int
    difficulty: int = 1
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """Draw so many questions: of one of these objectives, of one of these difficulties, with any of these
    tags. What is empty asks for nothing."""

    draw: int
    objectives: tuple[int, ...] = ()
    difficulties: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()

    def meets(self, label: Label) -> bool:
        return (
            (not self.objectives or label.objective in self.objectives)
            and (not self.difficulties or label.difficulty in self.difficulties)
            and (not self.tags or not label.tags.isdisjoint(self.tags))
        )


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a test, with its own instruction; a test of one part needs neither title nor instruction."""

    rules: tuple[Rule, ...]
    title: str = ""
    instruction: str = ""

    @property
    def draw(self) -> int:
        return sum(rule.draw for rule in self.rules)


Sections = tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a test that is drawn, and the positions of its questions, both ends included."""

    section: Section
    first: int
    last: int


def by_objective(pairs: Iterable[tuple[int, int]]) -> Sections:
    """One part that draws so many questions of each objective: (objective, how many)."""
    return (Section(tuple(Rule(draw, (objective,)) for objective, draw in pairs)),)


def stored(sections: Sections) -> list[dict[str, Any]]:
    """As a frozen quiz keeps them. Plain ones in the form of the first versions, which stay as they are."""
    pairs = plain(sections)
    if pairs is not None:
        return [{"objective": objective, "draw": draw} for objective, draw in pairs]
    return [
        {
            "title": section.title,
            "instruction": section.instruction,
            "rules": [
                {
                    "draw": rule.draw,
                    "objectives": list(rule.objectives),
                    "difficulties": list(rule.difficulties),
                    "tags": list(rule.tags),
                }
                for rule in section.rules
            ],
        }
        for section in sections
    ]


def read(kept: Sequence[Mapping[str, Any]]) -> Sections:
    """What `stored` wrote."""
    if kept and "rules" not in kept[0]:
        return by_objective((line["objective"], line["draw"]) for line in kept)
    return tuple(
        Section(
            tuple(
                Rule(
                    rule["draw"],
                    tuple(rule["objectives"]),
                    tuple(rule["difficulties"]),
                    tuple(rule["tags"]),
                )
                for rule in section["rules"]
            ),
            section["title"],
            section["instruction"],
        )
        for section in kept
    )


def plain(sections: Sections) -> tuple[tuple[int, int], ...] | None:
    """(objective, how many) where nothing else is said; else None."""
    if len(sections) != 1 or sections[0].title or sections[0].instruction:
        return None
    rules = sections[0].rules
    if any(len(rule.objectives) != 1 or rule.difficulties or rule.tags for rule in rules):
        return None
    return tuple((rule.objectives[0], rule.draw) for rule in rules)


def spans(sections: Sections) -> list[Span]:
    """The parts with the positions that their questions have in every attempt."""
    found, first = [], 1
    for section in sections:
        found.append(Span(section, first, first + section.draw - 1))
        first += section.draw
    return found


def drawn(sections: Sections, pool: Sequence[Label], seed: int, *, mixed: bool = True) -> list[int] | None:
    """The ids of one draw, part after part; None where the pool has no such draw.

    The same seed draws the same from the same pool, whatever its order. `mixed`: within a part the questions
    stand in any order, else in that of the rules and of the pool's ids.
    """
    chance = Random(seed)  # noqa: S311 - a draw, no secret
    ordered = sorted(pool, key=lambda label: label.id)
    slots: list[list[int]] = []
    for rule in (rule for section in sections for rule in section.rules):
        fitting = [label.id for label in ordered if rule.meets(label)]
        chance.shuffle(fitting)
        slots += [fitting] * rule.draw
    chosen = _matched(slots)
    if chosen is None:
        return None
    found: list[int] = []
    for span in spans(sections):
        part = chosen[span.first - 1 : span.last]
        if mixed:
            chance.shuffle(part)
        else:
            part = _in_order(part, span.section)
        found += part
    return found


def _in_order(part: list[int], section: Section) -> list[int]:
    ordered: list[int] = []
    for rule in section.rules:
        ordered += sorted(part[len(ordered) : len(ordered) + rule.draw])
    return ordered


def _matched(slots: Sequence[Sequence[int]]) -> list[int] | None:
    """A question for every slot, none of them twice; None where there are too few."""
    holder: dict[int, int] = {}

    def place(slot: int, tried: set[int]) -> bool:
        free = next((one for one in slots[slot] if one not in holder), None)
        if free is not None:
            holder[free] = slot
            return True
        for one in slots[slot]:
            if one not in tried:
                tried.add(one)
                if place(holder[one], tried):
                    holder[one] = slot
                    return True
        return False

    if not all(place(slot, set()) for slot in range(len(slots))):
        return None
    by_slot = {slot: question for question, slot in holder.items()}
    return [by_slot[slot] for slot in range(len(slots))]


@dataclass(frozen=True, slots=True)
class Supply:
    """How many questions a rule draws, and among how many."""

    rule: Rule
    found: int

    @property
    def short(self) -> bool:
        """There are fewer than it draws."""
        return self.found < self.rule.draw

    @property
    def thin(self) -> bool:
        """There are fewer than three times as many."""
        return self.found < ENOUGH * self.rule.draw


def supplies(section: Section, pool: Sequence[Label]) -> list[Supply]:
    """Each rule of a part with what the pool holds for it."""
    return [Supply(rule, sum(map(rule.meets, pool))) for rule in section.rules]
