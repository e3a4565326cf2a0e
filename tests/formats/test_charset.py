"""Octets to text: the same text however it is cut, no octet lost, and nothing in it that steers."""

import codecs
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.formats.attempt import attempt, check_place
from workbench.errors import LocalMisuse
from workbench.formats.charset import ENCODINGS, MAX_COMBINING, TextDecoder, decoded, encoding_named, visible


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_is_one_and_has_one_name(encoding: str) -> None:
    assert encoding_named(encoding) == encoding
    assert [known for known in ENCODINGS if codecs.lookup(known) == codecs.lookup(encoding)] == [encoding]


@pytest.mark.parametrize(
    ("spelled", "encoding"),
    [
        ("UTF8", "utf-8"),
        ("latin1", "latin-1"),
        ("ISO-8859-1", "latin-1"),
        ("us-ascii", "ascii"),
        ("EBCDIC-CP-BE", "cp500"),
    ],
)
def test_other_spellings_are_known(spelled: str, encoding: str) -> None:
    assert encoding_named(spelled) == encoding


@pytest.mark.parametrize(
    "name", ["", "klingon", "base64", "rot13", "utf-7", "idna", "a\0b", "é", "\ud800", "x" * 5000]
)
def test_what_is_none_of_ours_is_a_mistake(name: str) -> None:
    mistake = attempt(encoding_named, name)
    assert isinstance(mistake, LocalMisuse)
    check_place(mistake, 0, len(name))
    with pytest.raises(LocalMisuse):
        TextDecoder(name)


@pytest.mark.parametrize(
    ("name", "instead"), [("utf-16", "utf-16-le"), ("utf-32", "utf-32-be"), ("utf-8-sig", "utf-8")]
)
def test_a_byte_order_mark_is_never_added_unasked(name: str, instead: str) -> None:
    with pytest.raises(LocalMisuse, match="byte order mark") as caught:
        encoding_named(name)
    assert instead in caught.value.advice
    assert r"\u{FEFF}" in caught.value.advice


def test_a_character_that_is_cut_waits_for_its_rest() -> None:
    decoder = TextDecoder()
    assert decoder.feed(b"a\xf0\x9f") == "a"
    assert decoder.feed(b"\x98") == ""
    assert decoder.feed(b"\x80b") == "😀b"
    assert decoder.finish() == ""


def test_what_never_comes_is_shown_octet_by_octet() -> None:
    decoder = TextDecoder()
    assert decoder.feed(b"\xf0\x9f") == ""
    assert decoder.finish() == "⟨F0⟩⟨9F⟩"
    assert decoder.feed(b"again") == "again"
    assert decoder.feed(b"\xe2", final=True) == "⟨E2⟩"
    assert decoder.feed(b"\x82") == "⟨82⟩"


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (b"a\xff\xfeb", "utf-8", "a⟨FF⟩⟨FE⟩b"),
        (b"\xed\xa0\x80", "utf-8", "⟨ED⟩⟨A0⟩⟨80⟩"),
        (b"\xc0\x80", "utf-8", "⟨C0⟩⟨80⟩"),
        (b"a\x80", "ascii", "a⟨80⟩"),
        (b"\x81", "cp1252", "⟨81⟩"),
        (b"\x00\xd8a\x00", "utf-16-le", "⟨00⟩⟨D8⟩a"),
        (b"a\x00b", "utf-16-le", "a⟨62⟩"),
        (b"\x00\x00\x11\x00", "utf-32-le", "⟨00⟩⟨00⟩⟨11⟩⟨00⟩"),
        (b"\xc8\x85\x93\x93\x96", "cp037", "Hello"),
        ("日本".encode("gbk"), "gbk", "日本"),
        (b'\x1b$B$"\x1b(Ba', "iso2022_jp", "あa"),
    ],
)
def test_what_the_encoding_does_not_know_is_marked(data: bytes, encoding: str, text: str) -> None:
    assert decoded(data, encoding) == text


CUT = st.binary(max_size=24) | st.lists(
    st.sampled_from(
        [
            b"a",
            b"\x1b",
            b"$B",
            b"(B",
            b"(",
            b"$",
            b"\xe2",
            b"\x82",
            b"\xf0\x9f",
            b"\xd8",
            b"\x8e",
            b"\x8f",
            b"\x81\x30",
            b"\n",
        ]
    )
).map(b"".join)


@given(CUT, st.sampled_from(ENCODINGS), st.lists(st.integers(1, 6)))
@example(b"\x1b$\xd8\x81\x8e\n\xd8\x81\x00", "iso2022_jp", [])
@example(b"\x1b(\x8e\n\xff\x00\x8e\n(" * 3 + b"B", "iso2022_jp", [2, 9])
def test_the_same_text_however_the_octets_are_cut(data: bytes, encoding: str, sizes: list[int]) -> None:
    whole = data.decode(encoding, "workbench.marks")
    assert decoded(data, encoding) == whole
    for pieces in ([1] * len(data), sizes):
        decoder = TextDecoder(encoding)
        text, at = "", 0
        for size in pieces:
            text += decoder.feed(data[at : at + size])
            at += size
        text += decoder.feed(data[at:])
        assert text + decoder.finish() == whole


