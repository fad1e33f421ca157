"""What crosses the kernel's door."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry is in a ledger of this size and root, for somebody who has neither us nor the ledger.

    `checkpoint` is the signed note of that size, if one was signed.
    """

    entry: dict[str, Any]
    size: int
    root: str
    path: list[str]
    checkpoint: str

    def as_json(self) -> dict[str, Any]:
        return {
            "entry": self.entry,
            "size": self.size,
            "root": self.root,
            "path": self.path,
            "checkpoint": self.checkpoint,
        }
