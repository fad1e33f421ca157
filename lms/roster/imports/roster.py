"""Importing a roster: two passes over the file, then one transaction — all or nothing.

A million lines take a few minutes and stay under 600 MB: the first pass keeps hashes only, the second goes
through the file in batches.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from lms.kernel import bulk
from lms.kernel.faults import Faults
from lms.kernel.folding import fold
from lms.kernel.queries import ledger_size
from lms.kernel.services import Actor, changed, correct_facts, record_facts, withdraw_facts
from lms.kernel.spans import Span
from lms.kernel.tables import Row
from lms.kernel.uuids import ordered_uuids
from lms.roster import vault
from lms.roster.models import Audience, NationalId, Person, PersonRecord, Posting, Unit, UnitSpan
from lms.roster.queries import units_below

from .outcome import Change, Kind, Outcome
from .roster_plan import Batch, Check, PersonFact, PostingFact, PostingKey, RosterLine, in_batches, plan
from .tables import ROSTER
from .unit_plan import shown

_BATCH = 5_000
Progress = Callable[[int], None]
_Stated = TypeVar("_Stated")


@dataclass(frozen=True, slots=True)
class WholeStaff:
    """The file is the whole staff of this unit and everything below it on this day."""

    unit: Unit
    on: date


def import_roster(
    source: Path | IO[bytes],
    *,
    name: str,
    by: Actor,
    whole: WholeStaff | None = None,
    within: frozenset[str] | None = None,
    dry_run: bool = False,
    preview: bool = False,
    most_rows: int | None = None,
    progress: Progress = lambda lines: None,
) -> Outcome:
    """Add and correct people and postings from a file; with `whole`, end those that it does not name.

    `preview`: write nothing, and answer faults beside what the sound lines would change.

    `within`: the only units that the file may name (what its sender may manage). Raises FileRefused with all
    that is wrong; then nothing is written. `name` is what the file is called in messages.
    """
    faults = Faults(name)
    staff_on = _staff_on(whole, faults) if whole else None
    reader = _Reader(source, most_rows, faults)
    check = Check(_lives(), faults, within=within, staff_on=staff_on)
    for line in reader.lines(faults):
        check.line(line)
        if not line.line % 10_000:
            progress(line.line)
    check.explain(lambda: reader.lines(Faults(name)))
    if not preview:
        faults.check()
    idle = dry_run or preview
    with nullcontext() if idle else transaction.atomic():
        moved: set[int] = set()
        outcome = _go_through(reader, faults, by, idle, progress, moved)
        if not preview:
            faults.check()
        if whole:
            _end_missing(whole, check, moved, outcome, by, idle)
        outcome.ledger = ledger_size()
    outcome.faults = faults
    return outcome


def _staff_on(whole: WholeStaff, faults: Faults) -> tuple[date, frozenset[str]]:
    """The day of a whole staff's list, and the units that it is about."""
    below = frozenset(units_below([whole.unit.pk], whole.on).values_list("code", flat=True))
    if not below:
        sentence = _("the unit {code} does not exist on {day}")
        faults.refuse(sentence.format(code=whole.unit.code, day=shown(whole.on)))
    return whole.on, below


class _Reader:
    """The lines of the file, as often as they are wanted."""

    def __init__(self, source: Path | IO[bytes], most_rows: int | None, faults: Faults) -> None:
        self._source = source
        self._most_rows = most_rows
        self._masks = {audience.code.casefold(): audience.mask for audience in Audience.objects.all()}
        self._known: dict[tuple[str, ...], tuple[int, str | None]] = {}

    def lines(self, faults: Faults) -> Iterator[RosterLine]:
        for row in ROSTER.read(self._source, faults, most_rows=self._most_rows):
            mask, unknown = self._mask(row["audiences"])
            if unknown is not None:
                faults.add(row.line, "audiences", _("unknown audience “{code}”").format(code=unknown))
            yield _line(row, mask)

    def _mask(self, codes: tuple[str, ...]) -> tuple[int, str | None]:
        """The mask of these codes, and the first that is not known."""
        if codes not in self._known:
            masks = [self._masks.get(code.casefold()) for code in codes]
            unknown = next((code for code, mask in zip(codes, masks, strict=True) if mask is None), None)
            self._known[codes] = (sum({mask for mask in masks if mask}), unknown)
        return self._known[codes]


def _line(row: Row, mask: int) -> RosterLine:
    return RosterLine(
        row.line,
        row["person"],
        row["full_name"],
        row["birth_date"],
        row["national_id"],
        row["phone"],
        row["email"],
        row["unit"],
        row["title"],
        mask,
        row["since"],
        row["until"],
        row["decision"],
    )


