"""What is copied means the octets that were selected."""

import ast
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.formats.payload import parse_hex, parse_payload
from workbench.ui import hexcopy

DATA = st.binary(max_size=200)


@given(DATA)
def test_hex_is_read_back(data: bytes) -> None:
    assert parse_hex(hexcopy.as_hex(data)) == data


@given(DATA)
def test_the_python_literal_is_these_octets(data: bytes) -> None:
    assert ast.literal_eval(hexcopy.as_python(data)) == data


@given(DATA)
def test_the_escaped_text_is_read_back(data: bytes) -> None:
    assert parse_payload(hexcopy.as_escaped(data)) == data


@given(DATA)
def test_the_c_array_holds_these_octets_and_their_number(data: bytes) -> None:
    text = hexcopy.as_c_array(data)
    octets = bytes(int(each, 16) for each in re.findall(r"0x([0-9a-f]{2})\b", text))
    assert octets == (data or b"\0")
    assert f"data[{len(octets)}]" in text
    assert text.endswith("};")
    assert max(map(len, text.splitlines())) <= 80


def test_text_is_utf_8_and_nothing_is_lost_in_silence() -> None:
    assert hexcopy.as_text("grüß\n".encode() + b"\xff") == "grüß\n\\xff"


def test_each_way_has_an_id_a_title_and_a_limit() -> None:
    assert [each.id for each in hexcopy.FORMATS] == ["hex", "text", "escaped", "python", "c"]
    assert all(each.title.startswith("Copy ") and each.limit >= 1 << 15 for each in hexcopy.FORMATS)
    assert hexcopy.named("c").write is hexcopy.as_c_array
    with pytest.raises(KeyError):
        hexcopy.named("morse")
