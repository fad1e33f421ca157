"""The ledger's inside: numbering entries and growing the tree. Other rooms use `services` and `queries`.

There is one writer of numbers at a time. On SQLite that is whoever holds the write lock, and an entry is
numbered as it is written (`settings.LEDGER_INLINE`). On PostgreSQL requests leave their entries unnumbered
and one sequencer, holding an advisory lock, numbers what is committed; so nobody waits for anybody.
"""

import os
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from json import dumps
from typing import Any, cast

from django.conf import settings
from django.db import connection
from django.db.models import OuterRef, Subquery

from lms.kernel import bulk
from lms.kernel.clock import database_now
from lms.kernel.commitments import SALT_SIZE, canonical, commitment
from lms.kernel.facts import fact_models
from lms.kernel.merkle import Tree, leaf_hash
from lms.kernel.models import LedgerEntry, LedgerReason, LedgerSalt, LedgerTile

_LOCK = 0x76756E67  # "vung"
_BATCH = 5_000
RECORDED, CORRECTED, WITHDRAWN = "recorded", "corrected", "withdrawn"


def inline() -> bool:
    """Whether an entry is numbered in the transaction that writes it."""
    chosen: bool | None = settings.LEDGER_INLINE
    return connection.vendor == "sqlite" if chosen is None else chosen


def uid_of(salt: bytes) -> uuid.UUID:
    """An entry's random id. It follows from the salt, and nothing about the salt follows from it."""
    return uuid.UUID(bytes=sha256(b"vung/id/1\n" + salt).digest()[:16], version=4)


# What is committed to ---------------------------------------------------------------------------


def statement(fact: Any, reason: str = "") -> dict[str, Any]:
    """What an entry commits to: the fact, if one is stated, and the reason, if one was given."""
    stated: dict[str, Any] = {}
    if fact is not None:
        stated["fact"] = plain(fact)
    if reason:
        stated["reason"] = reason
    return stated


def plain(value: Any) -> Any:
    """The value in JSON's own kinds: days and times ISO, decimals without trailing zeros, sets in order."""
    kind = type(value)
    if kind is str or kind is int or value is None or kind is bool:
        return value
    if kind is date:
        return value.isoformat()
    if kind is dict:
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(inner) for inner in value)
    if isinstance(value, str):  # members of enumerations
        return str(value)
    return value


