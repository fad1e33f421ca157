"""Merging units: some end, one goes on, and their people go along — by one decision, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from lms.kernel.folding import fold
from lms.kernel.services import Actor, changed, correct_facts, record_fact, record_facts, withdraw_facts
from lms.roster.enums import Permit
from lms.roster.errors import AlreadyThere, NoSuchUnitOnDay, NothingToMerge, UnitGoesOnLater
from lms.roster.models import Posting, RoleGrant, Unit, UnitSpan
from lms.roster.records import Merged
from lms.roster.signals import posting_changed, role_ended

from .rights import require


@dataclass(frozen=True, slots=True)
class NewUnit:
    """The unit that a merger opens. Its code may be that of one of those that end: the code then goes on."""

    code: str
    name: str
    kind: str
    parent: Unit | None
    sector: str = ""


@transaction.atomic
def merge_units(
    *,
    ending: Sequence[Unit],
    into: Unit | NewUnit,
    on: date,
    decision: str,
    by: Actor,
    today: date,
) -> Merged:
    """End units, name their successor, hang what stood below them below it, and move their people.

    `into` is a unit that exists on that day and takes them in, or one that is opened by the merger. Roles for
    units that end are ended, never carried over: reach is granted, not inherited.
    """
    for unit in ending:
        require(by, Permit.MANAGE_UNITS, unit, today)
    spans = [_span_to_end(unit, on) for unit in ending]
    if isinstance(into, NewUnit):
        if into.parent is not None:
            require(by, Permit.MANAGE_UNITS, into.parent, today)
        successor = Unit.objects.get_or_create(code=into.code)[0]
    else:
        require(by, Permit.MANAGE_UNITS, into, today)
        successor = into
    gone = [unit for unit in ending if unit.pk != successor.pk]
    if not gone and not isinstance(into, NewUnit):
        raise NothingToMerge
    _close(spans, successor, on, decision, by)
    if isinstance(into, NewUnit):
        _open(successor, into, on, decision, by)
    elif not successor.spans.current().on(on).exists():
        raise NoSuchUnitOnDay(successor.code, on)
    children = _rehang(gone, successor, on, decision, by)
    people = _move_people(gone, successor, on, decision, by)
    roles = _end_roles(gone, on, by)
    return Merged(len(gone), children, people, roles)


def _span_to_end(unit: Unit, on: date) -> UnitSpan:
    """The unit's span of that day, which must be its last and have begun before."""
    spans = list(UnitSpan.for_ledger().filter(unit=unit, superseded_entry__isnull=True).order_by("since"))
    last = spans[-1] if spans else None
    if last is None or last.since >= on:
        raise UnitGoesOnLater(unit.code) if last is not None else NoSuchUnitOnDay(unit.code, on)
    if last.until is not None and last.until <= on:
        raise NoSuchUnitOnDay(unit.code, on)
    return last


def _close(spans: Sequence[UnitSpan], successor: Unit, on: date, decision: str, by: Actor) -> None:
    closed = []
    for span in spans:
        heir = None if span.unit_id == successor.pk else successor
        closed.append((span, changed(span, {"until": on, "decision": decision, "successor": heir})))
    correct_facts(closed, by=by)


def _open(unit: Unit, new: NewUnit, on: date, decision: str, by: Actor) -> None:
    if unit.spans.current().overlapping(on, None).exists():
        raise AlreadyThere
    record_fact(
        UnitSpan(
            unit=unit,
            name=new.name,
            folded_name=fold(new.name),
            kind=new.kind,
            parent=new.parent,
            sector=new.sector,
            since=on,
            decision=decision,
        ),
        by=by,
    )


def _rehang(gone: Sequence[Unit], successor: Unit, on: date, decision: str, by: Actor) -> int:
    """Hang the units below those that are gone below their successor, from that day on."""
    rows = (
        UnitSpan.objects.current()
        .overlapping(on, None)
        .filter(parent__in=gone)
        .exclude(unit=successor)
        .select_related("unit", "parent", "successor")
    )
    corrections, openings = [], []
    for row in rows:
        if row.since >= on:
            corrections.append((row, changed(row, {"parent": successor})))
            continue
        corrections.append((row, changed(row, {"until": on})))
        openings.append(
            UnitSpan(
                unit=row.unit,
                name=row.name,
                folded_name=row.folded_name,
                kind=row.kind,
                parent=successor,
                sector=row.sector,
                since=on,
                until=row.until,
                successor=row.successor,
                decision=decision,
            )
        )
    correct_facts(corrections, by=by)
    record_facts(openings, by=by)
    return len(corrections)


def _move_people(gone: Sequence[Unit], successor: Unit, on: date, decision: str, by: Actor) -> int:
    """End the postings in the units that are gone and open the same in their successor; how many people.

    Who worked in several of them holds one posting afterwards, for all that they did; who worked in the
    successor already and for the same audiences goes on there as before.
    """
    leaving = list(
        Posting.objects.current()
        .overlapping(on, None)
        .filter(unit__in=gone)
        .select_related("person", "unit")
        .order_by("person", "since", "pk")
    )
    staying = list(
        Posting.objects.current()
        .overlapping(on, None)
        .filter(unit=successor, person__in={row.person_id for row in leaving})
        .select_related("person", "unit")
    )
    there: dict[int, int] = {}
    for row in staying:
        if row.until is None and row.since <= on:
            there[row.person_id] = there.get(row.person_id, 0) | row.audience_mask
    begun = {(row.person_id, row.since): row for row in staying}
    widened: dict[int, tuple[Posting, Posting]] = {}
    opened: dict[tuple[int, date], Posting] = {}
    for row in leaving:
        since = max(row.since, on)
        new = opened.get((row.person_id, since))
        if new is not None:
            new.audience_mask |= row.audience_mask
            new.until = None if None in (new.until, row.until) else max(new.until, row.until)
            if row.title and row.title not in new.title.split("; "):
                new.title = f"{new.title}; {row.title}".strip("; ")[:200]
        elif row.person_id in there and not row.audience_mask & ~there[row.person_id]:
            continue
        elif same_day := begun.get((row.person_id, since)):
            _old, wider = widened.setdefault(same_day.pk, (same_day, changed(same_day, {})))
            wider.audience_mask |= row.audience_mask
        else:
            opened[row.person_id, since] = Posting(
                person=row.person,
                unit=successor,
                title=row.title,
                audience_mask=row.audience_mask,
                since=since,
                until=row.until,
                decision=decision,
            )
    correct_facts([(row, changed(row, {"until": on})) for row in leaving if row.since < on], by=by)
    withdraw_facts([row for row in leaving if row.since >= on], by=by)
    correct_facts(list(widened.values()), by=by)
    record_facts(list(opened.values()), by=by)
    people = {row.person_id for row in leaving}
    for person in sorted(people):
        posting_changed.send(Posting, person_id=person, unit_code=successor.code, on=on)
    return len(people)


def _end_roles(gone: Sequence[Unit], on: date, by: Actor) -> int:
    rows = list(
        RoleGrant.objects.current()
        .overlapping(on, None)
        .filter(unit__in=gone)
        .select_related("person", "unit", "granted_by", "approved_by")
    )
    correct_facts([(row, changed(row, {"until": on})) for row in rows if row.since < on], by=by)
    withdraw_facts([row for row in rows if row.since >= on], by=by)
    for row in rows:
        role_ended.send(
            RoleGrant,
            person_id=row.person_id,
            user_id=row.person.user_id,
            role=row.role,
            unit_code=row.unit.code,
            on=on,
        )
    return len(rows)
