"""Checkpoints of a ledger (C2SP tlog-checkpoint): "the log of this origin had this size and this root"."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass

from lms.kernel.signednotes import BadNote, Signer, Verifier, sign, verified


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log promises to have been. `origin` names the log for ever; `root` has 32 bytes."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed(self, *signers: Signer) -> str:
        return sign(self.text(), *signers)


def checkpoint_of(text: str) -> Checkpoint:
    """Read the text of a note; further lines, which others may add, are passed over."""
    try:
        origin, size, root, *_others = text.split("\n")
        decoded = base64.b64decode(root, validate=True)
    except (ValueError, binascii.Error) as error:
        raise BadNote("not a checkpoint") from error
    if not origin or not (size.isascii() and size.isdigit()) or (size != "0" and size[0] == "0"):
        raise BadNote("not a checkpoint")
    if len(decoded) != 32:
        raise BadNote("not a checkpoint")
    return Checkpoint(origin, int(size), decoded)


def opened(note: str, verifiers: Iterable[Verifier]) -> Checkpoint:
    """The checkpoint of a note that somebody whom we know signed; BadNote otherwise."""
    text, _signed = verified(note, verifiers)
    return checkpoint_of(text)