def instant(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


_quoted = lru_cache(maxsize=4096)(lambda text: dumps(text, ensure_ascii=False))


def leaf_of(
    number: int,
    time: str,
    type: str,
    version: int,
    uid: uuid.UUID,
    actor: str,
    subject: uuid.UUID,
    bound: bytes,
) -> bytes:
    """The hash of an entry in the tree: of its canonical JSON, which is written here by hand for speed."""
    return leaf_hash(
        f'{{"actor":{_quoted(actor)},"commitment":"{bound.hex()}","id":"{uid}","number":{number},'
        f'"subject":"{subject}","time":"{time}","type":{_quoted(type)},"version":{version}}}'.encode()
    )


def entry_document(entry: LedgerEntry) -> dict[str, Any]:
    """An entry as it is hashed and shown."""
    return {
        "actor": entry.actor,
        "commitment": bytes(entry.commitment).hex(),
        "id": str(entry.uid),
        "number": entry.number,
        "subject": str(entry.subject),
        "time": instant(cast(datetime, entry.time)),
        "type": entry.type,
        "version": entry.version,
    }


def entry_leaf(entry: LedgerEntry) -> bytes:
    return leaf_hash(canonical(entry_document(entry)))


# Tiles ------------------------------------------------------------------------------------------


class DatabaseTiles:
    """Tiles in the database; written together by `flush`."""

    def __init__(self) -> None:
        self._changed: dict[tuple[int, int], bytes] = {}

    def read(self, level: int, index: int) -> bytes:
        if (held := self._changed.get((level, index))) is not None:
            return held
        row = LedgerTile.objects.filter(level=level, index=index).values_list("hashes", flat=True).first()
        return bytes(row) if row else b""

    def write(self, level: int, index: int, tile: bytes) -> None:
        self._changed[level, index] = tile

    def flush(self) -> None:
        LedgerTile.objects.bulk_create(
            [LedgerTile(level=level, index=at, hashes=tile) for (level, at), tile in self._changed.items()],
            update_conflicts=True,
            unique_fields=["level", "index"],
            update_fields=["hashes"],
            batch_size=200,
        )
        self._changed.clear()


# Writing ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Draft:
    """An entry to be written. `number` stays None where the sequencer will give it."""

    type: str
    subject: uuid.UUID
    fact: Any
    actor: str
    version: int = 1
    reason: str = ""
    id: int = 0
    number: int | None = None


def write_unnumbered(drafts: Sequence[Draft]) -> None:
    """Insert entries that the sequencer will number once they are committed."""
    salts = [os.urandom(SALT_SIZE) for _ in drafts]
    entries = LedgerEntry.objects.bulk_create(
        LedgerEntry(
            type=draft.type,
            version=draft.version,
            actor=draft.actor,
            subject=draft.subject,
            uid=uid_of(salt),
            commitment=commitment(statement(draft.fact, draft.reason), salt),
        )
        for draft, salt in zip(drafts, salts, strict=True)
    )
    for draft, entry in zip(drafts, entries, strict=True):
        draft.id = entry.pk
    _keep_secrets(drafts, salts)


def write_numbered(drafts: Sequence[Draft]) -> None:
    """Insert entries with their numbers. Waits for the sequencer's lock; the transaction holds it to its end.

    About 50,000 entries a second on one core.
    """
    hold_lock()
    number_pending()
    size, last = _end()
    now = _database_time(last)
    written = instant(now)
    ids = bulk.new_ids(LedgerEntry, len(drafts))
    random = os.urandom(SALT_SIZE * len(drafts))
    salts, rows, leaves = [], [], []
    for at, draft in enumerate(drafts):
        salt = random[at * SALT_SIZE : (at + 1) * SALT_SIZE]
        uid = uid_of(salt)
        bound = commitment(statement(draft.fact, draft.reason), salt)
        draft.id, draft.number = ids[at], size + at + 1
        rows.append(
            (draft.id, draft.number, now, draft.type, draft.version, uid, draft.actor, draft.subject, bound)
        )
        leaves.append(
            leaf_of(draft.number, written, draft.type, draft.version, uid, draft.actor, draft.subject, bound)
        )
        salts.append(salt)
    bulk.insert_columns(LedgerEntry, _ENTRY_COLUMNS, rows)
    _keep_secrets(drafts, salts)
    _grow(size, leaves)


_ENTRY_COLUMNS = ("id", "number", "time", "type", "version", "uid", "actor", "subject", "commitment")


def _keep_secrets(drafts: Sequence[Draft], salts: Sequence[bytes]) -> None:
    bulk.insert_columns(
        LedgerSalt,
        ("entry", "salt"),
        [(draft.id, salt) for draft, salt in zip(drafts, salts, strict=True)],
    )
    reasons = [(draft.id, draft.reason) for draft in drafts if draft.reason]
    if reasons:
        bulk.insert_columns(LedgerReason, ("entry", "text"), reasons)


def number_pending() -> int:
    """Number what is committed and not numbered; how many that were. The caller holds the lock."""
    total = 0
    while True:
        entries = list(LedgerEntry.objects.filter(number__isnull=True).order_by("id")[:_BATCH])
        if not entries:
            break
        size, last = _end()
        now = _database_time(last)
        for at, entry in enumerate(entries, start=1):
            entry.number, entry.time = size + at, now
        stored = LedgerEntry._meta.get_field("time").get_db_prep_save(now, connection)
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE kernel_ledgerentry SET number = %s, time = %s WHERE id = %s AND number IS NULL",
                [(entry.number, stored, entry.pk) for entry in entries],
            )
        _grow(size, map(entry_leaf, entries))
        _number_facts(entries)
        total += len(entries)
    return total


def _number_facts(entries: Iterable[LedgerEntry]) -> None:
    """Give the rows of facts the numbers of the entries that recorded and superseded them."""
    kinds = {entry.type.rpartition(".")[0] for entry in entries}
    number = LedgerEntry.objects.values("number")
    for kind, model in fact_models().items():
        if kind in kinds:
            rows = model._default_manager
            rows.filter(recorded__isnull=True).update(
                recorded=Subquery(number.filter(pk=OuterRef("recorded_entry")))
            )
            rows.filter(superseded_entry__isnull=False, superseded__isnull=True).update(
                superseded=Subquery(number.filter(pk=OuterRef("superseded_entry")))
            )


def _grow(size: int, leaves: Iterable[bytes]) -> None:
    tiles = DatabaseTiles()
    Tree(tiles, size).append(leaves)
    tiles.flush()


def _end() -> tuple[int, datetime | None]:
    """The ledger's size, and the time of its last entry."""
    last = LedgerEntry.objects.filter(number__isnull=False).order_by("-number").values_list("number", "time")
    number, time = last.first() or (0, None)
    return number or 0, time


# The database -----------------------------------------------------------------------------------


def hold_lock() -> None:
    """Become the only writer of numbers until the transaction ends; waits for whoever is."""
    _in_transaction()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def try_lock() -> bool:
    """Become the only writer of numbers until the transaction ends, unless somebody is."""
    _in_transaction()
    if connection.vendor != "postgresql":
        return True  # the transaction is immediate: it has the only write lock there is
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _in_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("the ledger is written inside a transaction")


def _database_time(last: datetime | None) -> datetime:
    """Now, by the database's clock, and not before the last entry."""
    now = database_now().astimezone(UTC)
    return now if last is None or now > last else last
