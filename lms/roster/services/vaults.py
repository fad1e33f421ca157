"""Changing the vault's keys."""

from uuid import uuid4

from django.db import transaction

from lms.kernel.services import Actor, append
from lms.roster import vault
from lms.roster.errors import ReasonNeeded
from lms.roster.models import NationalId, Upload

_AT_ONCE = 1_000


def rotate_vault_keys(*, by: Actor, reason: str) -> int:
    """Seal every national ID number by fresh keys and destroy the old ones; how many there were.

    Stop the site and its workers first: a process that runs on would go on with the old keys. Files that wait
    to be applied are thrown away. Interrupted before its end it leaves nothing that cannot be opened, and is
    simply run again.
    """
    if not reason.strip():
        raise ReasonNeeded
    vault.make_coming_keys()
    with transaction.atomic(durable=True):
        count = _seal_all_anew()
        Upload.objects.all().delete()
        append(
            type="roster.vault.rotated",
            subject=uuid4(),
            fact={"numbers": count},
            by=by,
            reason=reason.strip(),
        )
    vault.use_coming_keys()
    return count


def _seal_all_anew() -> int:
    count, last = 0, 0
    while batch := list(
        NationalId.objects.filter(pk__gt=last).select_related("person").order_by("pk")[:_AT_ONCE]
    ):
        for row in batch:
            number = vault.unseal(bytes(row.sealed), row.person.public_id)
            row.sealed, row.fingerprint = vault.seal_anew(number, row.person.public_id)
        NationalId.objects.bulk_update(batch, ["sealed", "fingerprint"])
        count, last = count + len(batch), batch[-1].pk
    return count
