"""The view of structures: a format over octets, field by field, linked with the octets."""

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from workbench.formats.framing.structure import KNOWN, Field, Known
from workbench.panels.sockets.framing.models import fields_table
from workbench.panels.sockets.framing.state import Form, Structure
from workbench.ui import theme
from workbench.ui.hexview import HeldOctets, HexView, Highlight
from workbench.ui.mistakemark import MistakeMark
from workbench.ui.pieces import button, field, table_of
from workbench.ui.words import with_advice

ROLES = ("accent", "sent", "received", "good")
"""Fields beside each other have different ones; their places stand in the table."""


class StructureView(QWidget):
    """Octets by a format of Python's struct.

    Signals:
        edited: something typed is another. taken: lay it over the octets of the bench.
    """

    edited = Signal()
    taken = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Field, ...] = ()
        self._data = b""
        self._offered: tuple[Known, ...] | None = None
        self.format = field(
            "Format", "!I", "A format of Python's struct: ! is network order, H 16 bits, I 32 bits, 4s octets"
        )
        self.octets = field("Octets", "05 00 00 00", "Octets in hexadecimal")
        self.values_field = field(
            "Values", "70000", "Values to be written by the format: numbers, 'text', x:6869"
        )
        self.known = QComboBox()
        self.known.setAccessibleName("Known structures")
        self.known.setToolTip("Structures that protocols use; those that these octets may be come first")
        self.take_button = button("Take the frames", "import", "Lay the format over the octets of the frames")
        self.packed, self.problem = QLabel(), QLabel()
        self.packed.setAccessibleName("What the values make")
        self.problem.setAccessibleName("What is wrong")
        for label in (self.packed, self.problem):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.marks = {each: MistakeMark(each) for each in (self.format, self.octets, self.values_field)}
        for each in self.marks:
            theme.qualify(each, fixed=True)
            each.textEdited.connect(self._on_edited)
        self.hex = HexView("Octets of the structure")
        self.hex.set_hint("The octets will stand here")
        self.fields = fields_table()
        self.table = table_of(self.fields, "Fields of the structure", (130, 60, 90, 150))
        self._lay_out()
        self.known.activated.connect(self._on_known_chosen)
        self.take_button.clicked.connect(self.taken)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_chosen)
        self.hex.selection_changed.connect(self._on_octets_selected)

    def _lay_out(self) -> None:
        left = QWidget()
        form = QFormLayout()
        form.addRow("Format", self.format)
        form.addRow("Known", self.known)
        form.addRow("Octets", self.octets)
        form.addRow("Values", self.values_field)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(8))
        column.addLayout(form)
        column.addWidget(self.take_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.packed)
        column.addWidget(self.problem)
        column.addStretch(1)
        right = QSplitter(Qt.Orientation.Vertical)
        right.addWidget(self.table)
        right.addWidget(self.hex)
        right.setChildrenCollapsible(False)
        right.setStretchFactor(0, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(left)
        self.splitter.addWidget(right)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([theme.metric(400), theme.metric(820)])
        gap = theme.metric(8)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, gap, 0, 0)
        whole.addWidget(self.splitter)

    def values(self) -> dict[str, object]:
        """The fields by their names in the form."""
        return {
            "format": self.format.text(),
            "structure": self.octets.text(),
            "values": self.values_field.text(),
        }

    def show_structure(self, form: Form, found: Structure) -> None:
        """Draw it."""
        for edit, text in (
            (self.format, form.format),
            (self.octets, form.structure),
            (self.values_field, form.values),
        ):
            if edit.text() != text:
                edit.setText(text)
        self._show_known(found.known)
        if found.data != self._data:
            self._data = found.data
            with QSignalBlocker(self.hex):
                self.hex.set_provider(HeldOctets(found.data))
        self._show_fields(form, found.fields)
        mistakes = (
            (self.format, found.mistake),
            (self.octets, found.octets_mistake),
            (self.values_field, found.values_mistake),
        )
        for edit, misuse in mistakes:
            theme.qualify(edit, wrong=misuse is not None)
            self.marks[edit].hide()
            if misuse is not None and misuse.start is not None and misuse.text == edit.text():
                self.marks[edit].mark(misuse.start, misuse.end or misuse.start)
        self.problem.setText("\n".join(with_advice(misuse) for _, misuse in mistakes if misuse is not None))
        theme.qualify(self.problem, role="error")
        self.packed.setText(f"The values make {found.packed.hex(' ')}" if found.packed is not None else "")

    def _show_fields(self, form: Form, fields: tuple[Field, ...]) -> None:
        if fields == self._shown and self.fields.rows:
            return
        self._shown = fields
        names = next((known.names for known in KNOWN if known.format == form.format), ())
        named = [(names[at] if at < len(names) else f"{at + 1}", each) for at, each in enumerate(fields)]
        self.fields.show_rows(named)
        self.hex.set_highlights(
            Highlight(each.item.start, each.item.stop, ROLES[at % len(ROLES)], f"{name}: {each.item.what}")
            for at, (name, each) in enumerate(named)
        )

    def _show_known(self, likely: tuple[Known, ...]) -> None:
        if likely == self._offered:
            return
        self._offered = likely
        self.known.clear()
        self.known.addItem(f"may be: {likely[0].name}" if likely else "Choose a known structure", "")
        for known in (*likely, *(each for each in KNOWN if each not in likely)):
            self.known.addItem(f"{known.name}  {known.format}", known.format)
            self.known.setItemData(self.known.count() - 1, known.source, Qt.ItemDataRole.ToolTipRole)

    # ---- a person did something

    def _on_edited(self) -> None:
        self.edited.emit()

    def _on_known_chosen(self, at: int) -> None:
        if form := self.known.itemData(at):
            self.format.setText(form)
            self.edited.emit()

    def _on_row_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            item = self._shown[current.row()].item
            with QSignalBlocker(self.hex):
                self.hex.select(item.start, item.stop)

    def _on_octets_selected(self, start: object, stop: object) -> None:
        for row, each in enumerate(self._shown):
            if isinstance(start, int) and each.item.start <= start < each.item.stop and stop != start:
                with QSignalBlocker(self.table.selectionModel()):
                    self.table.selectRow(row)
                self.table.viewport().update()
                return
