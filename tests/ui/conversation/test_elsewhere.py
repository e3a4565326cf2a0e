"""Where else the other end of a conversation can be looked at."""

import pytest
from PySide6.QtTest import QSignalSpy

from tests.ui.conversation.conversations import Talk
from workbench.transcript.recorder import Channel, Transcript
from workbench.ui.conversation.commands import commands
from workbench.ui.conversation.dock import ConversationDock
from workbench.ui.conversation.elsewhere import MAX_EVENTS, elsewhere


@pytest.fixture
def transcript():
    made = Transcript()
    yield made
    made.close()


def connected(transcript: Transcript, peer: str, *, asked: str = "", host: str = "") -> Channel:
    channel = transcript.open(asked or peer, "tcp")
    if asked:
        channel.fact("target", asked=asked, leads_to=peer)
    if host:
        channel.fact("resolve.started", host=host)
    channel.fact("connect.complete", local="127.0.0.1:50000", address=peer)
    channel.named(local="127.0.0.1:50000", peer=peer)
    return channel


def test_a_server_is_gone_to_by_its_name_and_its_port(transcript: Transcript):
    connected(transcript, "192.0.2.1:80", host="www.example.test").sent(b"hi")
    found = elsewhere(transcript, None)
    assert (found.sockets, found.dns) == ("www.example.test:80", "www.example.test")
    assert found.why_not("certificates") == "there was no TLS in it"


def test_an_address_without_a_name_is_asked_about_itself(transcript: Transcript):
    connected(transcript, "[2001:db8::1]:25")
    found = elsewhere(transcript, None)
    assert (found.sockets, found.dns) == ("[2001:db8::1]:25", "2001:db8::1")


def test_a_service_of_the_lab_keeps_its_name_and_tls_its_certificate(transcript: Transcript):
    channel = connected(transcript, "127.0.0.1:4433", asked="lab:tls-echo")
    channel.sent(b"CONNECT", layer="proxy")
    channel.fact("tls.started", role="client")
    assert elsewhere(transcript, None)[:3] == ("lab:tls-echo", "127.0.0.1", "lab:tls-echo")


def test_tls_that_began_later_can_not_be_begun_at_once(transcript: Transcript):
    channel = connected(transcript, "192.0.2.1:25")
    channel.received(b"220 hi")
    channel.fact("tls.started", role="client")
    channel.received(b"inside", layer="tls")
    found = elsewhere(transcript, None)
    assert (found.certificates, found.why_not("certificates")) == (
        "",
        "TLS began in the middle of this conversation",
    )


def test_who_came_to_us_is_no_server(transcript: Transcript):
    channel = transcript.open("a client", "tcp")
    channel.fact("accept.complete", local="127.0.0.1:7", peer="192.0.2.9:50001")
    channel.named(local="127.0.0.1:7", peer="192.0.2.9:50001")
    found = elsewhere(transcript, 0)
    assert (found.sockets, found.dns) == ("", "192.0.2.9")
    assert "came to us" in found.why_not("sockets")


def test_a_socket_file_is_in_no_dns(transcript: Transcript):
    connected(transcript, "unix:/run/x")
    found = elsewhere(transcript, None)
    assert (found.sockets, found.dns, bool(found.why_not("dns"))) == ("unix:/run/x", "", True)


def test_the_channel_of_the_chosen_event_counts_however_late_it_began(transcript: Transcript):
    first = connected(transcript, "192.0.2.1:1")
    for _ in range(2 * MAX_EVENTS):
        first.sent(b"x")
    connected(transcript, "192.0.2.2:2", asked="lab:echo").sent(b"y")
    assert elsewhere(transcript, len(transcript) - 1).sockets == "lab:echo"
    assert elsewhere(transcript, 0).sockets == "192.0.2.1:1"


def test_a_long_conversation_is_not_gone_through(transcript: Transcript, monkeypatch: pytest.MonkeyPatch):
    channel = connected(transcript, "192.0.2.1:1")
    for _ in range(5000):
        channel.sent(b"x")
    looked: list[int] = []
    events = Transcript.events

    def counted(self: Transcript, *bounds: int):
        for event in events(self, *bounds):
            looked.append(event.index)
            yield event

    monkeypatch.setattr(Transcript, "events", counted)
    assert elsewhere(transcript, 4000).sockets == "192.0.2.1:1"
    assert len(looked) < 10


def test_nobody_at_the_other_end_is_said(transcript: Transcript):
    assert elsewhere(None, None).why_not("dns")
    transcript.open("listener", "tcp").fact("listen.complete", address="127.0.0.1:7", backlog=1)
    assert elsewhere(transcript, 0).why_not("sockets") == "nobody is at the other end"


def test_the_dock_asks_for_it(app, dock: ConversationDock, transcript: Transcript):
    connected(transcript, "192.0.2.1:80").sent(b"hi")
    dock.show_talk(Talk(transcript))
    asked = QSignalSpy(dock.open_asked)
    actions = {action.id.rpartition(".")[2]: action for action in commands(dock)}
    dock.menus.fill_more()
    assert dock.action("sockets").isEnabled()
    assert not dock.action("certificates").isEnabled()
    for name in ("sockets", "dns", "certificates"):
        dock.action(name).trigger() if name != "certificates" else actions[name].run()
    assert [asked.at(number) for number in range(asked.count())] == [
        ["sockets", "192.0.2.1:80"],
        ["dns", "192.0.2.1"],
    ]
    dock.show_talk(None)
