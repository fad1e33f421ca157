"""The audit log as a manager of trust reads it: who did what, when, about whom, within the reader's reach.

The ledger holds no names. Each entry's fact is looked up by its chain, and told only if whoever acted, or the
person or unit that it is about, lies within reach on that day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.kernel.facts import RecordedFact, fact_models
from lms.kernel.models import LedgerEntry, LedgerReason
from lms.roster import policies
from lms.roster import queries as roster
from lms.roster.enums import Permit
from lms.roster.queries import Person

SHOWN = 50
_CHUNK = 200
_MOST_CHUNKS = 5
"""How many entries are looked through for one page; the reader goes on from there."""

KINDS: dict[str, Promise] = {
    "roster.unitspan": _("unit"),
    "roster.personrecord": _("personal particulars"),
    "roster.posting": _("posting"),
    "roster.absence": _("absence"),
    "roster.rosterconfirmation": _("confirmation of a staff list"),
    "roster.rolegrant": _("role"),
    "roster.personmerge": _("merger of two codes"),
    "roster.nationalid": _("national ID number"),
    "roster.person": _("person"),
    "roster.account": _("account"),
    "roster.erasurerequest": _("erasure of personal data"),
    "coverage.evidence": _("evidence of training"),
    "coverage.activity": _("activity of a unit"),
    "coverage.class_list": _("list of a class"),
    "coverage.contest": _("contest of a record"),
    "coverage.progress": _("progress in a course"),
    "coverage.target": _("target"),
    "learning.assignment": _("course assigned"),
    "quizzes.mark": _("mark"),
    "reports.closed": _("closed report"),
    "reports.restatement": _("restatement"),
    "certificate": _("certificate"),
    "kernel.signing_key": _("signing key"),
    "kernel.salt_erasure": _("erasure of salts"),
}
ACTS: dict[str, Promise] = {
    "recorded": pgettext_lazy("audit log", "recorded"),
    "corrected": pgettext_lazy("audit log", "corrected"),
    "withdrawn": pgettext_lazy("audit log", "withdrawn"),
    "opened": pgettext_lazy("audit log", "opened"),
    "issued": pgettext_lazy("audit log", "issued"),
    "revoked": pgettext_lazy("audit log", "revoked"),
    "copied": pgettext_lazy("audit log", "copied"),
    "erased": pgettext_lazy("audit log", "erased"),
    "code_issued": pgettext_lazy("audit log", "one-time code issued"),
    "invited": pgettext_lazy("audit log", "invited by e-mail"),
    "closed": pgettext_lazy("audit log", "closed"),
    "reopened": pgettext_lazy("audit log", "reopened"),
    "reset_asked": pgettext_lazy("audit log", "reset of the second factor asked for"),
    "reset_granted": pgettext_lazy("audit log", "second factor taken away"),
    "reset_refused": pgettext_lazy("audit log", "reset of the second factor refused"),
}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry in words."""

    id: int
    number: int | None
    time: datetime | None
    actor: str
    kind: str
    act: str
    about: str
    reason: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some lines, the newest first, and where the next page begins; None where the ledger begins."""

    lines: tuple[LogLine, ...]
    before: int | None


@dataclass(frozen=True, slots=True)
class _About:
    """The person and the unit that an entry is about, where there are any."""

    person: int | None = None
    unit: int | None = None


def log_within(me: Person, on: date, *, before: int | None = None, by: str = "", kind: str = "") -> LogPage:
    """A page of the log as I may read it on that day: the same number of queries for any ledger."""
    entries = LedgerEntry.objects.order_by("-pk")
    if by:
        entries = entries.filter(actor=by)
    if kind:
        entries = entries.filter(type__startswith=f"{kind}.")
    found: list[tuple[LedgerEntry, _About]] = []
    for _chunk in range(_MOST_CHUNKS):
        rows = list((entries.filter(pk__lt=before) if before else entries)[:_CHUNK])
        before = rows[-1].pk if len(rows) == _CHUNK else None
        found += _reached(rows, me, on)
        if len(found) > SHOWN:
            before = found[SHOWN - 1][0].pk
        if len(found) >= SHOWN or before is None:
            break
    return LogPage(tuple(_told(found[:SHOWN], on)), before)


def _reached(rows: Sequence[LedgerEntry], me: Person, on: date) -> list[tuple[LedgerEntry, _About]]:
    """The entries whose actor, person or unit lies within my reach, in their order."""
    about = _subjects(rows)
    people = policies.people_within_reach(me, Permit.READ_LEDGER, on)
    near = _pks(people, {one.person for one in about.values()})
    units = _pks(
        policies.units_within_reach(me, Permit.READ_LEDGER, on), {one.unit for one in about.values()}
    )
    actors = set(people.filter(code__in={row.actor for row in rows}).values_list("code", flat=True))
    return [
        (row, found)
        for row in rows
        if (found := about.get(row.subject, _About())).person in near
        or found.unit in units
        or (row.actor in actors and found == _About())
    ]


def _pks(rows: "QuerySet[Person] | QuerySet[roster.Unit]", wanted: Iterable[int | None]) -> set[int | None]:
    chosen = [pk for pk in wanted if pk is not None]
    return set(rows.filter(pk__in=chosen).values_list("pk", flat=True)) if chosen else set()


def _subjects(rows: Sequence[LedgerEntry]) -> dict[UUID, _About]:
    """What each subject is about: one query for each kind of fact on the page, and one for people."""
    by_model: dict[type[RecordedFact], set[UUID]] = {}
    others: set[UUID] = set()
    for row in rows:
        model = fact_models().get(row.type.rpartition(".")[0])
        if model is None:
            others.add(row.subject)
        else:
            by_model.setdefault(model, set()).add(row.subject)
    about: dict[UUID, _About] = {}
    for model, chains in by_model.items():
        names = {field.name for field in model._meta.concrete_fields if field.is_relation}
        keys = [name if name in names else None for name in ("person", "unit")]
        if not any(keys):
            continue
        wanted = [f"{key}_id" for key in keys if key]
        for chain, *values in model._default_manager.filter(chain__in=chains).values_list("chain", *wanted):
            told = dict(zip((key for key in keys if key), values, strict=True))
            about[chain] = _About(told.get("person"), told.get("unit"))
    if others:
        for public_id, pk in Person.objects.filter(public_id__in=others).values_list("public_id", "pk"):
            about[public_id] = _About(pk)
    return about


def _told(found: Sequence[tuple[LedgerEntry, _About]], on: date) -> list[LogLine]:
    actors = roster.person_ids({row.actor for row, _about in found})
    people = {one.person for _row, one in found if one.person} | set(actors.values())
    names = roster.full_names(people)
    places = {one.unit for _row, one in found if one.unit}
    units = {unit.id: unit.name for unit in roster.units_with_ids(places, on)}
    reasons = dict(
        LedgerReason.objects.filter(entry__in=[row.pk for row, _about in found]).values_list("entry", "text")
    )
    return [
        LogLine(
            id=row.pk,
            number=row.number,
            time=row.time,
            actor=names.get(actors.get(row.actor, 0), row.actor),
            kind=_kind(row.type),
            act=_act(row.type),
            about=names.get(about.person or 0, "") or units.get(about.unit or 0, ""),
            reason=reasons.get(row.pk, ""),
        )
        for row, about in found
    ]


def _kind(type_: str) -> str:
    kind = type_.rpartition(".")[0]
    return str(KINDS.get(kind, kind))


def _act(type_: str) -> str:
    act = type_.rpartition(".")[2]
    return str(ACTS.get(act, act))


def openings_of(people: Iterable[int], on: date) -> list[LogLine]:
    """Who opened the national ID number of these codes of one human being, and why: for its owner."""
    subjects = Person.objects.filter(pk__in=list(people)).values("public_id")
    rows = LedgerEntry.objects.filter(type="roster.nationalid.opened", subject__in=subjects).order_by("-pk")
    return _told([(row, _About()) for row in rows[:SHOWN]], on)
