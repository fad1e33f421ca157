"""Signing keys in files: made on first use, readable by their owner alone, never in database or backup.

A purpose ("ledger", "certificates") has one private key, `<purpose>.key`, and a list of public ones that only
grows, `<purpose>.pub`, the last being the present one. Nothing here knows Django.
"""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lms.kernel.signednotes import Signer, Verifier


class KeysMissing(Exception):
    """There are public keys but not the private one: it was lost, and a new one must be made on purpose."""


def signer(folder: Path, purpose: str, name: str) -> Signer:
    """The present private key; the first one is made under this name if there is none."""
    path = folder / f"{purpose}.key"
    known = _list(folder, purpose).exists()  # asked first: whoever makes a key lists it afterwards
    if not path.exists():
        if known:
            raise KeysMissing(str(path))
        _make(folder, purpose, name)
    return _read(path)


def verifiers(folder: Path, purpose: str) -> list[Verifier]:
    """Every public key that ever signed, the first one first."""
    path = _list(folder, purpose)
    return [Verifier.read(line) for line in path.read_text().splitlines() if line] if path.exists() else []


def made(name: str) -> Signer:
    """A new key, not kept anywhere yet."""
    return Signer(name, Ed25519PrivateKey.generate())


def replace(folder: Path, purpose: str, new: Signer) -> None:
    """Put a new private key, whose public one is known, in the old one's place."""
    _written(folder, purpose, new).replace(folder / f"{purpose}.key")


def know(folder: Path, purpose: str, new: Signer) -> None:
    """Add a public key to those that are known."""
    path = _list(folder, purpose)
    path.touch(mode=0o600)
    with path.open("a") as file:
        file.write(f"{new.verifier}\n")


def _make(folder: Path, purpose: str, name: str) -> None:
    new = made(name)
    fresh = _written(folder, purpose, new)
    try:
        os.link(fresh, folder / f"{purpose}.key")  # of two processes that start together, one makes the key
        know(folder, purpose, new)
    except FileExistsError:
        pass
    finally:
        fresh.unlink(missing_ok=True)


def _written(folder: Path, purpose: str, new: Signer) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = new.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    fresh = folder / f".{purpose}.{secrets.token_hex(8)}.key"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(new.name.encode() + b"\n" + pem)
        file.flush()
        os.fsync(file.fileno())
    return fresh


def _read(path: Path) -> Signer:
    return _opened(path.read_bytes())


@lru_cache(maxsize=8)
def _opened(content: bytes) -> Signer:
    name, pem = content.split(b"\n", 1)
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("the file of a key holds no Ed25519 key")
    return Signer(name.decode(), key)


def _list(folder: Path, purpose: str) -> Path:
    return folder / f"{purpose}.pub"
