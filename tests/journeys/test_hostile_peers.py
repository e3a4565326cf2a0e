"""Peers that mean no good, met in the real window.

It stays alive, its memory stays bounded, every octet is kept, and the end is named.
"""

import asyncio
import contextlib
import hashlib
import socket
import unicodedata
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt

from tests.journeys.person import Person, Said, Workbench, resident_octets, said
from workbench.lab.services.junk import junk_line
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.ui.conversation.topbar import FORMS

MIB = 1024 * 1024
FORM_IDS = [form for form, _, _ in FORMS]
ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"

MEMORY_BOUND = 64 * MIB
"""What any conversation may cost: 4 MiB before the spool, what waits to be written, caches and rows that are shown.
Far below the smallest flood here, so that keeping it in memory is seen."""


def flood(octets: int) -> Said:
    """What lab:flood sends, made here a second time."""
    found, block = hashlib.sha256(), ALPHABET * 10_000
    for start in range(0, octets, len(block)):
        found.update(block[: octets - start])
    return Said(octets, found.hexdigest())


def junk(lines: int) -> Said:
    found, count = hashlib.sha256(), 0
    for number in range(lines):
        line = junk_line(number)
        found.update(line)
        count += len(line)
    return Said(count, found.hexdigest())


@pytest.mark.parametrize(
    ("form", "octets"), [("explained", 256 * MIB), ("text", 96 * MIB), ("hex", 96 * MIB)]
)
async def test_a_flood_without_a_line_end_neither_freezes_nor_fills_the_memory(app, form: str, octets: int):
    async with Workbench(app) as person:
        address = await person.program.lab.start("flood", total=octets)
        person.go("sockets")
        person.program.dock.show_form(form)
        await person.shown()
        before = resident_octets()
        person.watch()
        view = await person.connect(str(address.target))
        await person.until(lambda: view.verdict.verdict.word == "half closed")
        await person.shown()
        grown = resident_octets() - before
        person.click(view.bar.button)
        await person.until(lambda: view.verdict.verdict.word == "ended")
        person.assert_alive()
        assert "the peer finished" in view.verdict.text()
        assert f"{octets // MIB}.0 MiB" in view.verdict.text()
        assert grown < MEMORY_BOUND
        assert said(view.controller.transcript, Direction.RECEIVED) == flood(octets)


async def test_while_it_is_flooded_a_person_can_filter_look_elsewhere_and_close_the_session(app):
    async with Workbench(app) as person:
        address = await person.program.lab.start("flood", total=2**40)
        person.go("sockets")
        dock = person.program.dock
        person.watch()
        view = await person.connect(str(address.target))
        transcript = view.controller.transcript
        for form in (*FORM_IDS, "explained"):
            dock.show_form(form)
            await grown(person, transcript)
        person.type(dock.filter_bar.words, "XYZ")
        await person.until(lambda: dock.filter.is_filtering and len(person.conversation()) > 10)
        person.click(dock.filter_bar.clear)
        person.go("start")
        await grown(person, transcript)
        person.go("sockets")
        await grown(person, transcript)
        assert person.program.registry.run("sockets.close_session")
        await person.until(lambda: person.program.jobs() == [])
        await person.shown()
        person.assert_alive()
        assert person.conversation() == []
        assert person.sockets.console.current.title == "New session"
        assert list(person.program.crashes.crashes) == []


async def grown(person: Person, transcript: Transcript) -> None:
    """Return once 8 MiB more have come."""

    def received() -> int:
        return len(transcript.stream(0, Direction.RECEIVED, "tcp"))

    wanted = received() + 8 * MIB
    await person.until(lambda: received() > wanted)


@pytest.mark.parametrize("form", FORM_IDS)
async def test_a_hundred_thousand_lines_of_escapes_and_bidi_controls_are_shown_disarmed(app, form: str):
    async with Workbench(app) as person:
        person.go("sockets")
        person.program.dock.show_form(form)
        await person.shown()
        before = resident_octets()
        person.watch()
        view = await person.connect("lab:junk")
        await person.until(lambda: view.verdict.verdict.word == "half closed")
        await person.shown()
        person.program.dock.select_all()
        await person.shown()
        person.assert_alive()
        assert resident_octets() - before < MEMORY_BOUND
        assert "the peer finished" in view.verdict.text()
        assert said(view.controller.transcript, Direction.RECEIVED) == junk(100_000)
        rows = person.conversation()
        assert any("000000" in row for row in rows)
        assert harmful("".join(rows)) == set()
        person.click(view.bar.button)
        await person.until(lambda: view.verdict.verdict.word == "ended")


