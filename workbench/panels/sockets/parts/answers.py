"""What came back by UDP, one line for each datagram, and how patiently to ask."""

import socket

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workbench.errors import WorkbenchError
from workbench.jobs.offload import in_thread
from workbench.jobs.scope import Scope
from workbench.panels.sockets.answersmodel import AnswersModel
from workbench.panels.sockets.state import SessionState, UdpForm
from workbench.protocols.raw.broadcast import MOST_PER_S, PER_S, stays_here
from workbench.protocols.raw.question import MAX_TRIES
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.pieces import allow, field, table_of

NOTHING = "Send a datagram: every answer will stand here, with its sender and the time that it took."
EVERYBODY = "Ask who is there: every machine that answers will stand here, with its address and the time that it took."


class Answers(QWidget):
    """The list of answers, who is there among them.

    Args:
        scope: owns the looking up of names.
    """

    def __init__(self, scope: Scope, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scope = scope
        self._asked: set[str] = set()
        self.model = AnswersModel()
        self.table = table_of(self.model, "Answers", (170, 84, 70, 60, 72))
        self.empty = EmptyState(NOTHING, icon="received")
        self.line = QLabel()
        theme.qualify(self.line, role="muted")
        self.line.setContentsMargins(theme.metric(8), 0, theme.metric(8), theme.metric(6))
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self.pages.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(4))
        column.addWidget(self.pages, 1)
        column.addWidget(self.line)

    def show_state(self, state: SessionState) -> None:
        """Show what came."""
        self.model.show_rows(state.answers)
        self.pages.setCurrentWidget(self.table if state.answers else self.empty)
        strangers = sum(answer.stranger for answer in state.answers)
        who = len({answer.source for answer in state.answers})
        said = [f"{state.answer_count} from {who}"] if state.answers else []
        said += [f"{strangers} from someone else, not taken for an answer"] if strangers else []
        said += [f"{state.dropped} questions held back"] if state.dropped else []
        if state.phase == "open":
            said.append("waiting; UDP has no end, Close stops it")
        self.line.setText("; ".join(said))
        for host in {answer.source.rpartition(":")[0].strip("[]") for answer in state.answers[-20:]}:
            self._look_up(host)

    def _look_up(self, host: str) -> None:
        """Ask this machine's own files what it calls an address. Others' names would be asked of a server."""
        if host in self._asked or len(self._asked) > 100 or not stays_here(host) or self._scope.is_retired:
            return
        self._asked.add(host)
        self._scope.launch(self._name(host), name="name of a sender")

    async def _name(self, host: str) -> None:
        try:
            name, _ = await in_thread(socket.getnameinfo, (host, 0), 0)
        except (OSError, WorkbenchError):
            return
        if name != host:
            self.model.name(host, name)


class AskBar(QWidget):
    """How patiently to ask, and whom to hear.

    Signals:
        edited: something is another.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: UdpForm | None = None
        self.tries = QSpinBox()
        self.tries.setRange(1, MAX_TRIES)
        self.tries.setSuffix(" ×")
        self.tries.setAccessibleName("Attempts")
        self.tries.setToolTip("How often to send a question that nobody answers, each time twice as patient")
        self.wait = field("First wait", "s", "Seconds to wait for the first answer; empty: don't wait", 44)
        self.quiet = field(
            "Quiet time",
            "never",
            "Seconds without an answer after which it is over; empty: until you stop it",
            52,
        )
        self.strangers = QCheckBox("Hear strangers")
        self.strangers.setToolTip(
            "Hear everybody, and mark who was not asked. Without it the system hears the one peer alone, and tells "
            "when nobody is there (ICMP)"
        )
        self.rate = QSpinBox()
        self.rate.setRange(1, int(MOST_PER_S))
        self.rate.setValue(int(PER_S))
        self.rate.setSuffix(" /s")
        self.rate.setAccessibleName("Questions to everybody in a second")
        self.rate.setToolTip(
            f"So many questions may go to everybody in a second, at most {MOST_PER_S:g}; more are held back and counted"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.metric(6))
        for text, widget in (
            ("Ask", self.tries),
            ("wait", self.wait),
            ("quiet", self.quiet),
            ("to all", self.rate),
        ):
            label = QLabel(text)
            theme.qualify(label, role="muted")
            label.setBuddy(widget)
            row.addWidget(label)
            row.addWidget(widget)
        row.addWidget(self.strangers)
        row.addStretch(1)
        self.tries.valueChanged.connect(self.edited)
        self.rate.valueChanged.connect(self.edited)
        self.wait.textChanged.connect(self.edited)
        self.quiet.textChanged.connect(self.edited)
        self.strangers.toggled.connect(self.edited)

    def form(self) -> UdpForm:
        """What stands there."""
        return UdpForm(
            self.strangers.isChecked(),
            self.tries.value(),
            self.wait.text(),
            self.quiet.text(),
            float(self.rate.value()),
        )

    def show_form(self, form: UdpForm) -> None:
        """Put a form there."""
        self.strangers.setChecked(form.strangers)
        self.tries.setValue(form.tries)
        self.wait.setText(form.wait)
        self.quiet.setText(form.quiet)
        self.rate.setValue(round(form.per_s))

    def show_state(self, state: SessionState) -> None:
        """It can be changed while nothing is open."""
        self.setVisible((state.form.role, state.form.transport) == ("client", "udp"))
        allow(self, "close what is open first (Esc)" if state.is_live else "")
        mistake = state.mistake
        for name, widget in (("wait", self.wait), ("quiet", self.quiet)):
            theme.qualify(widget, wrong=mistake is not None and mistake.field == name)
