"""A person talks to lab:echo octet by octet, looks at it in every form, filters, saves and opens it again."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu, QWidget

from tests.journeys.person import Person, Workbench, said
from workbench.panels.sockets.parts.session import SessionView
from workbench.transcript.records import Direction

SPOKEN = "hé!\r\n".encode()
CONTROL = Qt.KeyboardModifier.ControlModifier


async def say(person: Person, view: SessionView, data: bytes) -> None:
    """Type each octet by itself, send it, and wait until it has come back."""
    for number, octet in enumerate(data, 1):
        person.key(view.bytes.editor, Qt.Key.Key_A, CONTROL)
        person.type(view.bytes.editor, f"\\x{octet:02x}")
        person.key(view.bytes.editor, Qt.Key.Key_Return, CONTROL)
        await person.until(lambda number=number: person.row(view)[1:3] == [f"{number} B"] * 2)


async def choose(person: Person, menu: QMenu, words: str) -> None:
    """Press the entry of an open menu that begins with these words."""
    await person.until(menu.isVisible)
    action = next(action for action in menu.actions() if action.text().startswith(words))
    person.click_at(menu, menu.actionGeometry(action).center())


async def answer_with(person: Person, path: Path) -> None:
    """Put a path into the file dialog that is open, and press Enter."""
    await person.until(lambda: file_dialog(person) is not None)
    dialog = file_dialog(person)
    assert dialog is not None
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    # As from the clipboard: typed letters would open a list of completions, which takes the next key.
    field.setText(str(path))
    person.key(field, Qt.Key.Key_Return)
    await person.until(lambda: file_dialog(person) is None)


def file_dialog(person: Person) -> QFileDialog | None:
    shown = [dialog for dialog in person.window.findChildren(QFileDialog) if dialog.isVisible()]
    return shown[0] if shown else None


def copied(person: Person, widget: QWidget) -> str:
    """Select all in a widget, copy it, and return what the clipboard holds."""
    widget.setFocus()
    person.key(widget, Qt.Key.Key_A, CONTROL)
    person.key(widget, Qt.Key.Key_C, CONTROL)
    return QGuiApplication.clipboard().text()


async def test_every_octet_that_was_typed_is_seen_going_and_coming_back_in_every_form(app):
    async with Workbench(app) as person:
        person.go("sockets")
        person.watch()
        view = await person.connect("lab:echo")
        await say(person, view, SPOKEN)
        await person.shown()
        rows = person.conversation()
        assert [row.split(", ")[1] for row in rows[-2 * len(SPOKEN) :]] == ["sent", "received"] * len(SPOKEN)
        assert all("1 octet" in row for row in rows[-2 * len(SPOKEN) :])
        assert any("connected" in row and view.controller.state.address in row for row in rows)

        dock = person.program.dock
        person.click(dock.bar.forms.buttons()[1])
        await person.until(lambda: not dock.text.has_work)
        # Two directions in turn: neither half of the é stands beside the other.
        assert copied(person, dock.text).split("\n")[:8] == ["h", "h", *["⟨C3⟩"] * 2, *["⟨A9⟩"] * 2, *"!!"]
        person.key(dock.filter_bar.direction, Qt.Key.Key_Down)
        await person.until(lambda: len(person.conversation()) == len(SPOKEN))
        await person.until(lambda: not dock.text.has_work)
        assert copied(person, dock.text).startswith("hé!")
        person.click(dock.filter_bar.clear)

        person.click(dock.bar.forms.buttons()[2])
        await person.shown()
        assert dock.stream.hex.isVisible()
        stream = dock.stream.stream
        assert stream is not None
        assert copied(person, dock.stream.hex).split() == [f"{octet:02x}" for octet in SPOKEN]
        person.assert_alive()
        assert said(view.controller.transcript, Direction.SENT) == said(
            view.controller.transcript, Direction.RECEIVED
        )


async def test_a_filter_leaves_what_was_asked_for_and_goes_away_again(app):
    async with Workbench(app) as person:
        view = await person.connect("lab:echo")
        await say(person, view, b"a%c")
        await person.shown()
        dock = person.program.dock
        everything = person.conversation()
        person.type(dock.filter_bar.words, "%")
        await person.until(lambda: len(person.conversation()) == 2)
        assert all("1 octet" in row for row in person.conversation())
        person.key(dock.filter_bar.direction, Qt.Key.Key_End)
        await person.until(lambda: len(person.conversation()) == 1)
        assert "received" in person.conversation()[0]
        # What comes later is looked through as well.
        await say_more(person, view, "%%%")
        await person.until(lambda: len(person.conversation()) == 2)
        person.click(dock.filter_bar.clear)
        await person.until(lambda: len(person.conversation()) == len(everything) + 2)


async def say_more(person: Person, view: SessionView, text: str) -> None:
    before = person.row(view)[2]
    person.key(view.bytes.editor, Qt.Key.Key_A, CONTROL)
    person.type(view.bytes.editor, text)
    person.click(view.send_button)
    await person.until(lambda: person.row(view)[2] != before)


@pytest.mark.covers("I.2")
async def test_a_saved_conversation_is_opened_again_as_it_was(app, tmp_path: Path):
    file = tmp_path / "talk.jsonl"
    async with Workbench(app) as person:
        view = await person.connect("lab:echo")
        await say(person, view, SPOKEN)
        person.click(view.finish_button)
        await person.until(lambda: view.verdict.verdict.word == "ended")
        await person.shown()
        dock = person.program.dock
        rows = person.conversation()
        person.click(dock.bar.export)
        await choose(person, dock.menus.export, "JSON lines")
        await answer_with(person, file)
        await person.until(lambda: dock.remark.words.text().startswith("Saved"))
        assert str(file) in dock.remark.words.text()
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        assert octets(lines, "sent") == octets(lines, "received") == SPOKEN

        person.click(dock.bar.more)
        await choose(person, dock.bar.more_menu, "Open a saved conversation")
        await answer_with(person, file)
        await person.until(dock.bar.back.isVisible)
        await person.shown()
        assert person.conversation() == rows
        assert file.name in dock.bar.subject.text()
        person.click(dock.bar.back)
        await person.until(lambda: not dock.bar.back.isVisible())
        assert person.conversation() == rows


def octets(lines: list[dict], direction: str) -> bytes:
    """All octets of a direction in a saved conversation, read without our own reader."""
    found = b""
    for line in lines:
        if line.get("dir") == direction:
            found += line["text"].encode() if "text" in line else bytes.fromhex(line["hex"])
    return found


async def test_a_conversation_leaves_as_python_that_says_the_same_without_the_workbench(app, tmp_path: Path):
    async with Workbench(app) as person:
        view = await person.connect("lab:echo")
        await say(person, view, b"hi")
        person.click(view.finish_button)
        await person.until(lambda: view.verdict.verdict.word == "ended")
        dock = person.program.dock
        person.click(dock.bar.copy_as)
        await choose(person, dock.menus.copy_as, "Python")
        await person.until(lambda: dock.remark.words.text() == "Copied as Python")
        script = tmp_path / "copied.py"
        script.write_text(QGuiApplication.clipboard().text())
        command = [sys.executable, "-I", "-W", "error", str(script)]
        done = await asyncio.to_thread(subprocess.run, command, capture_output=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, b"end: FIN\n")
        assert b"hi" in done.stdout


async def test_a_rule_chosen_while_it_listens_also_decides_who_finishes(app):
    async with Workbench(app) as person:
        view = await person.connect("127.0.0.1:0", "listener tcp")
        view.rule.setCurrentIndex(view.rule.findData("echo"))
        host, _, port = view.controller.state.address.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"ping")
        assert await reader.readexactly(4) == b"ping"
        writer.write_eof()
        # RFC 862: an echo server returns what it is sent until the client ends the connection.
        try:
            async with asyncio.timeout(60):
                assert await reader.read() == b""
        finally:
            writer.close()
            await writer.wait_closed()


async def test_two_sessions_keep_their_own_conversations_in_the_one_dock(app):
    async with Workbench(app) as person:
        first = await person.connect("lab:echo")
        await say(person, first, b"1")
        panel = person.sockets
        person.click(panel.console.add_button)
        second = await person.connect("lab:discard")
        await say_more_to_discard(person, second)
        await person.shown()
        assert "lab:discard" in person.program.dock.bar.subject.text()
        assert sum("octet" in row for row in person.conversation()) == 1
        panel.console.tabs.setCurrentIndex(0)
        await person.shown()
        assert "lab:echo" in person.program.dock.bar.subject.text()
        assert sum("1 octet" in row for row in person.conversation()) == 2
        person.go("start")
        await person.until(lambda: person.conversation() == [])
        person.go("sockets")
        await person.until(lambda: sum("1 octet" in row for row in person.conversation()) == 2)


async def say_more_to_discard(person: Person, view: SessionView) -> None:
    person.type(view.bytes.editor, "x")
    person.click(view.send_button)
    await person.until(lambda: person.row(view)[1] == "1 B")
