"""Awaited dialogs: the program goes on, Escape means no, focus comes back, and no dialog is left."""

import asyncio
import gc
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import Shiboken

from tests.bridge.signals import until
from workbench.bridge.ask import ACCEPTED, REJECTED, ask, ask_open_file, ask_save_file, ask_text, confirm

Key = Qt.Key


@pytest.fixture
def window(app):
    window = QWidget()
    layout = QVBoxLayout(window)
    for _ in range(2):
        layout.addWidget(QLineEdit())
    window.show()
    yield window
    window.close()
    window.deleteLater()


async def opened(kind=QDialog):
    """Wait until a dialog is there, and has the keyboard."""

    def is_there():
        dialog = QApplication.activeModalWidget()
        return isinstance(dialog, kind) and dialog.isActiveWindow()

    await until(is_there)
    return QApplication.activeModalWidget()


def dialogs():
    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QDialog)]


async def deleted():
    """Let Qt delete what it was told to."""
    await until(lambda: not dialogs())


async def test_the_answer_is_the_dialogs_result_and_the_dialog_is_gone(window):
    for how, expected in ((QDialog.accept, ACCEPTED), (QDialog.reject, REJECTED)):
        asking = asyncio.create_task(ask(QDialog(window)))
        how(await opened())
        assert await asking == expected
        await deleted()
    asking = asyncio.create_task(ask(QDialog(window)))
    (await opened()).done(7)
    assert await asking == 7
    await deleted()


async def test_another_task_moves_while_the_dialog_is_open(window):
    steps = []

    async def other():
        while True:
            steps.append(None)
            await asyncio.sleep(0.001)

    task = asyncio.create_task(other())
    asking = asyncio.create_task(ask(QDialog(window)))
    dialog = await opened()
    before = len(steps)
    await until(lambda: len(steps) > before + 3)
    assert dialog.isVisible()
    dialog.accept()
    assert await asking == ACCEPTED
    task.cancel()


async def test_a_dialog_blocks_its_own_window_and_no_other(window):
    asking = asyncio.create_task(ask(QDialog(window)))
    dialog = await opened()
    assert dialog.windowModality() == Qt.WindowModality.WindowModal
    dialog.reject()
    await asking


async def test_escape_means_no(window):
    asking = asyncio.create_task(ask(QDialog(window)))
    QTest.keyClick(await opened(), Key.Key_Escape)
    assert await asking == REJECTED


async def test_closing_the_dialogs_window_means_no(window):
    asking = asyncio.create_task(ask(QDialog(window)))
    (await opened()).close()
    assert await asking == REJECTED


async def test_a_cancelled_question_takes_its_dialog_away(window):
    for question in (ask(QDialog(window)), confirm(window, "Really?"), ask_text(window, "Name", "Name:")):
        asking = asyncio.create_task(question)
        dialog = await opened()
        asking.cancel()
        await asyncio.wait([asking])
        assert asking.cancelled()
        assert not Shiboken.isValid(dialog) or not dialog.isVisible()
        await deleted()


async def test_a_dialog_whose_window_is_destroyed_is_answered_with_no(app):
    window = QWidget()
    window.show()
    asking = asyncio.create_task(ask(QDialog(window)))
    await opened()
    window.deleteLater()
    assert await asking == REJECTED
    asking = asyncio.create_task(confirm(other := QWidget(), "Really?"))
    await opened()
    other.deleteLater()
    assert await asking is False


async def test_focus_comes_back_to_where_it_was(window):
    field = window.findChildren(QLineEdit)[1]
    window.activateWindow()
    field.setFocus()
    await until(lambda: QApplication.focusWidget() is field)
    asking = asyncio.create_task(ask_text(window, "Name", "Name:"))
    dialog = await opened()
    assert dialog.isAncestorOf(QApplication.focusWidget())
    QTest.keyClick(dialog, Key.Key_Escape)
    assert await asking is None
    await until(lambda: QApplication.focusWidget() is field)


async def test_an_answered_dialog_is_freed(window):
    dialog = QDialog(window)
    gone = weakref.ref(dialog)
    asking = asyncio.create_task(ask(dialog))
    await opened()
    dialog.accept()
    await asking
    await deleted()
    del dialog, asking
    gc.collect()
    assert gone() is None


# confirm


async def test_yes_is_a_verb_and_is_on_return(window):
    asking = asyncio.create_task(confirm(window, "Stop 2 jobs?", "They can't go on.", yes="Stop"))
    box = await opened(QMessageBox)
    assert [button.text().replace("&", "") for button in box.buttons()] == ["Stop", "Cancel"]
    assert box.text() == "Stop 2 jobs?"
    assert box.informativeText() == "They can't go on."
    QTest.keyClick(box, Key.Key_Return)
    assert await asking is True


