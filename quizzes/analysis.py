"""What the answers of many say about a quiz and its questions. Pure: no Django, no database.

Everything follows from one table: how often, at each score, a question was answered so and earned so much.
`Tally` fills it by `Counter.update`, which counts in C: four million answers in about four seconds.

- facility: mean points of the question, from 0 to 1;
- discrimination: correlation of its points with the score over the other questions, from −1 to 1;
- alpha: Cronbach's, k/(k−1) · (1 − Σσᵢ²/σ²); where everybody draws other questions, Σσᵢ² is k times the
  mean variance of a question, each weighted by how often it was asked;
- standard error of measurement: σ · √(1 − alpha), in points of a hundred.

Sources: Crocker & Algina, Introduction to Classical and Modern Test Theory (1986), chapters 7 and 14; the
share of 27 per cent for the weakest and the strongest is Kelley's (1939).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import sqrt

from .rulings import OUT

SHARE_OF_A_GROUP = 0.27
BINS = 10
FEWEST = 30
"""Answers below which the figures of a question say little."""
EASY, HARD, WEAK, IDLE = 0.95, 0.25, 0.15, 0.02


@dataclass(frozen=True, slots=True)
class OptionFigures:
    """How often one option was chosen, by the weakest 27 %, those between, and the strongest 27 %."""

    option: str
    low: int
    middle: int
    high: int

    @property
    def chosen(self) -> int:
        return self.low + self.middle + self.high


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One version of a question, over all who met it. Shares from 0 to 1; seconds are a median."""

    question: int
    asked: int
    exposure: float
    facility: float
    discrimination: float | None
    omitted: float
    seconds: int | None
    options: tuple[OptionFigures, ...]
    groups: tuple[int, int, int]
    """How many of the weakest, those between, and the strongest met it."""


@dataclass(frozen=True, slots=True)
class QuizFigures:
    """A quiz over all attempts. `mean`, `deviation`, `error` in points of a hundred; `bins` by tens."""

    attempts: int
    passed: int
    mean: float
    deviation: float
    alpha: float | None
    error: float | None
    bins: tuple[int, ...]
    items: tuple[ItemFigures, ...]


Score = tuple[int, float]
"""Of how many questions that count, and how many points."""


class Tally:
    """Takes attempts in one by one and gives the figures. Memory grows with scores × questions × answers."""

    def __init__(self) -> None:
        self._answers: dict[Score, Counter[tuple[int, str, str]]] = defaultdict(Counter)
        self._seconds: Counter[tuple[int, int | None]] = Counter()
        self._scores: Counter[Score] = Counter()
        self._passed = 0

    def add(
        self,
        questions: Sequence[int],
        choices: Sequence[str],
        seconds: Sequence[int | None],
        points: Sequence[str],
        passed: bool,
    ) -> None:
        """One attempt, by position: version met, what was chosen, how long it took, points it earned."""
        counting = len(points) - points.count(OUT)
        score = (counting, round(sum(map(_value, points)), 9))
        self._scores[score] += 1
        self._answers[score].update(zip(questions, points, choices, strict=True))
        self._seconds.update(zip(questions, seconds, strict=True))
        self._passed += passed

    def figures(self) -> QuizFigures:
        scores = {score: count for score, count in self._scores.items() if score[0]}
        attempts = sum(self._scores.values())
        mean, variance = _mean_and_variance((total / n, count) for (n, total), count in scores.items())
        group = _groups(scores)
        by_item = self._by_item(group)
        medians = self._medians()
        items = tuple(
            one.figures(question, attempts, medians.get(question))
            for question, one in sorted(by_item.items())
        )
        alpha = _alpha(scores, by_item.values(), variance)
        deviation = 100 * sqrt(variance)
        return QuizFigures(
            attempts=attempts,
            passed=self._passed,
            mean=100 * mean,
            deviation=deviation,
            alpha=alpha,
            error=None if alpha is None else deviation * sqrt(max(0.0, 1 - alpha)),
            bins=_bins(scores),
            items=items,
        )

    def _by_item(self, group: Mapping[Score, int]) -> dict[int, "_Item"]:
        found: dict[int, _Item] = defaultdict(_Item)
        for score, answers in self._answers.items():
            for (question, points, choice), count in answers.items():
                if points != OUT:
                    found[question].add(score, _value(points), choice, count, group[score])
        return found

    def _medians(self) -> dict[int, int]:
        times: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for (question, seconds), count in self._seconds.items():
            if seconds is not None:
                times[question].append((seconds, count))
        return {question: _median(rows) for question, rows in times.items()}


