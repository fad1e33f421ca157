from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from lms.kernel.merkle import (
    EMPTY_ROOT,
    TilesInMemory,
    TornTree,
    Tree,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)

# The tree of the Certificate Transparency reference implementation
# (certificate-transparency/cpp/merkletree/merkle_tree_test.cc): its inputs, roots and proofs.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# (leaf, size) as numbered here from 0
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def grown(leaves, steps=None):
    """A tree of the leaves, appended in one go or cut at ``steps``."""
    tree = Tree(TilesInMemory())
    cuts = [0, *sorted(steps or []), len(leaves)]
    for begin, end in pairwise(cuts):
        tree.append(leaves[begin:end])
    return tree


def numbered(count):
    return [leaf_hash(str(n).encode()) for n in range(count)]


def reference_root(leaves):
    """RFC 9162 §2.1.1, word for word."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(reference_root(leaves[:k]), reference_root(leaves[k:]))


CT = grown([leaf_hash(entry) for entry in INPUTS])
BIG = numbered(70_000)
TALL = grown(BIG)
sizes = st.integers(1, 1200)


def test_the_empty_tree_has_the_root_of_the_rfc():
    assert (
        Tree(TilesInMemory()).root().hex()
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_certificate_transparency(size):
    assert CT.root(size).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("leaf", "size"), INCLUSION)
def test_the_inclusion_proofs_are_those_of_certificate_transparency(leaf, size):
    assert [step.hex() for step in CT.inclusion(leaf, size)] == INCLUSION[leaf, size]


@pytest.mark.parametrize(("first", "second"), CONSISTENCY)
def test_the_consistency_proofs_are_those_of_certificate_transparency(first, second):
    assert [step.hex() for step in CT.consistency(first, second)] == CONSISTENCY[first, second]


@given(sizes, st.sets(st.integers(0, 1200)))
def test_however_it_is_appended_the_tree_is_the_same(size, steps):
    leaves = numbered(size)
    assert grown(leaves, {step for step in steps if step <= size}).root() == reference_root(leaves)


@given(st.integers(1, len(BIG)), st.data())
def test_every_leaf_is_proven_and_no_other(size, data):
    leaf = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1))
    proof, root = TALL.inclusion(leaf, size), TALL.root(size)
    assert verify_inclusion(BIG[leaf], leaf, size, proof, root) is True
    assert verify_inclusion(BIG[leaf], other, size, proof, root) is (other == leaf)
    assert verify_inclusion(leaf_hash(b"forged"), leaf, size, proof, root) is False


@given(st.integers(0, len(BIG)), st.integers(0, len(BIG)))
def test_every_smaller_tree_is_proven_to_be_the_beginning(a, b):
    first, second = sorted((a, b))
    proof = TALL.consistency(first, second)
    assert verify_consistency(first, second, TALL.root(first), TALL.root(second), proof) is True
    if first != second:
        assert verify_consistency(first, second, leaf_hash(b"forged"), TALL.root(second), proof) is False
        assert verify_consistency(first, second, TALL.root(first), leaf_hash(b"x"), proof) is (first == 0)


@given(st.integers(2, 600), st.data())
def test_a_proof_with_a_step_changed_added_or_missing_proves_nothing(size, data):
    leaf = data.draw(st.integers(0, size - 1))
    proof, root = TALL.inclusion(leaf, size), TALL.root(size)
    at = data.draw(st.integers(0, len(proof) - 1))
    changed = [*proof[:at], leaf_hash(b"x"), *proof[at + 1 :]]
    for bad in (changed, [*proof, root], proof[:-1], proof[1:]):
        assert verify_inclusion(BIG[leaf], leaf, size, bad, root) is False


@given(st.integers(1, 300), st.data())
def test_the_tree_agrees_with_an_independent_one(size, data):
    theirs = InmemoryTree(algorithm="sha256")
    for n in range(size):
        theirs.append_entry(str(n).encode())
    assert TALL.root(size) == theirs.get_root(size)
    leaf = data.draw(st.integers(0, size - 1))
    assert _steps(theirs.prove_inclusion(leaf + 1, size)) == TALL.inclusion(leaf, size)


def _steps(proof):
    """Their path begins with the leaf itself."""
    return [bytes.fromhex(step) for step in proof.serialize()["path"][1:]]


def test_four_hundred_thousand_leaves_lie_in_few_tiles():
    store = TilesInMemory()
    Tree(store).append([BIG[n % len(BIG)] for n in range(400_000)])
    assert [sum(level == n for level, _ in store.tiles) for n in range(4)] == [1563, 7, 1, 0]


def test_a_missing_tile_is_named():
    store = TilesInMemory()
    tree = Tree(store)
    tree.append(numbered(600))
    del store.tiles[0, 2]
    with pytest.raises(TornTree, match="tile 0/2"):
        tree.root()
    with pytest.raises(TornTree, match="tile 0/2"):
        tree.append(numbered(1))


@pytest.mark.parametrize("size", [-1, 9])
def test_a_size_that_the_tree_never_had_is_refused(size):
    with pytest.raises(IndexError):
        CT.root(size)
