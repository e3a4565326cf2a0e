"""The walker of ASN.1: any octets are a tree, its places are right, and nothing takes long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.formats import asn1
from workbench.formats.asn1 import MAX_DEPTH, MAX_NODES, Node, faults, walk


def der(tag: int, content: bytes) -> bytes:
    """One value of DER."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(length))) + length + content


def numbered(node: Node) -> list[Node]:
    """The node and all below it."""
    found = [node]
    for child in node.children:
        found += numbered(child)
    return found


VALUES = st.recursive(
    st.tuples(st.sampled_from([2, 4, 5, 6, 12, 19, 22, 0x80]), st.binary(max_size=300)).map(
        lambda each: der(*each)
    ),
    lambda inner: st.tuples(st.sampled_from([0x30, 0x31, 0xA0]), st.lists(inner, max_size=5)).map(
        lambda each: der(each[0], b"".join(each[1]))
    ),
    max_leaves=12,
)


def again(data: bytes, node: Node) -> bytes:
    """The octets that a node and its children say are there."""
    if not node.is_constructed:
        return node.whole(data)
    return data[node.start : node.content] + b"".join(again(data, child) for child in node.children)


@given(VALUES)
def test_what_is_well_formed_has_no_fault_and_is_all_there(data: bytes):
    node = walk(data, opening=False)
    assert (node.start, node.stop) == (0, len(data))
    assert faults(node) == []
    assert again(data, node) == data


@given(st.binary(max_size=400) | VALUES.flatmap(lambda v: st.integers(0, len(v)).map(lambda at: v[:at])))
def test_any_octets_are_a_tree_whose_places_are_within_them(data: bytes):
    for opening in (True, False):
        for node in numbered(walk(data, opening=opening)):
            assert 0 <= node.start <= node.content <= node.stop <= len(data)
            for child in node.children:
                assert node.content <= child.start
                assert child.stop <= node.stop
            for one, other in zip(node.children, node.children[1:], strict=False):
                assert one.stop <= other.start


@given(VALUES, st.data())
def test_what_is_cut_off_says_so(data: bytes, draw: st.DataObject):
    cut = data[: draw.draw(st.integers(0, len(data) - 1))]
    assert faults(walk(cut, opening=False))


@pytest.mark.parametrize(
    ("octets", "fault"),
    [
        ("", "nothing is here"),
        ("30", "its length is missing"),
        ("3082", "its length is cut off"),
        ("3005020101", "says 5 octets, and only 3"),
        ("30810102", "written longer than need be"),
        ("3089010101010101010101", "written in 9 octets"),
        ("0480", "can't have an indefinite length"),
        ("3080020101", "two octets of zero, is missing"),
        ("1f808080808001", "tag does not end"),
    ],
)
def test_each_fault_is_named(octets: str, fault: str):
    found = faults(walk(bytes.fromhex(octets)))
    assert found
    assert fault in found[0].fault


def test_an_indefinite_length_is_read_to_its_end():
    data = bytes.fromhex("3080 020101 3080 0500 0000 0000")
    node = walk(data)
    assert faults(node) == []
    assert node.stop == len(data)
    assert [child.number for child in node.children] == [asn1.INTEGER, asn1.SEQUENCE]
    assert node.children[1].children[0].is_a(asn1.NULL)


def test_a_long_tag_is_read():
    node = walk(bytes.fromhex("7f8137 03 020105"))
    assert (node.kind, node.number, node.is_constructed) == (asn1.APPLICATION, 0xB7, True)
    assert node.children[0].is_a(asn1.INTEGER)


def test_a_string_is_opened_where_all_of_it_is_one_value():
    inside = der(0x30, der(2, b"\5"))
    node = walk(der(4, inside))
    assert node.is_opened
    assert node.children[0].children[0].octets(der(4, inside)) == b"\5"
    bits = walk(der(3, b"\0" + inside))
    assert bits.children[0].start == 3
    for other in (inside + b"\0", inside[:-1], b"\x30", b"", b"plain words"):
        assert walk(der(4, other)).children == ()
    assert walk(der(4, inside), opening=False).children == ()


def test_a_bomb_of_levels_ends():
    deep = walk(b"\x30\x80" * 100_000)
    levels = 0
    while deep.children:
        deep, levels = deep.children[0], levels + 1
    assert levels <= MAX_DEPTH
    nested = b"\x05\x00"
    for _ in range(200):
        nested = der(4, nested)
    assert len(numbered(walk(nested))) <= MAX_DEPTH + 2


def test_a_bomb_of_values_ends_soon():
    began = time.monotonic()
    node = walk(der(0x30, b"\x30\x00" * 1_000_000))
    assert len(node.children) <= MAX_NODES
    assert "was not looked at" in node.fault
    assert time.monotonic() - began < 5.0
