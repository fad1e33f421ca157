"""What a file of units changes, and all that is wrong with it: pure thought over spans.

The file's lines are laid over the spans that are believed now: a line with the code and first day of a
believed span restates it, any other adds one. What results must be a forest on every day.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _

from lms.kernel.faults import Faults
from lms.kernel.spans import Span, gaps

Key = tuple[str, date]
"""A span by its unit's code and its first day."""


def shown(day: date) -> str:
    """A day as people here write it."""
    return day.strftime("%d/%m/%Y")


@dataclass(frozen=True, slots=True)
class UnitFact:
    """One span of one unit, in codes."""

    code: str
    name: str
    kind: str
    parent: str | None
    sector: str
    since: date
    until: date | None
    successor: str | None
    decision: str

    @property
    def key(self) -> Key:
        return self.code, self.since

    @property
    def span(self) -> Span:
        return Span(self.since, self.until)


@dataclass(slots=True)
class UnitPlan:
    created: list[UnitFact] = field(default_factory=list)
    corrected: list[UnitFact] = field(default_factory=list)
    unchanged: int = 0


def plan_units(
    lines: Sequence[tuple[int, UnitFact]],
    believed: Mapping[Key, UnitFact],
    faults: Faults,
    *,
    unread: Set[str] = frozenset(),
) -> UnitPlan:
    """The changes that the lines ask for; whatever forbids them is added to `faults`.

    `unread`: codes on lines that could not be read, so that nobody is blamed for naming them as parents.
    """
    stated: dict[Key, UnitFact] = {}
    line_of: dict[Key, int] = {}
    plan = UnitPlan()
    for line, fact in lines:
        if fact.until is not None and fact.until <= fact.since:
            faults.add(line, "until", _("the last day must come after the first"))
        elif fact.key in stated:
            faults.add(
                line,
                "since",
                _("states the same span as line {other}").format(other=line_of[fact.key]),
            )
        else:
            old = believed.get(fact.key)
            if old is not None:
                # An empty cell in these columns says nothing.
                fact = replace(fact, sector=fact.sector or old.sector, decision=fact.decision or old.decision)
            stated[fact.key] = fact
            line_of[fact.key] = line
            if old is None:
                plan.created.append(fact)
            elif old == fact:
                plan.unchanged += 1
            else:
                plan.corrected.append(fact)
    _check(stated, line_of, believed, faults, unread)
    return plan


def _check(
    stated: Mapping[Key, UnitFact],
    line_of: Mapping[Key, int],
    believed: Mapping[Key, UnitFact],
    faults: Faults,
    unread: Set[str],
) -> None:
    result = _by_code({**believed, **stated})
    for spans in result.values():
        _check_overlaps(spans, line_of, faults)
    life = {code: [fact.span for fact in spans] for code, spans in result.items()}
    for key, fact in stated.items():
        _check_parent(line_of[key], fact, life, faults, unread)
    _check_orphans(stated, line_of, believed, life, faults)
    for fact, day, circle in _circles(result):
        if fact.key in line_of:
            faults.add(
                line_of[fact.key],
                "parent",
                _("on {day} the unit would stand below itself: {circle}").format(
                    day=shown(day), circle=" → ".join(circle)
                ),
            )


def _by_code(facts: Mapping[Key, UnitFact]) -> dict[str, list[UnitFact]]:
    """Each code's sound spans in order of time."""
    result: dict[str, list[UnitFact]] = defaultdict(list)
    for fact in sorted(facts.values(), key=lambda f: f.since):
        result[fact.code].append(fact)
    return dict(result)


def _check_overlaps(spans: Sequence[UnitFact], line_of: Mapping[Key, int], faults: Faults) -> None:
    for earlier, later in pairwise(spans):
        if earlier.until is None or earlier.until > later.since:
            if later.key in line_of:
                at, other = later, earlier
            elif earlier.key in line_of:
                at, other = earlier, later
            else:
                continue
            where = (
                _("that of line {line}").format(line=line_of[other.key])
                if other.key in line_of
                else _("the one recorded from {day}").format(day=shown(other.since))
            )
            faults.add(
                line_of[at.key],
                "since",
                _("the span of unit {code} overlaps {other}").format(code=at.code, other=where),
            )


