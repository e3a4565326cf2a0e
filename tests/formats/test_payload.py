"""What is typed to be sent: the octets it makes, the place of each mistake, and the way back from octets."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.formats.attempt import attempt, check_place
from workbench.errors import LocalMisuse
from workbench.formats.charset import ENCODINGS
from workbench.formats.payload import (
    LINE_ENDINGS,
    NAMED_ESCAPES,
    Piece,
    parse_payload,
    parse_pieces,
    write_payload,
)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", b""),
        ("hello", b"hello"),
        (r"hello\r\n", b"hello\r\n"),
        (r"\t\0\\\e\a\b\f\v", b"\t\0\\\x1b\a\b\f\v"),
        (r"\x00\xfF\x4a", b"\x00\xff\x4a"),
        (r"\u{e9}\u{1F600}\u{0000041}", "é😀A".encode()),
        (r"\{de ad be ef}", b"\xde\xad\xbe\xef"),
        (r"\{DEADbeef}", b"\xde\xad\xbe\xef"),
        ("\\{de\n ad\t}", b"\xde\xad"),
        (r"\{}", b""),
        (r"a\{00}b\{01 02}c", b"a\0b\1\2c"),
        ("{de ad}", b"{de ad}"),
        ("}", b"}"),
        ("é€", "é€".encode()),
        (r"\0a", b"\0a"),
        ("one\ntwo\r\nthree\rfour", b"one\ntwo\r\nthree\rfour"),
    ],
)
def test_text_and_octets_are_mixed(text: str, data: bytes) -> None:
    assert parse_payload(text) == data


@pytest.mark.parametrize(
    ("ending", "data"),
    [
        ("as typed", b"a\nb\r\nc\rd\n\n\\n"),
        ("lf", b"a\nb\nc\nd\n\n\\n"),
        ("crlf", b"a\r\nb\r\nc\r\nd\r\n\r\n\\n"),
        ("cr", b"a\rb\rc\rd\r\r\\n"),
        ("nul", b"a\0b\0c\0d\0\0\\n"),
        ("none", b"abcd\\n"),
    ],
)
def test_a_real_line_break_becomes_the_chosen_one(ending: str, data: bytes) -> None:
    assert parse_payload("a\nb\r\nc\rd\n\n\\\\n", line_ending=ending) == data


def test_a_typed_escape_is_no_line_break() -> None:
    assert parse_payload(r"a\nb", line_ending="crlf") == b"a\nb"


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("utf-8", b"\xc3\xa9\r\n\xff"),
        ("latin-1", b"\xe9\r\n\xff"),
        ("utf-16-le", b"\xe9\x00\r\x00\n\x00\xff"),
        ("utf-16-be", b"\x00\xe9\x00\r\x00\n\xff"),
        ("cp037", b"\x51\r\x25\xff"),
        ("UTF8", b"\xc3\xa9\r\n\xff"),
    ],
)
def test_characters_are_encoded_and_octets_are_not(encoding: str, data: bytes) -> None:
    assert parse_payload("é\\r\\n\\xff", encoding=encoding) == data


PICTURES = [
    ("hello\\", "     ^", "nothing follows", "\\\\"),
    ("a\\qb", " ^^", "\\q is no escape", "\\xHH"),
    ("a\\\nb", " ^", "end of this line", "\\\\"),
    ("\\x", "^^", "two hexadecimal digits", "\\x0A"),
    ("\\x4", "^^^", "two hexadecimal digits", "\\x04"),
    ("\\x4g", "^^^", "two hexadecimal digits", "\\x04"),
    ("\\xg4", "^^", "two hexadecimal digits", "\\x0A"),
    ("\\x４1", "^^", "two hexadecimal digits", "\\x0A"),
    ("\\u00e9", "^^", "in braces", "\\u{E9}"),
    ("\\u{", "^^^", "never closed", "\\u{E9}"),
    ("\\u{e9", "^^^^^", "never closed", "\\u{E9}"),
    ("\\u{}", "^^^^", "missing", "\\u{E9}"),
    ("\\u{eg}", "    ^", "'g'", "a to f"),
    ("\\u{110000}", "   ^^^^^^", "U+10FFFF", "octets"),
    ("\\u{fffffffffffff}", "   ^^^^^^^^^^^^^", "U+10FFFF", "octets"),
    ("\\u{d800}", "^^^^^^^^", "surrogate", "\\{"),
    ("a\ud800b", " ^", "surrogate", "\\{"),
    ("\\{", "^^", "never closed", "closing brace"),
    ("\\{de ad", "^^^^^^^", "never closed", "closing brace"),
    ("\\{de a}", "     ^", "this has one", "0a"),
    ("\\{dea}", "  ^^^", "3 hexadecimal digits", "two digits"),
    ("\\{de xy}", "     ^", "'x'", "0 to 9"),
    ("\\{de xy", "     ^", "'x'", "0 to 9"),
    ("\\{de hello \\{ad}", "     ^", "'h'", "0 to 9"),
    ("\\{de\x0cad}", "    ^", "'\\x0c'", "0 to 9"),
    ("\\01", "^^^", "octal", "\\x001"),
    ("first line\n\\q", "^^", "\\q is no escape", "\\xHH"),
]


@pytest.mark.parametrize(("text", "carets", "what", "advice"), PICTURES)
def test_each_mistake_is_shown_where_it_is(text: str, carets: str, what: str, advice: str) -> None:
    mistake = attempt(parse_payload, text)
    check_place(mistake, 0, len(text))
    assert mistake.caret().split("\n")[1] == carets
    assert what in mistake.what
    assert advice in mistake.advice


@pytest.mark.parametrize(
    ("text", "encoding", "start", "end"),
    [
        ("abé", "ascii", 2, 3),
        ("a\\u{20ac}b", "latin-1", 1, 9),
        ("😀", "gbk", 0, 1),
        ("x\n😀", "cp1252", 2, 3),
    ],
)
def test_a_character_that_the_encoding_lacks_is_shown(text: str, encoding: str, start: int, end: int) -> None:
    with pytest.raises(LocalMisuse, match=f"{encoding} has no U\\+") as caught:
        parse_payload(text, encoding=encoding)
    assert (caught.value.start, caught.value.end) == (start, end)


def test_unknown_encodings_and_line_endings_are_mistakes() -> None:
    with pytest.raises(LocalMisuse, match="'klingon' is no encoding"):
        parse_payload("x", encoding="klingon")
    with pytest.raises(LocalMisuse, match="'dos' is no line ending") as caught:
        parse_payload("x", line_ending="dos")
    assert "crlf" in caught.value.advice


def test_an_editor_is_told_which_text_makes_which_octets() -> None:
    assert parse_pieces("hi\\r\\x41\n\\{de ad}é", line_ending="crlf") == [
        Piece(0, 2, b"hi"),
        Piece(2, 4, b"\r"),
        Piece(4, 8, b"A"),
        Piece(8, 9, b"\r\n"),
        Piece(9, 17, b"\xde\xad"),
        Piece(17, 18, b"\xc3\xa9"),
    ]


PAYLOAD_LIKE = st.lists(
    st.sampled_from(
        ["\\", "x", "u", "{", "}", "4", "1", "e9", "de ad", "\r\n", "\n", "\r", "é", "0", "\\n", "\ud800"]
    )
    | st.text(max_size=3)
).map("".join)


@given(PAYLOAD_LIKE, st.sampled_from(ENCODINGS), st.sampled_from(list(LINE_ENDINGS)))
def test_pieces_follow_each_other_without_a_gap(text: str, encoding: str, ending: str) -> None:
    pieces = attempt(parse_pieces, text, encoding=encoding, line_ending=ending)
    if isinstance(pieces, LocalMisuse):
        check_place(pieces, 0, len(text))
        return
    at = 0
    for piece in pieces:
        assert piece.start == at
        assert piece.end > at
        at = piece.end
    assert at == len(text)
    assert b"".join(piece.data for piece in pieces) == parse_payload(
        text, encoding=encoding, line_ending=ending
    )


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"GET / HTTP/1.1\r\n", r"GET / HTTP/1.1\r\n"),
        (b"\\ \t\x1b", r"\\ \t\e"),
        (b"\0x", r"\0x"),
        (b"\x001", r"\x001"),
        (b"\0\x001", r"\0\x001"),
        (b"\xff", r"\xff"),
        (b"\xff\xfe", r"\{fffe}"),
        (b"\x01\x02\x03", r"\{010203}"),
        (b"a\xe2(b", r"a\xe2(b"),
        ("é😀".encode(), "é😀"),
        ("\u202e\u0301\u00a0\u200b".encode(), r"\u{202E}\u{301}\u{A0}\u{200B}"),
        (b"\xed\xa0\x80", r"\{eda080}"),
        (b"\xef\xbf\xbd", "\ufffd"),
        (b"\x7f", r"\x7f"),
    ],
)
def test_octets_are_written_in_the_shortest_honest_way(data: bytes, text: str) -> None:
    assert write_payload(data) == text


def test_other_encodings_are_written_as_their_text() -> None:
    assert write_payload("é\r\n".encode("utf-16-le"), "utf-16-le") == r"é\r\n"
    assert write_payload("é\n".encode("cp037"), "cp037") == r"é\n"
    assert write_payload("日本".encode("shift_jis"), "shift_jis") == "日本"
    assert write_payload("日".encode("iso2022_jp") + b"a", "iso2022_jp").isprintable()


TRICKY = st.lists(
    st.sampled_from(
        [
            b"\0",
            b"1",
            b"\\",
            b"{",
            b"}",
            b"\xc3\xa9",
            b"\xe2",
            b"(",
            b"\x1b$B",
            b"\x1b(B",
            b"\xed\xa0\x80",
            b"\xd8",
        ]
    )
).map(b"".join)


@given(st.binary(max_size=40) | TRICKY, st.sampled_from(ENCODINGS), st.sampled_from(list(LINE_ENDINGS)))
@example(b'\x1b$B$"\x1b(Ba', "iso2022_jp", "crlf")
@example(bytes(range(256)), "utf-8", "none")
def test_all_octets_survive_being_written(data: bytes, encoding: str, ending: str) -> None:
    text = write_payload(data, encoding)
    assert parse_payload(text, encoding=encoding, line_ending=ending) == data
    assert text.isprintable()


def test_every_named_escape_is_read_and_written() -> None:
    for name, character in NAMED_ESCAPES.items():
        assert parse_payload(f"\\{name}") == character.encode()
        assert write_payload(character.encode()) == f"\\{name}"
