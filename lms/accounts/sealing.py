"""Secrets of second factors at rest: Fernet, with a key from a file outside the database and every backup."""

from base64 import urlsafe_b64encode
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet
from django.conf import settings

from lms.kernel.keyfiles import secret_of

_FORM = "1:"
"""Which key and form, so that keys can be changed; a TOTP secret as allauth writes it has no colon."""


def seal(text: str) -> str:
    return _FORM + _fernet().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text; `cryptography.fernet.InvalidToken` if it was altered or the key is another."""
    return _fernet().decrypt(sealed.removeprefix(_FORM)).decode()


def _fernet() -> Fernet:
    return _made_of(Path(settings.KEY_DIR))


@lru_cache(maxsize=4)
def _made_of(folder: Path) -> Fernet:
    return Fernet(urlsafe_b64encode(secret_of(folder, "second-factors")))
