"""Encoded words, charsets and parameters: what headers say beyond ASCII, and every way in which they lie."""

import email.header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.formats.mime.charsets import known_charset, read_text
from workbench.formats.mime.parameters import MAX_PARAMETERS, media_type_of, read_value
from workbench.formats.mime.words import faults_of, plain, read_words


@pytest.mark.covers("C9.36")
def test_a_header_is_read_word_by_word():
    words = read_words("=?iso-8859-1?q?Michael_M=FCller?= <mmueller@example.com>")
    assert [(word.text, word.charset, word.data) for word in words] == [
        ("Michael Müller", "iso-8859-1", b"Michael M\xfcller"),
        (" <mmueller@example.com>", "", b""),
    ]
    assert faults_of(words) == ()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a?= \t =?utf-8?b?Yg==?=", "ab"),
        ("=?utf-8?q?a?= and =?utf-8?q?b?=", "a and b"),
        ("=?utf-8?q?a_b?=", "a b"),
        ("=?koi8-r?B?8NLJ18XU?=", "Привет"),
        ("=?utf-8*de?q?gr=C3=BCn?=", "grün"),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ("=?utf-8?q?", "=?utf-8?q?"),
    ],
)
def test_white_space_between_encoded_words_is_no_text(text, shown):
    assert plain(text) == shown


@pytest.mark.parametrize(
    ("text", "shown", "fault"),
    [
        ("=?utf-8?q?caf=C3?=", "caf\ufffd", "not possible in utf-8"),
        ("=?bogus-8?q?a=FC?=", "aü", "there is no charset bogus-8"),
        ("=?utf-8?q?a=ZZ?=", "a=ZZ", "no octet in hexadecimal"),
        ("=?utf-8?b?YW!Jj?=", "abc", "no base64"),
        ("=?utf-8?b?YWI?=", "ab", "padding"),
        ("=?utf-8?q?a b?=", "a b", "white space"),
        (f"=?utf-8?q?{'a' * 80}?=", "a" * 80, "more than 75"),
        ("=?utf-8?q?=C3?= =?utf-8?q?=BC?=", "ü", "spread over two words"),
    ],
)
def test_a_wrong_word_is_read_as_far_as_it_can_be_and_named(text, shown, fault):
    assert plain(text) == shown
    assert fault in "; ".join(word.fault for word in faults_of(read_words(text)))


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=40))
def test_what_the_standard_library_encodes_is_read_back(text):
    encoded = email.header.Header(text, "utf-8").encode(linesep="")
    assert plain(encoded).split() == text.split()


@given(st.text(max_size=80))
def test_any_text_is_a_header(text):
    words = read_words(text)
    assert [words[at].start for at in range(len(words))] == sorted(word.start for word in words)


# ---- charsets


@pytest.mark.parametrize(
    ("data", "declared", "text", "charset", "code"),
    [
        (b"abc", "", "abc", "us-ascii", ""),
        ("grün".encode(), "us-ascii", "grün", "utf-8", "wrong-charset"),
        (b"gr\xfcn", "", "grün", "iso8859-1", "wrong-charset"),
        (b"gr\xfcn", "utf-8", "gr\ufffdn", "utf-8", "wrong-charset"),
        (b"gr\xfcn", "bogus-8", "grün", "iso8859-1", "unknown-charset"),
        ("grün".encode(), "unknown-8bit", "grün", "utf-8", "unknown-charset"),
        ("안녕".encode("cp949"), "ks_c_5601-1987", "안녕", "cp949", ""),
        ("שלום".encode("iso8859-8"), "ISO-8859-8-I", "שלום", "iso8859-8", ""),
    ],
)
@pytest.mark.covers("C9.22")
def test_a_charset_is_a_claim(data, declared, text, charset, code):
    read = read_text(data, declared)
    assert (read.text, read.charset, read.code) == (text, charset, code)
    assert bool(read.fault) == bool(code)


@pytest.mark.parametrize(
    "name", ["rot13", "base64", "zlib", "idna", "punycode", "unicode_escape", "x" * 100, "ütf", ""]
)
def test_a_codec_that_is_no_charset_of_letters_is_none(name):
    assert known_charset(name) == ""


@given(
    st.binary(max_size=60), st.text(max_size=20) | st.sampled_from(["utf-7", "iso-2022-jp", "hz", "utf-16"])
)
def test_any_octets_are_text_in_any_charset(data, name):
    assert isinstance(read_text(data, name).text, str)


# ---- parameters


@pytest.mark.parametrize(
    ("text", "value", "parameters"),
    [
        ("text/plain", "text/plain", {}),
        ("Text/Plain; Charset=utf-8", "text/plain", {"charset": "utf-8"}),
        (
            'text/plain; charset="utf-8"; format = flowed',
            "text/plain",
            {"charset": "utf-8", "format": "flowed"},
        ),
        ("text/plain (a comment); charset=us-ascii (another)", "text/plain", {"charset": "us-ascii"}),
        ('attachment; filename="a \\"b\\" c.txt"', "attachment", {"filename": 'a "b" c.txt'}),
        ("attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.pdf", "attachment", {"filename": "Größe.pdf"}),
        ('a/b; name*0="one "; name*1=two', "a/b", {"name": "one two"}),
        ("a/b; name*1*=%20two; name*0*=utf-8'en'one", "a/b", {"name": "one two"}),
        (";;", "", {}),
    ],
)
@pytest.mark.covers("C9.26")
def test_parameters_are_read(text, value, parameters):
    read = read_value(text)
    assert (read.value, dict(read.parameters)) == (value, parameters)
    assert read.faults == ()


@pytest.mark.parametrize(
    ("text", "name", "value", "fault"),
    [
        ('a/b; name="never closed', "name", "never closed", "never closed"),
        ("a/b; name=two words", "name", "two words", "no quotation marks"),
        ("a/b; name=x; name=y", "name", "x", "twice"),
        ('a/b; name="x" y', "name", "x", "behind the quoted value"),
        ("a/b; name", "name", "", "no value"),
        ("a/b; name*=plain", "name", "plain", "names no charset"),
        ("a/b; name*0=x; name*2=z", "name", "x", "piece 1 is missing"),
        ("a/b; name=plain; name*=utf-8''other", "name", "other", "the extended one counts"),
        ('a/b; name="=?utf-8?q?gr=C3=BCn?="', "name", "grün", "encoded word"),
    ],
)
def test_what_is_wrong_with_a_parameter_is_said(text, name, value, fault):
    read = read_value(text)
    assert read.get(name) == value
    assert fault in "; ".join(read.faults)


def test_parameters_without_end_are_bounded():
    read = read_value("a/b" + "".join(f"; p{n}=x" for n in range(1000)))
    assert len(read.parameters) == MAX_PARAMETERS
    assert "left out" in read.faults[0]


def test_what_is_no_media_type_is_none():
    assert [media_type_of(read_value(text)) for text in ("text", "a/b/c", "", "text/plain")] == [
        "",
        "",
        "",
        "text/plain",
    ]


@given(st.text(st.sampled_from("ab/;=\"*0'%\\() \t"), max_size=40) | st.text(max_size=40))
def test_any_text_is_a_value(text):
    read = read_value(text)
    assert len(dict(read.parameters)) == len(read.parameters)
