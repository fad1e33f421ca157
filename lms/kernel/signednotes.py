"""Signed notes (C2SP signed-note) with Ed25519: a text, an empty line, and one line for every signature.

Notes are for people as well as programs: they can be printed, mailed and kept anywhere. A key has a name; its
id is taken from name and key, so that a signature says by which key it can be checked.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)")
_NAME = re.compile(r"[^\s+]+")


class BadNote(ValueError):
    """The text is no signed note, or nobody whom we know signed it; the argument says which."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key by name."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        """The key as the specification writes it: name+id+key."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    @classmethod
    def read(cls, text: str) -> "Verifier":
        try:
            name, key_id, encoded = text.strip().split("+", 2)
            raw = base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error) as error:
            raise BadNote("not a verifier key") from error
        verifier = cls(name, raw[1:])
        if raw[:1] != _ED25519 or len(raw) != 33 or verifier.id.hex() != key_id:
            raise BadNote("not a verifier key")
        return verifier

    def accepts(self, text: str, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key by name."""

    name: str
    key: Ed25519PrivateKey

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"a key cannot be called {self.name!r}")

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self.key.public_key().public_bytes_raw())

    def line(self, text: str) -> str:
        signature = base64.b64encode(self.verifier.id + self.key.sign(text.encode())).decode()
        return f"— {self.name} {signature}\n"


def sign(text: str, *signers: Signer) -> str:
    """The note of a text, which ends with a line break and has no control characters."""
    if not text.endswith("\n") or any(letter < " " and letter != "\n" for letter in text):
        raise ValueError("a note is lines of text")
    return text + "\n" + "".join(signer.line(text) for signer in signers)


def verified(note: str, verifiers: Iterable[Verifier]) -> tuple[str, list[Verifier]]:
    """The text of a note, and who of those whom we know signed it; BadNote if nobody did, or one falsely."""
    text, lines = _parts(note)
    known = {(verifier.name, verifier.id): verifier for verifier in verifiers}
    signed = []
    for name, raw in lines:
        verifier = known.get((name, raw[:4]))
        if verifier is None:
            continue
        if not verifier.accepts(text, raw[4:]):
            raise BadNote(f"the signature of {name} is false")
        signed.append(verifier)
    if not signed:
        raise BadNote("signed by nobody whom we know")
    return text, signed


def _parts(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    text, separator, signatures = note.rpartition("\n\n")
    text += "\n"
    if not separator or not signatures.endswith("\n") or len(note) > 1_000_000:
        raise BadNote("not a signed note")
    lines = []
    for line in signatures[:-1].split("\n"):
        match = _LINE.fullmatch(line)
        if match is None:
            raise BadNote("not a signed note")
        try:
            raw = base64.b64decode(match[2], validate=True)
        except binascii.Error as error:
            raise BadNote("not a signed note") from error
        if len(raw) < 5:
            raise BadNote("not a signed note")
        lines.append((match[1], raw))
    return text, lines
