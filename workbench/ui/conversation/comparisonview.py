"""Two conversations side by side: the streams that differ, and both sides in hex with the differing octets marked."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSplitter,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.formats.charset import visible
from workbench.formats.quantity import octets
from workbench.transcript.recorder import Transcript
from workbench.transcript.redact import MaskedBytes
from workbench.ui import icons, theme
from workbench.ui.conversation.comparing import Comparison, Finding, Pair, differing
from workbench.ui.hexview import HexView, Highlight, Octets

Index = QModelIndex | QPersistentModelIndex
MARKED_ROWS = 400
"""Rows around the place in sight in which differences are marked."""

_FIGURES = (1, 2, 3)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_HEADS = ("Stream", "Parts at", "Here", "There", "In words")


class FindingsModel(QAbstractTableModel):
    """One row for each stream that differs."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.findings: list[Finding] = []

    def show_findings(self, findings: list[Finding]) -> None:
        """Append what is new; the earlier ones never change."""
        if len(findings) < len(self.findings):
            self.beginResetModel()
            self.findings = []
            self.endResetModel()
        if len(findings) > len(self.findings):
            self.beginInsertRows(QModelIndex(), len(self.findings), len(findings) - 1)
            self.findings = list(findings)
            self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.findings)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(_HEADS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _HEADS[section]
        return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole and section in _FIGURES else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not index.row() < len(self.findings):
            return None
        finding = self.findings[index.row()]
        pair, difference = finding.pair, finding.difference
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == 0:
            return theme.colour(pair.direction.value)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in _FIGURES:
            return _RIGHT
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        return (
            f"{pair.direction.arrow} {pair.direction.value} · channel {difference.channel} {difference.layer}",
            f"{difference.offset:,}",
            octets(difference.left_size),
            octets(difference.right_size),
            finding.sentence,
        )[index.column()]


class ComparisonView(QWidget):
    """A comparison, while it goes on and after.

    Signals:
        closed: the person has seen enough.
        finding_chosen: a row was chosen; both sides show its place.
        work_appeared: call `work` until it returns False.
    """

    closed = Signal()
    finding_chosen = Signal(object)
    work_appeared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._comparison: Comparison | None = None
        self._chosen: Finding | None = None
        self._is_linking = False
        self.heading = QLabel(self)
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.close_button = QToolButton(self)
        icons.dress(self.close_button, "close", "muted")
        self.close_button.setAccessibleName("Close the comparison")
        self.close_button.setToolTip("Close the comparison")
        theme.qualify(self.close_button, kind="quiet")
        self.table = self._make_table()
        self.left, self.right = HexView("Here", self), HexView("There", self)
        self.titles = QLabel(self), QLabel(self)
        self._lay_out()
        self.close_button.clicked.connect(self.closed)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self.left.verticalScrollBar().valueChanged.connect(self._on_left_scrolled)
        self.right.verticalScrollBar().valueChanged.connect(self._on_right_scrolled)

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        self.model = FindingsModel(self)
        table.setModel(self.model)
        table.setAccessibleName("Streams that differ")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(theme.metric(24))
        table.horizontalHeader().setStretchLastSection(True)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        table.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        for column, width in enumerate((210, 80, 80, 80)):
            table.setColumnWidth(column, theme.metric(width))
        return table

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.close_button)
        sides = QWidget(self)
        row = QHBoxLayout(sides)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.metric(8))
        for title, view in zip(self.titles, (self.left, self.right), strict=True):
            title.setTextFormat(Qt.TextFormat.PlainText)
            theme.qualify(title, role="muted")
            side = QVBoxLayout()
            side.setSpacing(theme.metric(4))
            side.addWidget(title)
            side.addWidget(view, 1)
            row.addLayout(side, 1)
        splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.addWidget(self.table)
        splitter.addWidget(sides)
        splitter.setChildrenCollapsible(False)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([theme.metric(24 * 4), theme.metric(24 * 20)])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.metric(4))
        layout.addLayout(head)
        layout.addWidget(splitter, 1)

    # What is shown

    def compare(
        self,
        left: Transcript,
        left_title: str,
        right: Transcript,
        right_title: str,
        only: int | None = None,
        layer: str = "",
    ) -> None:
        """Compare two conversations as they are now; `only` this channel of the left one, with a replay of it, and
        there this `layer` alone."""
        self._comparison = Comparison(left, right, only=only, layer=layer)
        self._chosen = None
        self.model.show_findings([])
        for title, text in zip(self.titles, (left_title, right_title), strict=True):
            title.setText(visible(text))
        for view in (self.left, self.right):
            view.set_provider(None)
            view.set_hint("Choose a stream above" if view is self.left else "")
        self._say()
        self.work_appeared.emit()

    @property
    def has_work(self) -> bool:
        """Whether octets are still to be compared."""
        return self._comparison is not None and not self._comparison.is_complete

    def work(self) -> bool:
        """Compare for a slice; returns whether there is more to do."""
        if self._comparison is None:
            return False
        more = self._comparison.step()
        self.model.show_findings(self._comparison.findings)
        self._say()
        if not self._chosen and self.model.findings:
            self.table.selectRow(0)
        return more

    def release(self) -> None:
        """Let both conversations go."""
        self._comparison = None
        self._chosen = None
        self.model.show_findings([])
        for view in (self.left, self.right):
            view.set_provider(None)

    def _say(self) -> None:
        comparison = self._comparison
        if comparison is None:
            return
        share = (
            f" {100 * comparison.done // max(1, comparison.total)} %" if not comparison.is_complete else ""
        )
        self.heading.setText(f"{comparison.sentence}{share}")
        self.setAccessibleName(f"Comparison: {self.heading.text()}")

    def _on_row_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        if not current.isValid() or self._comparison is None:
            return
        self._chosen = self.model.findings[current.row()]
        pair, difference = self._chosen.pair, self._chosen.difference
        for view, transcript, channel in (
            (self.left, self._comparison.left, pair.left),
            (self.right, self._comparison.right, pair.right),
        ):
            view.set_hint("Nothing passed on this side")
            view.set_provider(_masked(transcript, channel, pair))
            view.go_to(difference.offset)
        self._mark()
        self.finding_chosen.emit(self._chosen)

    def _on_left_scrolled(self) -> None:
        self._scrolled(self.left, self.right)

    def _on_right_scrolled(self) -> None:
        self._scrolled(self.right, self.left)

    def _scrolled(self, moved: HexView, other: HexView) -> None:
        """Both sides show the same place."""
        if self._is_linking or self._chosen is None:
            return
        self._is_linking = True
        if moved.columns == other.columns:
            other.scroll_rows((moved.first_visible - other.first_visible) // other.columns)
        self._is_linking = False
        self._mark()

    def _mark(self) -> None:
        """Mark what differs in sight and a little around it."""
        size = max(self.left.columns, self.right.columns)
        first = min(self.left.first_visible, self.right.first_visible)
        start = max(0, first - MARKED_ROWS // 4 * size)
        stop = start + MARKED_ROWS * size
        ranges = differing(self.left.provider.read(start, stop), self.right.provider.read(start, stop), start)
        for view in (self.left, self.right):
            view.set_highlights([Highlight(a, b, "warning", "differs") for a, b in ranges])


def _masked(transcript: Transcript, channel: int | None, pair: Pair) -> Octets | None:
    return None if channel is None else MaskedBytes(transcript, channel, pair.direction, pair.layer)
