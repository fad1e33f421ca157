"""What a session remembers about how its holder came in."""

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

CHOOSING = "accounts.choosing"
"""The account that was opened by a one-time code, until its holder has chosen how to sign in from now on."""


def is_choosing(request: HttpRequest) -> bool:
    return bool(request.user.is_authenticated and request.session.get(CHOOSING) == request.user.pk)


def begin_choosing(request: HttpRequest, user_id: int) -> None:
    request.session[CHOOSING] = user_id


def end_choosing(request: HttpRequest) -> None:
    request.session.pop(CHOOSING, None)


def proved_second_factor(request: HttpRequest) -> bool:
    """Whether a passkey, an authenticator app or a recovery code was used, or set up, in this session."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))
