"""PEM is found in any text, read as the standard library reads it, and what is wrong has its line."""

import base64
import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.formats.pem import MAX_BLOCKS, bare_base64, blocks

DATA = bytes(range(256)) * 3


def block(data: bytes = DATA, label: str = "CERTIFICATE", ending: str = "\n") -> bytes:
    lines = base64.encodebytes(data).decode().split()
    return ending.join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", "")).encode()


@given(st.lists(st.binary(min_size=1, max_size=300), max_size=4), st.sampled_from(["\n", "\r\n"]))
def test_what_was_written_is_read_whatever_stands_around_it(datas: list[bytes], ending: str):
    text = b"Subject: somebody\nnot base64!\n".join(block(data, ending=ending) for data in datas)
    found = blocks(b"before\n" + text + b"after")
    assert [each.data for each in found] == datas
    assert [each.fault for each in found] == [""] * len(datas)


@given(st.binary(min_size=1, max_size=500))
def test_it_is_what_the_standard_library_writes(data: bytes):
    (found,) = blocks(ssl.DER_cert_to_PEM_cert(data).encode())
    assert found == ("CERTIFICATE", data, 1, (), "")


@given(st.binary(max_size=600) | st.binary(max_size=300).map(lambda data: block(DATA) + data))
def test_any_octets_are_some_blocks_or_none(text: bytes):
    for found in blocks(text):
        assert found.line >= 1


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (block()[:-30], "line 1: its END is missing"),
        (
            block().replace(b"END CERTIFICATE", b"END X509 CRL"),
            "line 1: BEGIN says CERTIFICATE, and END says X509 CRL",
        ),
        (b"\n\n" + block().replace(b"\nAA", b"\n\xffA", 1), "line 4: 'ÿ' is no base64"),
        (b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "line 1: there is nothing in it"),
        (b"-----BEGIN CERTIFICATE-----\nQUJD=\n-----END CERTIFICATE-----\n", "is cut off"),
        (b"-----BEGIN CERTIFICATE-----\nQQ==QUJD\n-----END CERTIFICATE-----\n", "goes on behind its end"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: bytes, fault: str):
    (found,) = blocks(text)
    assert fault in found.fault


def test_indentation_and_headers_are_no_faults():
    indented = b"\n".join(b"   " + line for line in block().splitlines())
    assert blocks(indented)[0][1:] == (DATA, 1, (), "")
    with_headers = block().replace(
        b"-----\n", b"-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00FF\n\n", 1
    )
    (found,) = blocks(with_headers)
    assert found.headers == (("Proc-Type", "4,ENCRYPTED"), ("DEK-Info", "AES-128-CBC,00FF"))
    assert (found.data, found.fault) == (DATA, "")


def test_lines_are_counted_through_the_whole_text():
    found = blocks(b"one\n" + block() + b"two\nthree\n" + block())
    assert [each.line for each in found] == [2, 2 + block().count(b"\n") + 2]


def test_there_is_a_bound():
    assert len(blocks(block(b"x") * (MAX_BLOCKS + 5))) == MAX_BLOCKS


def test_base64_without_its_marks_is_read_and_words_are_not():
    assert bare_base64(base64.encodebytes(DATA)) == DATA
    assert bare_base64(b"QUJD") is None
    assert (
        bare_base64(b"these are words, and no base64 at all; so nobody should take them for any" * 2) is None
    )
