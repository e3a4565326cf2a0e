"""The right half of a session: what is sent, to whom, and a listener's rule for answers. Decides nothing."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from workbench.errors import LocalMisuse
from workbench.formats.payload import parse_payload
from workbench.jobs.scope import Scope
from workbench.panels.sockets.deeds import Deeds
from workbench.panels.sockets.parts.answers import AskBar
from workbench.panels.sockets.parts.deedbar import DeedBar
from workbench.panels.sockets.parts.groupbar import GroupBar
from workbench.panels.sockets.parts.serverbar import ServerBar
from workbench.panels.sockets.state import SessionState
from workbench.protocols.raw.presets import PRESETS
from workbench.ui import theme
from workbench.ui.byteedit import ByteEdit
from workbench.ui.pieces import allow, button

RULES = (
    ("none", "Answer by hand"),
    ("echo", "Send it back (echo)"),
    ("text", "Answer with this text"),
)
OF_DATAGRAMS = len(RULES)
"""The first ones; presets are conversations, and need a stream."""
ONCE_TIP = "Offer these bytes to the system once. It takes what there is room for; what it leaves stays in the editor"
SEND_TIP = "Send these bytes (Ctrl+Enter)"
TLS_TIPS = {
    "client": "Put this connection under TLS now (Ctrl+Shift+L), as the options behind ... say",
    "listener": "Send these bytes in clear, then wait for the client's hello (Ctrl+Shift+L)",
}
TLS_WORDS = {"client": "Start TLS", "listener": "Send, start TLS"}


class Editor(QWidget):
    """The editor with its buttons.

    Args:
        scope: owns the jobs of the menus. deeds: of the session.
    """

    def __init__(self, scope: Scope, deeds: Deeds) -> None:
        super().__init__()
        self.bytes = ByteEdit("Bytes to send")
        # What nearly every line protocol wants (RFC 5234's CRLF); the choice stands below the editor.
        self.bytes.ending.setCurrentIndex(self.bytes.ending.findData("crlf"))
        self.to = QLabel()
        theme.qualify(self.to, role="muted")
        self.to.setTextFormat(Qt.TextFormat.PlainText)
        self.send_button = button("Send", "send", SEND_TIP, "primary")
        self.once_button = button("Send once", "sent", ONCE_TIP)
        self.finish_button = button(
            "Finish", "finish", "Finish our half (FIN): we send no more, the peer still can (Ctrl+D)"
        )
        self.abort_button = button(
            "Reset",
            "abort",
            "Reset the connection (RST): what is on its way is lost (Ctrl+Shift+D)",
            "danger",
        )
        self.tls_button = button(TLS_WORDS["client"], "lock", TLS_TIPS["client"])
        self.rule = QComboBox()
        self.rule_text = QLineEdit()
        self.rule_label = QLabel("Answers")
        self.deeds = DeedBar(scope, deeds, self.bytes)
        self.server = ServerBar()
        self.ask = AskBar()
        self.groups = GroupBar(deeds)
        self._fill_rule()
        self._lay_out()

    def _fill_rule(self) -> None:
        for rule, title in RULES:
            self.rule.addItem(title, rule)
        self.rule.insertSeparator(self.rule.count())
        for preset in PRESETS:
            self.rule.addItem(preset.title, preset.name)
            self.rule.setItemData(self.rule.count() - 1, preset.what, Qt.ItemDataRole.ToolTipRole)
        self.rule.setAccessibleName("Rule for answers")
        self.rule.setToolTip("What a listener does with what arrives; it may be changed while it listens")
        self.rule_text.setAccessibleName("Text of the answer")
        self.rule_text.setPlaceholderText("answer, with escapes: 220 hello\\r\\n")
        self.rule_label.setBuddy(self.rule)

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        rule_row = QHBoxLayout()
        rule_row.setSpacing(gap)
        rule_row.addWidget(self.rule_label)
        rule_row.addWidget(self.rule)
        rule_row.addWidget(self.rule_text, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(gap)
        buttons.addWidget(self.to, 1)
        for each in (
            self.abort_button,
            self.finish_button,
            self.tls_button,
            self.once_button,
            self.send_button,
        ):
            buttons.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        column.addLayout(rule_row)
        column.addWidget(self.server)
        column.addWidget(self.ask)
        column.addWidget(self.groups)
        column.addWidget(self.bytes, 1)
        column.addWidget(self.deeds)
        column.addLayout(buttons)

    def judged_rule(self) -> str | None:
        """The chosen rule; None, and the field marked, while its text is no payload."""
        rule = str(self.rule.currentData())
        try:
            if rule == "text":
                parse_payload(self.rule_text.text(), line_ending="crlf")
        except LocalMisuse as mistake:
            theme.qualify(self.rule_text, wrong=True)
            self.rule_text.setToolTip(f"{mistake}\n{mistake.caret()}")
            return None
        theme.qualify(self.rule_text, wrong=False)
        self.rule_text.setToolTip("Sent for every piece that arrives; escapes as in the editor")
        return rule

    def show_state(self, state: SessionState) -> None:
        """Show what can be done."""
        listener = state.form.role == "listener"
        for widget in (self.rule_label, self.rule):
            widget.setVisible(listener)
        self.rule_text.setVisible(listener and state.form.reply == "text")
        self._show_presets(state.form.transport == "tcp")
        for bar in (self.server, self.ask, self.groups, self.deeds):
            bar.show_state(state)
        wrong = "the text has a mistake" if self.bytes.mistake is not None else ""
        allow(self.send_button, wrong or state.why_not_send)
        allow(self.once_button, wrong or state.why_not_send)
        allow(self.finish_button, "" if state.can_finish else state.why_not_send)
        allow(self.abort_button, "" if state.can_abort else "there is no open connection to reset")
        streams = state.form.has_tls
        self.finish_button.setVisible(streams)
        self.abort_button.setVisible(streams)
        self.once_button.setVisible(streams)
        self.deeds.setVisible(streams)
        self._show_tls(state, wrong if listener else "")
        peer = state.peer
        several = listener and peer is not None
        self.to.setText(f"to {peer.address}" if several and peer is not None else "")

    def show_rest(self, rest: bytes) -> None:
        """What the system did not take is what stands there now, marked."""
        self.bytes.set_value(rest)
        self.bytes.editor.selectAll()

    def _show_presets(self, is_stream: bool) -> None:
        model = self.rule.model()
        for at in range(OF_DATAGRAMS + 1, self.rule.count()):
            if isinstance(model, QStandardItemModel):
                model.item(at).setEnabled(is_stream)

    def _show_tls(self, state: SessionState, wrong: str) -> None:
        """The button is there while it could be needed: a connection in clear, that nothing else was asked for."""
        peer, role = state.peer, state.form.role
        is_secure = peer is not None and peer.is_open and peer.is_secure
        self.tls_button.setVisible(state.form.has_tls and not state.form.tls.is_on and not is_secure)
        self.tls_button.setText(TLS_WORDS[role])
        allow(self.tls_button, wrong or state.why_not_start_tls, TLS_TIPS[role])
