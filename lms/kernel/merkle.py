"""The Merkle tree of RFC 6962 and RFC 9162, appended to and kept in tiles.

Leaves are numbered from 0. A proof of inclusion shows that a leaf is in the tree of a root, a proof of
consistency that one tree only grew out of another; both are checked without the tree. Hashes are kept as in
C2SP tlog-tiles: a tile holds 256 hashes side by side, level 0 those of the leaves, level n + 1 the roots of
the full tiles of level n. So 4,000,000 leaves lie in 15,625 + 62 + 1 tiles, and any other hash is computed
from one tile.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Protocol

SIZE = 32  # bytes of a hash
WIDTH = 256  # hashes of a tile
EMPTY_ROOT = sha256().digest()


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class TileStore(Protocol):
    """Where tiles lie: bytes by (level, index). Only the last tile of a level is ever not full."""

    def read(self, level: int, index: int) -> bytes:
        """The tile, or ``b""`` if there is none."""
        ...

    def write(self, level: int, index: int, tile: bytes) -> None: ...


class TilesInMemory:
    """Tiles in a dictionary."""

    def __init__(self) -> None:
        self.tiles: dict[tuple[int, int], bytes] = {}

    def read(self, level: int, index: int) -> bytes:
        return self.tiles.get((level, index), b"")

    def write(self, level: int, index: int, tile: bytes) -> None:
        self.tiles[level, index] = tile


class TornTree(Exception):
    """A tile is missing or shorter than the size of the tree demands."""

    def __init__(self, level: int, index: int) -> None:
        super().__init__(f"tile {level}/{index}")
        self.level, self.index = level, index


class Tree:
    """The first ``size`` leaves of a store; any smaller tree of the same leaves can be asked for."""

    def __init__(self, store: TileStore, size: int = 0) -> None:
        self._store = store
        self.size = size

    def append(self, leaves: Iterable[bytes]) -> None:
        """Add hashes of leaves. Every tile that is touched is written once (or once a full tile)."""
        self._extend(0, self.size, leaves)

    def root(self, size: int | None = None) -> bytes:
        size = self._checked(size)
        return self._root(0, size) if size else EMPTY_ROOT

    def inclusion(self, leaf: int, size: int | None = None) -> list[bytes]:
        """The proof that ``leaf`` is in the tree of ``size``, lowest hash first."""
        size = self._checked(size)
        if not 0 <= leaf < size:
            raise IndexError(leaf)
        proof: list[bytes] = []
        begin, end = 0, size
        while end - begin > 1:
            middle = begin + _split(end - begin)
            if leaf < middle:
                proof.append(self._root(middle, end))
                end = middle
            else:
                proof.append(self._root(begin, middle))
                begin = middle
        return proof[::-1]

    def consistency(self, first: int, second: int | None = None) -> list[bytes]:
        """The proof that the tree of ``second`` leaves begins with the tree of ``first``."""
        second = self._checked(second)
        if not 0 <= first <= second:
            raise IndexError(first)
        if first in (0, second):
            return []
        proof: list[bytes] = []
        begin, end = 0, second
        while first != end:
            middle = begin + _split(end - begin)
            if first <= middle:
                proof.append(self._root(middle, end))
                end = middle
            else:
                proof.append(self._root(begin, middle))
                begin = middle
        if begin:
            proof.append(self._root(begin, end))
        return proof[::-1]

    def _checked(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise IndexError(size)
        return size

    def _extend(self, level: int, count: int, hashes: Iterable[bytes]) -> None:
        index, held = divmod(count, WIDTH)
        tile = bytearray(self._store.read(level, index)[: held * SIZE]) if held else bytearray()
        if len(tile) < held * SIZE:
            raise TornTree(level, index)
        full: list[bytes] = []
        first_full = index
        for hashed in hashes:
            tile += hashed
            count += 1
            if len(tile) == WIDTH * SIZE:
                self._store.write(level, index, bytes(tile))
                full.append(_folded(tile))
                index += 1
                tile.clear()
        if tile:
            self._store.write(level, index, bytes(tile))
        if full:
            self._extend(level + 1, first_full, full)
        if level == 0:
            self.size = count

    def _root(self, begin: int, end: int) -> bytes:
        """Root of the leaves ``begin <= n < end``; cut as RFC 9162 cuts a tree."""
        count = end - begin
        if count & (count - 1) == 0:
            return self._node(count.bit_length() - 1, begin // count)
        middle = begin + _split(count)
        return node_hash(self._root(begin, middle), self._root(middle, end))

    def _node(self, height: int, index: int) -> bytes:
        """Root of the ``index``-th full subtree of 2**height leaves."""
        level, above = divmod(height, 8)
        tile_index, offset = divmod(index << above, WIDTH)
        tile = self._store.read(level, tile_index)
        part = tile[offset * SIZE : (offset + (1 << above)) * SIZE]
        if len(part) < SIZE << above:
            raise TornTree(level, tile_index)
        return _folded(part)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether ``proof`` shows that the hash ``leaf`` is number ``index`` of the tree (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, result = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            result = node_hash(step, result)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            result = node_hash(result, step)
        at, last = at >> 1, last >> 1
    return last == 0 and result == root


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether ``proof`` shows that the second tree only grew out of the first (RFC 9162 §2.1.4.2)."""
    if not 0 <= first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    if first == 0:
        return not proof and first_root == EMPTY_ROOT
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    if not path:
        return False
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, step)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _split(count: int) -> int:
    """The largest power of two smaller than ``count``."""
    return 1 << (count - 1).bit_length() - 1


def _folded(hashes: bytes | bytearray) -> bytes:
    """Root over hashes side by side, their number a power of two."""
    row = bytes(hashes)
    while len(row) > SIZE:
        row = b"".join(
            [sha256(b"\x01" + row[at : at + 2 * SIZE]).digest() for at in range(0, len(row), 2 * SIZE)]
        )
    return row
