"""Evidence from classes and from elsewhere. What the platform itself saw, the platform alone writes."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import file_digest, sha256
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.kernel.cells import day, decimal, one_of, text
from lms.kernel.faults import Faults, ValueFault
from lms.kernel.queries import ledger_size
from lms.kernel.services import Actor, changed, correct_facts, record_facts
from lms.kernel.tables import Column, Table
from lms.kernel.tally import Tally
from lms.roster.enums import Permit
from lms.roster.policies import people_within_reach
from lms.roster.queries import codes_of_human
from lms.roster.services.rights import acting

from ..enums import ONLINE, EvidenceStatus, Outcome, Source
from ..models import Evidence
from ..services.class_lists import keep_class_list
from .cells import level

DECLARED = EvidenceStatus.DECLARED
_BATCH = 5_000
_SHOWN = 200


def source(cell: str) -> str:
    """`class` or `external`; `online` is the platform's own."""
    value: str = _source(cell)
    if value == Source.ONLINE:
        raise ValueFault(gettext_lazy("only the platform itself writes online evidence"))
    return value


_source = one_of({Source.CLASS: "tại lớp", Source.EXTERNAL: "bên ngoài", Source.ONLINE: "trực tuyến"})
EVIDENCE = Table(
    Column("person", "mã cán bộ", text(longest=64), required=True),
    Column("course", "mã khóa học", text(longest=32), required=True),
    Column("level", "trình độ", level, default=""),
    Column("source", "nguồn", source, required=True),
    Column("completed_on", "ngày hoàn thành", day, required=True),
    Column("hours", "số giờ", decimal(places=2), default=None),
    Column("score", "điểm", decimal(places=2), default=None),
    Column(
        "outcome",
        "kết quả",
        one_of({Outcome.PASSED: "đạt", Outcome.COMPLETED: "hoàn thành", Outcome.ATTENDED: "tham dự"}),
        required=True,
    ),
    Column("valid_until", "có giá trị đến", day, default=None),
    Column("reference", "số tham chiếu", text(longest=120), default=""),
    Column(
        "status",
        "trạng thái",
        one_of({EvidenceStatus.DECLARED: "khai báo", EvidenceStatus.APPROVED: "đã duyệt"}),
        default=EvidenceStatus.DECLARED.value,
    ),
)
Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class _Line:
    line: int
    person: str
    course: str
    level: str
    source: str
    completed_on: date
    hours: Decimal | None
    score: Decimal | None
    outcome: str
    valid_until: date | None
    reference: str
    status: str

    @property
    def key(self) -> Key:
        return _key(self.person, self.course, self.source, self.completed_on, self.reference)


def _key(person: str, course: str, source: str, completed_on: date, reference: str) -> Key:
    """A paper names a piece of evidence; without one, its source and day do."""
    if reference:
        return person, course, "", reference
    return person, course, source, completed_on.isoformat()


@dataclass(frozen=True, slots=True)
class Change:
    """One training that the file adds or corrects."""

    line: int
    person: str
    course: str
    completed_on: date
    outcome: str
    source: str
    corrects: bool


@dataclass(slots=True)
class Read(Tally):
    """Counts of an import of evidence, and the first changes line by line."""

    changes: list[Change] = field(default_factory=list)

    def changed(self, line: _Line, course: Any, *, corrects: bool) -> None:
        if len(self.changes) < _SHOWN:
            told = (line.completed_on, line.outcome, line.source)
            self.changes.append(Change(line.line, line.person, course.title, *told, corrects))


@transaction.atomic
def import_evidence(
    source: Path | IO[bytes],
    *,
    name: str,
    by: Actor,
    today: date,
    within: QuerySet[Any] | None = None,
    may_decide: bool = True,
    dry_run: bool = False,
    most_rows: int | None = None,
) -> Read:
    """Add evidence and correct what the file restates. Raises FileRefused; then nothing is written.

    What it declares of classes is kept as a list: the file's SHA-256, and who of it is to be called.
    Stating evidence as approved needs the right to approve that of the person, today, and is nobody's own to
    do. What waits for a decision or was decided stays so where the file says only `declared`, unless the file
    changes what was decided about.

    `within`: the only people whom the file may name. Without `may_decide` it states nothing as approved: a
    second person decides.
    """
    faults = Faults(name)
    lines = [_Line(row.line, **row) for row in EVIDENCE.read(source, faults, most_rows=most_rows)]
    people = _rows_by_code("person", {line.person for line in lines})
    if within is not None:
        people = _reached(people, within)
    courses = _rows_by_code("course", {line.course for line in lines})
    actor = acting(by)
    if not may_decide:
        for line in lines:
            if line.status == EvidenceStatus.APPROVED:
                faults.add(line.line, "status", _("a second person approves; leave this cell empty"))
    approvable = _approvable(lines, actor, today) if may_decide and actor is not None else None
    _check(lines, people, courses, approvable, today, faults)
    faults.check()
    standing = _standing(people, courses)
    own = set() if actor is None else set(codes_of_human(actor.pk))
    tally = Read()
    created: list[Evidence] = []
    corrected: list[tuple[Evidence, Evidence]] = []
    for line in lines:
        old = standing.get(line.key)
        stated = _stated(line, courses[line.course])
        if old is None:
            created.append(_new(line, stated, people[line.person], courses[line.course], actor))
            tally.changed(line, courses[line.course], corrects=False)
        elif (values := _restated(old, line, stated, actor)) is None:
            tally.unchanged += 1
        else:
            declarer = values.get("declared_by", old.declared_by)
            if values.get("approved_by") and declarer and declarer.pk in own:
                faults.add(line.line, "status", _("somebody else must approve what you declared yourself"))
            corrected.append((old, changed(old, values)))
            tally.changed(line, courses[line.course], corrects=True)
    faults.check()
    tally.created, tally.corrected = len(created), len(corrected)
    if not dry_run:
        for at in range(0, len(corrected), _BATCH):
            correct_facts(corrected[at : at + _BATCH], by=by)
        for at in range(0, len(created), _BATCH):
            record_facts(created[at : at + _BATCH], by=by)
        in_class = [row for row in created if (row.source, row.status) == (Source.CLASS, DECLARED)]
        if in_class:
            keep_class_list(name=name, sha256=sha256_of(source), trainings=in_class, by=by)
    tally.ledger = ledger_size()
    return tally


