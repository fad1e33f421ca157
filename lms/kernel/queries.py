"""What others read of the kernel."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, QuerySet

from lms.kernel.clock import database_now
from lms.kernel.enums import JobState
from lms.kernel.ledger import DatabaseTiles, entry_document
from lms.kernel.merkle import Tree
from lms.kernel.models import Job, LedgerCheckpoint, LedgerEntry
from lms.kernel.records import Proof


def ledger_size() -> int:
    """How many entries the ledger has: what is known now is known at this number."""
    return LedgerEntry.objects.aggregate(size=Max("number"))["size"] or 0


def ledger_size_at(time: datetime) -> int:
    """The ledger's size at a moment: the number of entries numbered by then."""
    # Times never go down as numbers go up, so a binary search over the index of numbers will do.
    low, high = 0, ledger_size()
    while low < high:
        middle = (low + high + 1) // 2
        if LedgerEntry.objects.filter(number=middle, time__lte=time).exists():
            low = middle
        else:
            high = middle - 1
    return low


def entries_known_at(size: int, type: str) -> QuerySet[LedgerEntry, int]:
    """Row ids of the entries of a type within a ledger of this size."""
    return LedgerEntry.objects.filter(type=type, number__lte=size).values_list("pk", flat=True)


def subjects_known_at(size: int, type: str) -> QuerySet[LedgerEntry, UUID]:
    """What the entries of a type within a ledger of this size are about."""
    return LedgerEntry.objects.filter(type=type, number__lte=size).values_list("subject", flat=True)


def ledger_tree() -> Tree:
    """The Merkle tree over all entries; entry `number` is leaf `number - 1`."""
    return Tree(DatabaseTiles(), ledger_size())


def proof_of(number: int) -> Proof:
    """That the entry is in the ledger: by the first checkpoint that covers it, or by the ledger as it is."""
    entry = LedgerEntry.objects.get(number=number)
    checkpoint = LedgerCheckpoint.objects.filter(size__gte=number).order_by("size").first()
    tree = ledger_tree()
    size = checkpoint.size if checkpoint else tree.size
    return Proof(
        entry=entry_document(entry),
        size=size,
        root=tree.root(size).hex(),
        path=[step.hex() for step in tree.inclusion(number - 1, size)],
        checkpoint=checkpoint.note if checkpoint else "",
    )


def growth(first: int, second: int) -> list[str]:
    """The proof that the ledger of `second` entries begins with that of `first`, as hexadecimal steps."""
    return [step.hex() for step in ledger_tree().consistency(first, second)]


LATE = timedelta(minutes=15)
"""Work that has been due for so long is not being done by any worker."""


def jobs_overdue() -> QuerySet[Job]:
    """Work that was due so long ago that no worker can be at it."""
    return Job.objects.filter(state=JobState.WAITING, run_after__lt=database_now() - LATE)


def entries_without_number() -> int:
    """Entries that the sequencer has not come to yet; more than a few for long means that no worker runs."""
    return LedgerEntry.objects.filter(number__isnull=True).count()


def jobs_set_aside() -> QuerySet[Job]:
    """Work that nobody will do unless somebody looks."""
    return Job.objects.filter(state=JobState.SET_ASIDE).order_by("-finished")
