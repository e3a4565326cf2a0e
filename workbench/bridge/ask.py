"""Asking people, awaited: the dialog opens, everything else goes on, the answer comes as a value.

    if await confirm(self, "Delete 3 messages?", "They are gone for good.", yes="Delete", is_dangerous=True):

A dialog is modal to its own window only. Escape and closing it mean no. When the task that waits is cancelled (its
panel retires), the dialog goes away. No dialog outlives its question.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QWidget,
)
from shiboken6 import Shiboken

REJECTED = int(QDialog.DialogCode.Rejected)
ACCEPTED = int(QDialog.DialogCode.Accepted)


class _Answer(QObject):
    """Turns a dialog's end into a future's result."""

    def __init__(self, dialog: QDialog) -> None:
        super().__init__()
        self.future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        dialog.finished.connect(self._on_finished)
        dialog.destroyed.connect(self._on_destroyed)

    def _on_finished(self, result: int) -> None:
        if not self.future.done():
            self.future.set_result(result)

    def _on_destroyed(self) -> None:
        # Its window went away underneath it.
        self._on_finished(REJECTED)


async def ask(dialog: QDialog) -> int:
    """Open a dialog and wait until it is finished; it is deleted then.

    Returns:
        The dialog's result: ACCEPTED, REJECTED or what its done() was given; REJECTED if its window was destroyed.
    """
    had_focus = QApplication.focusWidget()
    answer = _Answer(dialog)
    dialog.open()
    try:
        result = await answer.future
    finally:
        if Shiboken.isValid(dialog):
            if answer.future.cancelled():
                dialog.done(REJECTED)  # not close(): a message box may refuse that
            dialog.deleteLater()
    # Where no window manager chooses the next window (a bare X11), the keyboard would be nobody's.
    if had_focus is not None and Shiboken.isValid(had_focus) and QApplication.activeWindow() is None:
        had_focus.activateWindow()
    return result


async def confirm(
    parent: QWidget | None, question: str, detail: str = "", yes: str = "OK", *, is_dangerous: bool = False
) -> bool:
    """Ask whether to do something.

    Args:
        question: one short sentence with a question mark; names what happens, and to what.
        detail: what a person should know before saying yes.
        yes: the verb on the button that does it; the other one says Cancel.
        is_dangerous: it can't be undone: Return means Cancel.
    """
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning if is_dangerous else QMessageBox.Icon.Question)
    box.setWindowTitle(QApplication.applicationDisplayName())
    box.setText(question)
    box.setInformativeText(detail)
    show_as_typed(box)
    go = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel if is_dangerous else go)
    await ask(box)
    # Deleted only when control is back in Qt, unless its window went away.
    return Shiboken.isValid(box) and box.clickedButton() is go


async def ask_text(
    parent: QWidget | None,
    title: str,
    label: str,
    text: str = "",
    yes: str = "OK",
    *,
    is_secret: bool = False,
) -> str | None:
    """Ask for one line of text.

    Args:
        text: what stands there at first, selected.
        yes: the verb on the button.
        is_secret: shown as dots, and not offered to input methods.

    Returns:
        The text, perhaps empty; None when the person said no.
    """
    dialog = QInputDialog(parent)
    dialog.setInputMode(QInputDialog.InputMode.TextInput)
    dialog.setWindowTitle(title)
    dialog.setLabelText(label)
    dialog.setTextEchoMode(QLineEdit.EchoMode.Password if is_secret else QLineEdit.EchoMode.Normal)
    dialog.setTextValue(text)
    dialog.setOkButtonText(yes)
    show_as_typed(dialog)
    return dialog.textValue() if await ask(dialog) == ACCEPTED else None


async def ask_open_file(
    parent: QWidget | None, title: str, filters: Sequence[str] = (), folder: Path | None = None
) -> Path | None:
    """Ask for a file that exists.

    Args:
        filters: such as "Conversations (*.jsonl *.txt)"; the first is chosen at first; none shows all files.
        folder: where to begin; by default where the last dialog was.

    Returns:
        The file; None when the person said no.
    """
    dialog = _file_dialog(parent, title, filters, folder)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return await _chosen_file(dialog)


async def ask_save_file(
    parent: QWidget | None,
    title: str,
    filters: Sequence[str] = (),
    suggested: str = "",
    folder: Path | None = None,
) -> Path | None:
    """Ask where to save. An existing file is returned only after the person agreed to replace it.

    Args:
        filters: as in ask_open_file().
        suggested: the name that stands there at first; its suffix is added to a name that has none.
        folder: where to begin; by default where the last dialog was.

    Returns:
        The file; None when the person said no.
    """
    while True:
        dialog = _file_dialog(parent, title, filters, folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        # The dialog would ask in a nested event loop.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.setDefaultSuffix(Path(suggested).suffix.removeprefix("."))
        if suggested:
            dialog.selectFile(suggested)
        path = await _chosen_file(dialog)
        # In a thread: a network folder that hangs must not hang the window.
        if path is None or not await asyncio.to_thread(path.exists):
            return path
        question = f"Replace {path.name}?"
        detail = f"It exists already in {path.parent}. Its content will be lost."
        if await confirm(parent, question, detail, "Replace", is_dangerous=True):
            return path
        suggested, folder = path.name, path.parent


def _file_dialog(
    parent: QWidget | None, title: str, filters: Sequence[str], folder: Path | None
) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    if folder is not None:
        dialog.setDirectory(str(folder))
    if filters:
        dialog.setNameFilters(list(filters))
    return dialog


async def _chosen_file(dialog: QFileDialog) -> Path | None:
    if await ask(dialog) != ACCEPTED:
        return None
    files = dialog.selectedFiles()
    return Path(files[0]) if files else None


def show_as_typed(dialog: QDialog) -> None:
    """No label guesses HTML: a name or a peer's words may hold angle brackets."""
    for label in dialog.findChildren(QLabel):
        label.setTextFormat(Qt.TextFormat.PlainText)
