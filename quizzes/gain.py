"""What was gained between a quiz taken before learning and one taken after. Pure: no Django, no database.

Only people who took both count, by their first attempt at each, the first of them before the second.

- gain: Hake's normalized gain ⟨g⟩ = (after − before) / (100 − before), of the means: the share of what could
  be gained that was (R. R. Hake, Am. J. Phys. 66, 64–74, 1998); below 0.3 low, from 0.7 high;
- its uncertainty: the delta method, with zᵢ = (bᵢ − (1 − g)·aᵢ) / (100 − before) for each pair, half the
  width of the 95 per cent interval being t · s(z) / √n; t by Hill's expansion (CACM algorithm 396, 1970).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import fsum, sqrt
from statistics import NormalDist, fmean, stdev

from .rulings import OUT

FEWEST = 5
"""Pairs below which nothing is said: it would be said about persons."""
LOW, HIGH = 0.3, 0.7


@dataclass(frozen=True, slots=True)
class Gain:
    """Over n people who took both. Means in per cent; `gain` None where before was all right already."""

    n: int
    before: float
    after: float
    gain: float | None
    error: float | None
    """Half the width of the 95 per cent interval of `gain`."""


@dataclass(frozen=True, slots=True)
class GainFigures:
    """`overall` and `objectives` hold nothing where fewer than FEWEST people took both."""

    pairs: int
    only_before: int
    only_after: int
    overall: Gain | None
    objectives: tuple[tuple[int, Gain], ...]


Shares = Mapping[int, float]
"""Objective → per cent of its points that somebody earned; 0 stands for the whole."""

WHOLE = 0


def shares(questions: Sequence[int], points: Sequence[str], objective_of: Mapping[int, int]) -> Shares:
    """Of one attempt: what it earned in all and of each objective, in per cent, by what counts."""
    earned: dict[int, list[Fraction]] = defaultdict(list)
    for question, point in zip(questions, points, strict=True):
        if point != OUT:
            earned[WHOLE].append(Fraction(point))
            earned[objective_of[question]].append(Fraction(point))
    return {number: float(100 * sum(marks) / len(marks)) for number, marks in earned.items()}


def figures(before: Mapping[int, Shares], after: Mapping[int, Shares]) -> GainFigures:
    """By person: what they knew before and after."""
    both = sorted(before.keys() & after.keys())
    numbers = sorted({n for person in both for n in (*before[person], *after[person])} - {WHOLE})
    lines = ((n, _gain(_pairs(before, after, both, n))) for n in numbers)
    return GainFigures(
        pairs=len(both),
        only_before=len(before) - len(both),
        only_after=len(after) - len(both),
        overall=_gain(_pairs(before, after, both, WHOLE)),
        objectives=tuple((n, gain) for n, gain in lines if gain is not None),
    )


def _pairs(
    before: Mapping[int, Shares], after: Mapping[int, Shares], people: Iterable[int], number: int
) -> list[tuple[float, float]]:
    """Of those who met the objective both times."""
    return [
        (before[person][number], after[person][number])
        for person in people
        if number in before[person] and number in after[person]
    ]


def _gain(pairs: Sequence[tuple[float, float]]) -> Gain | None:
    n = len(pairs)
    if n < FEWEST:
        return None
    a, b = fmean(one for one, _two in pairs), fmean(two for _one, two in pairs)
    room = 100 - a
    if room < 1e-9:
        return Gain(n, a, b, None, None)
    gain = (b - a) / room
    influence = [(two - (1 - gain) * one) / room for one, two in pairs]
    return Gain(n, a, b, gain, t_quantile(n - 1) * stdev(influence) / sqrt(n))


def t_quantile(freedom: int, share: float = 0.975) -> float:
    """Student's t; to three digits from four degrees of freedom on."""
    z = NormalDist().inv_cdf(share)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + fsum(term / freedom**k for k, term in enumerate(terms, 1))