def _check_parent(
    line: int, fact: UnitFact, life: Mapping[str, list[Span]], faults: Faults, unread: Set[str]
) -> None:
    if fact.successor is not None and fact.successor not in life and fact.successor not in unread:
        faults.add(line, "successor", _("unknown unit “{code}”").format(code=fact.successor))
    if fact.successor == fact.code:
        faults.add(line, "successor", _("a unit cannot succeed itself"))
    if fact.parent is None or fact.parent in unread:
        return
    if fact.parent not in life:
        faults.add(line, "parent", _("unknown unit “{code}”").format(code=fact.parent))
    else:
        for gap in gaps(fact.span, life[fact.parent])[:1]:
            faults.add(line, "parent", _without_parent(fact.parent, gap))


def _without_parent(parent: str, gap: Span) -> str:
    if gap.until is None:
        return _("the unit “{code}” does not exist from {since} on").format(
            code=parent, since=shown(gap.since)
        )
    return _("the unit “{code}” does not exist from {since} until {until}").format(
        code=parent, since=shown(gap.since), until=shown(gap.until)
    )


def _check_orphans(
    stated: Mapping[Key, UnitFact],
    line_of: Mapping[Key, int],
    believed: Mapping[Key, UnitFact],
    life: Mapping[str, list[Span]],
    faults: Faults,
) -> None:
    """Units that are not in the file may lose their parent by it: the parent's line is to blame."""
    if not believed:
        return
    before = {code: [fact.span for fact in spans] for code, spans in _by_code(believed).items()}
    lines: dict[str, int] = {}
    for key in stated:
        lines.setdefault(key[0], line_of[key])
    for key, fact in believed.items():
        if key in stated or fact.parent is None or fact.parent not in lines:
            continue
        lost = gaps(fact.span, life.get(fact.parent, []))
        if lost and not gaps(fact.span, before.get(fact.parent, [])):
            faults.add(
                lines[fact.parent],
                "until",
                _("{code} {name} stands below this unit and would have no parent from {day} on").format(
                    code=fact.code, name=fact.name, day=shown(lost[0].since)
                ),
            )


def _circles(units: Mapping[str, list[UnitFact]]) -> Iterator[tuple[UnitFact, date, list[str]]]:
    """Each span that lies on a circle, with the first day on which it does and the codes around it."""
    suspects = _suspects(units)
    seen: set[Key] = set()
    for day in sorted({fact.since for fact in suspects}):
        today = {fact.code: fact for fact in suspects if fact.span.covers(day)}
        settled: set[str] = set()
        for start in today:
            path: dict[str, int] = {}
            code: str | None = start
            while code is not None and code in today and code not in settled and code not in path:
                path[code] = len(path)
                code = today[code].parent
            if code in path:
                circle = list(path)[path[code] :]
                for number, each in enumerate(circle):
                    fact = today[each]
                    if fact.key not in seen:
                        seen.add(fact.key)
                        yield fact, day, [*circle[number:], *circle[:number], each]
            settled.update(path)


def _suspects(units: Mapping[str, list[UnitFact]]) -> list[UnitFact]:
    """The spans that may lie on a circle: what is left once all that leads to a root has been taken away.

    Linear, so that a country's tree costs nothing; a circle is then sought among the few that are left.
    """
    above: dict[Key, int] = {}
    below: dict[Key, list[UnitFact]] = defaultdict(list)
    for spans in units.values():
        for fact in spans:
            parents = [p for p in units.get(fact.parent or "", []) if _overlap(p, fact)]
            above[fact.key] = len(parents)
            for parent in parents:
                below[parent.key].append(fact)
    free = [fact for spans in units.values() for fact in spans if not above[fact.key]]
    while free:
        for child in below[free.pop().key]:
            above[child.key] -= 1
            if not above[child.key]:
                free.append(child)
    return [fact for spans in units.values() for fact in spans if above[fact.key]]


def _overlap(a: UnitFact, b: UnitFact) -> bool:
    return (a.until is None or b.since < a.until) and (b.until is None or a.since < b.until)
