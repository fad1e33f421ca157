"""A proof as its readers see it: a picture in the page, a PDF to be kept and opened elsewhere."""

from urllib.parse import quote
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from lms.coverage.policies import proofs_within_reach
from lms.kernel.scans import thumbnail
from lms.roster import queries as roster
from lms.roster.enums import LookedAt
from lms.roster.services import note_looks

SMALL = 320
"""Dots of a thumbnail's longer side: 160 on a fine screen."""


@require_safe
def proof(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The file; `?small`: a picture's thumbnail. Looking at another's paper is noted for them."""
    me, today = roster.person_of(request.user), timezone.localdate()
    if me is None:
        raise PermissionDenied
    kept = get_object_or_404(proofs_within_reach(me, today), public_id=public_id)
    content = bytes(kept.content)
    if kept.is_picture and "small" in request.GET:
        content = thumbnail(content, SMALL)
    elif kept.person_id is not None and kept.person_id not in roster.codes_of_human(me.pk):
        note_looks(people=[kept.person_id], page=LookedAt.TRAINING, by=me, on=today)
    place = "inline" if kept.is_picture else "attachment"
    return HttpResponse(
        content,
        content_type=kept.media_type,
        headers={
            "Content-Disposition": f"{place}; filename*=UTF-8''{quote(kept.name)}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
        },
    )
