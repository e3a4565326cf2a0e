"""Two views that take what they show in slices: text, and the sanitised pieces of HTML. Neither loads anything."""

from collections.abc import Callable, Sequence
from time import perf_counter

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QImage, QImageReader, QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QTextBrowser

from workbench.formats.charset import visible
from workbench.formats.mime.html_draw import Piece
from workbench.ui import theme

FRAME_MS = 16
SLICE_S = 0.004
"""Of each frame; the rest is the network's and the hand's."""
TEXT_SLICE = 8192
MAX_LINE = 1000
"""Characters; laying out a line of a million holds the window for a second."""
MAX_PICTURE = 4 * 1024 * 1024
"""Octets of a picture that is decoded."""
MAX_SIDE = 640
MAX_PIXELS = 16_000_000
"""A small file can be a picture of a gigabyte: its size is asked for before it is decoded."""


class LetterText(QPlainTextEdit):
    """A text, as much of it as is given, in lines of a bounded length."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        theme.qualify(self, fixed=True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._text = ""
        self._at = 0
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._on_frame)

    @property
    def is_complete(self) -> bool:
        """Whether all of it stands there."""
        return not self._timer.isActive()

    def show_text(self, text: str) -> None:
        """Show another text."""
        self._timer.stop()
        self.clear()
        self._text, self._at = text, 0
        if text:
            self._on_frame()
            if self._at < len(text):
                self._timer.start()

    def _on_frame(self) -> None:
        until = perf_counter() + SLICE_S
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        while self._at < len(self._text) and perf_counter() < until:
            stop = min(len(self._text), self._at + TEXT_SLICE)
            piece = self._text[self._at : stop]
            cursor.insertText(_in_lines(visible(piece, keep="\n\t")))
            self._at = stop
        if self._at >= len(self._text):
            self._timer.stop()


def _in_lines(text: str) -> str:
    """The text with lines that are too long broken."""
    if len(text) <= MAX_LINE:
        return text
    lines = []
    for line in text.split("\n"):
        while len(line) > MAX_LINE:
            lines.append(line[:MAX_LINE])
            line = line[MAX_LINE:]
        lines.append(line)
    return "\n".join(lines)


class LetterPage(QTextBrowser):
    """Pieces of HTML, and pictures that the letter itself holds. Whatever else it asks for, it gets nothing.

    Signals:
        link_chosen: where a link leads; nothing was opened.
    """

    link_chosen = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self.refused: list[str] = []
        """What was asked for and not given; the sanitiser leaves nothing that would."""
        self._pieces: Sequence[Piece] = ()
        self._at = 0
        self._picture: Callable[[str, int], bytes] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._on_frame)
        self.anchorClicked.connect(self._on_anchor_clicked)

    @property
    def is_complete(self) -> bool:
        """Whether all pieces stand there."""
        return not self._timer.isActive()

    def show_pieces(self, pieces: Sequence[Piece], picture: Callable[[str, int], bytes] | None) -> None:
        """Show another page. picture: gives the octets of a part by its name, if it has no more than so many."""
        self._timer.stop()
        self.clear()
        self._pieces, self._at, self._picture = pieces, 0, picture
        if pieces:
            self._on_frame()
            if self._at < len(pieces):
                self._timer.start()

    def _on_frame(self) -> None:
        until = perf_counter() + SLICE_S
        cursor = QTextCursor(self.document())
        while self._at < len(self._pieces) and perf_counter() < until:
            cursor.movePosition(QTextCursor.MoveOperation.End)
            if self._at:
                cursor.insertBlock()
            cursor.insertHtml(self._pieces[self._at].html)
            self._at += 1
        if self._at >= len(self._pieces):
            self._timer.stop()

    def _on_anchor_clicked(self, url: QUrl) -> None:
        self.link_chosen.emit(url.toString())

    # Qt's

    def loadResource(self, kind: int, url: QUrl | str) -> object:
        asked = QUrl(url)
        if (
            kind == QTextDocument.ResourceType.ImageResource.value
            and asked.scheme() == "cid"
            and self._picture is not None
        ):
            return _image(self._picture(asked.path(), MAX_PICTURE))
        self.refused.append(asked.toString())
        return QByteArray()


def _image(data: bytes) -> QImage:
    """A picture no larger than the page; an empty one where the octets are none."""
    held = QByteArray(data)
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > MAX_PIXELS:
        return QImage()
    if size.width() > MAX_SIDE or size.height() > MAX_SIDE:
        reader.setScaledSize(size.scaled(QSize(MAX_SIDE, MAX_SIDE), Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
