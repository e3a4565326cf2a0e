"""The welcome page and the page of one Lab service."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.lab.catalogue import ServiceInfo
from workbench.ui import icons, theme

MAX_TEXT = 640
"""Width of running text, in units of scale 1: about 90 letters a line, as far as the eye follows."""

WELCOME = (
    "Network Workbench lets you do network protocols by hand and shows all of it: every byte, in order, with its time, "
    "and what it means. Nothing here needs the internet: the Lab's servers run on this machine."
)


class Offer(QWidget):
    """A button and the sentence beside it.

    Signals:
        taken: the button was pressed; its key.
    """

    taken = Signal(str)

    def __init__(self, key: str, text: str, sentence: str, icon: str, *, primary: bool = False) -> None:
        super().__init__()
        self._key = key
        self.button = QPushButton(text)
        self.button.setToolTip(sentence)
        if primary:
            theme.qualify(self.button, kind="primary")
        icons.dress(self.button, icon, "on_accent" if primary else "text")
        self.button.setMinimumWidth(theme.metric(210))
        label = QLabel(sentence)
        label.setWordWrap(True)
        label.setMaximumWidth(theme.metric(MAX_TEXT))
        theme.qualify(label, role="muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.metric(12))
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(label, 1)
        self.button.clicked.connect(self._on_clicked)

    def _on_clicked(self) -> None:
        self.taken.emit(self._key)


class WelcomePage(QWidget):
    """What this is, and what to try first.

    Signals:
        taken: the key of an offer.
    """

    taken = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        layout = page_layout(self)
        layout.addWidget(heading("Talk to a server, byte by byte"))
        layout.addWidget(paragraph(WELCOME))
        layout.addSpacing(theme.metric(4))
        offers = (
            ("echo", "Talk to lab:echo", "Connect, type a line, and watch it come back.", "connect", True),
            (
                "experiment",
                "Play an experiment",
                "Predict what happens, then see it happen.",
                "experiment",
                False,
            ),
            (
                "listen",
                "Listen on a free port",
                "Be the server: answer what arrives, by hand.",
                "listen",
                False,
            ),
            ("datagram", "Send a datagram", "UDP: each one is a message, an empty one too.", "send", False),
            (
                "reset",
                "Meet a rude server",
                "lab:resetting cuts the connection: see how that looks.",
                "abort",
                False,
            ),
        )
        self.offers: list[Offer] = []
        for key, text, sentence, icon, primary in offers:
            offer = Offer(key, text, sentence, icon, primary=primary)
            offer.taken.connect(self.taken)
            self.offers.append(offer)
            layout.addWidget(offer)
        layout.addSpacing(theme.metric(8))
        keys = paragraph("Ctrl+Shift+P finds every command by a few letters.")
        theme.qualify(keys, role="muted")
        layout.addWidget(keys)
        layout.addStretch(1)


class ServicePage(QWidget):
    """One service of the Lab: what it teaches, where it runs, what can be switched.

    Signals:
        open_asked, start_asked, stop_asked: the service's name.
    """

    open_asked = Signal(str)
    start_asked = Signal(str)
    stop_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self.title = heading("")
        self.teaches = paragraph("")
        self.facts = QLabel()
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.qualify(self.facts, role="muted")
        self.where = QLabel()
        self.where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.qualify(self.where, fixed=True)
        self.open_button = QPushButton("Open in Sockets")
        self.open_button.setToolTip("Put this server into the Sockets panel's target")
        theme.qualify(self.open_button, kind="primary")
        icons.dress(self.open_button, "sockets", "on_accent")
        self.start_button = QPushButton("Start")
        self.start_button.setToolTip("Start it now; connecting to it starts it too")
        self.stop_button = QPushButton("Stop")
        self.stop_button.setToolTip("Stop it and close its connections")
        self.switches = QWidget()
        self._form = QFormLayout(self.switches)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(theme.metric(16))
        self._form.setVerticalSpacing(theme.metric(6))
        row = QHBoxLayout()
        row.setSpacing(theme.metric(8))
        for button in (self.open_button, self.start_button, self.stop_button):
            row.addWidget(button)
        row.addStretch(1)
        layout = page_layout(self)
        layout.addWidget(self.title)
        layout.addWidget(self.teaches)
        layout.addWidget(self.facts)
        layout.addWidget(self.where)
        layout.addLayout(row)
        layout.addSpacing(theme.metric(8))
        self.switches_title = heading("How it can misbehave", small=True)
        layout.addWidget(self.switches_title)
        layout.addWidget(self.switches)
        layout.addStretch(1)
        self.open_button.clicked.connect(self._on_open)
        self.start_button.clicked.connect(self._on_start)
        self.stop_button.clicked.connect(self._on_stop)

    def show_service(self, info: ServiceInfo, addresses: Sequence[str]) -> None:
        """Take another service, or another state of the same."""
        self.where.setText(
            f"runs at {', '.join(addresses)}" if addresses else "not running; the first visit starts it"
        )
        self.start_button.setEnabled(not addresses)
        self.stop_button.setEnabled(bool(addresses))
        if info.name == self._name:
            return
        self._name = info.name
        self.title.setText(f"lab:{info.name}")
        self.teaches.setText(info.teaches)
        facts = [info.title, info.transport.upper()]
        if info.source:
            facts.append(info.source)
        if info.book_port is not None:
            facts.append(f"port {info.book_port} by the book")
        self.facts.setText(" · ".join(facts))
        while self._form.rowCount():
            self._form.removeRow(0)
        for switch in info.switches:
            name = QLabel(switch.name)
            theme.qualify(name, fixed=True)
            meaning = QLabel(switch.what)
            meaning.setWordWrap(True)
            theme.qualify(meaning, role="muted")
            self._form.addRow(name, meaning)
        self.switches_title.setVisible(bool(info.switches))

    def _on_open(self) -> None:
        self.open_asked.emit(self._name)

    def _on_start(self) -> None:
        self.start_asked.emit(self._name)

    def _on_stop(self) -> None:
        self.stop_asked.emit(self._name)


def page_layout(page: QWidget) -> QVBoxLayout:
    """The layout that every page of the panel has."""
    layout = QVBoxLayout(page)
    margin = theme.metric(20)
    layout.setContentsMargins(margin, theme.metric(16), margin, theme.metric(16))
    layout.setSpacing(theme.metric(10))
    return layout


def heading(text: str, *, small: bool = False) -> QLabel:
    """A title."""
    label = QLabel(text)
    label.setWordWrap(True)
    theme.qualify(label, **({"strong": True} if small else {"role": "title"}))
    return label


def paragraph(text: str) -> QLabel:
    """Running text, no wider than the eye follows."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setMaximumWidth(theme.metric(MAX_TEXT))
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
