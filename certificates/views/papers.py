"""A paper as an answer to a browser."""

import logging
import re
from functools import lru_cache

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _

from ..agency import KeyUnusable, signed, signing_key
from ..documents import document_of
from ..layouts import Layout
from ..models import Certificate, Design, RegisterCopy, SignedPaper
from ..payload import copied
from ..printing import pdf
from ..signing import load_key

_log = logging.getLogger(__name__)


def paper_of(certificate: Certificate, copy: RegisterCopy | None = None) -> bytes:
    """The PDF of a certificate, or of a copy from the register: as the agency signed it, where it did.

    Raises KeyUnusable where it is to be signed here and cannot.
    """
    kept = SignedPaper.objects.filter(certificate=certificate).values_list("file", flat=True)
    if copy is None and (file := kept.first()):
        return bytes(file)
    agency_key = signing_key(settings.KEY_DIR, certificate.issuer.code)
    made = unsigned_paper_of(certificate, copy)
    if agency_key is None:
        return made
    paper = certificate.payload
    return signed(made, agency_key, reason=paper["title"], location=paper["place"])


def unsigned_paper_of(certificate: Certificate, copy: RegisterCopy | None = None) -> bytes:
    """The PDF with our seal alone: for the agency to sign outside."""
    return pdf(
        document_of(certificate),
        key=load_key(settings.KEY_DIR),
        layout=layout_of(certificate.payload["design"]),
        copy=copied(certificate.payload, copy=copy.number, on=copy.made_on) if copy else None,
    )


@lru_cache(maxsize=32)
def layout_of(design: str) -> Layout:
    """A design's rows never change, so they are read once."""
    kind, _colon, row = design.partition(":")
    return Design.objects.get(pk=row).layout() if kind == "own" else Layout(base=kind)


def paper_response(certificate: Certificate, copy: RegisterCopy | None = None) -> HttpResponse:
    try:
        file = paper_of(certificate, copy)
    except KeyUnusable as error:
        _log.error("certificates: a paper could not be signed for the agency: %s", error)
        text = _("The agency's signing key is not at hand just now, so no signed paper can be made.")
        return HttpResponse(text, status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse(
        file,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{file_name(certificate)}.pdf"'},
    )


def file_name(certificate: Certificate) -> str:
    """The number without what a file system or a header would stumble over."""
    return re.sub(r"[^A-Za-z0-9]", "-", certificate.number_text)
