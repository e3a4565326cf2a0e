"""The view of numbers: one in every form, and octets read in every way."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from workbench.panels.sockets.framing.models import forms_table, readings_table
from workbench.panels.sockets.framing.state import Form, Numbers
from workbench.ui import theme
from workbench.ui.mistakemark import MistakeMark
from workbench.ui.pieces import field, table_of
from workbench.ui.words import with_advice


class NumbersView(QWidget):
    """A number on the wire, both ways.

    Signals:
        edited: something typed is another.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.number = field("Number", "5, -5, 0x05, 0b101", "A number, to be seen as it travels")
        self.octets = field("Octets", "00 00 00 05", "1 to 8 octets in hexadecimal, to be read as a number")
        self.remark, self.hint = _sentence("Remark on the number"), _sentence("Remark on the octets")
        self.marks = (MistakeMark(self.number), MistakeMark(self.octets))
        for each in (self.number, self.octets):
            theme.qualify(each, fixed=True)
            each.textEdited.connect(self._on_edited)
        self.forms, self.readings = forms_table(), readings_table()
        self.forms_table = table_of(self.forms, "The number in every form", (220, 80, 210))
        self.readings_table = table_of(self.readings, "The octets in every way", (180,))
        self._lay_out()

    def _lay_out(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        for label, edit, sentence, table in (
            ("Number", self.number, self.remark, self.forms_table),
            ("Octets", self.octets, self.hint, self.readings_table),
        ):
            side = QWidget()
            form = QFormLayout()
            form.addRow(label, edit)
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(theme.metric(8))
            column.addLayout(form)
            column.addWidget(sentence)
            column.addWidget(table, 1)
            self.splitter.addWidget(side)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 1)
        gap = theme.metric(8)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, gap, 0, 0)
        whole.addWidget(self.splitter)

    def values(self) -> dict[str, object]:
        """The fields by their names in the form."""
        return {"number": self.number.text(), "octets": self.octets.text()}

    def show_numbers(self, form: Form, numbers: Numbers) -> None:
        """Draw it."""
        for edit, text in ((self.number, form.number), (self.octets, form.octets)):
            if edit.text() != text:
                edit.setText(text)
        self.forms.show_rows(numbers.rows)
        self.readings.show_rows(numbers.readings)
        for sentence, said, misuse in (
            (self.remark, numbers.remark, numbers.mistake),
            (self.hint, numbers.hint, numbers.octets_mistake),
        ):
            sentence.setText(with_advice(misuse) if misuse is not None else said)
            theme.qualify(
                sentence,
                role="error"
                if misuse is not None
                else "warning"
                if said and sentence is self.hint
                else "muted",
            )
        for edit, mark, misuse in (
            (self.number, self.marks[0], numbers.mistake),
            (self.octets, self.marks[1], numbers.octets_mistake),
        ):
            theme.qualify(edit, wrong=misuse is not None)
            if misuse is not None and misuse.start is not None:
                mark.mark(misuse.start, misuse.end or misuse.start)
            else:
                mark.hide()

    def _on_edited(self) -> None:
        self.edited.emit()


def _sentence(name: str) -> QLabel:
    made = QLabel()
    made.setAccessibleName(name)
    made.setWordWrap(True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
