"""The field for a target, with a list of what was used before and what the Lab has."""

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QLineEdit,
    QListView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from workbench.ui import theme

MAX_HISTORY = 50
DETAIL = Qt.ItemDataRole.UserRole
"""Of an item: what it is, shown behind it."""


class LabName(NamedTuple):
    """A service of the Lab as the list offers it: "lab:echo", "sends back what it gets"."""

    target: str
    title: str


class TargetBox(QComboBox):
    """The field. Choosing from the list puts the text in and does nothing else.

    Signals:
        entered: Enter was pressed in the field.
    """

    entered = Signal()

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history: list[str] = []
        self._lab_names: tuple[LabName, ...] = ()
        self.field = QLineEdit(self)
        self.setEditable(True)
        self.setLineEdit(self.field)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName("Target")
        self.setToolTip("Whom to talk to (Ctrl+L)")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(12)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setItemDelegate(_TargetPainter(self))
        self.setMaxVisibleItems(16)
        completer = QCompleter(self.model(), self)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        # While the list of proposals is open it has the keys: Enter without a choice among them means the field.
        self._proposals = QListView()
        self._proposals.setAccessibleName("Proposals")
        completer.setPopup(self._proposals)
        # The completer made it nobody's; so it would not be dressed.
        self._proposals.setParent(self, Qt.WindowType.Popup)
        self._proposals.installEventFilter(self)
        self.field.setAccessibleName("Target")
        self.field.setPlaceholderText(hint)
        self.field.installEventFilter(self)

    def set_lab_names(self, names: Iterable[LabName]) -> None:
        """The services that can be reached as lab:NAME."""
        self._lab_names = tuple(names)
        self._fill()

    @property
    def history(self) -> tuple[str, ...]:
        """Targets used before, newest first."""
        return tuple(self._history)

    def set_history(self, targets: Iterable[str]) -> None:
        """Take over the targets of an earlier session."""
        self._history = list(dict.fromkeys(targets))[:MAX_HISTORY]
        self._fill()

    def remember(self, target: str) -> None:
        """Put a target in front of those used before."""
        self.set_history([target, *self._history])

    def _fill(self) -> None:
        """Make the list anew; what is being typed, and the cursor in it, stay."""
        typed, place = self.field.text(), self.field.cursorPosition()
        self.blockSignals(True)
        self.field.blockSignals(True)
        self.clear()
        titles = {each.target: each.title for each in self._lab_names}
        for text in dict.fromkeys([*self._history, *titles]):
            self.addItem(text)
            self.setItemData(self.count() - 1, titles.get(text, "used before"), DETAIL)
        self.field.setText(typed)
        self.field.setCursorPosition(place)
        self.field.blockSignals(False)
        self.blockSignals(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A person's keys come to the box, which has the focus for its field, and past the field's filter. While
        # proposals are open, Enter chooses one of them, and comes here on its way.
        if _is_enter(event) and not self._proposals.isVisible():
            self.entered.emit()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not hasattr(self, "_proposals"):
            # Events still come while a box that nobody refers to any more is taken apart.
            return False
        # returnPressed would come twice: the field inside a box hands Enter on, and the box hands it back.
        if watched is self.field and event.type() == QEvent.Type.KeyPress and _is_enter(event):
            self.entered.emit()
            return True
        if watched is self._proposals and event.type() == QEvent.Type.Hide:
            # A busy X server activates the list after it was closed; the completer had it hand the focus on to the
            # field, so a person who had gone on to the next field by then would find themselves back here.
            self._proposals.setFocusProxy(None)  # type: ignore[arg-type]  # None takes it away; wrong in the stubs
        if watched is self._proposals and event.type() == QEvent.Type.KeyPress and _is_enter(event):
            if self._proposals.currentIndex().isValid():
                return False
            self._proposals.hide()
            self.entered.emit()
            return True
        return super().eventFilter(watched, event)


def _is_enter(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _TargetPainter(QStyledItemDelegate):
    """Target at the left, what it is at the right."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        box = option.rect.adjusted(0, 0, -theme.metric(8), 0)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.colour("muted"))
        painter.drawText(box, flags, str(index.data(DETAIL) or ""))
