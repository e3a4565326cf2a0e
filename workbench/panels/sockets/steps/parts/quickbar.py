"""Buttons for the calls that need nothing typed; which of them stand there follows what is selected."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from workbench.panels.sockets.steps.state import StepsState
from workbench.protocols.calls.carry_files import NO_FILE
from workbench.protocols.calls.spec import CALLS, python_name
from workbench.ui import theme
from workbench.ui.pieces import allow

QUICK = (
    ("accept", "Accept"),
    ("recv", "Receive"),
    ("poll", "Poll"),
    ("flush", "Flush"),
    ("readline", "Read line"),
    ("file_close", "Close file"),
    ("shutdown", "End writing"),
    ("dup", "Duplicate"),
    ("makefile", "As file"),
    ("close", "Close"),
)
"""Calls, and what their button says."""
OF_FILES = ("flush", "readline", "file_close")
OF_SOCKETS = ("accept", "recv", "poll", "dup", "makefile")
"""Calls that make no sense, or are in the way, while a file is selected."""


class QuickBar(QWidget):
    """The buttons. Signals: asked: a line, to be carried out."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = StepsState()
        self.buttons = {call: QPushButton(text) for call, text in QUICK}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.metric(4))
        for call, each in self.buttons.items():
            theme.qualify(each, kind="quiet")
            each.setProperty("call", call)
            each.clicked.connect(self._on_clicked)
            row.addWidget(each)
        row.addStretch(1)
        self.show_state(self._state)

    def show_state(self, state: StepsState) -> None:
        """Offer what can be called on the selection."""
        self._state = state
        for call, each in self.buttons.items():
            why = why_not(call, state)
            hidden = call in (OF_SOCKETS if state.file is not None else OF_FILES)
            each.setVisible(not hidden)
            allow(each, why, f"{python_name(call)}: {CALLS[call].what}")

    def ask(self, call: str) -> None:
        """Ask for a call on the selection, if it can be made."""
        state = self._state
        if why_not(call, state) or state.descriptor is None:
            return
        name = state.file.name if call in OF_FILES and state.file is not None else state.descriptor.name
        self.asked.emit(f"{name}.{python_name(call)}")

    def _on_clicked(self) -> None:
        self.ask(str(self.sender().property("call")))


def why_not(call: str, state: StepsState) -> str:
    """Why a call has no button now; "" where it has."""
    if state.descriptor is None:
        return "nothing is selected"
    if call in OF_FILES and state.file is None:
        return "no file is selected"
    if call == "makefile" and not state.descriptor.is_stream:
        return NO_FILE
    if call == "shutdown" and "WR" in state.descriptor.ended:
        return "ended already: there is no way back"
    return ""