def harmful(text: str) -> set[str]:
    """The characters that rule a terminal or reorder what is read: controls, formats, separators of lines."""
    return {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")}


async def test_a_peer_that_sends_octet_by_octet_is_followed_and_can_be_left_in_between(app):
    async with Workbench(app) as person:
        address = await person.program.lab.start("slow", interval_ms=20)
        person.go("sockets")
        person.watch()
        view = await person.connect(str(address.target))
        transcript = view.controller.transcript
        await person.until(lambda: len(transcript.stream(0, Direction.RECEIVED, "tcp")) >= 20)
        person.key(view.bytes.editor, Qt.Key.Key_Escape)
        await person.until(lambda: view.verdict.verdict.word == "ended")
        person.assert_alive()
        events = [event for event in transcript.events() if event.kind == "bytes"]
        # On a busy machine two may arrive together; never all.
        assert len(events) > 5
        text = b"".join(transcript.data(event) for event in events)
        assert b"One octet a second: is this slow, or has it stopped?\r\n".startswith(text)
        assert "we closed" in view.verdict.text()


async def test_a_peer_that_never_answers_is_left_by_the_cancel_button(app):
    async with Workbench(app) as person:
        person.go("sockets")
        person.watch()
        view = await person.connect("lab:silent")
        person.type(view.bytes.editor, "anyone?\r")
        person.click(view.send_button)
        await person.until(lambda: person.row(view)[1] == "9 B")
        assert [job.title for job in person.program.jobs()] == ["Talking to lab:silent (TCP)"]
        person.click(view.bar.button)
        await person.until(lambda: view.verdict.verdict.word == "ended")
        person.assert_alive()
        assert person.program.jobs() == []
        assert "we closed" in view.verdict.text()
        assert said(view.controller.transcript, Direction.SENT).octets == 9


async def test_a_peer_that_takes_nothing_stalls_the_sending_and_nothing_else(app):
    async with Workbench(app) as person:
        address = await person.program.lab.start("silent", reads="nothing")
        person.go("sockets")
        view = await person.connect(str(address.target))
        person.watch()
        sending = person.program.scope.launch(view.controller.send(bytes(32 * MIB)), name="send")
        transcript = view.controller.transcript
        await person.until(lambda: view.controller.state.sending and said(transcript, Direction.SENT).octets)
        await person.shown()
        assert not view.send_button.isEnabled()
        assert "still being sent" in view.send_button.toolTip()
        person.click(view.abort_button)
        await person.until(lambda: view.verdict.verdict.word == "ended")
        await sending.wait()
        person.assert_alive()
        assert "RST" in view.verdict.text()
        assert 0 < said(transcript, Direction.SENT).octets < 32 * MIB


@contextlib.contextmanager
def full_backlog() -> Iterator[str]:
    """A listener that accepts nobody and whose queue is full: a SYN to it is never answered."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=0)
    waiting: list[socket.socket] = []
    try:
        while True:
            one = socket.socket()
            one.settimeout(0.3)
            waiting.append(one)
            try:
                one.connect(listening.getsockname())
            except TimeoutError:
                break
        yield f"127.0.0.1:{listening.getsockname()[1]}"
    finally:
        for one in (*waiting, listening):
            one.close()


async def test_a_connection_that_nobody_accepts_can_be_cancelled_while_it_is_made(app):
    with full_backlog() as target:
        async with Workbench(app) as person:
            view = person.sockets.console.current
            person.watch()
            person.type(view.bar.field, target)
            person.key(view.bar.field, Qt.Key.Key_Return)
            await person.until(lambda: view.verdict.verdict.word == "connecting")
            assert view.bar.button.text() == "Cancel"
            person.click(view.bar.button)
            await person.until(lambda: view.verdict.verdict.word == "closed")
            person.assert_alive()
            assert any("connect" in row for row in person.conversation())
            assert view.bar.button.text() == "Connect"


async def test_a_reset_in_the_middle_is_named_and_what_came_before_it_is_kept(app):
    async with Workbench(app) as person:
        address = await person.program.lab.start("resetting", after=5)
        view = await person.connect(str(address.target))
        person.type(view.bytes.editor, "12345")
        person.click(view.send_button)
        await person.until(lambda: view.verdict.verdict.word == "ended")
        assert "RST" in view.verdict.text()
        assert view.verdict.verdict.kind == "warning"
        assert person.row(view)[3:5] == ["reset", "reset"]
        assert said(view.controller.transcript, Direction.SENT).octets == 5
        await person.shown()
        assert any("RST" in row for row in person.conversation())


async def test_many_peers_at_once_that_come_and_go_leave_the_window_alive(app):
    async with Workbench(app) as person:
        person.go("sockets")
        panel = person.sockets
        panel.console.current.rule.setCurrentIndex(panel.console.current.rule.findData("echo"))
        view = await person.connect("127.0.0.1:0", "listener tcp")
        person.watch()
        host, _, port = view.controller.state.address.rpartition(":")
        for _ in range(10):
            pairs = await asyncio.gather(*(asyncio.open_connection(host, int(port)) for _ in range(50)))
            for _, writer in pairs:
                writer.write(b"x")
            assert await asyncio.gather(*(reader.read(1) for reader, _ in pairs)) == [b"x"] * 50
            for _, writer in pairs:
                writer.close()
            await asyncio.gather(*(writer.wait_closed() for _, writer in pairs))
        await person.until(lambda: len(view.controller.state.peers) == 500)
        await person.until(lambda: not any(peer.is_open for peer in view.controller.state.peers))
        await person.shown()
        person.assert_alive()
        assert all(peer.received == 1 for peer in view.controller.state.peers)
        assert "0 of 500 open" in view.verdict.text()