class _Item:
    """Sums over the answers to one question."""

    def __init__(self) -> None:
        self.n = 0
        self.x = self.xx = self.r = self.rr = self.xr = 0.0
        self.omitted = 0
        self.groups = [0, 0, 0]
        self.chosen: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])

    def add(self, score: Score, points: float, choice: str, count: int, group: int) -> None:
        n, total = score
        rest = (total - points) / (n - 1) if n > 1 else 0.0
        self.n += count
        self.x += count * points
        self.xx += count * points * points
        self.r += count * rest
        self.rr += count * rest * rest
        self.xr += count * points * rest
        self.groups[group] += count
        if not choice:
            self.omitted += count
        elif choice != "*":
            for option in choice.split(","):
                self.chosen[option][group] += count

    @property
    def variance(self) -> float:
        return max(0.0, self.xx / self.n - (self.x / self.n) ** 2)

    def figures(self, question: int, attempts: int, seconds: int | None) -> ItemFigures:
        return ItemFigures(
            question=question,
            asked=self.n,
            exposure=self.n / attempts,
            facility=self.x / self.n,
            discrimination=self._correlation(),
            omitted=self.omitted / self.n,
            seconds=seconds,
            options=tuple(OptionFigures(option, *counts) for option, counts in sorted(self.chosen.items())),
            groups=(self.groups[0], self.groups[1], self.groups[2]),
        )

    def _correlation(self) -> float | None:
        rest = self.rr / self.n - (self.r / self.n) ** 2
        if self.variance < 1e-12 or rest < 1e-12:
            return None
        together = self.xr / self.n - self.x * self.r / self.n**2
        return max(-1.0, min(1.0, together / sqrt(self.variance * rest)))


def doubts(item: ItemFigures, keys: Iterable[str] = (), options: Iterable[str] = ()) -> tuple[str, ...]:
    """What a trainer should look at, the gravest first.

    few: too few answers to say more. negative: who knows more gets it wrong more often; the key may be wrong.
    rival: the strongest choose a wrong option more often than any right one. weak, hard, easy: it hardly
    tells who knows more. idle: an option that hardly anybody chooses.
    """
    if item.asked < FEWEST:
        return ("few",)
    right = frozenset(keys)
    chosen = {one.option: one for one in item.options}
    found = []
    if item.discrimination is not None and item.discrimination < 0:
        found.append("negative")
    best = max((chosen[key].high for key in right if key in chosen), default=0)
    if right and any(one.high > best for one in item.options if one.option not in right):
        found.append("rival")
    if item.facility < HARD:
        found.append("hard")
    if item.facility > EASY:
        found.append("easy")
    elif item.discrimination is not None and 0 <= item.discrimination < WEAK:
        found.append("weak")
    if any(
        (chosen[option].chosen if option in chosen else 0) < IDLE * item.asked
        for option in options
        if option not in right
    ):
        found.append("idle")
    return tuple(found)


@cache
def _value(points: str) -> float:
    return 0.0 if points == OUT else float(Fraction(points))


def _mean_and_variance(rows: Iterable[tuple[float, int]]) -> tuple[float, float]:
    n = 0
    x = xx = 0.0
    for value, count in rows:
        n += count
        x += count * value
        xx += count * value * value
    return (x / n, max(0.0, xx / n - (x / n) ** 2)) if n else (0.0, 0.0)


def _alpha(scores: Mapping[Score, int], items: Iterable[_Item], variance: float) -> float | None:
    """Over shares of the score: dividing the sum of k questions by k divides its variance by k²."""
    attempts = sum(scores.values())
    if not attempts or variance < 1e-12:
        return None
    k = sum(n * count for (n, _total), count in scores.items()) / attempts
    asked = within = 0.0
    for item in items:
        asked += item.n
        within += item.n * item.variance
    if k <= 1 or not asked:
        return None
    return k / (k - 1) * (1 - within / asked / k / variance)


def _groups(scores: Mapping[Score, int]) -> dict[Score, int]:
    """0 for the weakest, 2 for the strongest 27 %, 1 between; equal scores stay together."""
    share: Callable[[Score], float] = lambda score: score[1] / score[0]  # noqa: E731
    total = sum(scores.values())
    by_share: Counter[float] = Counter()
    for score, count in scores.items():
        by_share[share(score)] += count
    place: dict[float, int] = {}
    below = 0
    for value in sorted(by_share):
        middle = (below + by_share[value] / 2) / total
        place[value] = 0 if middle <= SHARE_OF_A_GROUP else 2 if middle >= 1 - SHARE_OF_A_GROUP else 1
        below += by_share[value]
    return {score: place[share(score)] for score in scores}


def _bins(scores: Mapping[Score, int]) -> tuple[int, ...]:
    bins = [0] * BINS
    for (n, total), count in scores.items():
        bins[min(BINS - 1, int(BINS * total / n + 1e-9))] += count
    return tuple(bins)


def _median(rows: list[tuple[int, int]]) -> int:
    half = sum(count for _value, count in rows) / 2
    seen = 0
    for value, count in sorted(rows):
        seen += count
        if seen >= half:
            return value
    raise ValueError("nothing to take the middle of")
