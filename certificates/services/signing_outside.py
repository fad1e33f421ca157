"""Taking back what the agency signed outside: matched to its line of the register, checked, kept."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from lms.kernel import services as kernel
from lms.roster.queries import Person

from ..agency import Examined, examined, roots_in
from ..checking import row_of, sealed_part
from ..models import Certificate, SignedPaper
from ..records import Taken

LARGEST = 5_000_000
"""Bytes of one signed paper: ours is some 60 kB, a visible stamp adds a picture."""


def take_signed_papers(
    *, files: Iterable[tuple[str, bytes]], among: QuerySet[Certificate], by: Person, on: date
) -> list[Taken]:
    """Each file judged by itself: what is good is kept, and what is not is told with its reason.

    `among`: the lines that `by` keeps; a paper of another register does not exist for them.
    """
    roots = roots_in(settings.KEY_DIR)
    return [_taken(name, data, among, roots, by, on) for name, data in files]


@transaction.atomic
def _taken(
    name: str, data: bytes, among: QuerySet[Certificate], roots: list[Any], by: Person, on: date
) -> Taken:
    row, fault = row_of(data, on) if len(data) <= LARGEST else (None, "unreadable")
    row = among.filter(pk=row.pk).select_for_update().first() if row else None
    if row is None or row.erased_on is not None:
        return Taken(name, fault or "not_here")
    told = {"number": row.number_text, "holder": row.payload["holder"]}
    if row.revoked_on is not None:
        return Taken(name, "revoked", **told)
    digest = hashlib.sha256(data).hexdigest()
    standing = SignedPaper.objects.filter(certificate=row).values_list("sha256", "signer").first()
    if standing is not None:
        return Taken(
            name, "unchanged" if standing[0] == digest else "signed_before", **told, signer=standing[1]
        )
    found = examined(data, sealed_part(data), roots)
    if found.fault:
        return Taken(name, found.fault, **told, signer=found.signer)
    _keep(row, data, digest, found, by, on)
    return Taken(name, "taken", **told, signer=found.signer)


def _keep(row: Certificate, data: bytes, digest: str, found: Examined, by: Person, on: date) -> None:
    SignedPaper.objects.create(
        certificate=row,
        file=data,
        sha256=digest,
        signer=found.signer[:300],
        signed_at=found.at,
        taken_by=by,
        taken_on=on,
    )
    kernel.append(
        type="certificate.signed_outside",
        subject=row.public_id,
        fact={"number": row.number_text, "sha256": digest, "signer": found.signer, "on": on},
        by=by,
    )
