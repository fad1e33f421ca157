"""Devices from which an account was signed in before: known, they are not locked out by guessing elsewhere.

Follows OWASP's "device cookies". The cookie is signed and names no account: it holds keyed hashes,
and a number of its own.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from .identifiers import canonical

_SALT = "vung device"
_AGE = 60 * 60 * 24 * 180
_MOST = 8
"""A commune's one computer has several users; the longest ago is forgotten first."""


def known_device(request: HttpRequest, called: str) -> str | None:
    """The device's number, if the account of this name was signed in from it; None otherwise."""
    number, accounts = _read(request)
    return number if number and _mark(called) in accounts else None


def remember_device(request: HttpRequest, response: HttpResponse, names: list[str]) -> None:
    """From now on the device is known for the account that goes by these names."""
    number, accounts = _read(request)
    new = [_mark(canonical(name)) for name in names if name]
    kept = [*new, *(mark for mark in accounts if mark not in new)][: 2 * _MOST]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps([number or secrets.token_urlsafe(12), kept], salt=_SALT, compress=True),
        max_age=_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        number, accounts = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=_SALT, max_age=_AGE
        )
    except (signing.BadSignature, ValueError, TypeError):
        return "", []
    return number, accounts


def _mark(called: str) -> str:
    return salted_hmac(_SALT, called, algorithm="sha256").hexdigest()[:16]
