"""What units held, from a file: the activity log of one unit or of many."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from lms.kernel.cells import day, one_of, text, whole
from lms.kernel.faults import Faults, ValueFault
from lms.kernel.queries import ledger_size
from lms.kernel.services import Actor, changed, correct_facts, record_facts
from lms.kernel.tables import Column, Table
from lms.kernel.tally import Tally
from lms.roster.enums import Permit
from lms.roster.policies import units_within_reach
from lms.roster.queries import Unit, codes_of_human, spans_of_units
from lms.roster.services.rights import acting

from ..enums import EvidenceStatus, activity_kinds
from ..models import Activity

_BATCH = 5_000
_SHOWN = 200
Key = tuple[str, str, date, str]


def activities() -> Table:
    """Made anew, since the settings say which kinds there are; a kind is known by its Vietnamese name too."""
    with translation.override("vi"):
        kinds = activity_kinds()
    known = one_of(kinds)

    def kind(cell: str) -> Any:
        try:
            return known(cell)
        except ValueFault:
            names = "; ".join(kinds.values())
            raise ValueFault(_("“{value}” is none of: {kinds}").format(value=cell, kinds=names)) from None

    return Table(
        Column("unit", "mã đơn vị", text(longest=32), required=True),
        Column("kind", "loại hoạt động", kind, required=True),
        Column("day", "ngày tổ chức", day, required=True),
        Column("title", "tên hoạt động", text(longest=200), required=True),
        Column("place", "địa điểm", text(longest=200), default=""),
        Column("participants", "số người tham gia", whole(most=1_000_000), required=True),
        Column("reference", "số kế hoạch hoặc quyết định", text(longest=120), default=""),
        Column(
            "status",
            "trạng thái",
            one_of({EvidenceStatus.DECLARED: "khai báo", EvidenceStatus.APPROVED: "đã duyệt"}),
            default=EvidenceStatus.DECLARED.value,
        ),
    )


@dataclass(frozen=True, slots=True)
class _Line:
    line: int
    unit: str
    kind: str
    day: date
    title: str
    place: str
    participants: int
    reference: str
    status: str

    @property
    def key(self) -> Key:
        return self.unit, self.kind, self.day, self.title


@dataclass(frozen=True, slots=True)
class Change:
    """One line that says something new, and what was believed before it."""

    line: int
    unit: str
    kind: str
    day: date
    title: str
    participants: int
    corrects: bool
    before: int | None = None
    """How many had taken part until now, where the line says otherwise."""


@dataclass(slots=True)
class Outcome(Tally):
    """Counts of an import, and the first changes in full."""

    changes: list[Change] = field(default_factory=list)
    participants: int = 0
    """Of all lines together, so that the sender can compare the sum with their own."""


@transaction.atomic
def import_activities(
    source: Path | IO[bytes],
    *,
    name: str,
    by: Actor,
    today: date,
    may_decide: bool = True,
    dry_run: bool = False,
    most_rows: int | None = None,
) -> Outcome:
    """Add activities and correct what the file restates: the same unit, kind, day and title.

    A person names only units for which they may record, today; stating something as approved needs the right
    to approve it, and without `may_decide` (a file through the pages) is refused. What was decided stays so
    where the file says nothing new of it, and waits again where it does. An empty place or reference leaves
    what is recorded. Raises FileRefused with all that is wrong; then nothing is written.
    """
    faults = Faults(name)
    lines = [_Line(row.line, **row) for row in activities().read(source, faults, most_rows=most_rows)]
    actor = acting(by)
    units = _units({line.unit for line in lines}, Permit.PREPARE_REPORT, actor, today)
    _check(lines, units, today, faults)
    _check_decisions(lines, units, actor, today, may_decide, faults)
    faults.check()
    standing = _standing(lines, units)
    outcome = Outcome(participants=sum(line.participants for line in lines))
    own = set() if actor is None else set(codes_of_human(actor.pk))
    created: list[Activity] = []
    corrected: list[tuple[Activity, Activity]] = []
    for line in lines:
        old = standing.get(line.key)
        if old is None:
            created.append(_new(line, units[line.unit], actor))
        elif (values := _restated(old, line, actor)) is None:
            outcome.unchanged += 1
            continue
        else:
            declarer = values.get("declared_by", old.declared_by)
            if values["decided_by"] and declarer and declarer.pk in own:
                faults.add(line.line, "status", _("somebody else must approve what you declared yourself"))
            corrected.append((old, changed(old, values)))
        if len(outcome.changes) < _SHOWN:
            outcome.changes.append(_change(line, old))
    faults.check()
    outcome.created, outcome.corrected = len(created), len(corrected)
    if not dry_run:
        for at in range(0, len(corrected), _BATCH):
            correct_facts(corrected[at : at + _BATCH], by=by)
        for at in range(0, len(created), _BATCH):
            record_facts(created[at : at + _BATCH], by=by)
    outcome.ledger = ledger_size()
    return outcome


def _units(codes: Iterable[str], permit: Permit, actor: Any, today: date) -> dict[str, Unit]:
    """The units with these codes for which who acts holds the permit; the operator holds it for all."""
    reach = Unit.objects.all() if actor is None else units_within_reach(actor, permit, today)
    wanted = sorted(codes)
    found: dict[str, Unit] = {}
    for at in range(0, len(wanted), _BATCH):
        found.update((row.code, row) for row in reach.filter(code__in=wanted[at : at + _BATCH]))
    return found


def _check(lines: list[_Line], units: Mapping[str, Unit], today: date, faults: Faults) -> None:
    spans = spans_of_units([unit.pk for unit in units.values()])
    stated: dict[Key, int] = {}
    for line in lines:
        unit = units.get(line.unit)
        if unit is None:
            unknown = _("none of your units has the code “{code}”")
            faults.add(line.line, "unit", unknown.format(code=line.unit))
        elif not any(span.covers(line.day) for span in spans.get(unit.pk, ())):
            faults.add(line.line, "day", _("the unit did not exist on that day"))
        if line.day > today:
            faults.add(line.line, "day", _("this day lies ahead"))
        other = stated.setdefault(line.key, line.line)
        if other != line.line:
            faults.add(line.line, "title", _("states the same activity as line {other}").format(other=other))


def _check_decisions(
    lines: list[_Line],
    units: Mapping[str, Unit],
    actor: Any,
    today: date,
    may_decide: bool,
    faults: Faults,
) -> None:
    """Who may say that something is approved: the operator, or whoever could approve it one by one."""
    decided = [line for line in lines if line.status == EvidenceStatus.APPROVED]
    if not decided:
        return
    approvable = _units({line.unit for line in decided}, Permit.APPROVE_EVIDENCE, actor, today)
    for line in decided:
        if not may_decide:
            faults.add(line.line, "status", _("what is sent here waits for a second person's approval"))
        elif line.unit in units and line.unit not in approvable:
            faults.add(line.line, "status", _("you have no right to approve this unit's activities"))


def _standing(lines: list[_Line], units: Mapping[str, Unit]) -> dict[Key, Activity]:
    """What is believed now of what these units held on the days of the file."""
    if not lines:
        return {}
    known = {unit.pk: unit for unit in units.values()}
    first, last = min(line.day for line in lines), max(line.day for line in lines)
    rows = Activity.objects.current().filter(day__range=(first, last))
    found: dict[Key, Activity] = {}
    ids = sorted(known)
    for at in range(0, len(ids), _BATCH):
        for row in rows.filter(unit__in=ids[at : at + _BATCH]).select_related("declared_by", "decided_by"):
            row.unit = known[row.unit_id]
            found[row.unit.code, row.kind, row.day, row.title] = row
    return found


def _new(line: _Line, unit: Unit, actor: Any) -> Activity:
    approved = line.status == EvidenceStatus.APPROVED
    return Activity(
        unit=unit,
        kind=line.kind,
        day=line.day,
        title=line.title,
        place=line.place,
        participants=line.participants,
        reference=line.reference,
        status=line.status,
        declared_by=None if approved else actor,
        decided_by=actor if approved else None,
    )


def _restated(old: Activity, line: _Line, actor: Any) -> dict[str, Any] | None:
    """What is to be believed otherwise; None where the line says nothing new."""
    stated: dict[str, Any] = {
        "place": line.place or old.place,
        "participants": line.participants,
        "reference": line.reference or old.reference,
    }
    other = any(getattr(old, name) != value for name, value in stated.items())
    if line.status == EvidenceStatus.APPROVED:
        if not other and old.status == EvidenceStatus.APPROVED:
            return None
        return {**stated, "status": EvidenceStatus.APPROVED.value, "decided_by": actor}
    if not other:
        return None
    waits = {"status": EvidenceStatus.DECLARED.value, "declared_by": actor, "decided_by": None}
    return {**stated, **waits, "revoked_on": None}


def _change(line: _Line, old: Activity | None) -> Change:
    before = old.participants if old and old.participants != line.participants else None
    return Change(
        line.line, line.unit, line.kind, line.day, line.title, line.participants, old is not None, before
    )
