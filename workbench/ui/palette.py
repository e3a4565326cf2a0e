"""The command palette (Ctrl+Shift+P): every action, tab and target by a few letters, with the keyboard alone.

It lies over the window as a child, not as a window of its own, so that no window manager has a say. Entries come from
the registry and from providers the window was given; what cannot be done now stands last, with its reason.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from workbench.ui import theme
from workbench.ui.actions import ActionRegistry, shown_keys
from workbench.ui.fuzzy import INSIDE, score

MAX_SHOWN = 200
"""Entries listed: nobody reads further, one types another letter."""

MAX_RECENT = 30
SHOWN_ROWS = 12

Index = QModelIndex | QPersistentModelIndex


class Entry(NamedTuple):
    """One line of the palette.

    Attributes:
        id: stays the same over time, so that it can be found among the recent ones.
        text: what it does.
        run: called without arguments when it is chosen.
        detail: a key, or where it leads; shown at the right.
        reason: why it cannot be chosen now, or "".
        words: by which it is found too, though they are not shown.
        is_last: stands below all others, even those that only may be meant, and fits every word.
    """

    id: str
    text: str
    run: Callable[[], object]
    detail: str = ""
    reason: str = ""
    words: str = ""
    is_last: bool = False


Provider = Callable[[str], Iterable[Entry]]
"""Given what was typed, offers entries of its own ("Open lab:echo"); called at every letter, so it answers at once."""


class EntryModel(QAbstractListModel):
    """The entries that fit, best first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: tuple[Entry, ...] = ()

    def show(self, entries: Sequence[Entry]) -> None:
        """Take other entries."""
        self.beginResetModel()
        self.entries = tuple(entries[:MAX_SHOWN])
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.entries):
            return None
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(
                filter(None, (entry.text, entry.detail, entry.reason and f"not now: {entry.reason}"))
            )
        if role == Qt.ItemDataRole.UserRole:
            return entry
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        # One may walk over what cannot be done, to read why.
        return (
            Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            if index.isValid()
            else Qt.ItemFlag.NoItemFlags
        )


