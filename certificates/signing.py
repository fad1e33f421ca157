"""Signatures of certificates: Ed25519 over canonical JSON (RFC 8785).

This is the platform's own proof that a paper came from it; it is not a digital signature in the sense of the
law on electronic transactions, and no page calls it one.
"""

import base64
import hashlib
import os
import secrets
from pathlib import Path
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

DOMAIN = b"vung certificate v1\n"
NAME = "certificates.pem"


class SigningKey:
    """An Ed25519 key with its public name."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key()
        self.raw_public = raw_public(self.public)
        self.key_id = key_id(self.raw_public)

    def sign(self, payload: dict[str, Any]) -> bytes:
        """64 bytes over the canonical JSON of `payload`."""
        return self.sign_bytes(DOMAIN + rfc8785.dumps(payload))

    def sign_bytes(self, message: bytes) -> bytes:
        """64 bytes over a message that begins with a domain of its own."""
        return self._private.sign(message)


def raw_public(public: Ed25519PublicKey) -> bytes:
    """32 bytes."""
    return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def key_id(raw: bytes) -> str:
    """The first 8 bytes of the SHA-256 of the raw public key, in hexadecimal."""
    return hashlib.sha256(raw).hexdigest()[:16]


def genuine(payload: dict[str, Any], signature: bytes, raw: bytes) -> bool:
    """Whether `signature` over `payload` was made with the key whose public half is `raw`."""
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, DOMAIN + rfc8785.dumps(payload))
    except InvalidSignature:
        return False
    return True


def load_key(folder: Path) -> SigningKey:
    """The installation's key; made on first use, readable by its owner alone."""
    path = folder / NAME
    if not path.exists():
        fresh = _written(folder, new_key())
        try:
            os.link(fresh, path)  # of two processes that start together, one makes the key, and whole
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise TypeError(f"{path} is not an Ed25519 key")
    return SigningKey(private)


def new_key() -> Ed25519PrivateKey:
    """A key that is not kept anywhere yet."""
    return Ed25519PrivateKey.generate()


def replace_key(folder: Path, private: Ed25519PrivateKey) -> None:
    """Put a new key in the old one's place; the old one is gone."""
    _written(folder, private).replace(folder / NAME)


def _written(folder: Path, private: Ed25519PrivateKey) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    fresh = folder / f".certificates.{secrets.token_hex(8)}.pem"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    return fresh


def armoured(signature: bytes) -> str:
    """URL-safe base64 without padding: 86 characters."""
    return base64.urlsafe_b64encode(signature).rstrip(b"=").decode()


def stated(payload: dict[str, Any], key_id: str, signature: bytes) -> dict[str, Any]:
    """What the ledger commits to: the paper and its signature."""
    return {"payload": payload, "key": key_id, "signature": armoured(signature)}