async def test_escape_cancels_and_return_too_where_it_is_dangerous(window):
    for key, is_dangerous in ((Key.Key_Escape, False), (Key.Key_Escape, True), (Key.Key_Return, True)):
        asking = asyncio.create_task(confirm(window, "Delete it?", yes="Delete", is_dangerous=is_dangerous))
        QTest.keyClick(await opened(QMessageBox), key)
        assert await asking is False
        await deleted()


async def test_a_dangerous_yes_can_be_clicked(window):
    asking = asyncio.create_task(confirm(window, "Delete it?", yes="Delete", is_dangerous=True))
    box = await opened(QMessageBox)
    [button] = [b for b in box.findChildren(QPushButton) if b.text().replace("&", "") == "Delete"]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert await asking is True


async def test_no_label_guesses_html(window):
    asking = asyncio.create_task(confirm(window, "Open <b>this</b>?", "<img src='http://tracker'>"))
    box = await opened(QMessageBox)
    shown = [label for label in box.findChildren(QLabel) if "<" in label.text()]
    assert len(shown) == 2
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in shown)
    box.reject()
    await asking


# Text and files


async def test_text_is_asked_for(window):
    asking = asyncio.create_task(ask_text(window, "Rename", "New name:", "old"))
    dialog = await opened(QInputDialog)
    field = dialog.findChild(QLineEdit)
    assert (field.text(), field.selectedText()) == ("old", "old")
    QTest.keyClicks(field, "new")
    QTest.keyClick(field, Key.Key_Return)
    assert await asking == "new"


async def test_empty_text_is_an_answer_and_escape_is_none(window):
    asking = asyncio.create_task(ask_text(window, "Rename", "New name:"))
    QTest.keyClick(await opened(QInputDialog), Key.Key_Return)
    assert await asking == ""
    await deleted()
    asking = asyncio.create_task(ask_text(window, "Password", "Password:", is_secret=True))
    dialog = await opened(QInputDialog)
    assert dialog.findChild(QLineEdit).echoMode() == QLineEdit.EchoMode.Password
    QTest.keyClick(dialog, Key.Key_Escape)
    assert await asking is None


async def choose(path):
    dialog = await opened(QFileDialog)
    field = dialog.findChild(QLineEdit)
    field.setText(str(path))
    QTest.keyClick(field, Key.Key_Return)


async def test_a_file_to_open_is_chosen_or_not(window, tmp_path):
    file = tmp_path / "talk.jsonl"
    file.write_bytes(b"")
    asking = asyncio.create_task(
        ask_open_file(window, "Open", ["Conversations (*.jsonl)", "All (*)"], tmp_path)
    )
    dialog = await opened(QFileDialog)
    assert dialog.nameFilters() == ["Conversations (*.jsonl)", "All (*)"]
    assert Path(dialog.directory().absolutePath()) == tmp_path
    await choose(file)
    assert await asking == file
    await deleted()
    asking = asyncio.create_task(ask_open_file(window, "Open"))
    QTest.keyClick(await opened(QFileDialog), Key.Key_Escape)
    assert await asking is None


async def test_a_new_file_is_saved_without_a_question_and_gets_its_suffix(window, tmp_path):
    asking = asyncio.create_task(ask_save_file(window, "Save", suggested="talk.jsonl", folder=tmp_path))
    dialog = await opened(QFileDialog)
    assert dialog.findChild(QLineEdit).text() == "talk.jsonl"
    await choose(tmp_path / "other")
    assert await asking == tmp_path / "other.jsonl"


async def test_replacing_a_file_is_confirmed_and_no_asks_for_another_name(window, tmp_path):
    file = tmp_path / "talk.jsonl"
    file.write_bytes(b"old")
    asking = asyncio.create_task(ask_save_file(window, "Save", folder=tmp_path))
    await choose(file)
    box = await opened(QMessageBox)
    assert box.text() == "Replace talk.jsonl?"
    QTest.keyClick(box, Key.Key_Escape)
    again = await opened(QFileDialog)
    assert again.findChild(QLineEdit).text() == "talk.jsonl"
    QTest.keyClick(again.findChild(QLineEdit), Key.Key_Return)
    box = await opened(QMessageBox)
    [button] = [b for b in box.findChildren(QPushButton) if b.text().replace("&", "") == "Replace"]
    button.click()
    assert await asking == file
    assert file.read_bytes() == b"old"


async def test_no_question_leaves_a_dialog_for_qt_to_delete(window):
    asking = asyncio.create_task(confirm(window, "Really?"))
    (await opened(QMessageBox)).reject()
    await asking
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert dialogs() == []
