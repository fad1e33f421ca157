"""Writing entries of the ledger, and numbering them."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.db import transaction

from lms.kernel import ledger
from lms.kernel.ledger import Draft
from lms.kernel.models import LedgerEntry


class HasCode(Protocol):
    """A person, as far as the ledger is concerned."""

    @property
    def code(self) -> str: ...


Actor = str | HasCode
"""Who answers for an act: a person (anything with an officer code), "operator" or "platform"."""


@transaction.atomic
def append(*, type: str, subject: uuid.UUID, fact: Mapping[str, Any], by: Actor, reason: str = "") -> int:
    """Write an entry for something that is not a fact of its own table; its row id.

    The entry is numbered on commit, or at once where the ledger is written inline.
    """
    draft = Draft(type, subject, fact, code_of(by), reason=reason)
    write_entries([draft], at_once=False)
    return draft.id


def sequence() -> int:
    """Number what is committed and not yet numbered; how many entries that were.

    May be called at any time by anybody. Returns at once where another sequencer is at work: that one looks
    again after it has let go of the lock, so nothing is left behind.
    """
    total = 0
    while LedgerEntry.objects.filter(number__isnull=True).exists():
        with transaction.atomic():
            if not ledger.try_lock():
                return total
            total += ledger.number_pending()
    return total


def write_entries(drafts: Sequence[Draft], *, at_once: bool) -> None:
    """Numbered in this transaction if they must be, or if the ledger is written inline; else on commit."""
    if not drafts:
        return
    if at_once or ledger.inline():
        ledger.write_numbered(drafts)
    else:
        ledger.write_unnumbered(drafts)
    if not ledger.inline():  # what others left behind while we held the lock is numbered too
        transaction.on_commit(sequence, robust=True)


def code_of(by: Actor) -> str:
    return by if isinstance(by, str) else by.code
