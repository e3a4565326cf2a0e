"""Parameters that mean something by themselves: what a card may write, and the mistake of what it may not."""

import re

import pytest

from workbench.errors import LocalMisuse
from workbench.experiments.params import join_data, plain_value
from workbench.experiments.table import Table
from workbench.experiments.verb import Kind, Param


def value(kind: Kind, written: object, **more: object) -> object:
    """What a parameter `x` of this kind becomes."""
    return plain_value(Table({"x": written}, "step 1 (try)"), Param("x", kind, "what it is", **more))  # type: ignore[arg-type]  # any of Param's fields


def test_what_may_be_written() -> None:
    assert value("text", "é\r\n") == b"\xc3\xa9\r\n"
    assert value("hex", "83 aa") == b"\x83\xaa"
    assert value("octets", "abc") == b"abc"
    assert value("octets", {"hex": "00 ff"}) == b"\x00\xff"
    assert value("octets", "") == b""
    assert value("words", "a name") == "a name"
    assert value("count", 5, low=1, high=9) == 5
    assert value("seconds", 1) == 1.0
    assert value("yes", True) is True
    assert value("choice", "1.2", choices=("1.2", "1.3")) == "1.2"
    assert value("address", "127.0.0.2") == "127.0.0.2"
    assert value("address", "0:0::1") == "::1"
    settings = value("options", ["KEEPALIVE=1", "linger=off"])
    assert isinstance(settings, tuple)
    assert list(map(str, settings)) == ["KEEPALIVE=1", "LINGER=off"]


@pytest.mark.parametrize(
    ("kind", "written", "more", "what", "advice"),
    [
        ("text", "", {"low": 1}, "x: is empty", ""),
        ("text", 5, {}, "x: must be text, not 5", "double quotes"),
        ("hex", "8", {}, "x: ", ""),
        ("octets", "", {"low": 1}, "x: is empty", ""),
        ("octets", {"hex": "zz"}, {}, "x, hex: ", ""),
        ("octets", {"hex": "00", "text": "a"}, {}, "the key 'text' means nothing here", ""),
        ("octets", {}, {}, "x, hex: is missing", ""),
        ("count", 10, {"low": 1, "high": 9}, "x: must be a whole number from 1 to 9, not 10", ""),
        ("seconds", 0, {}, "x: must be above 0", ""),
        ("seconds", True, {}, "x: must be a number of seconds, not True", ""),
        ("seconds", float("nan"), {}, "x: must be above 0", ""),
        ("yes", False, {}, "x: can only be true", "leave it out"),
        ("choice", "1.1", {"choices": ("1.2", "1.3")}, "x: '1.1' is no choice", "there are 1.2, 1.3"),
        ("address", "localhost", {}, "x: 'localhost' is no address", "127.0.0.2"),
        ("address", "127.0.0.1:80", {}, "x: '127.0.0.1:80' is no address", "::1"),
        ("options", "KEEPALIVE=1", {}, "x: must be a list", ""),
        ("options", [], {}, "x: is empty", ""),
        (
            "options",
            ["TTL=5", "KEEPALIVES=1"],
            {},
            'x 2: there is no socket option "KEEPALIVES"',
            "KEEPALIVE",
        ),
        ("options", ["KEEPALIVE=2"], {}, "x 1: KEEPALIVE takes 0 or 1", ""),
    ],
)
def test_a_mistake_names_the_step_and_the_key(
    kind: Kind, written: object, more: dict[str, object], what: str, advice: str
) -> None:
    with pytest.raises(LocalMisuse) as caught:
        value(kind, written, **more)
    assert caught.value.what.startswith("step 1 (try)")
    assert what in caught.value.what
    assert advice in caught.value.advice
    assert caught.value.stage == "experiment"


def test_octets_are_repeated_within_bounds() -> None:
    given: dict[str, object] = {"text": b"ab", "times": 3}
    join_data(Table({}, "step 1"), given)
    assert given == {"data": b"ababab"}
    given = {"text": b"ab", "length_ahead": 2}
    join_data(Table({}, "step 1"), given)
    assert given == {"data": b"\x00\x02ab"}
    given = {"hex": b"a", "times": 255, "length_ahead": 1}
    join_data(Table({}, "step 1"), given)
    assert given == {"data": b"\xff" + b"a" * 255}
    with pytest.raises(LocalMisuse, match=re.escape("step 1, length_ahead: 1 can't hold the length 256")):
        join_data(Table({}, "step 1"), {"hex": b"a", "times": 256, "length_ahead": 1})
    with pytest.raises(LocalMisuse, match=re.escape("step 1, times: makes 2000000 octets")):
        join_data(Table({}, "step 1"), {"hex": b"ab", "times": 1_000_000})
