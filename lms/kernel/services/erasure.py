"""Forgetting somebody without forgetting that something was recorded."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from lms.kernel.facts import RecordedFact
from lms.kernel.models import LedgerEntry, LedgerReason, LedgerSalt, SaltErasure
from lms.kernel.services.entries import Actor
from lms.kernel.services.facts import record_fact


@transaction.atomic
def erase_facts(rows: Sequence[RecordedFact], *, by: Actor, reason: str = "") -> SaltErasure:
    """Empty the erasable columns of these facts in every belief ever held about them, and destroy the salts.

    What the ledger committed to can then be checked by nobody any more; that the salts were destroyed, and by
    whom, is recorded itself. The rows, their codes, days and states stay, and so does every figure.
    """
    entries: set[int] = set()
    for model in {type(row) for row in rows}:
        chains = {row.chain for row in rows if type(row) is model}
        beliefs = model._default_manager.filter(chain__in=chains)
        entries |= _entries(beliefs)
        empty = {name: _empty(model, name) for name in model.erasable}
        if empty:
            beliefs.update(**empty)
    LedgerSalt.objects.filter(entry__in=entries).delete()
    LedgerReason.objects.filter(entry__in=entries).delete()
    uids = LedgerEntry.objects.filter(pk__in=entries).order_by("pk").values_list("uid", flat=True)
    return record_fact(SaltErasure(entries=[str(uid) for uid in uids]), by=by, reason=reason)


def _entries(beliefs: Iterable[RecordedFact]) -> set[int]:
    both = ((row.recorded_entry, row.superseded_entry) for row in beliefs)
    return {entry for pair in both for entry in pair if entry is not None}


def _empty(model: type[RecordedFact], name: str) -> str | None:
    return None if model._meta.get_field(name).null else ""
