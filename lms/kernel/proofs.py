"""Checking what the ledger proves, without the ledger: pure, for verifiers that have no database."""

from collections.abc import Iterable
from typing import Any

from lms.kernel.checkpoints import opened
from lms.kernel.commitments import canonical
from lms.kernel.merkle import leaf_hash, verify_consistency, verify_inclusion
from lms.kernel.signednotes import BadNote, Verifier


def is_proven(proof: dict[str, Any], verifiers: Iterable[Verifier]) -> bool:
    """Whether the proof's entry is in the ledger that its checkpoint, signed by one of ours, describes."""
    try:
        checkpoint = opened(proof["checkpoint"], verifiers)
        leaf = leaf_hash(canonical(proof["entry"]))
        path = [bytes.fromhex(step) for step in proof["path"]]
        return verify_inclusion(leaf, proof["entry"]["number"] - 1, checkpoint.size, path, checkpoint.root)
    except (BadNote, KeyError, TypeError, ValueError):
        return False


def has_only_grown(first: str, second: str, path: Iterable[str], verifiers: Iterable[Verifier]) -> bool:
    """Whether the ledger of one signed checkpoint is the beginning of that of another."""
    known = list(verifiers)
    try:
        old, new = opened(first, known), opened(second, known)
        steps = [bytes.fromhex(step) for step in path]
    except (BadNote, ValueError):
        return False
    return old.origin == new.origin and verify_consistency(old.size, new.size, old.root, new.root, steps)
