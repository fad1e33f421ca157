"""Importing units: read, plan, write — all or nothing."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from lms.kernel.cells import text
from lms.kernel.faults import Faults
from lms.kernel.folding import fold
from lms.kernel.queries import ledger_size
from lms.kernel.services import Actor, changed, correct_facts, record_facts
from lms.kernel.tables import Column, Row, Table
from lms.roster.models import Posting, Unit, UnitSpan

from .outcome import Change, Kind, Outcome
from .tables import UNITS
from .unit_plan import Key, UnitFact, UnitPlan, plan_units, shown

_BATCH = 5_000
_CODES = Table(*(Column(column.name, column.vietnamese, text(longest=10_000)) for column in UNITS.columns))


def import_units(
    source: Path | IO[bytes],
    *,
    name: str,
    by: Actor,
    within: frozenset[str] | None = None,
    dry_run: bool = False,
    most_rows: int | None = None,
) -> Outcome:
    """Add and correct spans of units from a file.

    `within`: the only known units that it may change or hang others below (what its sender may keep).
    Raises FileRefused with all that is wrong; then nothing is written. `name` is what messages call the file.
    """
    faults = Faults(name)
    lines = [(row.line, _fact(row)) for row in UNITS.read(source, faults, most_rows=most_rows)]
    unread = _codes_of_faulty_lines(source, faults) if faults else frozenset()
    with transaction.atomic():
        rows = _believed()
        believed = {key: _fact_of(row) for key, row in rows.items()}
        plan = plan_units(lines, believed, faults, unread=unread)
        if within is not None:
            _check_reach(lines, believed, within, faults)
        faults.check()
        outcome = _outcome(plan, {fact.key: line for line, fact in lines}, believed)
        if not dry_run:
            _write(plan, rows, by)
            _note_people_left_behind(outcome, plan)
        outcome.ledger = ledger_size()
    return outcome


def _check_reach(
    lines: list[tuple[int, UnitFact]],
    believed: Mapping[Key, UnitFact],
    within: frozenset[str],
    faults: Faults,
) -> None:
    known = {code for code, _since in believed}
    beyond = _("“{code}” is not among the units that you keep")
    for line, fact in lines:
        stays = fact.key in believed and believed[fact.key].parent == fact.parent
        if fact.code in known and fact.code not in within:
            faults.add(line, "code", beyond.format(code=fact.code))
        elif not stays and fact.parent is None:
            faults.add(line, "parent", _("say which of your units it stands below"))
        elif not stays and fact.parent in known and fact.parent not in within:
            faults.add(line, "parent", beyond.format(code=fact.parent))


def _fact(row: Row) -> UnitFact:
    return UnitFact(
        row["code"],
        row["name"],
        row["kind"],
        row["parent"],
        row["sector"],
        row["since"],
        row["until"],
        row["successor"],
        row["decision"],
    )


def _codes_of_faulty_lines(source: Path | IO[bytes], faults: Faults) -> frozenset[str]:
    """The units on lines that could not be read: the units below them shall not be blamed."""
    lines = {fault.line for fault in faults.listed}
    rows = _CODES.read(source, Faults(faults.file))
    return frozenset(row["code"] for row in rows if row.line in lines and row["code"])


def _believed() -> dict[Key, UnitSpan]:
    rows = UnitSpan.for_ledger().filter(superseded_entry__isnull=True)
    return {(row.unit.code, row.since): row for row in rows}


def _fact_of(row: UnitSpan) -> UnitFact:
    return UnitFact(
        row.unit.code,
        row.name,
        row.kind,
        row.parent.code if row.parent else None,
        row.sector,
        row.since,
        row.until,
        row.successor.code if row.successor else None,
        row.decision,
    )


def _outcome(plan: UnitPlan, line_of: Mapping[Key, int], believed: Mapping[Key, UnitFact]) -> Outcome:
    outcome = Outcome(created=len(plan.created), corrected=len(plan.corrected), unchanged=plan.unchanged)
    for fact in plan.created:
        outcome.changed(Change(Kind.IN, line_of[fact.key], fact.code, fact.name, shown(fact.since)))
    for fact in plan.corrected:
        ends = fact.until is not None and believed[fact.key].until is None
        kind = Kind.OUT if ends else Kind.CORRECTED
        day = shown(fact.until) if ends and fact.until else shown(fact.since)
        outcome.changed(Change(kind, line_of[fact.key], fact.code, fact.name, day))
    return outcome


def _write(plan: UnitPlan, rows: Mapping[Key, UnitSpan], by: Actor) -> None:
    units = _anchors(plan)
    corrections = [(rows[fact.key], changed(rows[fact.key], _values(fact, units))) for fact in plan.corrected]
    # Spans that end come first, so that an open one may follow in the same file.
    corrections.sort(key=lambda pair: pair[1].until is None)
    for at in range(0, len(corrections), _BATCH):
        correct_facts(corrections[at : at + _BATCH], by=by)
    created = [
        UnitSpan(unit=units[fact.code], since=fact.since, **_values(fact, units)) for fact in plan.created
    ]
    for at in range(0, len(created), _BATCH):
        record_facts(created[at : at + _BATCH], by=by)


def _anchors(plan: UnitPlan) -> dict[str, Unit]:
    """Every unit that the plan names; those that are new are made."""
    new = {fact.code for fact in plan.created}
    known = set(Unit.objects.values_list("code", flat=True))
    Unit.objects.bulk_create([Unit(code=code) for code in sorted(new - known)], batch_size=_BATCH)
    return {unit.code: unit for unit in Unit.objects.all()}


def _values(fact: UnitFact, units: Mapping[str, Unit]) -> dict[str, object]:
    return {
        "name": fact.name,
        "folded_name": fold(fact.name),
        "kind": fact.kind,
        "parent": units[fact.parent] if fact.parent else None,
        "sector": fact.sector,
        "until": fact.until,
        "successor": units[fact.successor] if fact.successor else None,
        "decision": fact.decision,
    }


def _note_people_left_behind(outcome: Outcome, plan: UnitPlan) -> None:
    """People whose posting outlives its unit are counted nowhere until somebody moves them."""
    for fact in _ended(plan):
        left = Posting.objects.current().on(fact.until).filter(unit__code=fact.code) if fact.until else None
        if left is not None and (count := left.values("person").distinct().count()):
            outcome.note(
                _("{count} people still have a posting in {code} {name}, which ends on {day}.").format(
                    count=count, code=fact.code, name=fact.name, day=shown(fact.until or fact.since)
                )
            )


def _ended(plan: UnitPlan) -> Iterable[UnitFact]:
    """Corrected spans that now end and that no other span of the plan continues."""
    goes_on = {fact.key for fact in [*plan.created, *plan.corrected]}
    return [f for f in plan.corrected if f.until is not None and (f.code, f.until) not in goes_on]