@given(st.text(max_size=30), st.sampled_from(ENCODINGS))
def test_right_text_comes_through_unchanged(text: str, encoding: str) -> None:
    # A lone ESC begins a change of alphabet in iso2022 and is no text there.
    data = text.replace("\x1b", "").encode(encoding, "ignore")
    text = data.decode(encoding)
    assert decoded(data, encoding) == text


@given(st.binary(max_size=40))
def test_no_octet_is_lost(data: bytes) -> None:
    shown = decoded(data)
    back = b""
    while shown:
        mark = shown[1:3]
        if shown[0] == "⟨" and shown[3:4] == "⟩":
            back, shown = back + bytes.fromhex(mark), shown[4:]
        else:
            back, shown = back + shown[0].encode(), shown[1:]
    assert back == data


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text", "plain text"),
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("a\r\n\tb\0\x07\x7f", "a␍␊␉b␀␇␡"),
        ("\x9b31m", "⟨U+009B⟩31m"),
        ("\x85", "⟨U+0085⟩"),
        ("abc\u202etxt.exe", "abc⟨U+202E⟩txt.exe"),
        ("\u2066\u2069\u200e\u200f\u061c", "⟨U+2066⟩⟨U+2069⟩⟨U+200E⟩⟨U+200F⟩⟨U+061C⟩"),
        ("a\u200bb\u200d\u2060\ufeff\u00ad", "a⟨U+200B⟩b⟨U+200D⟩⟨U+2060⟩⟨U+FEFF⟩⟨U+00AD⟩"),
        ("\u2028\u2029", "⟨U+2028⟩⟨U+2029⟩"),
        ("\U000e0041\U000e007f", "⟨U+E0041⟩⟨U+E007F⟩"),
        ("\ufe0f\U000e0100", "⟨U+FE0F⟩⟨U+E0100⟩"),
        ("\u3164\u115f\u034f", "⟨U+3164⟩⟨U+115F⟩⟨U+034F⟩"),
        ("\ue000\uffff\ufdd0\u0378", "⟨U+E000⟩⟨U+FFFF⟩⟨U+FDD0⟩⟨U+0378⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("é 日本 עברית 😀 a\u00a0b", "é 日本 עברית 😀 a\u00a0b"),
        ("e\u0301\u0302\u0303\u0304", "e\u0301\u0302\u0303\u0304"),
        ("e" + "\u0301" * 5, "e" + "\u0301" * 4 + "⟨1 more mark⟩"),
        ("e" + "\u0301" * 1000, "e" + "\u0301" * 4 + "⟨996 more marks⟩"),
        ("\u0301", "◌\u0301"),
        ("a\n\u0301", "a␊◌\u0301"),
        ("\u202e\u0301x", "⟨U+202E⟩◌\u0301x"),
        ("a\u20dd", "a\u20dd"),
        ("", ""),
    ],
)
def test_what_steers_hides_or_means_nothing_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_view_that_draws_lines_keeps_line_ends() -> None:
    assert visible("a\n\tb\r\x1b", keep="\n\t") == "a\n\tb␍␛"
    assert visible("é\n\tb\r\u202e", keep="\n\t") == "é\n\tb␍⟨U+202E⟩"
    assert visible("é\n\u0301", keep="\n") == "é\n◌\u0301"


def is_harmless(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] != "C" and category not in ("Zl", "Zp")


HOSTILE = st.text(
    st.sampled_from(
        "a é\x1b[\r\n\0\x9b\u202e\u2066\u200b\u200d\u0301\u0302\u20dd\ufe0f\U000e0041\ud800\uffff⟨⟩◌␛日"
    )
    | st.characters(),
    max_size=40,
)


@given(HOSTILE)
@example("".join(map(chr, range(0x0300, 0x0330))))
@example("".join(map(chr, [*range(0x80, 0xB0), *range(0x2000, 0x2070)])))
def test_nothing_that_steers_is_left(text: str) -> None:
    shown = visible(text)
    assert all(map(is_harmless, shown))
    assert not set(shown) & set("\ufe0f\u034f\u3164")
    run = longest = 0
    for character in shown:
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        longest = max(longest, run)
    assert longest <= MAX_COMBINING
    assert not shown or unicodedata.category(shown[0]) not in ("Mn", "Me")
    kept = visible(text, keep="\n")
    assert kept.count("\n") == text.count("\n")
    assert "\n" in kept or all(map(is_harmless, kept))


@given(HOSTILE)
def test_what_is_visible_stays_as_it_is(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown


def test_all_of_unicode_at_once_is_harmless() -> None:
    shown = visible("".join(map(chr, range(0x3000))) + "".join(map(chr, range(0xD700, 0x11000))))
    assert all(map(is_harmless, set(shown)))


@pytest.mark.parametrize(
    "line",
    [
        "\x1b[31;1mRED\x1b[0m\x07 and text\n",
        "\x1b[1mab \u202etxt\u2066 \u200b e\u0301\u0301\u0301\u0301\u0301\u0301\n",
    ],
)
def test_100_000_hostile_lines_are_a_matter_of_a_moment(line: str) -> None:
    text = line * 100_000
    before = time.process_time()
    shown = visible(text, keep="\n")
    assert time.process_time() - before < 5
    assert shown == visible(line, keep="\n") * 100_000
