"""The conversation as a machine: what may be done when, the same answer however it is cut, and bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.formats.target import parse_target
from workbench.protocols.gopher import machine as module
from workbench.protocols.gopher.machine import GopherMachine
from workbench.protocols.gopher.values import Request

PLACE = parse_target("127.0.0.1:70")
MENU = b"1Stars\t/stars\thost\t70\r\n0Vega\t/v\thost\t70\r\n.\r\n"


def heard(data: bytes, n: int, type_: str) -> GopherMachine:
    machine = GopherMachine(Request(PLACE, "/x", type=type_))
    machine.send()
    for piece in chop(data, n):
        machine.receive(piece)
    machine.receive(b"")
    return machine


@pytest.mark.parametrize("n", [1, 2, 16, 1000])
@pytest.mark.parametrize("type_", ["1", ""])
def test_a_menu_is_the_same_however_it_is_cut(n: int, type_: str):
    machine = heard(MENU, n, type_)
    assert [item.text for item in machine.items] == ["Stars", "Vega"]
    assert (machine.kind, machine.is_complete, machine.state) == ("menu", True, "ended")


@pytest.mark.parametrize(
    ("data", "type_", "kind", "complete"),
    [
        (b"words\r\n.\r\n", "0", "text", True),
        (b"words\r\n", "0", "text", False),
        (b"\0\1", "9", "binary", True),
        (b"3no\t\th\t1\r\n", "9", "menu", False),
        (MENU * 400, "", "menu", True),
        (b"", "", "text", False),
    ],
)
def test_what_came_is_read_as_what_it_is(data: bytes, type_: str, kind: str, complete: bool):
    machine = heard(data, 700, type_)
    assert (machine.kind, machine.is_complete) == (kind, complete)


def test_it_asks_once_and_nothing_comes_behind_the_end():
    machine = GopherMachine(Request(PLACE, "/x"))
    with pytest.raises(LocalMisuse):
        machine.receive(b"early")
    assert machine.send() == b"/x\r\n"
    with pytest.raises(LocalMisuse):
        machine.send()
    machine.receive(b"")
    with pytest.raises(LocalMisuse):
        machine.receive(b"late")


def test_an_answer_has_a_bound(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MAX_BODY", 100)
    machine = GopherMachine(Request(PLACE, "/x"))
    machine.send()
    machine.receive(b"x" * 100)
    with pytest.raises(PeerMisbehaved) as broken:
        machine.receive(b"x")
    assert broken.value.stage == "receive"


@given(st.binary(max_size=300), st.integers(1, 40), st.sampled_from(["", "0", "1", "7", "9", "g"]))
def test_any_octets_are_an_answer_and_cutting_changes_nothing(data: bytes, n: int, type_: str):
    whole, cut = heard(data, 10_000, type_), heard(data, n, type_)
    assert whole.items == cut.items
    assert (whole.kind, whole.is_complete) == (cut.kind, cut.is_complete)
    assert bytes(cut.body) == data
