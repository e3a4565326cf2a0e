"""Negotiation that cannot loop (RFC 1143): answers once, two sides that talk to each other come to rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.protocols.telnet.codec import TelnetReader, encode
from workbench.protocols.telnet.machine import Negotiator, refusals
from workbench.protocols.telnet.values import Command, Data, shown


def heard(negotiator: Negotiator, data: bytes) -> bytes:
    return b"".join(negotiator.receive(piece) for piece in TelnetReader().feed(data))


def words(data: bytes) -> list[str]:
    return [shown(piece) for piece in TelnetReader().feed(data)]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (("WILL", 1), ["IAC DONT ECHO"]),
        (("DO", 31), ["IAC WONT NAWS"]),
        (("WONT", 1), []),
        (("DONT", 31), []),
    ],
)
def test_who_knows_no_option_says_no_to_each(asked: tuple, answer: list):
    assert words(heard(Negotiator(), encode(*asked))) == answer


def test_an_option_is_agreed_on_once_and_ended_once():
    negotiator = Negotiator(theirs=(1,))
    assert words(heard(negotiator, encode("WILL", 1))) == ["IAC DO ECHO"]
    assert heard(negotiator, encode("WILL", 1)) == b""
    assert negotiator.agreed == (("them", 1),)
    assert words(heard(negotiator, encode("WONT", 1))) == ["IAC DONT ECHO"]
    assert heard(negotiator, encode("WONT", 1)) == b""
    assert negotiator.agreed == ()


def test_what_we_asked_for_is_not_answered_again():
    negotiator = Negotiator()
    assert words(negotiator.ask("them", 24)) == ["IAC DO TERMINAL-TYPE"]
    assert negotiator.ask("them", 24) == b""
    assert heard(negotiator, encode("WILL", 24)) == b""
    assert negotiator.state("them", 24) == "YES"
    assert words(negotiator.ask("them", 24, on=False)) == ["IAC DONT TERMINAL-TYPE"]
    assert negotiator.ask("them", 24, on=False) == b""
    # A no that is answered by a yes is an error of the other side, and stays a no.
    assert heard(negotiator, encode("WILL", 24)) == b""
    assert negotiator.state("them", 24) == "NO"
    assert words(negotiator.ask("us", 24)) == ["IAC WILL TERMINAL-TYPE"]
    assert heard(negotiator, encode("DONT", 24)) == b""
    assert negotiator.state("us", 24) == "NO"


def test_what_is_no_negotiation_is_not_answered():
    assert Negotiator().receive(Command(246, 0, 2)) == b""
    assert Negotiator().receive(Data(b"x", 0, 1)) == b""


def test_everything_is_refused_once():
    stream = encode("WILL", 1) + b"words" + encode("DO", 31) + encode("WILL", 1) + encode("WONT", 3)
    assert words(refusals(TelnetReader().feed(stream))) == ["IAC DONT ECHO", "IAC WONT NAWS"]


OPTIONS = st.sets(st.integers(0, 6))
ASKED = st.lists(
    st.tuples(st.booleans(), st.sampled_from(["us", "them"]), st.integers(0, 6), st.booleans()), max_size=12
)


@given(OPTIONS, OPTIONS, OPTIONS, OPTIONS, ASKED)
def test_two_sides_always_come_to_rest(a: set, b: set, c: set, d: set, asked: list):
    left, right = Negotiator(a, b), Negotiator(c, d)
    to_left = to_right = b""
    for is_left, side, option, on in asked:
        if is_left:
            to_right += left.ask(side, option, on=on)
        else:
            to_left += right.ask(side, option, on=on)
    for _ in range(20):
        if not to_left and not to_right:
            break
        to_left, to_right = heard(right, to_right), heard(left, to_left)
    assert (to_left, to_right) == (b"", b"")
