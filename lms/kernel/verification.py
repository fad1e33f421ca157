"""Going through the whole ledger: is everything still what was recorded, and what was signed?

Bounded memory at any size. What is wrong is named, the first thing first. The order of trust: a checkpoint is
believed if its signature is right; entries are believed if they give its root; facts are believed if they and
their salts give what their entries committed to.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from lms.kernel.checkpoints import Checkpoint, opened
from lms.kernel.commitments import SALT_SIZE, commitment
from lms.kernel.facts import RecordedFact, fact_models
from lms.kernel.ledger import CORRECTED, RECORDED, WITHDRAWN, instant, leaf_of, statement, uid_of
from lms.kernel.merkle import EMPTY_ROOT, SIZE, WIDTH, TilesInMemory, Tree
from lms.kernel.models import (
    LedgerCheckpoint,
    LedgerEntry,
    LedgerReason,
    LedgerSalt,
    LedgerTile,
    SaltErasure,
)
from lms.kernel.signednotes import BadNote, Verifier

_BATCH = 2_000
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not what it was. `what`: entry, tile, checkpoint, fact, salt, document."""

    what: str
    number: int | None
    sentence: str


@dataclass(slots=True)
class Examined:
    """What was gone through."""

    entries: int = 0
    waiting: int = 0
    checkpoints: int = 0
    facts: int = 0
    erased: int = 0
    root: bytes = EMPTY_ROOT
    findings: list[Finding] = field(default_factory=list)


def examine(verifiers: Iterable[Verifier], remembered: Checkpoint | None, *, most: int = 1) -> Examined:
    """Go through everything until so many things are found to be wrong."""
    seen = Examined(waiting=LedgerEntry.objects.filter(number__isnull=True).count())
    seen.findings = list(islice(_everything(seen, list(verifiers), remembered), most))
    return seen


def _everything(
    seen: Examined, verifiers: list[Verifier], remembered: Checkpoint | None
) -> Iterator[Finding]:
    signed: list[tuple[int, bytes]] = []
    for row in LedgerCheckpoint.objects.order_by("size"):
        seen.checkpoints += 1
        if sentence := _misread(row, verifiers):
            yield Finding("checkpoint", row.size, sentence)
        else:
            signed.append((row.size, bytes(row.root)))
    if remembered and (remembered.size, remembered.root) not in signed:
        same_size = [root for size, root in signed if size == remembered.size]
        if same_size or not LedgerCheckpoint.objects.filter(size=remembered.size).exists():
            yield Finding(
                "checkpoint",
                remembered.size,
                _("The checkpoint at %(size)d, which the key folder remembers, is gone.")
                % {"size": remembered.size},
            )
        signed = sorted({*signed, (remembered.size, remembered.root)})
    yield from _tree(seen, signed)
    yield from _facts(seen)


def _misread(row: LedgerCheckpoint, verifiers: list[Verifier]) -> str:
    try:
        checkpoint = opened(row.note, verifiers)
    except BadNote as error:
        return _("The checkpoint at %(size)d was altered: %(why)s.") % {"size": row.size, "why": error}
    if (checkpoint.size, checkpoint.root) != (row.size, bytes(row.root)):
        return _("The checkpoint at %(size)d was altered: it says another size or root than its note.") % {
            "size": row.size
        }
    return ""


# Entries and tiles ------------------------------------------------------------------------------


class _Recomputed(TilesInMemory):
    """Tiles computed from the entries; full tiles of leaves are compared with the stored ones and let go."""

    def __init__(self) -> None:
        super().__init__()
        self.differing: dict[int, int] = {}
        """First entry of each tile of leaves that does not give what is stored."""
        self.goes_on = False
        """The stored tree has more leaves than there are entries."""

    def write(self, level: int, index: int, tile: bytes) -> None:
        super().write(level, index, tile)
        if level == 0 and len(tile) == WIDTH * SIZE:
            self.compare(index)

    def compare(self, index: int) -> None:
        tile = self.read(0, index)
        stored = _stored(0, index)
        self.goes_on = len(stored) > len(tile)
        if tile != stored[: len(tile)]:
            at = next(
                (at for at in range(0, len(tile), SIZE) if tile[at : at + SIZE] != stored[at : at + SIZE]),
                len(tile),
            )
            self.differing[index] = index * WIDTH + at // SIZE + 1
        elif len(tile) == WIDTH * SIZE:
            del self.tiles[0, index]


