"""The tree against a judge that knows only the definition: it splits, recurses and hashes."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assurance.evidence import tree


def naive_split(size: int) -> int:
    k = 1
    while k * 2 < size:
        k *= 2
    return k


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, over leaf hashes."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = naive_split(len(leaves))
    return hashlib.sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    k = naive_split(len(leaves))
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_proof(m: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962, 2.1.2."""
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = naive_split(len(leaves))
    if m <= k:
        return [*naive_proof(m, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_proof(m - k, leaves[k:], False), naive_root(leaves[:k])]


def some_leaves(size: int) -> list[bytes]:
    return [hashlib.sha256(b"\x00" + number.to_bytes(4, "big")).digest() for number in range(size)]


def path_of(ranges: list[tree.Range], leaves: list[bytes]) -> list[bytes]:
    return tree.resolve(ranges, lambda part: tree.fold_complete(leaves[part[0] : part[1]]))


INPUTS = [
    bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
"""The eight inputs that Certificate Transparency's own tests use."""


class TestTheRoot:
    def test_of_nothing_is_the_hash_of_nothing(self):
        assert tree.CompactRange().root() == bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")

    def test_of_the_inputs_of_certificate_transparency_is_the_published_one(self):
        grown = tree.CompactRange()

        for data in INPUTS:
            grown.append(hashlib.sha256(b"\x00" + data).digest())

        assert grown.root().hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"

    @pytest.mark.parametrize("size", range(70))
    def test_grows_leaf_by_leaf_into_what_the_definition_says(self, size):
        leaves, grown = some_leaves(size), tree.CompactRange()

        for leaf in leaves:
            grown.append(leaf)

        assert (grown.size, grown.root()) == (size, naive_root(leaves))

    def test_continues_from_what_was_remembered(self):
        leaves, grown = some_leaves(900), tree.CompactRange()
        for leaf in leaves[:555]:
            grown.append(leaf)

        again = tree.CompactRange(555, grown.hashes)
        for leaf in leaves[555:]:
            again.append(leaf)

        assert again.root() == naive_root(leaves)

    def test_refuses_to_remember_the_wrong_number_of_subtrees(self):
        with pytest.raises(ValueError, match="a tree of 5 leaves has 2 complete subtrees, not 1"):
            tree.CompactRange(5, [tree.EMPTY_ROOT])


class TestStoredSubtrees:
    def test_are_told_at_the_leaf_that_completes_them(self):
        leaves, grown = some_leaves(65536 + 256), tree.CompactRange()

        told = {number: completed for number, leaf in enumerate(leaves) if (completed := grown.append(leaf))}

        assert list(told) == list(range(255, 65536 + 256, 256))
        assert [(level, index) for level, index, _ in told[255]] == [(8, 0)]
        assert [(level, index) for level, index, _ in told[65535]] == [(8, 255), (16, 0)]
        assert [(level, index) for level, index, _ in told[65791]] == [(8, 256)]
        assert told[511][0][2] == naive_root(leaves[256:512])
        assert told[65535][1][2] == naive_root(leaves[:65536])


class TestAnInclusionProof:
    @pytest.mark.parametrize("size", [*range(1, 34), 64, 65, 100])
    def test_is_the_one_of_the_definition_and_proves_every_leaf(self, size):
        leaves = some_leaves(size)
        root = naive_root(leaves)

        for index in range(size):
            path = path_of(tree.inclusion_ranges(index, size), leaves)
            assert path == naive_path(index, leaves)
            assert tree.includes(leaves[index], index, size, path, root)

    @given(st.data())
    def test_proves_nothing_else(self, data):
        size = data.draw(st.integers(1, 40))
        index = data.draw(st.integers(0, size - 1))
        leaves = some_leaves(size)
        root, path = naive_root(leaves), naive_path(index, leaves)
        what = data.draw(st.sampled_from(["leaf", "index", "root", "part", "longer", "shorter"]))
        if what == "leaf":
            assert not tree.includes(flipped(leaves[index], data), index, size, path, root)
        elif what == "index":
            other = data.draw(st.integers(-1, size + 3).filter(lambda number: number != index))
            assert not tree.includes(leaves[index], other, size, path, root)
        elif what == "root":
            assert not tree.includes(leaves[index], index, size, path, flipped(root, data))
        elif what == "part" and path:
            place = data.draw(st.integers(0, len(path) - 1))
            assert not tree.includes(leaves[index], index, size, [*path[:place], flipped(path[place], data), *path[place + 1 :]], root)
        elif what == "longer":
            assert not tree.includes(leaves[index], index, size, [*path, root], root)
        elif path:
            assert not tree.includes(leaves[index], index, size, path[:-1], root)

    def test_cannot_be_asked_for_outside_the_tree(self):
        with pytest.raises(ValueError, match="a tree of 5 leaves has no leaf 5"):
            tree.inclusion_ranges(5, 5)


class TestAConsistencyProof:
    @pytest.mark.parametrize("new", [*range(1, 34), 64, 65, 100])
    def test_is_the_one_of_the_definition_and_proves_every_beginning(self, new):
        leaves = some_leaves(new)
        root = naive_root(leaves)

        for old in range(1, new + 1):
            path = path_of(tree.consistency_ranges(old, new), leaves)
            assert path == naive_proof(old, leaves)
            assert tree.is_consistent(old, new, naive_root(leaves[:old]), root, path)

    @given(st.data())
    def test_proves_nothing_else(self, data):
        new = data.draw(st.integers(2, 40))
        old = data.draw(st.integers(1, new - 1))
        leaves = some_leaves(new)
        roots, path = (naive_root(leaves[:old]), naive_root(leaves)), naive_proof(old, leaves)
        what = data.draw(st.sampled_from(["old root", "new root", "part", "longer", "shorter"]))
        if what == "old root":
            assert not tree.is_consistent(old, new, flipped(roots[0], data), roots[1], path)
        elif what == "new root":
            assert not tree.is_consistent(old, new, roots[0], flipped(roots[1], data), path)
        elif what == "part":
            place = data.draw(st.integers(0, len(path) - 1))
            assert not tree.is_consistent(old, new, *roots, [*path[:place], flipped(path[place], data), *path[place + 1 :]])
        elif what == "longer":
            assert not tree.is_consistent(old, new, *roots, [*path, roots[1]])
        else:
            assert not tree.is_consistent(old, new, *roots, path[:-1])

    @given(st.integers(2, 60), st.data())
    def test_fails_for_a_log_whose_past_was_rewritten(self, new, data):
        old = data.draw(st.integers(1, new))
        leaves = some_leaves(new)
        changed = data.draw(st.integers(0, old - 1))
        rewritten = [*leaves[:changed], flipped(leaves[changed], data), *leaves[changed + 1 :]]

        path = naive_proof(old, rewritten)

        assert not tree.is_consistent(old, new, naive_root(leaves[:old]), naive_root(rewritten), path)

    @pytest.mark.parametrize(("old", "new"), [(0, 5), (6, 5), (-1, 5)])
    def test_cannot_be_asked_for_outside_the_tree(self, old, new):
        with pytest.raises(ValueError, match="cannot be the beginning"):
            tree.consistency_ranges(old, new)
        assert not tree.is_consistent(old, new, tree.EMPTY_ROOT, tree.EMPTY_ROOT, [])


def flipped(value: bytes, data: st.DataObject) -> bytes:
    bit = data.draw(st.integers(0, len(value) * 8 - 1))
    changed = bytearray(value)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)
