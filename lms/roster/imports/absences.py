"""Importing absences: what a file says counts as approved."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.kernel.faults import Faults
from lms.kernel.queries import ledger_size
from lms.kernel.services import Actor, changed, correct_facts, record_facts
from lms.roster.enums import AbsenceStatus
from lms.roster.models import Absence, Person

from .outcome import Change, Kind, Outcome
from .tables import absences
from .unit_plan import shown

_BATCH = 5_000
Key = tuple[str, str, date]


@dataclass(frozen=True, slots=True)
class _Line:
    line: int
    person: str
    reason: str
    since: date
    until: date | None
    decision: str

    @property
    def key(self) -> Key:
        return self.person, self.reason, self.since


def import_absences(
    source: Path | IO[bytes],
    *,
    name: str,
    by: Actor,
    within: frozenset[str] | None = None,
    approved: bool = True,
    dry_run: bool = False,
    most_rows: int | None = None,
) -> Outcome:
    """Add and correct absences from a file. `within`: the only officer codes that it may name.

    `approved`: what the operator's file says is decided; what a manager sends waits for a second person.

    Raises FileRefused with all that is wrong; then nothing is written.
    """
    faults = Faults(name)
    lines = _read(source, faults, most_rows)
    with transaction.atomic():
        people = {person.code: person for person in Person.objects.filter(code__in={x.person for x in lines})}
        _check(lines, people, within, faults)
        faults.check()
        rows = {
            (row.person.code, row.reason, row.since): row
            for row in Absence.objects.current()
            .filter(person__in=people.values())
            .select_related("person", "proposed_by", "approved_by")
        }
        outcome = Outcome()
        created: list[Absence] = []
        corrected: list[tuple[Absence, Absence]] = []
        stand = _stand(by, approved)
        for line in lines:
            old = rows.get(line.key)
            decision = line.decision or (old.decision if old else "")
            if old is None:
                new = Absence(
                    person=people[line.person],
                    reason=line.reason,
                    since=line.since,
                    until=line.until,
                    decision=decision,
                    **stand,
                )
                created.append(new)
                outcome.changed(_change(Kind.IN, line))
            elif (old.until, old.decision) != (line.until, decision) or (
                approved and old.status != AbsenceStatus.APPROVED
            ):
                values = {"until": line.until, "decision": decision, **stand}
                if approved and old.approved_by:
                    del values["approved_by"]
                corrected.append((old, changed(old, values)))
                outcome.changed(_change(Kind.CORRECTED, line))
        outcome.created, outcome.corrected = len(created), len(corrected)
        outcome.unchanged = len(lines) - len(created) - len(corrected)
        if not dry_run:
            for at in range(0, len(corrected), _BATCH):
                correct_facts(corrected[at : at + _BATCH], by=by)
            for at in range(0, len(created), _BATCH):
                record_facts(created[at : at + _BATCH], by=by)
        outcome.ledger = ledger_size()
    return outcome


def _stand(by: Actor, approved: bool) -> dict[str, Any]:
    """Who proposed and who approved what the file says."""
    person = by if isinstance(by, Person) else None
    if approved:
        return {"status": AbsenceStatus.APPROVED, "approved_by": person}
    return {"status": AbsenceStatus.PROPOSED, "proposed_by": person, "approved_by": None}


def _read(source: Path | IO[bytes], faults: Faults, most_rows: int | None) -> list[_Line]:
    return [
        _Line(row.line, row["person"], row["reason"], row["since"], row["until"], row["decision"])
        for row in absences().read(source, faults, most_rows=most_rows)
    ]


def _check(
    lines: list[_Line], people: dict[str, Person], within: frozenset[str] | None, faults: Faults
) -> None:
    stated: dict[Key, int] = {}
    for line in lines:
        if line.person not in people or (within is not None and line.person not in within):
            faults.add(line.line, "person", _("unknown officer code “{code}”").format(code=line.person))
        if line.until is not None and line.until <= line.since:
            faults.add(line.line, "until", _("the last day must come after the first"))
        other = stated.setdefault(line.key, line.line)
        if other != line.line:
            faults.add(line.line, "since", _("states the same absence as line {other}").format(other=other))


def _change(kind: Kind, line: _Line) -> Change:
    days = f"{line.reason}, {shown(line.since)}" + (f" – {shown(line.until)}" if line.until else "")
    return Change(kind, line.line, line.person, line.person, days)
