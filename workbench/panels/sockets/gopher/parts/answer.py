"""What came: a menu as a list, a text as text, octets as octets."""

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QAbstractItemView, QPlainTextEdit, QStackedLayout, QWidget

from workbench.formats.charset import visible
from workbench.panels.sockets.gopher.models import ItemsModel
from workbench.protocols.gopher.values import Answer, Item
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.hexview import HeldOctets, HexView
from workbench.ui.pieces import table_of

LAB = "lab:gopher"
EMPTY = "The menu, the text or the octets of a Gopher server will stand here."
MAX_TEXT = 64 * 1024
"""Octets of a text that are shown: laying out more would be felt."""


class AnswerView(QWidget):
    """Shows one answer.

    Signals: opened: an Item that a person clicked twice, or chose by Enter.
    """

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.items = ItemsModel()
        self.table = table_of(self.items, "Menu", (104, 260, 130, 110, 56), stretch=1)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName("Text")
        self.text.setFont(theme.fixed_font())
        self.text.setTabChangesFocus(True)
        self.octets = HexView("Octets")
        self.empty = EmptyState(EMPTY, f"Open {LAB}", icon="listen")
        self._shown: Answer | None = None
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        for page in (self.empty, self.table, self.text, self.octets):
            self._pages.addWidget(page)
        self.table.activated.connect(self._on_activated)

    @property
    def current_item(self) -> Item | None:
        """The chosen line of a menu."""
        row = self.table.currentIndex().row()
        return self.items.rows[row] if 0 <= row < len(self.items.rows) else None

    def show_answer(self, answer: Answer | None) -> None:
        """Show another one, or nothing."""
        if answer is self._shown:
            return
        self._shown = answer
        self.items.show_anew(answer.items if answer is not None else ())
        if answer is None:
            self._pages.setCurrentWidget(self.empty)
        elif answer.kind == "menu":
            self._pages.setCurrentWidget(self.table)
            first = next((row for row, item in enumerate(answer.items) if item.can_be_opened), 0)
            self.table.setCurrentIndex(self.items.index(first, 0))
        elif answer.kind == "text":
            self.text.setPlainText(visible(answer.beginning(MAX_TEXT).replace("\r\n", "\n"), keep="\n\t"))
            self._pages.setCurrentWidget(self.text)
        else:
            self.octets.set_provider(HeldOctets(answer.body))
            self._pages.setCurrentWidget(self.octets)

    def focus_content(self) -> None:
        """Put the focus into what is shown."""
        shown = self._pages.currentWidget()
        if shown is not None:
            shown.setFocus()

    def _on_activated(self, index: QModelIndex) -> None:
        self.opened.emit(self.items.rows[index.row()])
