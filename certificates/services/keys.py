"""Letting a new key sign."""

import uuid
from datetime import date

from django.conf import settings
from django.db import transaction

from lms.kernel import services as kernel
from lms.kernel.services import Actor

from ..keys import public_key
from ..models import PublicKey
from ..signing import SigningKey, load_key, new_key, replace_key

KEYS = uuid.UUID("5d8a1f2e-8b07-4a86-a1a5-2c6c1b7a9e30")
"""The ledger's subject of a key is made of its id."""


@transaction.atomic
def rotate_signing_key(*, by: Actor, on: date, stolen: bool = False) -> PublicKey:
    """Let a new key sign from here on; the old one is destroyed, and what it signed stays good.

    `stolen`: somebody else may have the old one, so that its signature proves nothing without the ledger's
    entry. The file is written last: if that fails, nothing was changed.
    """
    old = public_key(load_key(settings.KEY_DIR))
    private = new_key()
    new = public_key(SigningKey(private))
    PublicKey.objects.filter(pk=old.pk).update(until=on, stolen=stolen)
    kernel.append(
        type="certificate.key_rotated",
        subject=uuid.uuid5(KEYS, new.key_id),
        fact={"old": old.key_id, "new": new.key_id, "stolen": stolen, "on": on},
        by=by,
    )
    replace_key(settings.KEY_DIR, private)
    return new
