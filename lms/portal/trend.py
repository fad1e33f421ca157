"""How a figure grew, and where it leads if the pace stays: pure, days and numbers in and out.

The pace is that of the last eight weeks; how much the weeks differed says how sure the forecast is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from math import ceil, sqrt
from statistics import fmean, stdev

from dateutil.relativedelta import relativedelta

WEEKS = 8
WEEK = timedelta(days=7)
SURE = 1.28
"""Standard deviations on either side: four times in five the end lies between."""


@dataclass(frozen=True, slots=True)
class Point:
    """A figure on a day."""

    on: date
    trained: int
    required: int

    @property
    def share(self) -> float | None:
        """In per cent."""
        return 100 * self.trained / self.required if self.required else None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where the pace of the last weeks leads on a day, of as many people as must be trained now."""

    on: date
    low: int
    likely: int
    high: int
    required: int
    a_week: float

    def share(self, trained: int) -> float:
        return 100 * trained / self.required

    @property
    def likely_share(self) -> float:
        return self.share(self.likely)


def days_to_ask(start: date, today: date) -> list[date]:
    """The ends of months since the period began, then the eight weeks that end today, in order."""
    weeks = [today - WEEK * back for back in range(WEEKS, -1, -1)]
    months, last = [], start.replace(day=1) + relativedelta(day=31)
    while last < weeks[0]:
        months.append(last)
        last += relativedelta(months=1, day=31)
    return sorted({day for day in (*months[-12:], *weeks) if start <= day <= today})


def forecast(points: Sequence[Point], end: date) -> Forecast | None:
    """From the last eight weeks; None where the period is over, nobody counts, or the weeks are too few."""
    last = points[-1] if points else None
    if last is None or not last.required or end <= last.on:
        return None
    weekly = [
        point for point in points if (last.on - point.on).days % 7 == 0 and last.on - point.on <= WEEK * WEEKS
    ]
    gains = [after.trained - before.trained for before, after in pairwise(weekly)]
    if len(gains) < 2:
        return None
    left = (end - last.on).days / 7
    pace, spread = fmean(gains), SURE * stdev(gains) * sqrt(left)
    ends = [round(last.trained + pace * left + sign * spread) for sign in (-1, 0, 1)]
    low, likely, high = (min(max(end_, 0), last.required) for end_ in ends)
    return Forecast(end, low, likely, high, last.required, pace)


class Outlook(StrEnum):
    """Whether the pace of the last weeks is enough."""

    LIKELY = "likely"
    """Even the lower end of the forecast meets the target."""
    OPEN = "open"
    UNLIKELY = "unlikely"
    """Not even the upper end does."""


@dataclass(frozen=True, slots=True)
class Needed:
    """What the target asks of every week that is left."""

    people: int
    weeks: int
    """Begun ones count."""
    a_week: int
    """Rounded up."""
    outlook: Outlook


def needed(ahead: Forecast, last: Point, short_by: int | None) -> Needed | None:
    """None where nobody is missing any more, or the target cannot be met."""
    if not short_by:
        return None
    weeks = ceil((ahead.on - last.on).days / 7)
    goal = last.trained + short_by
    outlook = Outlook.OPEN
    if ahead.low >= goal:
        outlook = Outlook.LIKELY
    elif ahead.high < goal:
        outlook = Outlook.UNLIKELY
    return Needed(short_by, weeks, ceil(short_by / weeks), outlook)


# The picture -------------------------------------------------------------------------------------

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 44, 16, 16, 32
ROOM = 130
"""So far apart must two words stand."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A line from nought to a hundred per cent, with where it may lead: coordinates for an SVG."""

    line: str
    fan: str
    lead: str
    rule: float
    dots: Sequence[tuple[float, float]]
    labels: Sequence[tuple[float, date]]
    middle: float
    """Where fifty per cent lie."""
    apart: bool
    """Whether today and the end have room for a word each."""
    end: tuple[float, float] | None
    """Where the forecast arrives."""


def picture(points: Sequence[Point], ahead: Forecast | None, rule: float) -> Picture | None:
    """None where there is nothing to draw a line through."""
    shown = [(point.on, share) for point in points if (share := point.share) is not None]
    if len(shown) < 2:
        return None
    first, last = shown[0][0], ahead.on if ahead else shown[-1][0]

    def x(day: date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / max((last - first).days, 1), 1)

    def y(share: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - share / 100), 1)

    dots = [(x(day), y(share)) for day, share in shown]
    fan, lead, arrives = "", "", None
    if ahead:
        start, end = dots[-1], x(ahead.on)
        low, likely, high = (y(ahead.share(n)) for n in (ahead.low, ahead.likely, ahead.high))
        fan = f"M{start[0]} {start[1]} L{end} {high} L{end} {low} Z"
        lead = f"M{start[0]} {start[1]} L{end} {likely}"
        arrives = (end, likely)
    line = "M" + " L".join(f"{across} {down}" for across, down in dots)
    days = [shown[0][0], shown[-1][0], *([ahead.on] if ahead else [])]
    apart = arrives is not None and arrives[0] - dots[-1][0] > ROOM
    labels = [(x(day), day) for day in days]
    return Picture(line, fan, lead, y(rule), dots, labels, y(50), apart, arrives)
