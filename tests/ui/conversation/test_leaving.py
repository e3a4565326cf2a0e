"""Copying, exporting, opening and comparing from the dock, with the dialogs answered by the test."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.conversation.conversations import Talk, echo, pings, until
from workbench.errors import LocalMisuse
from workbench.transcript.export import export
from workbench.ui.conversation import leaving, saving
from workbench.ui.conversation.dock import ConversationDock
from workbench.ui.conversation.menus import texts
from workbench.ui.conversation.selection import Spot

CONTROL = Qt.KeyboardModifier.ControlModifier


def clipboard() -> str:
    return QApplication.clipboard().text()


def answer(monkeypatch: pytest.MonkeyPatch, name: str, value: object) -> list[tuple[object, ...]]:
    """Answer a dialog with a value; returns what was asked."""
    asked: list[tuple[object, ...]] = []

    async def ask(*args: object, **options: object) -> object:
        asked.append(args)
        return value

    monkeypatch.setattr(leaving, name, ask)
    return asked


def choose(dock: ConversationDock, menu: str, text: str) -> None:
    found = getattr(dock.menus, menu)
    if menu == "more":
        dock.menus.fill_more()
    elif menu == "copy_as":
        found.aboutToShow.emit()
    next(action for action in found.actions() if action.text() == text).trigger()


def test_control_c_copies_the_selected_lines(dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    dock.show_event(1)
    dock.events.setFocus()
    QTest.keyClick(dock.events, Qt.Key.Key_C, CONTROL)
    assert clipboard().split() == ["0.001500", "→", "9", "hello", "0\\r\\n"]
    assert dock.remark.words.text().startswith("Copied lines")
    transcript.close()


def test_control_c_in_the_text_copies_the_selected_letters(dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    dock.show_text()
    dock.text.go_to(Spot(1, 1), select_to=Spot(1, 5))
    dock.text.setFocus()
    QTest.keyClick(dock.text, Qt.Key.Key_C, CONTROL)
    assert clipboard() == "ello"
    transcript.close()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Copy as text", "hello 0\n"),
        ("Copy as hex", "68 65 6c 6c 6f 20 30 0d 0a"),
        ("Copy with escapes", "hello 0\\r\\n"),
        ("Copy as Python literal", "b'hello 0\\r\\n'\n"),
        (
            "Copy as JSON lines",
            '{"i":1,"t_ns":1500000,"ch":0,"dir":"sent","layer":"tcp","size":9,"text":"hello 0\\r\\n"}\n',
        ),
    ],
)
def test_the_context_menu_copies_in_every_way(dock: ConversationDock, title, expected):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    dock.show_event(1)
    choose(dock, "context", title)
    assert clipboard() == expected
    transcript.close()


def test_all_lines_shown_are_copied_and_hidden_ones_not(dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    dock.filter_bar.words.setText("hello")
    QTest.keyClick(dock.filter_bar.words, Qt.Key.Key_Return)
    dock.action("copy_all").trigger()
    assert len(clipboard().splitlines()) == 3
    transcript.close()


def test_nothing_selected_is_said(dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    dock.copy()
    assert "Nothing is selected" in dock.remark.words.text()
    transcript.close()


async def test_a_large_selection_is_copied_as_a_job(app, dock: ConversationDock):
    transcript = pings(40_000)
    dock.show_talk(Talk(transcript))
    dock.copy_all()
    assert len(dock.leaving.jobs) == 1
    await until(lambda: not dock.leaving.jobs)
    assert len(clipboard().splitlines()) == 40_000
    transcript.close()


async def test_more_than_a_clipboard_takes_is_refused_in_words(app, dock: ConversationDock):
    transcript = pings(2)
    transcript.open("large", "tcp").received(bytes(3 * 1024 * 1024))
    dock.show_talk(Talk(transcript))
    dock.select_all()
    dock.copy("hex")
    await until(lambda: dock.notice.isVisible())
    assert "export the conversation" in dock.notice.details.text().lower()
    transcript.close()


def test_copy_as_offers_what_the_panel_offers_and_shows_why_it_failed(dock: ConversationDock):
    transcript = echo()

    def fails() -> str:
        raise LocalMisuse("the conversation is too long for a script", stage="copy")

    dock.show_talk(Talk(transcript, copies=(("Python", lambda: "import socket\n"), ("curl", fails))))
    choose(dock, "copy_as", "Python")
    assert clipboard() == "import socket\n"
    assert texts(dock.menus.copy_as) == ["Python", "curl"]
    choose(dock, "copy_as", "curl")
    assert dock.notice.isVisible()
    assert "too long for a script" in dock.notice.what.text()
    transcript.close()


@pytest.mark.parametrize("form", [form for form, *_ in leaving.EXPORTS])
async def test_the_menu_saves_what_the_export_writes(
    app, dock: ConversationDock, monkeypatch, tmp_path: Path, form
):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    path = tmp_path / "saved"
    asked = answer(monkeypatch, "ask_save_file", path)
    choose(dock, "export", next(title for each, title, *_ in leaving.EXPORTS if each == form))
    await until(lambda: not dock.leaving.jobs)
    assert path.read_bytes() == b"".join(export(transcript, form))
    assert str(asked[0][3]).startswith("lab-echo-")
    assert dock.remark.words.text().endswith(str(path))
    transcript.close()


async def test_secrets_are_exported_only_after_a_second_yes(
    app, dock: ConversationDock, monkeypatch, tmp_path: Path
):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    path = tmp_path / "saved"
    answer(monkeypatch, "ask_save_file", path)
    for says_yes, expected in ((False, None), (True, b"PASS hunter2\r\n")):
        answer(monkeypatch, "confirm", says_yes)
        dock.menus._with_secrets.setChecked(True)
        choose(dock, "export", "Octets sent…")
        await until(lambda: not dock.leaving.jobs)
        assert (path.read_bytes()[-14:] if path.exists() else None) == expected
        assert not dock.menus._with_secrets.isChecked()
    choose(dock, "export", "Octets sent…")
    await until(lambda: not dock.leaving.jobs)
    assert path.read_bytes()[-14:] == b"PASS *******\r\n"
    transcript.close()


async def test_a_file_that_cannot_be_written_is_told_in_the_dock(
    app, dock: ConversationDock, monkeypatch, tmp_path
):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    answer(monkeypatch, "ask_save_file", tmp_path / "nowhere" / "saved")
    dock.export("txt")
    await until(lambda: not dock.leaving.jobs)
    assert dock.notice.isVisible()
    assert "ENOENT" in dock.notice.what.text()
    assert "export" in dock.notice.heading.text()
    transcript.close()


async def test_retiring_in_the_middle_of_an_export_leaves_no_file(
    app, dock: ConversationDock, monkeypatch, tmp_path
):
    transcript = pings(60_000)
    dock.show_talk(Talk(transcript))
    answer(monkeypatch, "ask_save_file", tmp_path / "saved")
    dock.export("jsonl")
    await until(lambda: list(tmp_path.glob(".saved*")))
    await dock.retire()
    assert not list(tmp_path.glob("*saved*"))
    transcript.close()


async def test_a_saved_conversation_is_opened_and_left_again(
    app, dock: ConversationDock, monkeypatch, tmp_path
):
    transcript = echo()
    path = tmp_path / "letter.jsonl"
    await saving.save(transcript, path, "jsonl")
    dock.show_talk(Talk(transcript, copies=(("Python", str),)))
    answer(monkeypatch, "ask_open_file", path)
    transcript.open("news", "tcp").sent(b"later")
    dock.action("open").trigger()
    await until(lambda: dock.bar.subject.text() == "letter.jsonl")
    assert len(dock.texts()) == len(transcript) - 1
    assert dock.bar.back.isVisible()
    assert not dock.bar.copy_as.isEnabled()
    QTest.mouseClick(dock.bar.back, Qt.MouseButton.LeftButton)
    assert len(dock.texts()) == len(transcript)
    assert dock.bar.subject.text() == "lab:echo"
    assert [title for title, _ in dock.other_conversations()] == ["letter.jsonl"]
    opened = dock.other_conversations()[0][1]
    await dock.retire()
    assert len(opened) == 0
    transcript.close()


async def test_a_file_that_is_no_conversation_is_told(app, dock: ConversationDock, monkeypatch, tmp_path):
    (tmp_path / "poem.jsonl").write_text("roses are red\n")
    answer(monkeypatch, "ask_open_file", tmp_path / "poem.jsonl")
    dock.open_saved()
    await until(lambda: dock.notice.isVisible())
    assert "line 1" in dock.notice.what.text()


async def test_saying_no_to_a_dialog_does_nothing(app, dock: ConversationDock, monkeypatch):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    answer(monkeypatch, "ask_open_file", None)
    answer(monkeypatch, "ask_save_file", None)
    dock.open_saved()
    dock.export("txt")
    await until(lambda: not dock.leaving.jobs)
    assert not dock.notice.isVisible()
    transcript.close()


async def test_two_conversations_are_compared_and_the_place_is_shown(app, dock: ConversationDock):
    first, second = echo(), echo()
    second.open("more", "tcp").sent(b"only here")
    dock.show_talk(Talk(second, title="yesterday"))
    dock.show_talk(Talk(first, title="today"))
    choose(dock, "more", "Compare with yesterday")
    await until(lambda: not dock.comparison.has_work)
    assert dock.comparison.isVisible()
    assert [title.text() for title in dock.comparison.titles] == ["today", "yesterday"]
    assert dock.comparison.model.rowCount() == 1
    assert dock.comparison.right.selected_range == (0, 1)
    dock.show_event(2)
    assert dock.events.isVisible()
    first.close()
    second.close()


async def test_a_saved_conversation_is_compared_at_once(app, dock: ConversationDock, monkeypatch, tmp_path):
    transcript = echo()
    path = tmp_path / "before.jsonl"
    await saving.save(transcript, path, "jsonl", with_secrets=True)
    dock.show_talk(Talk(transcript))
    answer(monkeypatch, "ask_open_file", path)
    dock.action("compare_saved").trigger()
    await until(lambda: dock.comparison.heading.text() == "All octets are equal.")
    QTest.mouseClick(dock.comparison.close_button, Qt.MouseButton.LeftButton)
    assert dock.events.isVisible()
    await dock.retire()
    transcript.close()


def test_a_closed_conversation_is_not_offered(dock: ConversationDock):
    first, second = echo(), echo()
    dock.show_talk(Talk(first, title="first"))
    dock.show_talk(Talk(second, title="second"))
    assert [title for title, _ in dock.other_conversations()] == ["first"]
    first.close()
    assert dock.other_conversations() == []
    second.close()
