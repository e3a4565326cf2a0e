"""A conversation in the dock had again with another server: equal, different, refused, stopped; the right channel."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.kit.scripted_peer import scripted_peer
from tests.ui.conversation.conversations import Talk, until
from tests.wire.tls.sides import authority, client, server
from workbench.formats.target import Target, parse_target
from workbench.transcript.recorder import Transcript
from workbench.ui.conversation.commands import commands
from workbench.ui.conversation.dock import ConversationDock
from workbench.wire.dial import dial
from workbench.wire.listen import Listener, listen
from workbench.wire.tls.handshake import start_tls


async def said(peer: object, *payloads: bytes) -> Transcript:
    """A conversation by TCP, recorded by the real wire, beside one with nobody of interest."""
    transcript = Transcript()
    other = transcript.open("something else", "tcp")
    other.sent(b"not to be said again")
    stream = await dial(parse_target(str(peer)), transcript)
    for payload in payloads:
        await stream.send(payload)
    await stream.finish()
    while await stream.read():
        pass
    await stream.aclose()
    return transcript


@asynccontextmanager
async def shown(dock: ConversationDock, transcript: Transcript) -> AsyncIterator[None]:
    async def as_it_is(target: Target) -> Target:
        return parse_target("127.0.0.1:1") if target.is_lab else target

    dock.replaying.use(as_it_is, Transcript)
    dock.show_talk(Talk(transcript))
    try:
        yield
    finally:
        await dock.retire()
        transcript.close()


def ask(dock: ConversationDock, target: str, channel: int = 1) -> None:
    next(action for action in commands(dock) if action.id == "conversation.replay").run()
    bar = dock.replay_bar
    assert bar.isVisible()
    bar.channel.setCurrentIndex(bar.channel.findData(channel))
    QTest.keyClicks(bar.bar.field, target)
    QTest.keyClick(bar.bar.field, Qt.Key.Key_Return)


ECHO = [("expect", b"hello"), ("wait_eof",), ("send", b"hello")]


async def test_a_server_that_answers_the_same_is_said_to(app, dock: ConversationDock):
    with scripted_peer(ECHO) as first, scripted_peer(ECHO) as again:
        transcript = await said(first, b"hello")
        async with shown(dock, transcript):
            ask(dock, str(again))
            await until(dock.comparison.isVisible)
            again.wait()
            assert "every octet came as it did then" in dock.remark.words.text().lower()
            await until(lambda: dock.comparison.heading.text() == "All octets are equal.")
            assert dock.replay_bar.bar.button.text() == "Replay"


async def test_another_answer_is_shown_octet_by_octet_beside_that_of_then(app, dock: ConversationDock):
    other = [("expect", b"hello"), ("wait_eof",), ("send", b"heLlo")]
    with scripted_peer(ECHO) as first, scripted_peer(other) as again:
        transcript = await said(first, b"hello")
        async with shown(dock, transcript):
            ask(dock, str(again))
            await until(dock.comparison.isVisible)
            await until(lambda: dock.comparison.model.rowCount() == 1)
            (finding,) = dock.comparison.model.rows
            assert (finding.pair.left, finding.pair.right, finding.difference.offset) == (1, 0, 2)
            assert "6c" in dock.remark.words.text()
            assert [title for title, _ in dock.other_conversations()] == [f"{again}, replayed"]
            QTest.mouseClick(dock.comparison.close_button, Qt.MouseButton.LeftButton)
            assert dock.events.isVisible()


async def test_a_replay_that_finds_nobody_says_so_and_can_be_tried_again(app, dock: ConversationDock):
    with scripted_peer(ECHO) as first:
        transcript = await said(first, b"hello")
        async with shown(dock, transcript):
            ask(dock, "lab:echo")
            await until(dock.notice.isVisible)
            assert "ECONNREFUSED" in f"{dock.notice.what.text()} {dock.notice.details.text()}"
            assert not dock.notice.show_event.isVisible()
            assert dock.replay_bar.bar.button.text() == "Replay"
            assert not dock.comparison.isVisible()


async def test_a_silent_server_is_waited_for_until_the_person_stops_it(app, dock: ConversationDock):
    with scripted_peer(ECHO) as first, scripted_peer([("stall",)]) as silent:
        transcript = await said(first, b"hello")
        async with shown(dock, transcript):
            ask(dock, str(silent))
            await until(lambda: dock.replay_bar.bar.button.text() == "Cancel")
            QTest.mouseClick(dock.replay_bar.bar.button, Qt.MouseButton.LeftButton)
            await until(lambda: dock.replay_bar.bar.button.text() == "Replay")
            assert not dock.comparison.isVisible()


def test_the_window_starts_without_what_a_replay_takes():
    look = (
        "import sys, workbench.ui.conversation.dock; print('workbench.protocols.raw.replay' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "False\n"), done.stderr


async def test_the_speed_of_then_is_kept_when_it_is_asked_for(app, dock: ConversationDock):
    pause_s = 0.15
    with (
        scripted_peer([("expect", b"ab"), ("wait_eof",)]) as first,
        scripted_peer([("expect", b"ab"), ("wait_eof",)]) as again,
    ):
        transcript = Transcript()
        transcript.open("something else", "tcp")
        stream = await dial(parse_target(str(first)), transcript)
        await stream.send(b"a")
        await asyncio.sleep(pause_s)
        await stream.send(b"b")
        await stream.finish()
        while await stream.read():
            pass
        await stream.aclose()
        async with shown(dock, transcript):
            dock.replay_bar.speed.setCurrentIndex(dock.replay_bar.speed.findData("original"))
            ask(dock, str(again))
            await until(dock.comparison.isVisible)
            ((_, replayed),) = dock.other_conversations()
            assert after_connecting(replayed) >= after_connecting(transcript) - 0.005


def after_connecting(transcript: Transcript) -> float:
    """Seconds from the connection to the last octet sent. A first one may be late; the last is not early."""
    connected = next(e.time_ns for e in transcript.events() if e.name == "connect.complete")
    return (max(e.time_ns for e in transcript.events() if e.direction.value == "sent") - connected) / 1e9


async def test_what_can_not_be_replayed_says_why(app, dock: ConversationDock):
    transcript = Transcript()
    channel = transcript.open("secret", "tcp")
    channel.sent(b"\x16\x03\x01")
    channel.sent(b"inside", layer="tls")
    async with shown(dock, transcript):
        ask(dock, "127.0.0.1:9", 0)
        await until(dock.notice.isVisible)
        assert "encrypted" in dock.notice.what.text()


async def test_another_conversation_takes_the_bar_away(app, dock: ConversationDock):
    with scripted_peer(ECHO) as first:
        transcript = await said(first, b"hello")
        async with shown(dock, transcript):
            next(action for action in commands(dock) if action.id == "conversation.replay").run()
            assert dock.replay_bar.isVisible()
            dock.show_talk(None)
            assert not dock.replay_bar.isVisible()


@asynccontextmanager
async def echoing(*, tls: bool) -> AsyncIterator[Listener]:
    """A server that says each piece again until its client finishes."""
    transcript = Transcript()

    async def serve() -> None:
        async with await listener.accept() as plain:
            stream = await start_tls(plain, server()) if tls else plain
            while data := await stream.read():
                await stream.send(data)
            await stream.finish()
            await stream.aclose()

    async with await listen(parse_target("127.0.0.1:0", listening=True), transcript) as listener:
        serving = asyncio.create_task(serve())
        yield listener
        await serving
    transcript.close()


async def said_under_tls() -> Transcript:
    transcript = Transcript()
    async with echoing(tls=True) as peer:
        plain = await dial(parse_target(peer.address), transcript)
        async with await start_tls(plain, client()) as stream:
            await stream.send(b"hello")
            await stream.finish()
            while await stream.read():
                pass
    return transcript


@pytest.mark.parametrize("how", ["stop", "clear"])
async def test_under_tls_again_or_in_clear(app, dock: ConversationDock, how: str):
    transcript = await said_under_tls()

    async def certificates() -> Given:
        return Given(authority().certificate, b"", b"", b"", b"")

    async with shown(dock, transcript), echoing(tls=how == "stop") as again:

        async def nearby(_target: Target) -> Target:
            return parse_target(again.address)

        dock.replaying.use(nearby, Transcript, certificates)
        dock.replay_bar.tls.setCurrentIndex(dock.replay_bar.tls.findData(how))
        ask(dock, "lab:tls-echo", 0)
        await until(lambda: "every octet came as it did then" in dock.remark.words.text().lower())
        # In clear there are no records to set beside those of then.
        assert dock.comparison.isVisible() == (how == "stop")
        if how == "stop":
            await until(lambda: dock.comparison.heading.text() == "All octets are equal.")


class Given(NamedTuple):
    """What the Lab gives, made by the tests' authority."""

    certificate: bytes
    client_certificate: bytes
    client_key: bytes
    server_certificate: bytes
    server_key: bytes
