"""Two conversations side by side: the streams that differ, and both sides in hex with the differing octets marked."""

from PySide6.QtCore import QModelIndex, Qt, Signal
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
from workbench.ui.tables import Column, TableModel

MARKED_ROWS = 400
"""Rows around the place in sight in which differences are marked."""


class FindingsModel(TableModel):
    """One row for each stream that differs."""

    columns = (
        Column("Stream"),
        Column("Parts at", is_number=True),
        Column("Here", is_number=True),
        Column("There", is_number=True),
        Column("In words"),
    )

    def cell(self, row: Finding, column: int) -> str:
        pair, difference = row.pair, row.difference
        return (
            f"{pair.direction.arrow} {pair.direction.value} · channel {difference.channel} {difference.layer}",
            f"{difference.offset:,}",
            octets(difference.left_size),
            octets(difference.right_size),
            row.sentence,
        )[column]

    def colour(self, row: Finding, column: int) -> str:
        return row.pair.direction.value if column == 0 else ""


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
        self.model = FindingsModel()
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
        self.model.show_rows([])
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
        self.model.show_rows(self._comparison.findings)
        self._say()
        if not self._chosen and self.model.rows:
            self.table.selectRow(0)
        return more

    def release(self) -> None:
        """Let both conversations go."""
        self._comparison = None
        self._chosen = None
        self.model.show_rows([])
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
        self._chosen = self.model.rows[current.row()]
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
