"""The shortcut editor: all actions with their keys, and what clashes."""

from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import (
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from workbench.ui import theme
from workbench.ui.actions import ActionRegistry, shown_keys
from workbench.ui.pieces import table_of
from workbench.ui.tables import Column, Index, TableModel


class ShortcutRow(NamedTuple):
    """An action with the keys it has and those it has by default, in portable text."""

    action_id: str
    text: str
    where: str
    keys: str
    usual: str


class ShortcutModel(TableModel):
    """The actions, one a row."""

    columns = (Column("Command"), Column("Where"), Column("Keys"), Column("Usual keys"))

    def key(self, row: ShortcutRow) -> str:
        return row.action_id

    def cell(self, row: ShortcutRow, column: int) -> str:
        return (row.text, row.where, shown_keys(row.keys), shown_keys(row.usual))[column]

    def colour(self, row: ShortcutRow, column: int) -> str:
        return "muted" if column in (1, 3) else ""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return self.at(index.row()) if role == Qt.ItemDataRole.UserRole else super().data(index, role)


class ShortcutEditor(QWidget):
    """Table, search, and a field that takes the keys as they are pressed.

    Signals:
        wishes_changed: ids and keys that differ from the usual ones, as a dict; free of clashes.
    """

    wishes_changed = Signal(dict)

    def __init__(
        self, registry: ActionRegistry, wishes: Mapping[str, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._registry = registry
        self._wishes = dict(wishes)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search commands")
        self.search.setAccessibleName("Search commands")
        self.search.setClearButtonEnabled(True)
        self.model = ShortcutModel()
        self._sieve = QSortFilterProxyModel(self)
        self._sieve.setSourceModel(self.model)
        self._sieve.setFilterKeyColumn(-1)
        self._sieve.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.table = _table(self._sieve)
        self.keys = QKeySequenceEdit(self)
        self.keys.setAccessibleName("New keys")
        self.keys.setMaximumSequenceLength(1)
        self.keys.setClearButtonEnabled(True)
        self.apply_button = QPushButton("Set keys", self)
        self.usual_button = QPushButton("Usual keys", self)
        self.message = QLabel(self)
        self.message.setWordWrap(True)
        self._lay_out()
        self.refresh()
        self.search.textChanged.connect(self._sieve.setFilterFixedString)
        self.table.selectionModel().currentChanged.connect(self._on_row_chosen)
        self.apply_button.clicked.connect(self._on_apply_clicked)
        self.usual_button.clicked.connect(self._on_usual_clicked)
        registry.changed.connect(self.refresh)

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        line = QHBoxLayout()
        line.setSpacing(gap)
        label = QLabel("Press the new keys", self)
        label.setBuddy(self.keys)
        line.addWidget(label)
        line.addWidget(self.keys)
        line.addWidget(self.apply_button)
        line.addWidget(self.usual_button)
        line.addWidget(self.message, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(gap)
        layout.addWidget(self.search)
        layout.addWidget(self.table, 1)
        layout.addLayout(line)

    @property
    def wishes(self) -> dict[str, str]:
        """Ids and keys that a person set."""
        return dict(self._wishes)

    def show_wishes(self, wishes: Mapping[str, str]) -> None:
        """Take over what was set elsewhere."""
        self._wishes = dict(wishes)
        self.refresh()

    def refresh(self) -> None:
        """Show the actions and keys as they are."""
        self.model.show_rows(
            [
                ShortcutRow(
                    action.id,
                    action.full_text,
                    action.context.capitalize() or "Everywhere",
                    self._wishes.get(action.id, action.shortcut),
                    action.shortcut,
                )
                for action in self._registry.actions
            ]
        )
        self._show_choice()

    def choose(self, action_id: str) -> None:
        """Select an action's row."""
        for at, row in enumerate(self.model.rows):
            if row.action_id == action_id:
                self.table.setCurrentIndex(self._sieve.mapFromSource(self.model.index(at, 0)))

    def set_keys(self, action_id: str, keys: str) -> bool:
        """Give an action other keys ("" for none). Returns whether it took them; else says which action has them."""
        wishes = {**self._wishes, action_id: keys}
        action = self._registry.find(action_id)
        if action is not None and QKeySequence(keys) == QKeySequence(action.shortcut):
            del wishes[action_id]
        in_the_way = next(
            (c for c in self._registry.clashes(wishes) if action_id in (c.first, c.second)), None
        )
        if in_the_way is not None:
            other = in_the_way.first if in_the_way.second == action_id else in_the_way.second
            rival = self._registry.find(other)
            self._say(f"{shown_keys(keys)} belongs to {rival.text if rival else other}", "error")
            return False
        self._wishes = wishes
        self._say("", "muted")
        self.wishes_changed.emit(dict(wishes))
        self.refresh()
        return True

    def _chosen(self) -> ShortcutRow | None:
        row = self.table.currentIndex().data(Qt.ItemDataRole.UserRole)
        return row if isinstance(row, ShortcutRow) else None

    def _show_choice(self) -> None:
        row = self._chosen()
        for part in (self.keys, self.apply_button, self.usual_button):
            part.setEnabled(row is not None)
        self.apply_button.setToolTip("" if row else "Choose a command in the table first")

    def _say(self, sentence: str, role: str) -> None:
        self.message.setText(sentence)
        theme.qualify(self.message, role=role)

    def _on_row_chosen(self) -> None:
        row = self._chosen()
        self._say("", "muted")
        self.keys.setKeySequence(QKeySequence(row.keys if row else ""))
        self._show_choice()

    def _on_apply_clicked(self) -> None:
        row = self._chosen()
        if row is not None:
            portable = QKeySequence.SequenceFormat.PortableText
            self.set_keys(row.action_id, self.keys.keySequence().toString(portable))

    def _on_usual_clicked(self) -> None:
        row = self._chosen()
        if row is not None and self.set_keys(row.action_id, row.usual):
            self.keys.setKeySequence(QKeySequence(row.usual))


def _table(model: QSortFilterProxyModel) -> QTableView:
    # Widths that hold every context and key: a width "to contents" would ask for each of 1,000 cells at each layout.
    table = table_of(model, "Commands and their keys", (300, 130, 150, 150), stretch=0)
    table.setMinimumHeight(theme.metric(24 * 6))
    return table