def _lives() -> dict[str, list[Span]]:
    """On which days each unit exists."""
    lives: dict[str, list[Span]] = {}
    rows = UnitSpan.objects.current().order_by("since").values_list("unit__code", "since", "until")
    for code, since, until in rows:
        lives.setdefault(code, []).append(Span(since, until))
    return lives


# The second pass --------------------------------------------------------------------------------


def _go_through(
    reader: _Reader, faults: Faults, by: Actor, dry_run: bool, progress: Progress, moved: set[int]
) -> Outcome:
    """Plan and write batch by batch; hashes of the codes that move are added to `moved`."""
    outcome = Outcome()
    corrected: set[int] = set()
    units = {unit.code: unit for unit in Unit.objects.all()}
    done = 0
    faulty = {fault.line for fault in faults.listed}
    for lines in in_batches(reader.lines(Faults()), _BATCH):
        if faulty:
            lines = [line for line in lines if line.line not in faulty]
        believed = _Believed({line.person for line in lines})
        batch = plan(lines, believed.people, believed.postings, corrected_before=corrected, faults=faults)
        outcome.created += batch.created_lines
        outcome.corrected += batch.corrected_lines
        outcome.unchanged += batch.unchanged_lines
        for change in batch.changes:
            outcome.changed(change)
            if change.kind == Kind.MOVED:
                moved.add(hash(change.code))
        if dry_run or not faults:
            _note_namesakes(batch, outcome)
            _vault(batch, outcome)
            if not dry_run:
                _write(batch, believed, units, by)
                _vault_new(batch, believed)
        done += len(lines)
        progress(done)
    return outcome


class _Believed:
    """What is believed now about some people."""

    def __init__(self, codes: set[str]) -> None:
        self.anchors = {person.code: person for person in Person.objects.filter(code__in=codes)}
        by_id = {person.pk: person for person in self.anchors.values()}
        self.records: dict[str, PersonRecord] = {}
        self.rows: dict[PostingKey, Posting] = {}
        if by_id:
            for record in PersonRecord.objects.current().filter(person__in=by_id):
                record.person = by_id[record.person_id]
                self.records[record.person.code] = record
            for row in Posting.objects.current().filter(person__in=by_id).select_related("unit"):
                row.person = by_id[row.person_id]
                self.rows[row.person.code, row.unit.code, row.since] = row
        self.people = {
            code: PersonFact(record.full_name, record.birth_date, record.phone, record.email)
            for code, record in self.records.items()
        }
        self.postings = {
            key: PostingFact(
                row.person.code,
                row.unit.code,
                row.title,
                row.audience_mask,
                row.since,
                row.until,
                row.decision,
            )
            for key, row in self.rows.items()
        }


def _write(batch: Batch, believed: _Believed, units: Mapping[str, Unit], by: Actor) -> None:
    unknown = [code for code in batch.new_people if code not in believed.anchors]
    anchors = [
        bulk.make(Person, code=code, public_id=identity)
        for code, identity in zip(unknown, ordered_uuids(len(unknown)), strict=True)
    ]
    bulk.insert(anchors)
    believed.anchors.update((person.code, person) for person in anchors)
    people = believed.anchors
    record_facts(
        [
            bulk.make(PersonRecord, chain=chain, person=people[code], **_record_values(fact))
            for chain, (code, fact) in _with_chains(batch.new_people.items())
        ],
        by=by,
    )
    correct_facts(
        [
            (believed.records[code], changed(believed.records[code], _record_values(fact)))
            for code, fact in batch.corrected_people.items()
        ],
        by=by,
    )
    correct_facts(
        [
            (believed.rows[fact.key], changed(believed.rows[fact.key], _posting_values(fact)))
            for fact in batch.corrected
        ],
        by=by,
    )
    record_facts(
        [
            bulk.make(
                Posting,
                chain=chain,
                person=people[fact.person],
                unit=units[fact.unit],
                since=fact.since,
                **_posting_values(fact),
            )
            for chain, fact in _with_chains(batch.created)
        ],
        by=by,
    )


def _with_chains(facts: Collection[_Stated]) -> Iterator[tuple[UUID, _Stated]]:
    return zip(ordered_uuids(len(facts)), facts, strict=True)


def _record_values(fact: PersonFact) -> dict[str, object]:
    return {
        "full_name": fact.full_name,
        "folded_name": fold(fact.full_name),
        "birth_date": fact.birth_date,
        "phone": fact.phone,
        "email": fact.email,
    }


def _posting_values(fact: PostingFact) -> dict[str, object]:
    return {
        "title": fact.title,
        "audience_mask": fact.audience_mask,
        "until": fact.until,
        "decision": fact.decision,
    }


# The same human being under two codes ------------------------------------------------------------


