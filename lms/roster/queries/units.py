"""Units as they stood on a day, and the tree of that day."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Case, Q, QuerySet, When
from django.db.models.expressions import RawSQL

from lms.kernel.folding import fold
from lms.kernel.spans import Span

from ..errors import NoSuchUnitOnDay
from ..models import Unit, UnitSpan
from ..records import UnitFound, UnitOnDay

_STANDS = "s.superseded_entry IS NULL AND s.since <= %s AND (s.until IS NULL OR s.until > %s)"
"""A unit's span that is believed now and covers a day; takes the day twice."""


def units_below(tops: Iterable[int] | QuerySet[Unit, int], on: date) -> QuerySet[Unit]:
    """The units with these ids and every unit below them in the tree of that day: one recursive statement.

    Units that do not exist on that day are left out, with whatever hangs below them.
    """
    ids = list(tops)
    if not ids:
        return Unit.objects.none()
    holes = ", ".join(["%s"] * len(ids))
    sql = (
        "WITH RECURSIVE below(id) AS ("  # noqa: S608 — holes and a constant, no values
        f"SELECT s.unit_id FROM roster_unitspan s WHERE s.unit_id IN ({holes}) AND {_STANDS} "
        "UNION SELECT s.unit_id FROM roster_unitspan s JOIN below b ON s.parent_id = b.id "
        f"WHERE {_STANDS}) SELECT id FROM below"
    )
    return Unit.objects.filter(pk__in=RawSQL(sql, [*ids, on, on, on, on]))  # noqa: S611


def ended_units_once_below(tops: Iterable[int] | QuerySet[Unit, int], on: date) -> QuerySet[Unit]:
    """Units that exist no longer on that day and that once stood, at whatever time, below these."""
    ids = list(tops)
    if not ids:
        return Unit.objects.none()
    holes = ", ".join(["%s"] * len(ids))
    sql = (
        "WITH RECURSIVE once(id) AS ("  # noqa: S608 — holes and a constant, no values
        f"SELECT id FROM roster_unit WHERE id IN ({holes}) UNION SELECT s.unit_id FROM roster_unitspan s "
        "JOIN once o ON s.parent_id = o.id WHERE s.superseded_entry IS NULL) SELECT id FROM once"
    )
    standing = UnitSpan.objects.current().on(on).values("unit")
    return Unit.objects.filter(pk__in=RawSQL(sql, ids)).exclude(pk__in=standing)  # noqa: S611


def unit_on(unit: Unit, on: date) -> UnitOnDay:
    """The unit as it stood on that day, or NoSuchUnitOnDay."""
    found = units_on(Unit.objects.filter(pk=unit.pk), on)
    if not found:
        raise NoSuchUnitOnDay(unit.code, on)
    return found[0]


def units_on(units: QuerySet[Unit], on: date) -> list[UnitOnDay]:
    """These units as they stood on that day, by code; those that did not exist are left out."""
    return _described(UnitSpan.objects.current().on(on).filter(unit__in=units))


def units_with_ids(ids: Iterable[int], on: date) -> list[UnitOnDay]:
    """The units with these ids as they stood on that day."""
    return units_on(Unit.objects.filter(pk__in=list(ids)), on)


def spans_of_units(ids: Iterable[int]) -> dict[int, list[Span]]:
    """The days on which these units exist, by id."""
    found: dict[int, list[Span]] = {}
    rows = UnitSpan.objects.current().filter(unit__in=list(ids))
    for unit, since, until in rows.values_list("unit", "since", "until"):
        found.setdefault(unit, []).append(Span(since, until))
    return found


def last_names(codes: Iterable[str]) -> dict[str, str]:
    """What each unit is or was last called, by code; codes that nobody knows are left out."""
    rows = UnitSpan.objects.current().filter(unit__code__in=list(codes)).order_by("since")
    return dict(rows.values_list("unit__code", "name"))


def children_of(unit: Unit | int, on: date) -> list[UnitOnDay]:
    """The units directly below, on that day, by code."""
    return _described(UnitSpan.objects.current().on(on).filter(parent=unit))


