"""What the bench is given: framing, encoding, limit and decoder in a row; messages, and a format of one's own."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workbench.errors import LocalMisuse
from workbench.formats.framing.catalogue import KINDS
from workbench.formats.framing.encodings import ENCODINGS
from workbench.panels.sockets.framing.models import noted_table
from workbench.panels.sockets.framing.state import DESIGN, Form, Frames
from workbench.ui import theme
from workbench.ui.bytetext import ByteText
from workbench.ui.mistakemark import MistakeMark
from workbench.ui.pieces import field, table_of

LENGTHS = tuple(f"length:{width}:{order}" for width in (2, 4, 8) for order in ("big", "little"))
DETAILS = {"marker": "--", "digits": "4"}
"""What stands in the field of a framing that takes one, where nobody typed anything."""
DECODERS = (
    (False, "Right decoder", "Keeps what a read has brought of a message until the rest is there"),
    (True, "Forgetful decoder", "A mistake to be found: each read is decoded by itself, as if it were all"),
)


class FramingRow(QWidget):
    """Which framing, and how it is read.

    Signals:
        edited: something is another.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.framing, self.encoding, self.decoder = QComboBox(), QComboBox(), QComboBox()
        self.detail = field("Detail", "", "The marker's octets, or the number of digits", 110)
        self.limit = field("Limit", "65536", "Octets that a message may have: more is refused", 90)
        self.marks = {"detail": MistakeMark(self.detail), "limit": MistakeMark(self.limit)}
        theme.qualify(self.detail, fixed=True)
        theme.qualify(self.limit, fixed=True)
        self._fill()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.metric(8))
        for widget in (self.framing, self.detail, self.encoding, self.decoder):
            row.addWidget(widget)
        row.addWidget(QLabel("Limit"))
        row.addWidget(self.limit)
        row.addStretch(1)
        for box in (self.framing, self.encoding, self.decoder):
            box.currentIndexChanged.connect(self._on_edited)
        self.detail.textEdited.connect(self._on_edited)
        self.limit.textEdited.connect(self._on_edited)

    def _fill(self) -> None:
        for kind in KINDS:
            if kind.id != "length":
                self._add_framing(kind.id, kind.title, kind.what)
                continue
            for spec in LENGTHS:
                _, width, order = spec.split(":")
                self._add_framing(
                    spec, f"Length, {width} octets, {order}", f"{width} octets ahead, {order}-endian"
                )
        self._add_framing(
            DESIGN, "Your own", "Fields that you describe, of which some say how long others are"
        )
        self.framing.setAccessibleName("Framing")
        self.framing.setToolTip("What marks where a message ends")
        self.encoding.addItem("Not encoded", "")
        for each in ENCODINGS.values():
            self.encoding.addItem(each.title, each.id)
        self.encoding.setAccessibleName("Encoding")
        self.encoding.setToolTip("What is done to each message first, so that no marker can occur in it")
        for forgets, title, what in DECODERS:
            self.decoder.addItem(title, forgets)
            self.decoder.setItemData(self.decoder.count() - 1, what, Qt.ItemDataRole.ToolTipRole)
        self.decoder.setAccessibleName("Decoder")
        self.decoder.setToolTip(
            "Which decoder reads: the right one, or one with the mistake that cuts find out"
        )

    def _add_framing(self, spec: str, title: str, what: str) -> None:
        self.framing.addItem(title, spec)
        self.framing.setItemData(self.framing.count() - 1, what, Qt.ItemDataRole.ToolTipRole)

    def values(self) -> dict[str, object]:
        """The fields by their names in the form."""
        framing = str(self.framing.currentData())
        return {
            "framing": framing,
            "detail": self.detail.text() or DETAILS.get(framing, ""),
            "encoding": str(self.encoding.currentData()),
            "forgets": bool(self.decoder.currentData()),
            "limit": self.limit.text() or "65536",
        }

    def show_form(self, form: Form) -> None:
        """Take what the form says where it says something else."""
        with QSignalBlocker(self.framing), QSignalBlocker(self.encoding), QSignalBlocker(self.decoder):
            self.framing.setCurrentIndex(max(0, self.framing.findData(form.framing)))
            self.encoding.setCurrentIndex(max(0, self.encoding.findData(form.encoding)))
            self.decoder.setCurrentIndex(int(form.forgets))
        for widget, text, default in (
            (self.detail, form.detail, DETAILS.get(form.framing, "")),
            (self.limit, form.limit, ""),
        ):
            if widget.text() != text and not (not widget.text() and text == default):
                widget.setText(text)
        self.detail.setVisible(form.framing in DETAILS)
        self.detail.setPlaceholderText(DETAILS.get(form.framing, ""))

    def show_mistake(self, frames: Frames) -> None:
        """Underline what is wrong in the fields of the row."""
        for name, widget in (("detail", self.detail), ("limit", self.limit)):
            is_here = frames.wrong == name and frames.mistake is not None
            theme.qualify(widget, wrong=is_here)
            if is_here and frames.mistake is not None and widget.text():
                self.marks[name].mark(frames.mistake.start or 0, frames.mistake.end or 0)
            else:
                self.marks[name].hide()

    def _on_edited(self) -> None:
        if self.sender() is self.framing:
            with QSignalBlocker(self.detail):
                self.detail.clear()
        self.edited.emit()


