"""Recording, correcting and withdrawing facts, each with its entry in the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db import connection, transaction

from lms.kernel import bulk, ledger
from lms.kernel.errors import Refused
from lms.kernel.facts import RecordedFact, ledger_type
from lms.kernel.ledger import CORRECTED, RECORDED, WITHDRAWN, Draft
from lms.kernel.services.entries import Actor, code_of, write_entries

Fact = TypeVar("Fact", bound=RecordedFact)


class AlreadySuperseded(Refused):
    """Somebody else corrected or withdrew the fact in the meantime; nothing was written."""

    code = "already_superseded"


# One fact ---------------------------------------------------------------------------------------


def record_fact(row: Fact, *, by: Actor, reason: str = "") -> Fact:
    """Write a belief about something that nothing was believed about before."""
    return _record([row], by=by, reason=reason, at_once=False)[0]


def correct_fact(old: Fact, new_values: Mapping[str, Any], *, by: Actor, reason: str = "") -> Fact:
    """Supersede a belief by another one, which is returned; the old row itself where nothing differs."""
    return _correct([(old, changed(old, new_values))], by=by, reason=reason, at_once=False)[0]


def withdraw_fact(old: RecordedFact, *, by: Actor, reason: str = "") -> None:
    """Believe no longer, and nothing in its place."""
    _withdraw([old], by=by, reason=reason, at_once=False)


def changed(old: Fact, new_values: Mapping[str, Any]) -> Fact:
    """A row, not written yet, that believes what the old one does except for the new values."""
    unknown = new_values.keys() - {
        name for field in old._meta.concrete_fields for name in (field.name, field.attname)
    }
    if unknown:
        raise TypeError(f"no such columns: {', '.join(sorted(unknown))}")
    new = type(old)(
        **{
            field.attname: getattr(old, field.attname)
            for field in old._meta.concrete_fields
            if not field.primary_key and field.name not in ledger_columns
        },
        chain=old.chain,
    )
    for name, relation in old._state.fields_cache.items():
        new._state.fields_cache[name] = relation
    for name, value in new_values.items():
        setattr(new, name, value)
    return new


ledger_columns = frozenset({"chain", "recorded_entry", "recorded", "superseded_entry", "superseded"})


# Many facts -------------------------------------------------------------------------------------


def record_facts(rows: Sequence[Fact], *, by: Actor, reason: str = "") -> list[Fact]:
    """Record many facts of one kind, numbered at once; the rows, with their primary keys.

    For imports. Holds the sequencer's lock to the end of the caller's transaction: others go on writing
    facts, which are numbered afterwards. Give a few thousand rows at a time.
    """
    return _record(rows, by=by, reason=reason, at_once=True)


def correct_facts(pairs: Sequence[tuple[Fact, Fact]], *, by: Actor, reason: str = "") -> list[Fact]:
    """Supersede many old rows by new ones (`changed` makes them) in pairs, numbered at once."""
    return _correct(pairs, by=by, reason=reason, at_once=True)


def withdraw_facts(rows: Sequence[RecordedFact], *, by: Actor, reason: str = "") -> None:
    """Withdraw many facts of one kind, numbered at once."""
    _withdraw(rows, by=by, reason=reason, at_once=True)


# How --------------------------------------------------------------------------------------------


@transaction.atomic
def _record(rows: Sequence[Fact], *, by: Actor, reason: str, at_once: bool) -> list[Fact]:
    drafts = [_draft(row, RECORDED, by, reason) for row in rows]
    write_entries(drafts, at_once=at_once)
    return _insert(rows, drafts)


@transaction.atomic
def _correct(pairs: Sequence[tuple[Fact, Fact]], *, by: Actor, reason: str, at_once: bool) -> list[Fact]:
    really = [(old, new) for old, new in pairs if ledger.plain(old.fact()) != ledger.plain(new.fact())]
    drafts = [_draft(new, CORRECTED, by, reason) for _, new in really]
    write_entries(drafts, at_once=at_once)
    _supersede([old for old, _ in really], drafts)
    _insert([new for _, new in really], drafts)
    written = {id(new) for _, new in really}
    return [new if id(new) in written else old for old, new in pairs]


@transaction.atomic
def _withdraw(rows: Sequence[RecordedFact], *, by: Actor, reason: str, at_once: bool) -> None:
    drafts = [
        Draft(
            f"{ledger_type(type(row))}.{WITHDRAWN}", row.chain, None, code_of(by), row.ledger_version, reason
        )
        for row in rows
    ]
    write_entries(drafts, at_once=at_once)
    _supersede(rows, drafts)


def _draft(row: RecordedFact, act: str, by: Actor, reason: str) -> Draft:
    return Draft(
        f"{ledger_type(type(row))}.{act}", row.chain, row.fact(), code_of(by), row.ledger_version, reason
    )


def _insert(rows: Sequence[Fact], drafts: Iterable[Draft]) -> list[Fact]:
    for row, draft in zip(rows, drafts, strict=True):
        row.recorded_entry, row.recorded = draft.id, draft.number
    bulk.insert(rows)
    return list(rows)


def _supersede(rows: Sequence[RecordedFact], drafts: Sequence[Draft]) -> None:
    """Close beliefs, if nobody else has."""
    if not rows:
        return
    if any(row.recorded is None for row in rows) and drafts[0].number is not None:
        ledger.number_pending()
    table = connection.ops.quote_name(rows[0]._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET superseded_entry = %s, superseded = %s"  # noqa: S608
            " WHERE id = %s AND superseded_entry IS NULL",
            [(draft.id, draft.number, row.pk) for row, draft in zip(rows, drafts, strict=True)],
        )
        if cursor.rowcount != len(rows):
            raise AlreadySuperseded
    for row, draft in zip(rows, drafts, strict=True):
        row.superseded_entry, row.superseded = draft.id, draft.number
