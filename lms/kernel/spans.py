"""Spans of days, and the arithmetic of months.

Days are half-open: a span is true on ``since`` and no longer true on ``until``;
an empty ``until`` means "still". So a posting that ends on 1 July and the one
that begins on 1 July neither overlap nor leave a gap.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta


class EmptySpan(ValueError):
    """A span that would hold no day: it ends on or before the day it begins."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days from ``since`` up to, not including, ``until``."""

    since: date
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until <= self.since:
            raise EmptySpan(f"{self.since} – {self.until}")

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)

    def overlaps(self, other: "Span") -> bool:
        """Whether the two have a day in common; spans that only touch have none."""
        return (self.until is None or other.since < self.until) and (
            other.until is None or self.since < other.until
        )

    def touches(self, other: "Span") -> bool:
        """Whether the two together are one span: they overlap, or one begins where the other ends."""
        return (self.until is None or other.since <= self.until) and (
            other.until is None or self.since <= other.until
        )

    def contains(self, other: "Span") -> bool:
        """Whether every day of the other is a day of this one."""
        if other.since < self.since:
            return False
        return self.until is None or (other.until is not None and other.until <= self.until)

    def intersection(self, other: "Span") -> "Span | None":
        """The days they have in common; None where there are none."""
        if not self.overlaps(other):
            return None
        return Span(max(self.since, other.since), _earlier(self.until, other.until))


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same days in the fewest spans, in order of time."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda s: s.since):
        if result and result[-1].touches(span):
            result[-1] = Span(result[-1].since, _later(result[-1].until, span.until))
        else:
            result.append(span)
    return result


def gaps(span: Span, spans: Iterable[Span]) -> list[Span]:
    """The days of ``span`` that none of ``spans`` covers, in order of time."""
    result: list[Span] = []
    begin = span.since
    for other in merged(spans):
        if other.until is not None and other.until <= begin:
            continue
        if span.until is not None and other.since >= span.until:
            break
        if other.since > begin:
            result.append(Span(begin, other.since))
        if other.until is None:
            return result
        begin = other.until
    if span.until is None or begin < span.until:
        result.append(Span(begin, span.until))
    return result


def months_before(day: date, months: int) -> date:
    """``day`` minus calendar months; a day that does not exist becomes the last day of that month.

    31 May minus 3 months is 28 (or 29) February. From COVERAGE.md §3, steps 3 and 7.
    """
    return day - relativedelta(months=months)


def months_after(day: date, months: int) -> date:
    """``day`` plus calendar months; a day that does not exist becomes the last day of that month."""
    return day + relativedelta(months=months)


def _earlier(a: date | None, b: date | None) -> date | None:
    if a is None or b is None:
        return b if a is None else a
    return min(a, b)


def _later(a: date | None, b: date | None) -> date | None:
    return None if a is None or b is None else max(a, b)
