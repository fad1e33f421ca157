"""The vault's locks: national ID numbers sealed with AES-GCM, found again by a keyed hash.

The two keys are files in `settings.KEY_DIR`, made on first use, outside the database and every backup of it.
"""

import hashlib
import hmac
import os
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from lms.kernel.keyfiles import make_secret, secret_in

_NONCE = 12
_FORM = b"\x01"
"""The first byte of everything sealed: its form. Which key opens it is tried, the newest first."""


def seal(number: str, person: UUID) -> bytes:
    """The number, readable only with the key and only as this person's."""
    nonce = os.urandom(_NONCE)
    return _FORM + nonce + _cipher().encrypt(nonce, number.encode(), _bound_to(person))


def unseal(sealed: bytes, person: UUID) -> str:
    """The number; `cryptography.exceptions.InvalidTag` if it was sealed for somebody else or altered."""
    return _opened(sealed, _bound_to(person)).decode()


def seal_file(content: bytes, upload: UUID) -> bytes:
    """A file that waits to be applied, readable only with the key and only as this upload."""
    nonce = os.urandom(_NONCE)
    return _FORM + nonce + _cipher().encrypt(nonce, content, b"vung upload\x00" + upload.bytes)


def unseal_file(sealed: bytes, upload: UUID) -> bytes:
    return _opened(sealed, b"vung upload\x00" + upload.bytes)


def _opened(sealed: bytes, bound: bytes) -> bytes:
    """By the key, or while keys are being changed by the one that comes after it."""
    nonce, ciphertext = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        return _cipher().decrypt(nonce, ciphertext, bound)
    except InvalidTag:
        if not _path(ENCRYPTION, coming=True).exists():
            raise
        return _cipher_for(_path(ENCRYPTION, coming=True).read_bytes()).decrypt(nonce, ciphertext, bound)


def fingerprint(number: str) -> bytes:
    """The same for the same number, and without the key as good as random."""
    return hmac.digest(_key(LOOKUP), number.encode(), hashlib.sha256)


# Changing keys ----------------------------------------------------------------------------------

ENCRYPTION, LOOKUP = "vault-encryption", "vault-lookup"


def make_coming_keys() -> None:
    """Two fresh keys beside those in use; the same two again, if a change of keys was interrupted."""
    for name in (ENCRYPTION, LOOKUP):
        if not _path(name, coming=True).exists():
            make_secret(_path(name, coming=True))


def seal_anew(number: str, person: UUID) -> tuple[bytes, bytes]:
    """Ciphertext and fingerprint by the coming keys."""
    nonce = os.urandom(_NONCE)
    cipher = AESGCM(_path(ENCRYPTION, coming=True).read_bytes())
    sealed = _FORM + nonce + cipher.encrypt(nonce, number.encode(), _bound_to(person))
    return sealed, hmac.digest(_path(LOOKUP, coming=True).read_bytes(), number.encode(), hashlib.sha256)


def use_coming_keys() -> None:
    """Put the coming keys in place of the old ones, which are gone then. Other processes must start anew."""
    for name in (LOOKUP, ENCRYPTION):
        _path(name, coming=True).replace(_path(name))
    _read_key.cache_clear()


def _path(name: str, *, coming: bool = False) -> Path:
    return Path(settings.KEY_DIR) / f"{name}{'.coming' if coming else ''}.key"


def _bound_to(person: UUID) -> bytes:
    return b"vung national id\x00" + person.bytes


@lru_cache(maxsize=4)
def _cipher_for(key: bytes) -> AESGCM:
    return AESGCM(key)


def _cipher() -> AESGCM:
    return _cipher_for(_key(ENCRYPTION))


def _key(name: str) -> bytes:
    return _read_key(_path(name))


_read_key = lru_cache(maxsize=8)(secret_in)