class EntryPainter(QStyledItemDelegate):
    """Text at the left, key or place at the right, the reason behind the text."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, theme.metric(28))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(entry, Entry):
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, option.palette.brush(QPalette.ColorRole.Highlight))
        gap = theme.metric(12)
        box = option.rect.adjusted(gap, 0, -gap, 0)
        metrics = option.fontMetrics
        detail_width = metrics.horizontalAdvance(entry.detail)
        painter.setPen(theme.colour("muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, entry.detail)
        room = box.width() - (detail_width + gap if entry.detail else 0)
        painter.setPen(theme.colour("muted" if entry.reason else "text"))
        text = metrics.elidedText(entry.text, Qt.TextElideMode.ElideRight, room)
        place = QRect(box.left(), box.top(), room, box.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
        used = metrics.horizontalAdvance(text) + gap
        if entry.reason and used < room:
            reason = metrics.elidedText(f"not now: {entry.reason}", Qt.TextElideMode.ElideRight, room - used)
            painter.setPen(theme.colour("warning"))
            painter.drawText(place.adjusted(used, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, reason)


class CommandPalette(QFrame):
    """The overlay. `open_palette` shows it; Enter carries out, Esc or a click beside it closes.

    Signals:
        choosing: the id of an entry that is about to be carried out; the palette is closed already.
        closed: it went away; the focus is back where it was.
    """

    choosing = Signal(str)
    closed = Signal()

    def __init__(self, registry: ActionRegistry, window: QWidget) -> None:
        super().__init__(window)
        self._registry = registry
        self._providers: list[Provider] = []
        self._recent: list[str] = []
        self._words: Mapping[str, str] = {}
        self._came_from: QWidget | None = None
        self.setObjectName("command_palette")
        self.setAccessibleName("Command palette")
        theme.qualify(self, overlay=True)
        self.setAutoFillBackground(True)
        self.search = QLineEdit(self)
        self.search.setAccessibleName("Search commands")
        self.search.setPlaceholderText("Type a few letters of what you want to do")
        self.model = EntryModel(self)
        self.list = QListView(self)
        self.list.setAccessibleName("Commands")
        self.list.setModel(self.model)
        self.list.setItemDelegate(EntryPainter(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = QLabel("Nothing fits. Try another word, or fewer letters.", self)
        theme.qualify(self.nothing, role="muted")
        self.nothing.setContentsMargins(theme.metric(12), theme.metric(4), 0, theme.metric(4))
        self._parts = layout = QVBoxLayout(self)
        margin = theme.metric(8)
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.setSpacing(theme.metric(4))
        layout.addWidget(self.search)
        layout.addWidget(self.list)
        layout.addWidget(self.nothing)
        self.search.textChanged.connect(self._on_search_changed)
        self.list.clicked.connect(self._on_list_clicked)
        registry.ran.connect(self.remember)
        self.hide()

    @property
    def _window(self) -> QWidget:
        window = self.parentWidget()
        if window is None:
            raise TypeError("a palette lies over a window")
        return window

    def add_provider(self, provider: Provider) -> None:
        """Ask one more for entries."""
        self._providers.append(provider)

    def use_words(self, words: Mapping[str, str]) -> None:
        """Find actions by these words too, which are given by an action's id."""
        self._words = words

    @property
    def recent(self) -> tuple[str, ...]:
        """Ids of what was done last, newest first; part of the session."""
        return tuple(self._recent)

    def set_recent(self, ids: Iterable[str]) -> None:
        """Take over what was done in an earlier session."""
        self._recent = list(dict.fromkeys(ids))[:MAX_RECENT]

    def remember(self, entry_id: str) -> None:
        """Put an id in front of the recent ones."""
        if entry_id != "window.palette":
            self.set_recent([entry_id, *self._recent])

    def open_palette(self) -> None:
        """Show it empty, with the focus in the search."""
        self._came_from = self._window.focusWidget() if not self.isVisible() else self._came_from
        self._registry.refresh()
        self._application().installEventFilter(self)
        self.search.clear()
        self._on_search_changed("")
        self._take_place()
        self.show()
        self.raise_()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_palette(self) -> None:
        """Hide it and give the focus back."""
        if not self.isVisible():
            return
        self._application().removeEventFilter(self)
        self.hide()
        if self._came_from is not None:
            self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)
            self._came_from = None
        self.closed.emit()

    def entries(self, words: str) -> list[Entry]:
        """What fits the words: words before guesses, doable before not, the better fit, the more recent."""
        ranks = {entry_id: at for at, entry_id in enumerate(self._recent)}
        fitting = []
        for at, entry in enumerate(self._offered(words)):
            fit = 1 if entry.is_last else score(words, entry.text, entry.words)
            if fit:
                recency = ranks.get(entry.id, len(ranks) + 1)
                # Scattered letters are a guess: it never stands before a word, not even before one that cannot be done.
                is_guess = fit < INSIDE * len(words.split())
                order = (entry.is_last, is_guess, bool(entry.reason), -fit, recency, at)
                fitting.append((order, entry))
        fitting.sort(key=_first)
        return [entry for _, entry in fitting]

    def _offered(self, words: str) -> Iterable[Entry]:
        for action in self._registry.actions:
            if action.id == "window.palette":
                continue
            keys = shown_keys(self._registry.shortcut_of(action.id))
            run = self._registry.qaction(action.id).trigger
            beside = f"{action.tip} {self._words.get(action.id, '')}"
            yield Entry(action.id, action.full_text, run, keys, action.reason(), beside)
        for provider in self._providers:
            yield from provider(words)

    def _choose(self) -> None:
        index = self.list.currentIndex()
        entry = index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None
        if not isinstance(entry, Entry) or entry.reason:
            return
        self.close_palette()
        if self._registry.find(entry.id) is None:
            self.remember(entry.id)
        self.choosing.emit(entry.id)
        entry.run()

    def _move(self, rows: int) -> None:
        count = self.model.rowCount()
        if count:
            row = min(max(self.list.currentIndex().row() + rows, 0), count - 1)
            self.list.setCurrentIndex(self.model.index(row))

    def _take_place(self) -> None:
        window = self._window
        width = min(window.width() - theme.metric(48), theme.metric(640))
        rows = min(max(self.model.rowCount(), 1), SHOWN_ROWS)
        self.list.setFixedHeight(rows * theme.metric(28) + theme.metric(6))
        self._parts.activate()
        height = min(self.sizeHint().height(), window.height() - theme.metric(72))
        self.setGeometry((window.width() - width) // 2, theme.metric(64), width, height)

    def _on_search_changed(self, words: str) -> None:
        self.model.show(self.entries(words))
        found = self.model.rowCount() > 0
        self.list.setVisible(found)
        self.nothing.setVisible(not found)
        if found:
            self.list.setCurrentIndex(self.model.index(0))
        self._take_place()

    def _on_list_clicked(self, index: QModelIndex) -> None:
        self.list.setCurrentIndex(index)
        self._choose()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Installed on the application while the palette is open: nothing else hears of a click on an empty place.
        kind = event.type()
        if kind == QEvent.Type.KeyPress and watched is self.search and isinstance(event, QKeyEvent):
            return self._key_was_ours(event)
        if kind == QEvent.Type.MouseButtonPress and self._is_beside(watched):
            self._came_from = None  # the click decides where the focus goes
            self.close_palette()
        elif kind == QEvent.Type.FocusOut and watched is self.search and self._is_beside(_focus(self)):
            self._came_from = None
            self.close_palette()
        elif kind == QEvent.Type.Resize and watched is self._window:
            self._take_place()
        return False

    def _application(self) -> QCoreApplication:
        app = QApplication.instance()
        if app is None:
            raise RuntimeError("a palette needs a QApplication")
        return app

    def _is_beside(self, thing: QObject | None) -> bool:
        return isinstance(thing, QWidget) and thing is not self and not self.isAncestorOf(thing)

    def _key_was_ours(self, event: QKeyEvent) -> bool:
        key = event.key()
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: SHOWN_ROWS - 1,
            Qt.Key.Key_PageUp: 1 - SHOWN_ROWS,
        }
        if key == Qt.Key.Key_Escape:
            self.close_palette()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._move(1 if key == Qt.Key.Key_Tab else -1)
        elif key in steps:
            self._move(steps[Qt.Key(key)])
        else:
            return False
        return True


Order = tuple[bool, bool, bool, int, int, int]


def _first(pair: tuple[Order, Entry]) -> Order:
    return pair[0]


def _focus(widget: QWidget) -> QWidget | None:
    return widget.window().focusWidget()
