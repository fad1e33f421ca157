"""What somebody who sees others must show besides a name, at each request."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from .enums import Lack
from .register import register
from .sessions import came_by_short_password, proved_second_factor


def lacking(request: HttpRequest) -> Lack | None:
    """What this session lacks for what its holder may see; None for learners, and once it was shown.

    Costs one query where a second factor is required, none where it is offered and the password is long.
    """
    required = settings.SECOND_FACTOR == "required"
    if proved_second_factor(request) or not (required or came_by_short_password(request)):
        return None
    if not register().sees_others(request.user.pk or 0, timezone.localdate()):
        return None
    return Lack.FACTOR if required else Lack.LENGTH
