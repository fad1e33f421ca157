"""What the ledger says of a fact without telling it.

A commitment is SHA-256(domain ‖ salt ‖ canonical JSON). Who has the fact and its salt can check it; without
the salt it says nothing, so destroying the salt is erasure.
"""

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import rfc8785

FACT = b"vung/fact/1\n"
SALT_SIZE = 16  # bytes
_LARGEST = 2**53 - 1

_plain = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False).encode


def canonical(value: Any) -> bytes:
    """Canonical JSON (RFC 8785). Facts hold no fractions: write them as texts.

    Objects with ASCII keys over texts, whole numbers, truth values and lists — all facts — take the encoder
    written in C, which gives the same bytes ten times as fast; tests hold the two together.
    """
    if _is_plain(value):
        return _plain(value).encode()
    return rfc8785.dumps(value)


def commitment(fact: Mapping[str, Any], salt: bytes, *, domain: bytes = FACT) -> bytes:
    """32 bytes that bind the fact."""
    if len(salt) != SALT_SIZE:
        raise ValueError("a salt has 16 bytes")
    return sha256(domain + salt + canonical(fact)).digest()


def new_salt() -> bytes:
    return os.urandom(SALT_SIZE)


def _is_plain(value: Any) -> bool:
    kind: type = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if kind is int:
        return bool(-_LARGEST <= value <= _LARGEST)
    if kind is dict:
        for key, inner in value.items():
            if type(key) is not str or not key.isascii():
                return False
            if type(inner) is not str and not _is_plain(inner):
                return False
        return True
    if kind is list or kind is tuple:
        return all(map(_is_plain, value))
    return False
