"""The structure inspector beside Python's struct: the same values, with places, and errors in words."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.attempt import attempt, check_place
from workbench.errors import LocalMisuse
from workbench.formats.framing.structure import CODES, KNOWN, inspect, pack, read_format, size_of, suggest


@pytest.mark.covers("C5.16")
def test_a_swapped_length_is_pointed_out_and_70000_is_refused_in_words():
    (field,) = inspect("!I", struct.pack("<I", 5))
    assert (field.value, field.item.start, field.item.stop) == (83886080, 0, 4)
    assert field.hint == "looks byte-swapped: in the other order it is 5"
    assert inspect("<I", struct.pack("<I", 5))[0].hint == ""
    with pytest.raises(LocalMisuse) as refused:
        pack("!H", [70000])
    assert "0 to 65535" in str(refused.value)
    assert "I is wider" in refused.value.advice
    header = bytes.fromhex("1234 0100 0001 0000 0000 0000") + b"\3lab\4test\0\0\1\0\1"
    assert suggest(header)[0].name == "DNS header"
    values = inspect("!HHHHHH", header)
    assert [(each.item.start, each.value) for each in values[:3]] == [(0, 0x1234), (2, 0x100), (4, 1)]


@given(
    order=st.sampled_from(["", "@", "=", "<", ">", "!"]),
    codes=st.lists(st.sampled_from([*"bBhHiIlLqQfdex?c", "3s", "4p", "2H", "3x"]), min_size=1, max_size=6),
    data=st.binary(min_size=120, max_size=120),
)
def test_values_and_sizes_are_those_of_struct(order: str, codes: list[str], data: bytes):
    form = order + "".join(codes)
    size = struct.calcsize(form)
    found = inspect(form, data)
    expected = struct.unpack(form, data[:size])
    assert [repr(each.value) for each in found if each.item.code[-1] != "x"] == [
        repr(each) for each in expected
    ]
    assert size_of(read_format(form)[1]) == size
    for each in found:
        assert each.item.what == CODES[each.item.code[-1]]
        octets = data[each.item.start : each.item.stop]
        assert len(octets) == struct.calcsize((order or "@") + each.item.code)


@given(st.lists(st.integers(-(2**70), 2**70), min_size=2, max_size=2))
def test_packing_is_that_of_struct_or_refused(values: list[int]):
    try:
        expected = struct.pack("!Hq", *values)
    except struct.error:
        with pytest.raises(LocalMisuse, match=r"does not fit into [Hq]"):
            pack("!Hq", values)
    else:
        assert pack("!Hq", values) == expected


@pytest.mark.parametrize(
    ("form", "start", "what"),
    [
        ("!Z", 1, "no code"),
        ("!H!", 2, "beginning only"),
        ("!4", 1, "without the code"),
        ("!n", 1, "this machine's own order"),
        ("x" * 1001, 1000, "too long"),
        ("2000H", 0, "more than 1,000 fields"),
        ("999999s", 0, "more than 1,000 fields"),
    ],
)
def test_a_mistake_in_a_format_has_its_place(form: str, start: int, what: str):
    with pytest.raises(LocalMisuse, match=what) as wrong:
        read_format(form)
    assert wrong.value.start == start


def test_too_few_octets_and_wrong_values():
    with pytest.raises(LocalMisuse, match="needs 4 octets, and 2 octets are there"):
        inspect("!I", b"\0\0")
    with pytest.raises(LocalMisuse, match="2 fields for values, and 1 are given"):
        pack("!HxH", [1])
    with pytest.raises(LocalMisuse, match="is nothing for 2s"):
        pack("2s", [5])
    assert inspect("!H", b"\0\0\0\5", 2)[0].item.start == 2
    assert read_format(" !H ")[0] == "!"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (bytes.fromhex("160301 0004 01020304"), "TLS record header"),
        (bytes.fromhex("0035 c000 000c 0000") + b"data", "UDP header"),
        (b"\0\0\0\5Test.", "a length of 4 octets"),
        (bytes.fromhex("45000014 00010000 40010000 7f000001 7f000002"), "IPv4 header"),
        (bytes.fromhex("01 01 0001 0008 00 00") + bytes(8), "FastCGI record header"),
        (bytes.fromhex("c0000050 00000001 00000000 5002 ffff 0000 0000"), "TCP header"),
    ],
)
def test_known_structures_are_recognised(data: bytes, name: str):
    assert suggest(data)[0].name == name


def test_known_structures_are_right_formats():
    for known in KNOWN:
        order, items = read_format(known.format)
        assert order == "!"
        assert len(known.names) == len([item for item in items if item.code != "x"])
    assert suggest(b"") == ()


@given(st.text(max_size=12), st.binary(max_size=20))
def test_any_format_over_any_octets_is_values_or_a_mistake(form: str, data: bytes):
    read = attempt(inspect, form, data)
    if isinstance(read, LocalMisuse):
        check_place(read, 0, len(form))
    else:
        assert all(each.item.stop <= len(data) for each in read)
