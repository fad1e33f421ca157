"""What of a report's table may be published: no small number, and none that can be worked out (no Django).

A number of people between 1 and 4 names them to whoever knows the unit. It is left out, and with it as many
others as it takes that the differences between what is shown and the totals are no small numbers either.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .letters import Annex, Line, tenths_in_words

LEAST = 5
"""The smallest number of people that is published, besides none."""


@dataclass(frozen=True, slots=True)
class PublicLine:
    """A unit of the published table; None where the number is left out."""

    name: str
    required: int | None
    trained: int | None

    @property
    def missing(self) -> int | None:
        return None if self.required is None or self.trained is None else self.required - self.trained

    @property
    def rate(self) -> str:
        """«80,0»; empty where it is left out."""
        if self.required is None or self.trained is None:
            return ""
        return tenths_in_words(self.trained * 1000 // self.required if self.required else None)


@dataclass(frozen=True, slots=True)
class PublicTable:
    """One target's table as it is published."""

    title: str
    demand: str
    lines: Sequence[PublicLine]
    total: PublicLine
    verdict: str
    """Empty where the total itself is left out."""
    of_units: bool = False

    @property
    def left_out(self) -> int:
        return sum(line.trained is None for line in self.lines)


def published(annex: Annex) -> PublicTable:
    """The table without what could name somebody. Lines that only take back what was counted twice go."""
    lines = [line for line in annex.lines if line.required >= 0]
    everything = frozenset(range(len(lines)))
    total_shown = total_split = True
    bare = split = frozenset[int]()
    if not annex.of_units:  # units are not people
        total_shown, total_split = not _small(annex.total.required), not _telling(annex.total)
        bare = _hidden(lines, lambda line: (line.required,)) if total_shown else everything
        split = _hidden(lines, _parts, bare) if total_split else everything
    return PublicTable(
        title=annex.title,
        demand=annex.demand,
        lines=[_line(line, place not in bare, place not in split) for place, line in enumerate(lines)],
        total=_line(annex.total, total_shown, total_split),
        verdict=annex.verdict if total_split else "",
        of_units=annex.of_units,
    )


def _line(line: Line, required: bool, split: bool) -> PublicLine:
    return PublicLine(
        line.name, line.required if required else None, line.trained if required and split else None
    )


def _hidden(
    lines: Sequence[Line], numbers: Callable[[Line], tuple[int, ...]], already: frozenset[int] = frozenset()
) -> frozenset[int]:
    """The places that are left out: every small number, then the next smallest unit, until what is left out
    is nothing, or of at least two units and together no small number."""
    hidden = {place for place, line in enumerate(lines) if any(map(_small, numbers(line)))} | already
    others = sorted(set(range(len(lines))) - hidden, key=lambda place: (lines[place].required, place))
    while hidden and others and not _safe([numbers(lines[place]) for place in sorted(hidden)]):
        hidden.add(others.pop(0))
    return frozenset(hidden)


def _safe(left_out: Sequence[tuple[int, ...]]) -> bool:
    return len(left_out) > 1 and not any(_small(sum(column)) for column in zip(*left_out, strict=True))


def _parts(line: Line) -> tuple[int, ...]:
    return (line.required, line.trained, line.required - line.trained)


def _telling(line: Line) -> bool:
    return any(map(_small, _parts(line)))


def _small(number: int) -> bool:
    return 0 < number < LEAST
