"""Who of a list is called: drawn so that nobody chooses, and everybody can draw again (no Django)."""

from collections.abc import Collection
from hashlib import sha256
from uuid import UUID

LEAST, ONE_IN = 3, 10


def to_call(seed: UUID, lines: Collection[UUID]) -> frozenset[UUID]:
    """A tenth of the lines, three at least: those whose SHA-256 after the seed comes first."""
    many = max(LEAST, -(-len(lines) // ONE_IN))
    return frozenset(sorted(lines, key=lambda line: sha256(seed.bytes + line.bytes).digest())[:many])
