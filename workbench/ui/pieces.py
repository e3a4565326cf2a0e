"""Small widgets that panels are made of: tables, buttons, fields, pages behind small tabs."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QStackedLayout,
    QTabBar,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.ui import icons, theme


def table_of(
    model: QAbstractItemModel, name: str, widths: tuple[int, ...], *, stretch: int = -1
) -> QTableView:
    """A table of rows; one column takes what is left: the last, or `stretch`."""
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName(name)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(theme.metric(24))
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setStretchLastSection(stretch < 0)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    for column, width in enumerate(widths):
        table.setColumnWidth(column, theme.metric(width))
    if stretch >= 0:
        header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
    return table


def button(text: str, icon: str, tip: str, kind: str = "") -> QPushButton:
    """A button with icon and tip; kind is "primary", "danger" or ""."""
    made = QPushButton(text)
    theme.qualify(made, kind=kind)
    made.setToolTip(tip)
    icons.dress(made, icon, "on_accent" if kind == "primary" else "error" if kind == "danger" else "text")
    return made


def small_button(icon: str, name: str, tip: str) -> QToolButton:
    """A button without words."""
    made = QToolButton()
    theme.qualify(made, kind="quiet")
    icons.dress(made, icon)
    made.setAccessibleName(name)
    made.setToolTip(tip)
    return made


def field(name: str, hint: str, tip: str, width: int = 0) -> QLineEdit:
    """A line to type into; a width of 0 takes what is left."""
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(hint)
    made.setToolTip(tip)
    if width:
        made.setFixedWidth(theme.metric(width))
    return made


def place_of(box: QComboBox, value: object) -> int:
    """Where the choice with this text as its data stands; -1 for none, and for the junk that a draft may hold."""
    return box.findData(value) if isinstance(value, str) else -1


NOT_NOW = "\nNot now: "


def tip_with_reason(tip: str, reason: str) -> str:
    """A tip, and why it can't be done now if it can't."""
    return f"{tip}{NOT_NOW}{reason}" if reason else tip


def allow(widget: QWidget | QAction, reason: str, tip: str | None = None) -> None:
    """Let a widget be used if there is no reason against it; behind its tip, its own or this one, stands the reason."""
    widget.setEnabled(not reason)
    shown = widget.toolTip()
    own = shown.partition(NOT_NOW)[0] if tip is None else tip
    if (told := tip_with_reason(own, reason)) != shown:
        widget.setToolTip(told)


class Tabbed(QWidget):
    """Pages behind small tabs.

    Args:
        name: of the row of tabs, for who can't see it.
        pages: title, tip, widget.
        beside: stands below them all.

    Signals:
        turned: another page is shown; its number.
    """

    turned = Signal(int)

    def __init__(
        self, name: str, pages: Sequence[tuple[str, str, QWidget]], beside: QWidget | None = None
    ) -> None:
        super().__init__()
        self.tabs = QTabBar()
        self.tabs.setAccessibleName(name)
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        pane = QFrame()
        theme.qualify(pane, pane=True)
        self._pages = QStackedLayout(pane)
        self._pages.setContentsMargins(0, 0, 0, 0)
        for title, tip, widget in pages:
            self.tabs.setTabToolTip(self.tabs.addTab(title), tip)
            self._pages.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(4))
        column.addWidget(self.tabs)
        column.addWidget(pane, 1)
        if beside is not None:
            column.addWidget(beside)
        self.tabs.currentChanged.connect(self._on_turned)

    @property
    def page(self) -> int:
        """The number of the page that is shown."""
        return self.tabs.currentIndex()

    def turn_to(self, number: int) -> None:
        """Show a page."""
        self.tabs.setCurrentIndex(number)

    def focus_page(self, number: int) -> None:
        """Show a page and put the focus where it begins: into its list or its field; where it has none, on the tabs."""
        self.tabs.setCurrentIndex(number)
        shown = self._pages.currentWidget()
        if shown is None:
            return
        first = shown.findChild(QAbstractItemView)
        target = shown if first is None or not first.isVisible() else first
        has_focus = target.focusPolicy() != Qt.FocusPolicy.NoFocus or target.focusProxy() is not None
        (target if has_focus else self.tabs).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_turned(self, number: int) -> None:
        self._pages.setCurrentIndex(number)
        self.turned.emit(number)
