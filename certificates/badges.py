"""Credentials of this installation: made of rows when they are asked for, so no file can be lost."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.urls import reverse

from .credentials import (
    LIST_LENGTH,
    badge,
    did,
    did_document,
    midnight,
    signed,
    status_entry,
    status_list,
)
from .keys import public_key, standing_keys
from .models import Certificate, Issuer
from .signing import load_key


def badge_of(certificate: Certificate) -> dict[str, Any]:
    """The certificate as an Open Badge, signed with today's key; its holder must not be erased."""
    key = load_key(settings.KEY_DIR)
    name = did_of(certificate.issuer)
    page, index = divmod(certificate.pk, LIST_LENGTH)
    course = f"{settings.BASE_URL}/courses/{certificate.payload['course_code']}/{certificate.edition}"
    credential = badge(
        certificate.payload,
        did=name,
        uid=f"urn:uuid:{certificate.public_id}",
        course=f"urn:uuid:{uuid5(NAMESPACE_URL, course)}",
        status=status_entry(status_address(certificate.issuer, page), index),
    )
    since = max(certificate.issued_on, public_key(key).since)
    return signed(credential, key, did=name, at=midnight(since.isoformat()))


def did_of(issuer: Issuer) -> str:
    return did(settings.BASE_URL, issuer.code)


def did_document_of(issuer: Issuer) -> dict[str, Any]:
    """Every key of ours but stolen ones; credentials are signed anew at each download, papers are not."""
    return did_document(did_of(issuer), standing_keys())


def status_list_of(issuer: Issuer, page: int) -> dict[str, Any]:
    """The bits of one stretch of rows. One query over the revoked alone."""
    key = load_key(settings.KEY_DIR)
    since = midnight(public_key(key).since.isoformat())
    first = page * LIST_LENGTH
    revoked = Certificate.objects.filter(
        issuer=issuer, revoked_on__isnull=False, pk__gte=first, pk__lt=first + LIST_LENGTH
    ).values_list("pk", flat=True)
    name = did_of(issuer)
    bits = (row - first for row in revoked)
    unsigned = status_list(status_address(issuer, page), did=name, revoked=bits, since=since)
    return signed(unsigned, key, did=name, at=since)


def status_address(issuer: Issuer, page: int) -> str:
    path: str = reverse("certificates:status_list", args=[issuer.code, page])
    return f"{settings.BASE_URL}{path}"