class MessagesEditor(QWidget):
    """The messages, one a line; the design, if there is one; and what is to be known before sending.

    Signals:
        edited: the text is another. submitted: Ctrl+Enter.
    """

    edited = Signal()
    submitted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.messages = _editor("Messages", "One message a line; \\n \\0 \\xHH are octets")
        self.design_title = QLabel("Your own format: a field a line")
        theme.qualify(self.design_title, role="muted")
        self.design = _editor("Your own format", "NAME: TYPE [= NUMBER]")
        self.problem = QLabel()
        self.problem.setAccessibleName("What is typed wrong")
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.qualify(self.problem, role="error")
        self.noted = noted_table()
        self.table = table_of(self.noted, "Before sending", (70,))
        title = QLabel("Messages: one a line; \\n \\0 \\xHH are octets")
        theme.qualify(title, role="muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(4))
        for widget, stretch in (
            (title, 0),
            (self.messages, 3),
            (self.design_title, 0),
            (self.design, 3),
            (self.problem, 0),
            (self.table, 2),
        ):
            column.addWidget(widget, stretch)
        for editor in (self.messages, self.design):
            editor.textChanged.connect(self._on_text_changed)
            editor.submitted.connect(self.submitted)
            editor.paste_refused.connect(self._on_paste_refused)

    def values(self) -> dict[str, object]:
        """The fields by their names in the form."""
        return {"messages": self.messages.exact_text(), "design": self.design.exact_text()}

    def show_form(self, form: Form) -> None:
        """Take what the form says where it says something else."""
        for widget, text in ((self.messages, form.messages), (self.design, form.design)):
            if widget.exact_text() != text:
                with QSignalBlocker(widget):
                    widget.setPlainText(text)
        self.design.setVisible(form.framing == DESIGN)
        self.design_title.setVisible(form.framing == DESIGN)

    def show_frames(self, frames: Frames) -> None:
        """Show what is to be known, and what is wrong."""
        self.noted.show_rows(frames.noted)
        self.table.setVisible(bool(frames.noted))
        wrong = frames.mistake if frames.wrong in ("messages", "message", "design") else None
        self.problem.setText(_told(wrong) if wrong is not None else "")
        self.problem.setVisible(wrong is not None)
        for name, editor in (("messages", self.messages), ("design", self.design)):
            is_here = wrong is not None and frames.wrong == name
            theme.qualify(editor, wrong=is_here)
            if is_here and wrong is not None and wrong.text == editor.exact_text():
                # What is missing has no length: the character before it, or behind it, stands for it.
                start, end = wrong.start or 0, wrong.end or 0
                editor.mark(min(start, max(0, end - 1)), max(end, start + 1))
            elif editor.extraSelections():
                editor.mark(0, 0)

    def _on_text_changed(self) -> None:
        self.edited.emit()

    def _on_paste_refused(self, why: str) -> None:
        self.problem.setText(why)
        self.problem.show()


def _told(misuse: LocalMisuse) -> str:
    place = ""
    if misuse.start is not None:
        line = misuse.text.count("\n", 0, misuse.start) + 1
        column = misuse.start - (misuse.text.rfind("\n", 0, misuse.start) + 1) + 1
        place = f"Line {line}, column {column}: "
    return f"{place}{misuse.what}" + (f"\n{misuse.advice}" if misuse.advice else "")


def _editor(name: str, hint: str) -> ByteText:
    made = ByteText()
    made.setAccessibleName(name)
    made.setPlaceholderText(hint)
    made.setMinimumHeight(theme.metric(64))
    return made