def sha256_of(source: Path | IO[bytes]) -> str:
    """Of the file's bytes, in hexadecimal."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    source.seek(0)
    return sha256(source.read()).hexdigest()


def _rows_by_code(column: str, codes: set[str]) -> dict[str, Any]:
    """The people or courses with these codes, whole, so that the ledger need not look them up again."""
    related: Any = Evidence._meta.get_field(column).related_model
    wanted = sorted(codes)
    found: dict[str, Any] = {}
    for at in range(0, len(wanted), _BATCH):
        found.update((row.code, row) for row in related.objects.filter(code__in=wanted[at : at + _BATCH]))
    return found


def _reached(people: dict[str, Any], within: QuerySet[Any]) -> dict[str, Any]:
    """Those of these people who are among the others."""
    ids = sorted(row.pk for row in people.values())
    reached: set[int] = set()
    for at in range(0, len(ids), _BATCH):
        reached.update(within.filter(pk__in=ids[at : at + _BATCH]).values_list("pk", flat=True))
    return {code: row for code, row in people.items() if row.pk in reached}


def _approvable(lines: list[_Line], actor: Any, today: date) -> set[str]:
    """The officer codes of those whose evidence the actor may approve: in reach, and not their own."""
    wanted = sorted({line.person for line in lines if line.status == EvidenceStatus.APPROVED})
    own = codes_of_human(actor.pk)
    reach = people_within_reach(actor, Permit.APPROVE_EVIDENCE, today)
    found: set[str] = set()
    for at in range(0, len(wanted), _BATCH):
        rows = reach.filter(code__in=wanted[at : at + _BATCH]).exclude(pk__in=own)
        found.update(rows.values_list("code", flat=True))
    return found


def _check(
    lines: list[_Line],
    people: dict[str, Any],
    courses: dict[str, Any],
    approvable: set[str] | None,
    today: date,
    faults: Faults,
) -> None:
    stated: dict[Key, int] = {}
    for line in lines:
        if line.person not in people:
            faults.add(line.line, "person", _("unknown officer code “{code}”").format(code=line.person))
        if line.course not in courses:
            faults.add(line.line, "course", _("unknown course code “{code}”").format(code=line.course))
        if line.completed_on > today:
            faults.add(line.line, "completed_on", _("this day is still to come"))
        if line.valid_until is not None and line.valid_until <= line.completed_on:
            faults.add(line.line, "valid_until", _("the last day must come after the day of completion"))
        if line.reference.startswith(ONLINE):
            faults.add(line.line, "reference", _("only the platform's own evidence is called so"))
        if (
            line.status == EvidenceStatus.APPROVED
            and approvable is not None
            and line.person not in approvable
        ):
            faults.add(line.line, "status", _("you have no right to approve this person's evidence"))
        other = stated.setdefault(line.key, line.line)
        if other != line.line:
            faults.add(
                line.line, "reference", _("states the same evidence as line {other}").format(other=other)
            )


def _standing(people: dict[str, Any], courses: dict[str, Any]) -> dict[Key, Evidence]:
    """What is believed now of these people's training in these courses, elsewhere than here."""
    known = {row.pk: row for row in people.values()}
    taught = {row.pk: row for row in courses.values()}
    rows = Evidence.objects.current().filter(course__in=list(taught)).exclude(source=Source.ONLINE)
    found: dict[Key, Evidence] = {}
    ids = sorted(known)
    for at in range(0, len(ids), _BATCH):
        for row in rows.filter(person__in=ids[at : at + _BATCH]).select_related("declared_by", "approved_by"):
            row.person, row.course = known[row.person_id], taught[row.course_id]
            found[_key(row.person.code, row.course.code, row.source, row.completed_on, row.reference)] = row
    return found


def _stated(line: _Line, course: Any) -> dict[str, Any]:
    """What the line says of the training; level and hours are the course's where the file leaves them out."""
    return {
        "level": line.level or course.level,
        "source": line.source,
        "completed_on": line.completed_on,
        "hours": line.hours if line.hours is not None else course.hours,
        "score": line.score,
        "outcome": line.outcome,
        "valid_until": line.valid_until,
        "reference": line.reference,
    }


def _new(line: _Line, stated: dict[str, Any], person: Any, course: Any, actor: Any) -> Evidence:
    approved = line.status == EvidenceStatus.APPROVED
    return Evidence(
        person=person,
        course=course,
        status=line.status,
        declared_by=None if approved else actor,
        approved_by=actor if approved else None,
        **stated,
    )


def _restated(old: Evidence, line: _Line, stated: dict[str, Any], actor: Any) -> dict[str, Any] | None:
    """What is to be believed otherwise; None where the line says nothing new."""
    other = any(getattr(old, field) != value for field, value in stated.items())
    if line.status == EvidenceStatus.APPROVED:
        if not other and old.status == EvidenceStatus.APPROVED:
            return None
        return {**stated, "status": EvidenceStatus.APPROVED.value, "approved_by": actor}
    if not other:
        return None
    declared = EvidenceStatus.DECLARED.value
    return {**stated, "status": declared, "declared_by": actor, "approved_by": None}
