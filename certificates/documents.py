"""A certificate as a document that proves itself: payload, signature, and the ledger's proof."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from lms.kernel.commitments import commitment
from lms.kernel.ledger import entry_leaf, statement
from lms.kernel.merkle import SIZE, WIDTH
from lms.kernel.models import LedgerEntry, LedgerSalt, LedgerTile
from lms.kernel.queries import proof_of

from .models import Certificate
from .payload import FORMAT
from .signing import armoured, stated


def document_of(certificate: Certificate) -> dict[str, Any]:
    """What is embedded in the PDF and downloaded as JSON; `ledger` is empty until the entry is numbered."""
    return {
        "format": f"{FORMAT}/document",
        "payload": certificate.payload,
        "key_id": certificate.key_id,
        "signature": armoured(bytes(certificate.signature)),
        "ledger": _proof(certificate),
    }


def _proof(certificate: Certificate) -> dict[str, Any]:
    number = LedgerEntry.objects.filter(pk=certificate.ledger_entry).values_list("number", flat=True).first()
    salt = LedgerSalt.objects.filter(entry=certificate.ledger_entry).first()
    if number is None or salt is None:
        return {}
    return {**proof_of(number).as_json(), "salt": bytes(salt.salt).hex()}


def stands_in_ledger(certificate: Certificate) -> tuple[int, datetime] | None:
    """Number and time of the entry that commits to this very paper and is a leaf of the tree, if one does.

    Two queries. That the tree itself was not rewritten, checkpoints prove (`ledger verify`).
    """
    salt = LedgerSalt.objects.filter(entry=OuterRef("pk")).values("salt")
    entry = LedgerEntry.objects.annotate(salt=Subquery(salt)).filter(pk=certificate.ledger_entry).first()
    if entry is None or entry.number is None or entry.time is None or entry.salt is None:
        return None
    fact = stated(certificate.payload, certificate.key_id, bytes(certificate.signature))
    committed = commitment(statement(fact), bytes(entry.salt)) == bytes(entry.commitment)
    if not committed or entry.subject != certificate.public_id:
        return None
    tile, at = divmod(entry.number - 1, WIDTH)
    hashes = LedgerTile.objects.filter(level=0, index=tile).values_list("hashes", flat=True).first()
    leaf = bytes(hashes or b"")[at * SIZE : (at + 1) * SIZE]
    return (entry.number, entry.time) if leaf == entry_leaf(entry) else None
