"""Menus beside the editor: files, faults, and asking for TLS. Each entry is a job, and says what it is for."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from workbench.bridge.ask import ask_open_file, ask_save_file
from workbench.errors import LocalMisuse
from workbench.formats.quantity import octets
from workbench.jobs.scope import Scope
from workbench.panels.sockets.deeds import Deeds
from workbench.panels.sockets.state import SessionState, Transfer
from workbench.protocols.raw.mischief import WAYS
from workbench.protocols.starttls.values import PROTOCOLS
from workbench.ui import theme
from workbench.ui.byteedit import ByteEdit
from workbench.ui.pieces import allow

FAULTS_TIP = "Send in ways that a server has to bear, and many do not"
FILES_TIP = "Send a file of any size, or receive into one"
TLS_TIP = "Ask the server for TLS as its protocol does, then shake hands"


class DeedBar(QWidget):
    """The menus.

    Args:
        scope: owns the jobs. deeds: of the session. bytes_: what the faults send.
    """

    def __init__(self, scope: Scope, deeds: Deeds, bytes_: ByteEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scope = scope
        self._deeds = deeds
        self._bytes = bytes_
        self.files, self.faults, self.ask = (
            QPushButton("Files"),
            QPushButton("Faults"),
            QPushButton("STARTTLS"),
        )
        self.file_menu, self.fault_menu, self.ask_menu = (QMenu(self) for _ in range(3))
        self._fill()
        self.line = QLabel()
        theme.qualify(self.line, role="muted")
        self.place = QHBoxLayout()
        """Where one more part of the conversation's kind finds its controls."""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.metric(8))
        for button, menu in (
            (self.files, self.file_menu),
            (self.faults, self.fault_menu),
            (self.ask, self.ask_menu),
        ):
            button.setMenu(menu)
            row.addWidget(button)
        row.addLayout(self.place)
        row.addWidget(self.line, 1)
        self.file_menu.triggered.connect(self._on_file_chosen)
        self.fault_menu.triggered.connect(self._on_fault_chosen)
        self.ask_menu.triggered.connect(self._on_protocol_chosen)

    def _fill(self) -> None:
        self.send_file = self.file_menu.addAction("Send a file …")
        self.receive_file = self.file_menu.addAction("Receive into a file …")
        self.receive_file.setToolTip("All that arrives from now on, until the peer has finished")
        for way in WAYS:
            action = self.fault_menu.addAction(way.title)
            action.setData(way.name)
            action.setToolTip(way.what)
        self.fault_menu.addSeparator()
        self.cut = self.fault_menu.addAction("FIN without close_notify")
        self.cut.setToolTip(
            "End our half below TLS, as somebody on the way could: the peer must not take it for the end"
        )
        for protocol in PROTOCOLS:
            action = self.ask_menu.addAction(f"{protocol.title}: {protocol.asks}")
            action.setData(protocol.name)
            action.setToolTip(protocol.source)
        for menu, name in (
            (self.file_menu, "Files"),
            (self.fault_menu, "Faults"),
            (self.ask_menu, "STARTTLS"),
        ):
            menu.setToolTipsVisible(True)
            menu.setTitle(name)

    def show_state(self, state: SessionState) -> None:
        """Show what can be done."""
        streams = state.form.has_tls
        peer = state.peer
        wrong = "the text has a mistake" if self._bytes.mistake is not None else ""
        for button, tip, why in (
            (self.files, FILES_TIP, state.why_not_send if not state.can_receive else ""),
            (self.faults, FAULTS_TIP, state.why_not_send),
            (self.ask, TLS_TIP, state.why_not_start_tls),
        ):
            allow(button, why, tip)
            button.setVisible(streams)
        self.ask.setVisible(streams and state.form.role == "client" and not state.form.tls.is_on)
        allow(self.send_file, "" if state.can_send else state.why_not_send)
        why = "a file is being received" if state.receiving else ""
        if not why and not state.can_receive:
            why = "nothing more comes in" if state.can_send else state.why_not_send
        allow(self.receive_file, why)
        for action in self.fault_menu.actions():
            if action.data():
                action.setEnabled(state.can_send and not wrong)
        self.cut.setEnabled(state.can_send and peer is not None and peer.is_secure)
        self.line.setText(_said(state))

    # ---- a person chose something

    def _on_file_chosen(self, action: QAction) -> None:
        way = self._send if action is self.send_file else self._receive
        self._scope.launch(way(), name="file", title=action.text().rstrip(" …"))

    async def _send(self) -> None:
        path = await ask_open_file(self, "Send a file")
        if path is not None:
            await self._deeds.send_file(str(path))

    async def _receive(self) -> None:
        path = await ask_save_file(self, "Receive into a file", suggested="received.bin")
        if path is not None:
            await self._deeds.receive_file(str(path))

    def _on_fault_chosen(self, action: QAction) -> None:
        name = action.data()
        if not name:
            self._scope.launch(self._deeds.cut(), name="cut", title="FIN without close_notify")
            return
        try:
            data = self._bytes.value()
        except LocalMisuse:
            self._bytes.go_to_mistake()
            return
        self._scope.launch(self._deeds.mischief(str(name), data), name=str(name), title=action.text())

    def _on_protocol_chosen(self, action: QAction) -> None:
        name = str(action.data())
        self._scope.launch(
            self._deeds.ask_tls(name), name="starttls", title=f"Asking for TLS ({action.text()})"
        )


def _said(state: SessionState) -> str:
    """What goes on, or what came of the last sending."""
    if state.doing and (file := state.sent_file) is not None and not file.is_over:
        return _far("sent", file)
    if state.receiving and (file := state.received_file) is not None:
        return _far("received", file)
    if state.doing:
        return f"{state.doing} …"
    return state.offer.sentence if state.offer is not None else ""


def _far(verb: str, file: Transfer) -> str:
    of = f" of {octets(file.total)}" if file.total is not None else ""
    return f"{verb} {octets(file.done)}{of}"
