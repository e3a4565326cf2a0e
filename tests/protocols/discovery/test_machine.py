"""Finders of SSDP and of plain groups: peers, goodbyes, faults, bounds; and which finder a plan gets."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.discovery import machine, ssdp
from workbench.protocols.discovery.browser import Browser
from workbench.protocols.discovery.herald import Device
from workbench.protocols.discovery.machine import Devices, Neighbours, finder_for
from workbench.protocols.discovery.values import Identity, Plan
from workbench.protocols.discovery.written import read_target

GROUP = "239.255.255.250:1900"
TYPE = "urn:schemas-upnp-org:device:Printer:1"
ANVIL = Device(Identity("anvil", TYPE, 631, lives_s=100), "127.0.0.21", GROUP)
AT = "127.0.0.21:1900"


def answers(what: str = "") -> list[bytes]:
    return [reply.data for reply in ANVIL.answer(ssdp.write_search(GROUP, what, 1), "127.0.0.1:4")]


def test_a_device_with_three_names_is_one_peer():
    finder = Devices("", GROUP)
    assert ssdp.read(finder.ask(0)[0]).first("ST") == "ssdp:all"
    assert finder.follow(0) == ()
    assert len(answers()) == 3
    for data in answers():
        assert finder.receive(data, AT, 1) == ""
    (peer,) = finder.peers(2)
    assert (peer.kind, peer.addresses, peer.port, peer.how) == (TYPE, ("127.0.0.21",), 631, "answer")
    assert (peer.state, peer.lives_s, peer.faults) == ("here", 99, ())
    assert dict(peer.told)["LOCATION"] == "http://127.0.0.21:631/description.xml"
    assert finder.peers(101)[0].state == "expired"


def test_announcements_are_heard_and_taken_back():
    finder = Devices("", GROUP)
    for data in ANVIL.announce():
        assert finder.receive(data, AT, 1, to_us=False) == ""
    assert finder.peers(1)[0].how == "announcement"
    said = finder.receive(ANVIL.goodbye()[0], "127.0.0.23:1900", 2, to_us=False)
    assert "another host" in said
    assert finder.peers(2)[0].state == "left"
    finder.receive(ANVIL.announce()[0], AT, 3, to_us=False)
    assert finder.peers(3)[0].state == "here"
    assert "never was there" in Devices("", GROUP).receive(ANVIL.goodbye()[0], AT, 0)


def test_only_what_is_searched_is_listed_and_other_answers_are_told():
    finder = Devices("upnp:rootdevice", GROUP)
    assert len(answers("upnp:rootdevice")) == 1
    finder.receive(ANVIL.announce()[2], AT, 0, to_us=False)
    assert finder.peers(0) == ()
    finder.receive(answers()[2], AT, 0)
    assert "not asked for" in finder.peers(0)[0].faults[0]
    assert finder.receive(ssdp.write_search(GROUP, "", 1), AT, 0) == ""


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("ST: a\r\nUSN: uuid:1\r\nCACHE-CONTROL: max-age=5", "no LOCATION"),
        ("ST: a\r\nLOCATION: http://127.0.0.21/x\r\nCACHE-CONTROL: max-age=5", "no USN"),
        ("USN: uuid:1\r\nLOCATION: http://127.0.0.21/x\r\nCACHE-CONTROL: max-age=5", "no ST"),
        ("ST: a\r\nUSN: uuid:1\r\nLOCATION: http://127.0.0.21/x", "no max-age"),
        (
            "ST: a\r\nUSN: uuid:1\r\nLOCATION: http://127.0.0.99/x\r\nCACHE-CONTROL: max-age=5",
            "leads to 127.0.0.99",
        ),
    ],
)
def test_what_an_answer_lacks_is_told_with_it(head: str, words: str):
    finder = Devices("", GROUP)
    finder.receive(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode(), AT, 0)
    (fault,) = finder.peers(0)[0].faults
    assert words in fault


def test_a_location_that_is_no_address_leads_nowhere():
    finder = Devices("", GROUP)
    for number, place in enumerate(("ftp://h/x", "nonsense", "http://[::1", "http://h:99999/")):
        data = f"HTTP/1.1 200 OK\r\nST: a\r\nUSN: uuid:{number}\r\nLOCATION: {place}\r\n\r\n".encode()
        finder.receive(data, AT, 0)
    assert {(peer.addresses, peer.port) for peer in finder.peers(0)} == {((), None)}


def test_a_plain_group_has_peers_by_address():
    finder = Neighbours("")
    assert finder.ask(0) == (b"who is there?",)
    assert finder.follow(0) == ()
    finder.receive(b"anvil\x1b[31m", "127.0.0.11:5", 1)
    finder.receive(b"bellows", "127.0.0.12:6", 1, to_us=False)
    assert [(peer.name, peer.addresses, peer.port, peer.how) for peer in finder.peers(1)] == [
        ("anvil␛[31m", ("127.0.0.11",), 5, "answer"),
        ("bellows", ("127.0.0.12",), 6, "announcement"),
    ]
    assert finder.receive(b"bellows goodbye", "127.0.0.12:6", 2) == ""
    assert [peer.state for peer in finder.peers(2)] == ["here", "left"]
    assert "never was there" in finder.receive(b"goodbye", "127.0.0.13:6", 2)


def test_more_peers_than_are_kept_are_left_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(machine, "MAX_PEERS", 3)
    devices, neighbours = Devices("", GROUP), Neighbours("")
    said = set()
    for number in range(5):
        data = f"HTTP/1.1 200 OK\r\nST: a\r\nUSN: uuid:{number}\r\n\r\n".encode()
        said |= {devices.receive(data, AT, 0), neighbours.receive(b"x", f"127.0.0.1:{number}", 0)}
    assert len(devices.peers(0)) == len(neighbours.peers(0)) == 3
    assert said == {
        "",
        "more than 3 devices; this one is left out",
        "more than 3 peers; this one is left out",
    }


@given(st.lists(st.binary(max_size=80), max_size=8))
def test_whatever_comes_a_list_can_be_told(pieces: list[bytes]):
    for finder in (Devices("", GROUP), Neighbours("")):
        for data in pieces:
            for octets in (data, b"HTTP/1.1 200 OK\r\n" + data + b"\r\n\r\n"):
                with contextlib.suppress(PeerMisbehaved):
                    finder.receive(octets, AT, 0)
        assert all(isinstance(peer.name, str) for peer in finder.peers(1))


def test_the_language_of_a_plan_says_who_finds():
    kinds = {"mdns": Browser, "ssdp": Devices, "group": Neighbours}
    for language, kind in kinds.items():
        plan = Plan(language, "search", read_target("", language))  # type: ignore[arg-type]  # of LANGUAGES
        assert isinstance(finder_for(plan, GROUP, 1900, 1), kind)
    with pytest.raises(LocalMisuse, match="no type of service"):
        finder_for(Plan("mdns", "search", read_target("", "mdns"), what="http"), GROUP, 1, 1)
    with pytest.raises(LocalMisuse, match="1024"):
        finder_for(Plan("group", "search", read_target("", "group"), what="x" * 1025), GROUP, 1, 1)
    with pytest.raises(LocalMisuse, match="line end"):
        finder_for(Plan("ssdp", "search", read_target("", "ssdp"), what="a\r\nX: b"), GROUP, 1, 1)