def path_of(unit: Unit, on: date) -> list[UnitOnDay]:
    """From the root of that day's tree down to the unit itself; empty if the unit did not exist."""
    return paths_of([unit.pk], on).get(unit.pk, [])


def paths_of(units: Iterable[int], on: date) -> dict[int, list[UnitOnDay]]:
    """For each unit id the path from the root down to itself, all in one statement."""
    ids = list(units)
    if not ids:
        return {}
    return _paths(f"s.unit_id IN ({', '.join(['%s'] * len(ids))})", ids, on)


def paths_of_codes(codes: Iterable[str], units: Iterable[int], on: date) -> dict[int, list[UnitOnDay]]:
    """As `paths_of`, of units by their codes and of others by their ids."""
    texts, ids = list(codes), list(units)
    named, numbers = (", ".join(["%s"] * len(some)) or "NULL" for some in (texts, ids))
    which = f"(s.unit_id IN (SELECT id FROM roster_unit WHERE code IN ({named})) OR s.unit_id IN ({numbers}))"  # noqa: S608
    return _paths(which, [*texts, *ids], on)


def _paths(which: str, params: Sequence[str | int], on: date) -> dict[int, list[UnitOnDay]]:
    sql = (
        "WITH RECURSIVE up(origin, span, parent, height) AS ("  # noqa: S608 — holes and constants, no values
        f"SELECT s.unit_id, s.id, s.parent_id, 0 FROM roster_unitspan s WHERE {which} "
        f"AND {_STANDS} UNION ALL SELECT up.origin, s.id, s.parent_id, up.height + 1 "
        f"FROM roster_unitspan s JOIN up ON s.unit_id = up.parent WHERE up.height < 50 AND {_STANDS}) "
        "SELECT s.*, up.origin AS origin, u.code AS unit_code, u.public_id AS unit_public_id FROM up "
        "JOIN roster_unitspan s ON s.id = up.span JOIN roster_unit u ON u.id = s.unit_id "
        "ORDER BY up.origin, up.height DESC"
    )
    paths: dict[int, list[UnitOnDay]] = {}
    for span in UnitSpan.objects.raw(sql, [*params, on, on, on, on]):
        beside = vars(span)
        step = _on_day(span, UUID(str(beside["unit_public_id"])), beside["unit_code"])
        paths.setdefault(beside["origin"], []).append(step)
    return paths


def search_units(text: str, on: date, *, among: QuerySet[Unit], limit: int = 20) -> list[UnitFound]:
    """Units by name or code, whatever the tones: first those with a word that begins so."""
    folded = fold(text)
    if not folded:
        return []
    spans = UnitSpan.objects.current().on(on).filter(unit__in=among)
    spans = spans.filter(Q(folded_name__contains=folded) | Q(unit__code__istartswith=text.strip()))
    begins = Q(folded_name__startswith=folded) | Q(folded_name__contains=f" {folded}")
    spans = spans.annotate(rank=Case(When(begins, then=0), default=1))
    found = spans.select_related("unit").order_by("rank", "folded_name", "unit__code")[:limit]
    units = [_unit_on_day(span) for span in found]
    paths = paths_of([unit.id for unit in units], on)
    return [
        UnitFound(unit, tuple(step.name for step in reversed(paths.get(unit.id, [])[:-1]))) for unit in units
    ]


def _described(spans: QuerySet[UnitSpan]) -> list[UnitOnDay]:
    return [_unit_on_day(span) for span in spans.select_related("unit").order_by("unit__code")]


def _unit_on_day(span: UnitSpan) -> UnitOnDay:
    return _on_day(span, span.unit.public_id, span.unit.code)


def _on_day(span: UnitSpan, public_id: UUID, code: str) -> UnitOnDay:
    return UnitOnDay(
        span.unit_id,
        public_id,
        code,
        span.name,
        span.kind,
        span.parent_id,
        span.sector,
        span.since,
        span.until,
    )


def register_is_empty() -> bool:
    """Whether no unit has been imported yet."""
    return not Unit.objects.exists()
