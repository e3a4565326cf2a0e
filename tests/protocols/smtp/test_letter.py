"""What goes over the wire is the letter with CRLF and doubled dots, wherever it is cut."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.protocols.smtp import letter as module
from workbench.protocols.smtp.letter import LetterWriter
from workbench.protocols.smtp.session import measured


def expected(letter: bytes) -> bytes:
    """By lines, as slow and plain as can be."""
    lines = letter.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines)


def written(letter: bytes) -> tuple[bytes, LetterWriter]:
    writer = LetterWriter(letter)
    return b"".join(writer.pieces()), writer


PIECES = st.lists(
    st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"..", b"a", b"\xc3\xa9", b"", b"line"]), max_size=40
)


@given(PIECES.map(b"".join), st.integers(1, 9))
def test_every_letter_goes_as_lines_say_whatever_the_pieces(letter: bytes, size: int):
    before = module.PIECE
    module.PIECE = size
    try:
        wire, writer = written(letter)
    finally:
        module.PIECE = before
    assert wire == expected(letter)
    plain = b"".join(
        line.removeprefix(b".") + b"\r\n" if line.startswith(b"..") else line + b"\r\n"
        for line in wire.split(b"\r\n")[:-1]
    )
    form = writer.form
    assert form.octets == len(wire) - form.stuffed
    assert form.stuffed == sum(line.startswith(b".") for line in wire.split(b"\r\n"))
    assert form.is_8bit is not letter.isascii()
    assert form.longest == max(
        len(line.removeprefix(b".") if line.startswith(b".") else line) for line in wire.split(b"\r\n")
    )
    assert len(plain) <= len(wire)


@pytest.mark.parametrize(
    ("letter", "form"),
    [
        (b"a: b\r\n\r\nx\r\n", {"ends": 0, "stuffed": 0, "unended": False, "octets": 11}),
        (b"a: b\n\nx", {"ends": 2, "unended": True, "octets": 11}),
        (b".\r\n..\r\n", {"stuffed": 2, "octets": 7}),
        ("a: ü\r\n\r\nx\r\n".encode(), {"is_8bit": True, "header_8bit": True}),
        ("a: u\r\n\r\nü\r\n".encode(), {"is_8bit": True, "header_8bit": False}),
        (b"a: b\r\n\r\n\0\0", {"nul": 2}),
        (b"", {"octets": 0}),
    ],
)
def test_what_was_done_to_it_is_told(letter: bytes, form: dict[str, object]):
    told = written(letter)[1].form._asdict()
    assert {name: told[name] for name in form} == form


def test_a_large_letter_is_measured_piece_by_piece():
    letter = b"x" * 76 + b"\r\n"
    form = asyncio.run(measured(letter * 20_000))
    assert (form.octets, form.longest, form.ends) == (78 * 20_000, 76, 0)
