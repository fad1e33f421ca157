"""Who asks for this page, and what they may: read once, for the view and for the frame around it."""

from django.http import HttpRequest
from django.utils import timezone

from lms.roster.policies import Standing, standing_of

_KEPT = "_standing"


def standing_here(request: HttpRequest) -> Standing | None:
    """None for a visitor, and for a sign-in without a place in the register."""
    if not hasattr(request, _KEPT):
        setattr(request, _KEPT, standing_of(request.user, timezone.localdate()))
    standing: Standing | None = getattr(request, _KEPT)
    return standing
