"""What a listener's own code threw, to be read: which client, in which zone, and the traceback."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from workbench.bridge.ask import ask
from workbench.protocols.raw.zones import Fault
from workbench.ui import theme


async def show_faults(parent: QWidget, faults: tuple[Fault, ...]) -> None:
    """Show them, the last one first, until the dialog is closed."""
    dialog = QDialog(parent)
    dialog.setWindowTitle("Exceptions of this listener")
    text = QPlainTextEdit(as_text(faults))
    text.setReadOnly(True)
    text.setAccessibleName("Exceptions")
    theme.qualify(text, fixed=True)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.addWidget(text, 1)
    column.addWidget(buttons)
    dialog.resize(theme.metric(720), theme.metric(420))
    await ask(dialog)


def as_text(faults: tuple[Fault, ...]) -> str:
    """All of them as text."""
    return "\n".join(
        f"client {fault.client} ({fault.peer}), while it was to {fault.zone}\n{fault.traceback}"
        for fault in reversed(faults)
    )
