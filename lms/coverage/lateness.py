"""When a completion was first told to the ledger: what was dated back is marked, and counted apart."""

from datetime import UTC, date, datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from lms.kernel.models import LedgerEntry

from .models import Evidence
from .questions import day_of, fetch
from .statements import People

LATE_AFTER = timedelta(days=1)
"""From the end of the day of completion on; told later than that, it is told late."""


def told_late(completed_on: date, told: datetime | None) -> bool:
    """Whether this day of completion was first told more than a day after it was over."""
    return completed_on < _first_in_time(told)


def late_numbers(people: People) -> set[int]:
    """The ledger numbers of these people's evidence whose day of completion was told late.

    What is approved or otherwise corrected afterwards keeps the moment at which its day was first stated.
    """
    rows = fetch(people.tellings())
    # What came in together was told at one moment.
    in_time = {told: _first_in_time(_moment(told)) for told in {told for _number, _day, told in rows}}
    return {number for number, completed_on, told in rows if _day(completed_on) < in_time[told]}


def with_first_told(rows: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """Each with `first_told`: when its day of completion was first stated. No further query."""
    first = Evidence.objects.filter(
        chain=OuterRef(OuterRef("chain")), completed_on=OuterRef(OuterRef("completed_on"))
    )
    entry = LedgerEntry.objects.filter(number=Subquery(first.order_by("recorded").values("recorded")[:1]))
    return rows.annotate(first_told=Subquery(entry.values("time")))


def told_late_on(row: Evidence) -> date | None:
    """Of a row `with_first_told`: the day on which it was told, where that was late."""
    told: datetime | None = getattr(row, "first_told", None)
    return timezone.localdate(told) if told and told_late(row.completed_on, told) else None


def _first_in_time(told: datetime | None) -> date:
    """The first day of completion that is not late when it is told then."""
    return date.min if told is None else timezone.localdate(told) - LATE_AFTER


def _day(value: date | str) -> date:
    found = day_of(value)
    assert found is not None
    return found


def _moment(value: datetime | str | None) -> datetime | None:
    """SQLite gives moments as text, in UTC."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value
