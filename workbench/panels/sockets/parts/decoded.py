"""The selected connection read as Telnet or WebSocket, and buttons for the answers a person may give."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from workbench.bridge.feed import Feed
from workbench.errors import LocalMisuse
from workbench.formats.charset import visible
from workbench.jobs.scope import Scope
from workbench.panels.sockets.controller import SessionController
from workbench.panels.sockets.decoding import LANGUAGES, MAX_ROWS, Decoding, Row, greeting, negotiation
from workbench.panels.sockets.state import SessionState
from workbench.protocols.telnet.values import OPTIONS, VERBS
from workbench.ui import theme
from workbench.ui.pieces import allow, button, field, table_of
from workbench.ui.tables import NO_INDEX, Column, Index, TableModel
from workbench.ui.words import as_sentence

AGAIN_MS = 10
MAX_CELL = 300


class RowsModel(TableModel):
    """The pieces of a connection, in order. The list behind it grows; take() shows what came."""

    columns = (
        Column("", "→ sent, ← received"),
        Column("What stands there", is_fixed=True),
        Column("What it means"),
    )

    def __init__(self, decoding: Decoding) -> None:
        super().__init__()
        self.decoding = decoding
        self.rows = decoding.rows
        self._shown = 0

    def begin_anew(self) -> None:
        """Another connection, or another language."""
        self.beginResetModel()
        self.rows = self.decoding.rows
        self._shown = 0
        self.endResetModel()

    def take(self) -> None:
        """Show the rows that came."""
        count = len(self.rows)
        if count > self._shown:
            self.beginInsertRows(NO_INDEX, self._shown, count - 1)
            self._shown = count
            self.endInsertRows()

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else self._shown

    def cell(self, row: Row, column: int) -> str:
        return (row.direction.arrow, visible(row.what), row.text)[column][:MAX_CELL]

    def tip(self, row: Row, column: int) -> str:
        return visible(f"{row.what}\n{row.text}\n{row.source}", keep="\n")[:1000]

    def colour(self, row: Row, column: int) -> str:
        return row.direction.value if column < 2 and not row.is_plain else "muted"


class Decoded(QWidget):
    """The view. While hidden it looks at nothing.

    Args:
        controller: of the session; it sends the answers. scope: owns the sending. feed: tells of news once a frame.
    """

    def __init__(self, controller: SessionController, scope: Scope, feed: Feed) -> None:
        super().__init__()
        self._controller = controller
        self._scope = scope
        self._feed = feed
        self._uncut: object = None
        self._address = ""
        self.decoding = Decoding(controller.transcript)
        self.model = RowsModel(self.decoding)
        self.language = QComboBox()
        self.language.setAccessibleName("Read as")
        self.language.setToolTip("Which protocol the octets are read as; nothing is sent by that")
        for name, title in LANGUAGES.items():
            self.language.addItem(title, name)
        self.table = table_of(self.model, "Decoded", (28, 250))
        self.line = QLabel()
        self.line.setWordWrap(True)
        theme.qualify(self.line, role="muted")
        self._make_telnet()
        self._make_websocket()
        self.answers = QStackedWidget()
        self.answers.addWidget(self._row(self.refuse, self.verb, self.option, self.send_option))
        self.answers.addWidget(
            self._row(self.greet, self.words, self.send_text, self.send_ping, self.send_close)
        )
        self._lay_out()
        self.again = QTimer(self)
        self.again.setSingleShot(True)
        self.again.setInterval(AGAIN_MS)
        self._connect()
        self._show_line()

    # ---- building

    def _make_telnet(self) -> None:
        self.refuse = button("Refuse all", "bad", "Answer every WILL by DONT and every DO by WONT")
        self.verb = QComboBox()
        self.verb.setAccessibleName("Verb")
        self.verb.setToolTip("WILL and WONT speak of us, DO and DONT of the other side")
        self.verb.addItems(list(VERBS))
        self.option = QComboBox()
        self.option.setEditable(True)
        self.option.setAccessibleName("Option")
        self.option.setToolTip("By its name, or a number from 0 to 255")
        self.option.addItems([known.name for known in OPTIONS.values()])
        self.option.setCurrentText("ECHO")
        self.send_option = button("Send", "send", "Send this negotiation")

    def _make_websocket(self) -> None:
        self.greet = button("Ask for WebSocket", "link", "Send the request by HTTP that asks for WebSocket")
        self.words = field("Words", "text, or a code and words", "What the frame holds; of a close: 1000 bye")
        self.send_text = button("Text", "send", "Send this as a message of text")
        self.send_ping = button("Ping", "send", "Send this as a ping")
        self.send_close = button("Close", "finish", "Send a close: nothing, or a code and words")

    def _row(self, *widgets: QWidget) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.metric(8))
        for widget in widgets:
            row.addWidget(widget, 1 if widget in (self.words, self.option) else 0)
        return holder

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        top = QHBoxLayout()
        top.setContentsMargins(gap, gap, gap, 0)
        top.setSpacing(gap)
        top.addWidget(self.language)
        top.addWidget(self.line, 1)
        bottom = QVBoxLayout()
        bottom.setContentsMargins(gap, 0, gap, gap)
        bottom.addWidget(self.answers)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        column.addLayout(bottom)

    def _connect(self) -> None:
        self.again.timeout.connect(self.refresh)
        self.language.currentIndexChanged.connect(self._on_language_changed)
        self.refuse.clicked.connect(self._on_refuse_clicked)
        self.send_option.clicked.connect(self._on_option_sent)
        self.greet.clicked.connect(self._on_greet_clicked)
        self.send_text.clicked.connect(self._on_text_sent)
        self.send_ping.clicked.connect(self._on_ping_sent)
        self.send_close.clicked.connect(self._on_close_sent)
        self.words.returnPressed.connect(self._on_text_sent)

    # ---- showing

    def show_state(self, state: SessionState) -> None:
        """Show the selected connection's."""
        is_server = state.form.role == "listener"
        self._address = state.form.target
        if (state.selected, is_server) != (self.decoding.channel, self.decoding.is_server):
            self._follow(state.selected, is_server)
        for each in (
            self.refuse,
            self.send_option,
            self.greet,
            self.send_text,
            self.send_ping,
            self.send_close,
        ):
            allow(each, "" if state.can_send else state.why_not_send)

    def refresh(self) -> None:
        """Look now, a little at a time."""
        bar = self.table.verticalScrollBar()
        follows = bar.value() >= bar.maximum()
        if self.decoding.look():
            self.again.start()
        self.model.take()
        self._show_line()
        if follows and self.model.rowCount():
            self.table.scrollToBottom()

    def retire(self) -> None:
        """Look no more."""
        self.again.stop()
        self._cut()

    def _follow(self, channel: int | None, is_server: bool) -> None:
        self.decoding.follow(channel, self.language.currentData(), is_server=is_server)
        self.model.begin_anew()
        if self.isVisible():
            self.refresh()

    def _show_line(self, problem: str = "") -> None:
        decoding = self.decoding
        said = "Nothing is obeyed and nothing is answered by itself."
        if decoding.language == "telnet" and decoding.unanswered:
            said = f"{decoding.unanswered} wishes came; {said[0].lower()}{said[1:]}"
        if decoding.is_full:
            said = f"Only the first {MAX_ROWS:,} pieces are listed."
        self.line.setText(problem or as_sentence(decoding.fault) or said)
        theme.qualify(self.line, role="error" if problem or decoding.fault else "muted")

    def _cut(self) -> None:
        uncut, self._uncut = self._uncut, None
        if callable(uncut):
            uncut()

    # ---- a person did something

    def _on_language_changed(self, number: int) -> None:
        self.answers.setCurrentIndex(number)
        self._follow(self.decoding.channel, self.decoding.is_server)

    def _on_refuse_clicked(self) -> None:
        self._send(self.decoding.refuse_all)

    def _on_option_sent(self) -> None:
        self._send(negotiation, self.verb.currentText(), self.option.currentText())

    def _on_greet_clicked(self) -> None:
        self._send(greeting, self._address)

    def _on_text_sent(self) -> None:
        self._send(self.decoding.frame, "text", self.words.text())

    def _on_ping_sent(self) -> None:
        self._send(self.decoding.frame, "ping", self.words.text())

    def _on_close_sent(self) -> None:
        self._send(self.decoding.frame, "close", self.words.text())

    def _send(self, make, *given: str) -> None:
        """Make the octets and hand them over; a mistake is said and nothing is sent."""
        if not self.send_text.isEnabled():
            return
        try:
            data = make(*given)
        except LocalMisuse as mistake:
            self._show_line(as_sentence(str(mistake)))
            return
        self._show_line()
        self._scope.launch(self._controller.send(data), name="send", title="Sending an answer")

    # ---- Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._uncut is None:
            transcript = self._controller.transcript
            self._uncut = self._feed.watch(transcript, self.refresh)  # type: ignore[arg-type]  # what it returns is not used
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.again.stop()
        self._cut()
