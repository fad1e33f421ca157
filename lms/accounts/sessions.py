"""What a session remembers about how its holder came in."""

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from .lengths import FEWEST_ALONE
from .passwords import composed

CHOOSING = "accounts.choosing"
"""The account that was opened by a one-time code, until its holder has chosen how to sign in from now on."""

LONG = "accounts.long_password"
"""The account whose password was typed, or set, in this session and is long enough to stand alone."""
_MISSED = "accounts.missed_codes"
_MOST_MISSED = 3


def is_choosing(request: HttpRequest) -> bool:
    return bool(request.user.is_authenticated and request.session.get(CHOOSING) == request.user.pk)


def begin_choosing(request: HttpRequest, user_id: int) -> None:
    request.session[CHOOSING] = user_id


def end_choosing(request: HttpRequest) -> None:
    request.session.pop(CHOOSING, None)


def proved_second_factor(request: HttpRequest) -> bool:
    """Whether a passkey, an authenticator app or a recovery code was used, or set up, in this session."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def note_password(request: HttpRequest, user: AbstractBaseUser, password: str) -> None:
    """Remember whether this right password is long enough; the only moments to know are these."""
    if len(composed(password) or "") >= FEWEST_ALONE:
        request.session[LONG] = user.pk
    else:
        request.session.pop(LONG, None)


def came_by_short_password(request: HttpRequest) -> bool:
    """Whether this session was opened by a password that is not known to be long."""
    records = get_authentication_records(request, request.user)
    by_password = any(record.get("method") == "password" for record in records)
    return by_password and request.session.get(LONG) != request.user.pk


def missed_again(request: HttpRequest) -> bool:
    """Count a wrong code of a sign-in that waits for one; whether that was the last try, and it is over."""
    missed = request.session.get(_MISSED, 0) + 1
    request.session[_MISSED] = missed % _MOST_MISSED
    if missed >= _MOST_MISSED:
        clear_login(request)
    return bool(missed >= _MOST_MISSED)
