"""Whatever a person types or pastes: a value, or a LocalMisuse at a place in that text, and never anything
else."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.attempt import attempt, check_place
from workbench.errors import LocalMisuse
from workbench.formats.charset import encoding_named
from workbench.formats.hextext import parse_hex, parse_hexdump
from workbench.formats.payload import parse_payload
from workbench.formats.target import Target, parse_target

PARSERS: dict[str, tuple[Callable[..., Any], dict[str, Any], type]] = {
    "target": (parse_target, {}, Target),
    "target with a port": (parse_target, {"default_port": 53}, Target),
    "listening target": (parse_target, {"listening": True}, Target),
    "payload": (parse_payload, {}, bytes),
    "payload in ASCII": (parse_payload, {"encoding": "ascii", "line_ending": "crlf"}, bytes),
    "payload in UTF-16": (parse_payload, {"encoding": "utf-16-be", "line_ending": "nul"}, bytes),
    "hex": (parse_hex, {}, bytes),
    "listing": (parse_hexdump, {}, bytes),
    "encoding": (encoding_named, {}, str),
}

GOOD = [
    "example.com:80",
    "[fe80::1%eth0]:80",
    "192.0.2.1:65535",
    "lab:udp-echo/path",
    "unix:/run/x.sock",
    "http://[2001:db8::ffff:192.0.2.1]:8080/a?b#c",
    "bücher.example:443",
    "hello\\r\\n\\x41\\u{1F600}\\{de ad}",
    "de:ad:be:ef",
    "0xde, 0xad",
    "00000000  48 65 6c 6c 6f 0a                                 |Hello.|\n*\n00000020  01\n",
    "00000000: 4865 6c6c 6f0a                           Hello.\n",
    "ISO-8859-1",
]

ODD = "\\{}[]:/%.@#?*|>-0x1９ \t\r\n\0\x1b\x7fé\u0301\u202e\u200d\u3002ß\ud800\udcff😀"


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Something right with a few characters taken out, put in or put twice."""
    text = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 3)))
        text = text[:start] + draw(st.text(ODD, max_size=3) | st.just(text[start:end] * 2)) + text[end:]
    return text


@pytest.mark.parametrize("name", PARSERS)
@given(text=st.text(max_size=60) | st.text(ODD, max_size=30) | damaged() | st.sampled_from(GOOD))
def test_any_text_is_a_value_or_a_mistake_with_a_place(name: str, text: str) -> None:
    parse, keywords, kind = PARSERS[name]
    found = attempt(parse, text, **keywords)
    if isinstance(found, LocalMisuse):
        assert len(found.text) == len(text)
        check_place(found, 0, len(text))
    else:
        assert type(found) is kind


@given(text=damaged() | st.text(ODD, max_size=20), listening=st.booleans())
def test_any_target_that_was_read_can_be_written(text: str, listening: bool) -> None:
    found = attempt(parse_target, text, listening=listening, default_port=7)
    if isinstance(found, Target):
        assert parse_target(str(found), listening=listening) == found
        assert found.text == text
        assert found.ascii_host.isascii()


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize(
    "unit", ["a", ":", "[", "\\", "\\{", "é", "ß", "0", " ", "1.", "a.", "-", "%", "/", "0x", "*\n", "\n"]
)
def test_a_hundred_thousand_of_anything_take_no_time(name: str, unit: str) -> None:
    """What takes quadratic time here would hang the field in which it is pasted; the test's own limit says
    so."""
    parse, keywords, kind = PARSERS[name]
    text = unit * 100_000
    before = time.process_time()
    found = attempt(parse, text, **keywords)
    assert time.process_time() - before < 5
    if isinstance(found, LocalMisuse):
        check_place(found, 0, len(text))
    else:
        assert type(found) is kind