def _tree(seen: Examined, signed: list[tuple[int, bytes]]) -> Iterator[Finding]:
    tiles = _Recomputed()
    tree = Tree(tiles)
    false_sizes = []
    missing = None
    entries = LedgerEntry.objects.filter(number__isnull=False).order_by("number")
    columns = ("number", "time", "type", "version", "uid", "actor", "subject", "commitment")
    cuts = [size for size, _root in signed]
    roots = dict(signed)
    for number, time, kind, version, uid, actor, subject, bound in entries.values_list(*columns).iterator(
        _BATCH
    ):
        if number != tree.size + 1:
            missing = tree.size + 1
            break
        tree.append([leaf_of(number, instant(time), kind, version, uid, actor, subject, bytes(bound))])
        while cuts and cuts[0] == tree.size:
            if tree.root() != roots[cuts.pop(0)]:
                false_sizes.append(tree.size)
    seen.entries, seen.root = tree.size, tree.root()
    if tree.size % WIDTH:
        tiles.compare(tree.size // WIDTH)
    yield from _judged(tiles, false_sizes, signed)
    if missing:
        yield Finding("entry", missing, _("Entry %(number)d is missing.") % {"number": missing})
    elif cuts:
        yield Finding(
            "entry",
            tree.size + 1,
            _("The ledger ends at %(size)d, but was signed at %(signed)d entries.")
            % {"size": tree.size, "signed": cuts[-1]},
        )
    elif tiles.goes_on or LedgerTile.objects.filter(level=0, index__gte=-(-tree.size // WIDTH)).exists():
        yield Finding(
            "entry",
            tree.size + 1,
            _("Entry %(number)d is missing: the tree goes on.") % {"number": tree.size + 1},
        )
    elif not tiles.differing:
        yield from _upper_tiles(tiles)


def _judged(tiles: _Recomputed, false_sizes: list[int], signed: list[tuple[int, bytes]]) -> Iterator[Finding]:
    """Where entries and tiles of leaves differ, the signed roots say which of them was altered."""
    last_good = max((size for size, _root in signed if size not in false_sizes), default=0)
    for index, number in tiles.differing.items():
        if number <= last_good:
            yield Finding("tile", number, _("Tile 0/%(index)d of the tree was altered.") % {"index": index})
        elif false_sizes and number <= false_sizes[-1]:
            yield Finding("entry", number, _("Entry %(number)d was altered.") % {"number": number})
        else:
            yield Finding(
                "entry",
                number,
                _("Entry %(number)d was altered, or tile 0/%(index)d was; no checkpoint says which.")
                % {"number": number, "index": index},
            )
    if false_sizes and not any(number <= false_sizes[-1] for number in tiles.differing.values()):
        yield Finding(
            "entry",
            None,
            _("Entries and tree up to %(size)d were rewritten: they are not what was signed.")
            % {"size": false_sizes[0]},
        )


def _upper_tiles(tiles: _Recomputed) -> Iterator[Finding]:
    for (level, index), tile in tiles.tiles.items():
        if level and tile != _stored(level, index):
            yield Finding(
                "tile",
                None,
                _("Tile %(level)d/%(index)d of the tree was altered.") % {"level": level, "index": index},
            )


def _stored(level: int, index: int) -> bytes:
    row = LedgerTile.objects.filter(level=level, index=index).values_list("hashes", flat=True).first()
    return bytes(row) if row else b""


# Facts ------------------------------------------------------------------------------------------


def _facts(seen: Examined) -> Iterator[Finding]:
    erased = {uid for uids in SaltErasure.objects.values_list("entries", flat=True) for uid in uids}
    for kind, model in fact_models().items():
        rows = model.for_ledger().order_by("recorded_entry").iterator(_BATCH)
        for batch in _batches(rows, _BATCH):
            yield from _batch_of_facts(seen, kind, batch, erased)
        yield from _entries_without_facts(kind, model)


def _batch_of_facts(
    seen: Examined, kind: str, rows: list[RecordedFact], erased: set[str]
) -> Iterator[Finding]:
    both = [entry for row in rows for entry in (row.recorded_entry, row.superseded_entry)]
    ids = [entry for entry in both if entry is not None]
    entries = LedgerEntry.objects.in_bulk(ids)
    salts = {row.entry: bytes(row.salt) for row in LedgerSalt.objects.filter(entry__in=ids)}
    reasons = {row.entry: row.text for row in LedgerReason.objects.filter(entry__in=ids)}
    for row in rows:
        seen.facts += 1
        recorded = entries.get(row.recorded_entry)
        if recorded is None or not _belongs(
            recorded, row, row.recorded, (f"{kind}.{RECORDED}", f"{kind}.{CORRECTED}")
        ):
            yield _fact_altered(kind, row)
            continue
        stated = statement(row.fact(recorded.version), reasons.get(recorded.pk, ""))
        yield from _bound(seen, kind, recorded, stated, salts, erased)
        if not row.is_whole():
            yield Finding(
                "document",
                row.recorded,
                _("The document of entry %(number)s (%(kind)s) was altered, or is gone.")
                % {"number": row.recorded, "kind": kind},
            )
        if row.superseded_entry is None:
            continue
        superseded = entries.get(row.superseded_entry)
        if superseded is None or not _belongs(
            superseded, row, row.superseded, (f"{kind}.{WITHDRAWN}", f"{kind}.{CORRECTED}")
        ):
            yield _fact_altered(kind, row)
        elif superseded.type == f"{kind}.{WITHDRAWN}":
            stated = statement(None, reasons.get(superseded.pk, ""))
            yield from _bound(seen, kind, superseded, stated, salts, erased)


def _belongs(entry: LedgerEntry, row: RecordedFact, number: int | None, types: tuple[str, ...]) -> bool:
    return entry.subject == row.chain and entry.number == number and entry.type in types


def _bound(
    seen: Examined,
    kind: str,
    entry: LedgerEntry,
    stated: dict[str, Any],
    salts: dict[int, bytes],
    erased: set[str],
) -> Iterator[Finding]:
    """Does the entry commit to this, with its salt?"""
    salt = salts.get(entry.pk)
    if salt is None and str(entry.uid) in erased:
        seen.erased += 1
    elif salt is None:
        yield Finding(
            "salt", entry.number, _("The salt of entry %(number)s is gone.") % {"number": entry.number}
        )
    elif len(salt) != SALT_SIZE or uid_of(salt) != entry.uid:
        yield Finding(
            "salt", entry.number, _("The salt of entry %(number)s was altered.") % {"number": entry.number}
        )
    elif commitment(stated, salt) != bytes(entry.commitment):
        yield Finding(
            "fact",
            entry.number,
            _("The fact of entry %(number)s (%(kind)s) was altered.")
            % {"number": entry.number, "kind": kind},
        )


def _fact_altered(kind: str, row: RecordedFact) -> Finding:
    return Finding(
        "fact",
        row.recorded,
        _("The fact %(kind)s in row %(row)d was altered or added: the ledger does not know it so.")
        % {"kind": kind, "row": row.pk},
    )


def _entries_without_facts(kind: str, model: type[RecordedFact]) -> Iterator[Finding]:
    """Entries that recorded or superseded no row: two sorted lists side by side, as no index would help."""
    gone = _("The fact of entry %(number)s (%(kind)s) is gone, or no longer says that it was corrected.")
    for column, acts in (
        ("recorded_entry", (RECORDED, CORRECTED)),
        ("superseded_entry", (WITHDRAWN, CORRECTED)),
    ):
        entries = LedgerEntry.objects.filter(type__in=[f"{kind}.{act}" for act in acts]).order_by("pk")
        rows = model._default_manager.filter(**{f"{column}__isnull": False}).order_by(column)
        known = rows.values_list(column, flat=True).iterator(_BATCH)
        at = next(known, None)
        for pk, number in entries.values_list("pk", "number").iterator(_BATCH):
            while at is not None and at < pk:
                at = next(known, None)
            if at != pk:
                yield Finding(
                    "fact",
                    number,
                    gone % {"number": number, "kind": kind},
                )


def _batches(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    source = iter(things)
    while batch := list(islice(source, size)):
        yield batch
