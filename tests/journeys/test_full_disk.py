"""A disk that is full while a conversation is recorded: it ends, is told, and is kept so far; whatever was going on.

The real thing, a process that may write no larger file, is in test_process; here the system's answer is put in place.
"""

import asyncio
import errno
import os
import socket
from collections.abc import Awaitable, Callable

import pytest

from tests.journeys.person import Person, Workbench
from workbench.errors import LocalFault
from workbench.panels.sockets.parts.session import SessionView
from workbench.transcript import spool
from workbench.transcript.recorder import Transcript

MIB = 1024 * 1024


def full(*_: object) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_facts_are_recorded_after_the_disk_failed(monkeypatch: pytest.MonkeyPatch):
    """They tell how it ended. A small chunk, still being gathered, is the first that can't be written."""
    monkeypatch.setattr(spool.os, "pwrite", full)
    transcript = Transcript(spool_after=1000)
    try:
        channel = transcript.open("lab:flood", "tcp")
        channel.fact("connect.complete")
        with pytest.raises(LocalFault):
            channel.received(bytes(2000))
        channel.fact("end", kind="local")
        assert [event.name for event in transcript.events()] == ["connect.complete", "", "end"]
    finally:
        transcript.close()


async def receive(person: Person) -> SessionView:
    address = await person.program.lab.start("flood", total=16 * MIB)
    return await person.connect(str(address.target))


async def send(person: Person) -> SessionView:
    """Nothing comes back here: only the sending can find out."""
    view = await person.connect("lab:discard")
    person.program.scope.launch(view.controller.send(bytes(16 * MIB)), name="send")
    return view


async def listen(person: Person) -> SessionView:
    view = await person.connect("127.0.0.1:0", "listener tcp")
    host, _, port = view.controller.state.address.rpartition(":")
    _, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(bytes(16 * MIB))
        await person.until(view.notice.isVisible)
    finally:
        writer.transport.abort()
    return view


async def hear_datagrams(person: Person) -> SessionView:
    view = await person.connect("127.0.0.1:0", "listener udp")
    host, _, port = view.controller.state.address.rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        # Not connected: once the listener has gone, nobody tells.
        def one_more() -> bool:
            sender.sendto(bytes(60_000), (host, int(port)))
            return view.notice.isVisible()

        await person.until(one_more)
    return view


async def send_datagrams(person: Person) -> SessionView:
    view = await person.connect("lab:udp-echo", "client udp")

    async def send_many() -> None:
        while True:
            await view.controller.send(bytes(60_000))

    person.program.scope.launch(send_many(), name="send")
    return view


@pytest.mark.parametrize("talk", [receive, send, listen, hear_datagrams, send_datagrams])
async def test_it_ends_the_session_tells_why_and_keeps_what_was_recorded(
    app, monkeypatch: pytest.MonkeyPatch, talk: Callable[[Person], Awaitable[SessionView]]
):
    monkeypatch.setattr(spool.os, "pwrite", full)
    async with Workbench(app, spool_after_mib=1) as person:
        person.go("sockets")
        person.watch()
        view = await talk(person)
        await person.until(view.notice.isVisible)
        await person.until(lambda: person.program.jobs() == [])
        await person.shown()
        person.assert_alive()
        state = view.controller.state
        assert view.notice.heading.text() == "This machine failed, stage transcript"
        assert "ENOSPC" in view.notice.what.text()
        assert "export" in view.notice.details.text()
        assert (state.phase, view.verdict.verdict.kind) == ("failed", "bad")
        assert not any(peer.is_open for peer in state.peers)
        assert view.bar.button.text() != "Close"
        transcript = view.controller.transcript
        assert transcript.fault is not None
        assert sum(event.size for event in transcript.events()) >= MIB
        assert list(person.program.crashes.crashes) == []

        # In the same session nothing is begun that could not be recorded.
        channels = transcript.channels
        person.click(view.bar.button)
        await person.until(lambda: "new session" in view.notice.details.text())
        assert transcript.channels == channels
