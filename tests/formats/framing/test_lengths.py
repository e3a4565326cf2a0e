"""A length ahead: written as the standards do, wide enough or refused, and never believed beyond the limit."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.formats.framing.catalogue import read_framing
from workbench.formats.framing.chop import say
from workbench.formats.framing.lengths import write_varint
from workbench.formats.framing.values import characters_remark


@pytest.mark.covers("C5.14")
def test_a_length_of_four_digits_overflow_and_a_hostile_one():
    digits = read_framing("digits:4")
    assert digits.encode(b"Test.").data == b"0005Test."
    (remark,) = digits.remarks(bytes(10_000))
    assert (remark.code, remark.stops) == ("width-overflow", True)
    with pytest.raises(LocalMisuse, match="9,999 at most"):
        digits.encode(bytes(10_000))
    decoder = read_framing("length:4").decoder(1_000_000)
    assert decoder.feed(bytes.fromhex("05000000")) == []
    assert decoder.broken.what.startswith("83,886,080 octets are announced")
    assert (decoder.broken.at, decoder.broken.data) == (0, bytes.fromhex("05000000"))
    assert read_framing("length:4").decoder(1_000_000).feed(bytes.fromhex("000000014b"))[0].data == b"K"


@pytest.mark.parametrize(
    ("spec", "form"),
    [
        ("length:1", "B"),
        ("length:2", ">H"),
        ("length:2:little", "<H"),
        ("length:4:big", ">I"),
        ("length:4:little", "<I"),
        ("length:8", ">Q"),
        ("length:8:little", "<Q"),
    ],
)
def test_words_are_those_of_struct(spec: str, form: str):
    for data in (b"", b"Test.", bytes(200)):
        assert read_framing(spec).encode(data).data == struct.pack(form, len(data)) + data


@pytest.mark.parametrize(("spec", "most"), [("length:1", 255), ("length:2", 65_535), ("digits:2", 99)])
def test_the_widest_message_goes_and_the_next_does_not(spec: str, most: int):
    framing = read_framing(spec)
    wire = framing.encode(bytes(most)).data
    assert say(framing.decoder(), wire).messages[0].data == bytes(most)
    with pytest.raises(LocalMisuse) as refused:
        framing.encode(bytes(most + 1))
    assert "wider" in refused.value.advice


@pytest.mark.covers("C5.17")
@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("Test.", "00 00 00 05 54 65 73 74 2e"),
        ("a text of 24 characters!", "00 00 00 18"),
        ("héllo", "00 00 00 06"),
    ],
)
def test_four_octets_count_octets_and_not_characters(text: str, wire: str):
    encoded = read_framing("length:4").encode(text.encode())
    assert encoded.data.hex(" ").startswith(wire)
    remark = characters_remark(text, text.encode())
    assert (remark is not None) == ("é" in text)
    if remark is not None:
        assert "5 characters, but 6 octets" in remark.what


def test_a_state_says_what_is_awaited():
    decoder = read_framing("length:4").decoder()
    assert decoder.state[:3] == ("before a length", 0, 4)
    decoder.feed(b"\0\0")
    assert decoder.state[:3] == ("in a length", 2, 2)
    decoder.feed(b"\0\5Te")
    assert decoder.state[:3] == ("in a message of 5 octets", 2, 3)


@pytest.mark.parametrize(
    ("spec", "stream", "at", "what"),
    [
        ("digits:4", b"00x5", 2, "ASCII digits"),
        ("digits:2", "²²".encode("latin-1"), 0, "ASCII digits"),
        ("varint", b"\xff" * 10, 9, "more than 10 octets"),
        ("netstring", b"1:a,x", 4, "ASCII digits"),
        ("netstring", b"01:a,", 1, "leading zero"),
        ("netstring", b":a,", 0, "ASCII digits|without a length"),
        ("netstring", b"1:ab", 3, "comma"),
        ("netstring", b"9" * 30, 20, "more than 20 digits"),
        ("netstring", b"99999999999:", 0, "are announced"),
    ],
)
def test_what_is_no_length_is_named_with_its_place(spec: str, stream: bytes, at: int, what: str):
    broken = say(read_framing(spec).decoder(), stream).broken
    assert broken.at == at
    assert any(words in broken.what for words in what.split("|"))


@given(st.integers(0, 2**64 - 1))
def test_a_varint_is_as_the_definition_says(number: int):
    octets = write_varint(number)
    assert sum((octet & 0x7F) << 7 * at for at, octet in enumerate(octets)) == number
    assert [octet >> 7 for octet in octets] == [1] * (len(octets) - 1) + [0]
    assert number < 128 or octets[-1]


def test_netstrings_are_as_their_author_writes_them():
    assert read_framing("netstring").encode(b"hello world!").data == b"12:hello world!,"
    assert read_framing("netstring").encode(b"").data == b"0:,"
    assert write_varint(300) == b"\xac\x02"
