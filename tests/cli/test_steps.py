"""Events as documents list them, and as people read them while they happen."""

import asyncio
import os

from workbench.cli.output import Output
from workbench.cli.steps import FIRST, LAST, LiveView, listed_events
from workbench.transcript.recorder import Transcript


class Pipes:
    """An Output into two pipes."""

    def __init__(self) -> None:
        self._out, out = os.pipe()
        self._err, err = os.pipe()
        self._writing = (out, err)
        self.output = Output("failure/1", out=out, err=err)

    def read(self) -> tuple[bytes, str]:
        """All that was said; closes everything."""
        for descriptor in self._writing:
            os.close(descriptor)
        said = []
        for descriptor in (self._out, self._err):
            with os.fdopen(descriptor, "rb") as opened:
                said.append(opened.read())
        return said[0], said[1].decode()


def test_facts_are_explained_and_octets_counted():
    transcript = Transcript()
    channel = transcript.open("peer", "tcp")
    channel.fact("connect.started", address="127.0.0.1:7")
    channel.sent(b"abc")
    (started, sent) = listed_events(transcript)["events"]
    assert started["what"] == "connect 127.0.0.1:7 …"
    assert started["source"].startswith("RFC 9293")
    assert started["values"] == {"address": "127.0.0.1:7"}
    assert (sent["event"], sent["octets"]) == ("sent", 3)
    transcript.close()


def test_of_very_many_events_the_first_and_the_last_are_listed():
    transcript = Transcript()
    channel = transcript.open("peer", "tcp")
    for size in range(FIRST + LAST + 5):
        channel.received(bytes(size % 7))
    channel.fact("end", kind="FIN", by="peer", sentence="over")
    listed = listed_events(transcript)
    assert listed["events_left_out"] == 6
    assert len(listed["events"]) == FIRST + LAST
    assert listed["events"][-1]["event"] == "end"
    transcript.close()


async def test_a_conversation_is_shown_as_it_goes():
    pipes, transcript = Pipes(), Transcript()
    view = LiveView(transcript, pipes.output)
    channel = transcript.open("peer", "tcp")
    channel.sent(b"a" * 1000)
    channel.sent(b"b" * 24)
    channel.received(b"\x1b[31mraw")
    await asyncio.sleep(0)
    channel.fact("end", kind="FIN", by="peer", sentence="the peer finished")
    view.close()
    channel.received(b"not seen any more")
    await asyncio.sleep(0)
    out, err = pipes.read()
    assert out == b"\x1b[31mraw"
    lines = err.splitlines()
    assert [line.split(maxsplit=1)[1] for line in lines] == [
        "→ 1.0 KiB",
        "end: FIN  (the peer finished; RFC 9293 3.6)",
    ]
    transcript.close()


async def test_datagrams_are_noted_one_by_one_the_empty_one_too():
    pipes, transcript = Pipes(), Transcript()
    view = LiveView(transcript, pipes.output, datagrams=True, several=True)
    channel = transcript.open("peer", "udp")
    channel.sent(b"")
    channel.received(b"")
    channel.received(b"ab")
    view.close()
    out, err = pipes.read()
    assert out == b"ab"
    assert [line.split(maxsplit=1)[1] for line in err.splitlines()] == ["[0] → 0 B", "[0] ← 0 B", "[0] ← 2 B"]
    transcript.close()


async def test_on_a_terminal_nothing_received_steers_it_and_notes_begin_a_line():
    controlling, terminal = os.openpty()
    output = Output("failure/1", out=terminal, err=terminal)
    transcript = Transcript()
    view = LiveView(transcript, output)
    channel = transcript.open("peer", "tcp")
    channel.received(b"\x1b]0;owned\x07 caf\xc3")
    channel.received(b"\xa9")
    channel.fact("end", kind="FIN", by="peer", sentence="over")
    view.close()
    os.close(terminal)
    said = b""
    while True:
        try:
            piece = os.read(controlling, 65536)
        except OSError:
            break
        if not piece:
            break
        said += piece
    os.close(controlling)
    transcript.close()
    text = said.decode()
    assert "␛]0;owned␇ café\r\n" in text
    assert "\x1b" not in text
    assert text.splitlines()[1].strip().endswith("end: FIN  (over; RFC 9293 3.6)")


async def test_nothing_is_read_for_an_output_that_is_closed():
    transcript = Transcript()
    view = LiveView(transcript, Output("failure/1", out=None, err=None))
    transcript.open("peer", "tcp").received(b"x")
    view.close()
    transcript.close()
