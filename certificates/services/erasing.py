"""Forgetting a holder: the register keeps that something was issued, and no longer to whom by name."""

from datetime import date

from django.db import transaction

from lms.kernel.models import LedgerEntry, LedgerSalt, SaltErasure
from lms.kernel.services import Actor, record_fact

from ..models import Certificate, SignedPaper

KEPT = ("format", "design", "url", "number", "issuer", "title", "issued_on", "valid_until")


@transaction.atomic
def erase_holder(*, person_id: int, by: Actor, on: date, reason: str = "") -> int:
    """Empty the holder's papers and destroy their salts; how many papers that were.

    Whoever has the PDF can still have it checked, since everything is on it. C11 of docs/trust.md.
    """
    rows = Certificate.objects.select_for_update().filter(person=person_id, erased_on__isnull=True)
    entries = []
    for row in rows:
        row.payload = {name: row.payload[name] for name in KEPT}
        row.erased_on = on
        row.save(update_fields=["payload", "erased_on"])
        row.amendments.update(explanation="–")
        entries.append(row.ledger_entry)
    SignedPaper.objects.filter(certificate__person=person_id).delete()
    if entries:
        LedgerSalt.objects.filter(entry__in=entries).delete()
        uids = LedgerEntry.objects.filter(pk__in=entries).order_by("pk").values_list("uid", flat=True)
        record_fact(SaltErasure(entries=[str(uid) for uid in uids]), by=by, reason=reason)
    return len(entries)