def _note_namesakes(batch: Batch, outcome: Outcome) -> None:
    """People who are new here and whose name and day of birth somebody else has: told, never merged."""
    twins: dict[tuple[str, date], list[str]] = {}
    for code, fact in batch.new_people.items():
        if fact.birth_date is not None:
            twins.setdefault((fold(fact.full_name), fact.birth_date), []).append(code)
    for key, code in _recorded_as(list(twins)):
        twins[key].insert(0, code)
    for (_name, birth), codes in twins.items():
        if len(codes) > 1:
            outcome.note(
                _("{codes} have the same name and day of birth ({day}); are they one person?").format(
                    codes=", ".join(codes), day=shown(birth)
                )
            )


def _recorded_as(keys: list[tuple[str, date]]) -> list[tuple[tuple[str, date], str]]:
    """Who is recorded under these folded names and days of birth: exact probes of one index."""
    if not keys:
        return []
    holes = ", ".join(["(%s, %s)"] * len(keys))
    sql = (
        f"WITH sought(name, born) AS (VALUES {holes}) "  # noqa: S608 — holes only
        "SELECT s.name, r.birth_date, p.code FROM sought s JOIN roster_personrecord r "
        "ON r.folded_name = s.name AND r.birth_date = s.born AND r.superseded_entry IS NULL "
        "JOIN roster_person p ON p.id = r.person_id ORDER BY p.code"
    )
    adapt = connection.ops.adapt_datefield_value
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for name, born in keys for value in (name, adapt(born))])
        return [((name, _day(born)), code) for name, born, code in cursor.fetchall()]


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _vault(batch: Batch, outcome: Outcome) -> None:
    """Leave in `batch.national_ids` those that are new; tell of numbers that another code has."""
    if not batch.national_ids:
        return
    prints = {code: vault.fingerprint(number) for code, (_line, number) in batch.national_ids.items()}
    rows = NationalId.objects.filter(fingerprint__in=prints.values()).select_related("person")
    owner = {bytes(row.fingerprint): row.person.code for row in rows}
    for code, (line, _number) in list(batch.national_ids.items()):
        other = owner.setdefault(prints[code], code)
        if other != code:
            outcome.note(
                _(
                    "line {line}: {code} has the same national ID number as {other}; are they one person?"
                ).format(line=line, code=code, other=other)
            )
            del batch.national_ids[code]


def _vault_new(batch: Batch, believed: _Believed) -> None:
    people = [believed.anchors[code] for code in batch.national_ids]
    held = {row.person_id: row for row in NationalId.objects.filter(person__in=people)}
    new, other = [], []
    for person in people:
        number = batch.national_ids[person.code][1]
        row = held.get(person.pk)
        print_ = vault.fingerprint(number)
        if row is None:
            new.append(
                NationalId(person=person, sealed=vault.seal(number, person.public_id), fingerprint=print_)
            )
        elif bytes(row.fingerprint) != print_:
            row.sealed, row.fingerprint = vault.seal(number, person.public_id), print_
            other.append(row)
    NationalId.objects.bulk_create(new)
    if other:
        NationalId.objects.bulk_update(other, ["sealed", "fingerprint"])


# Who is missing ---------------------------------------------------------------------------------


def _end_missing(
    whole: WholeStaff, check: Check, moved: set[int], outcome: Outcome, by: Actor, dry_run: bool
) -> None:
    """End on that day every posting of that day, in the unit and below, that the file does not state.

    `moved`: hashes of the codes whom the file moves, and who are not said to leave as well.
    """
    below = units_below([whole.unit.pk], whole.on)
    rows = Posting.objects.current().on(whole.on).filter(unit__in=below).select_related("person", "unit")
    stated = check.stated()
    missing = [
        row
        for row in rows.order_by("person__code", "since")
        if hash((row.person.code, row.unit.code, row.since)) not in stated
    ]
    names = dict(
        PersonRecord.objects.current()
        .filter(person__in={row.person_id for row in missing})
        .values_list("person_id", "full_name")
    )
    outcome.ended = len(missing)
    for row in missing:
        if hash(row.person.code) in moved:
            continue  # told as a move already
        detail = f"{row.unit.code}, {shown(whole.on)}"
        outcome.changed(
            Change(Kind.OUT, None, row.person.code, names.get(row.person_id, row.person.code), detail)
        )
    if dry_run:
        return
    # Whoever began on that very day was never there.
    never = [row for row in missing if row.since == whole.on]
    ended = [(row, changed(row, {"until": whole.on})) for row in missing if row.since < whole.on]
    withdraw_facts(never, by=by)
    for at in range(0, len(ended), _BATCH):
        correct_facts(ended[at : at + _BATCH], by=by)
