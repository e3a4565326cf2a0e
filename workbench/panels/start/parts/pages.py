"""The welcome page, and what all pages of the panel share."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

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
        label = _Running(sentence)
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
    label = _Running(text)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


class _Running(QLabel):
    """Running text. A layout asks how high it is at the layout's own width, though it never becomes so wide: what it
    then needs more was taken from its neighbours."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setWordWrap(True)
        self.setMaximumWidth(theme.metric(MAX_TEXT))

    def heightForWidth(self, width: int) -> int:
        return super().heightForWidth(min(width, self.maximumWidth()))
