"""Copies from the register («bản sao từ sổ gốc»)."""

from datetime import date

from django.db import transaction

from lms.kernel import services as kernel
from lms.roster.queries import Person

from ..models import Certificate, RegisterCopy


@transaction.atomic
def copy_from_register(*, certificate: Certificate, by: Person, on: date) -> RegisterCopy:
    """Enter that a copy is made; its number counts the copies of this one paper."""
    Certificate.objects.select_for_update().get(pk=certificate.pk)
    copy = RegisterCopy.objects.create(
        certificate=certificate, number=certificate.copies.count() + 1, made_by=by, made_on=on
    )
    kernel.append(
        type="certificate.copied",
        subject=certificate.public_id,
        fact={"number": certificate.number_text, "copy": copy.number, "on": on},
        by=by,
    )
    return copy
