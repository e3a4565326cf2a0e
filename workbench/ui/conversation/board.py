"""The parts of the Conversation and where they stand: bar, lists, detail, hex, comparison, empty state."""

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from workbench.ui import theme
from workbench.ui.conversation.comparisonview import ComparisonView
from workbench.ui.conversation.detail import EventDetail
from workbench.ui.conversation.explained import ExplainedView
from workbench.ui.conversation.filterbar import FilterBar
from workbench.ui.conversation.quizbar import QuizBar
from workbench.ui.conversation.remark import Remark
from workbench.ui.conversation.replaybar import ReplayBar
from workbench.ui.conversation.streamhex import StreamHex
from workbench.ui.conversation.textview import TextView
from workbench.ui.conversation.topbar import TopBar
from workbench.ui.empty import EmptyState
from workbench.ui.notice import Notice

NARROW = 620
"""Width at scale 1 below which the detail stands under the list, not beside it."""
LEAST_HEIGHT = 110
"""Of the lists at scale 1: a dock may be made small."""
LIST_SHARE = {"explained": 0.62, "text": 0.62, "hex": 0.46}
OFFER = "Try it with lab:echo"


class Board(QWidget):
    """The parts and their places; what they do stands in `dock`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = "explained"
        self.filter_bar = FilterBar(self)
        self.bar = TopBar(self.filter_bar, self)
        self.notice = Notice(self)
        self.remark = Remark(self)
        self.replay_bar = ReplayBar(self)
        self.quiz_bar = QuizBar(self)
        self.events = ExplainedView(parent=self)
        self.text = TextView(parent=self)
        self.detail = EventDetail(self)
        self.stream = StreamHex(self)
        self.comparison = ComparisonView(self)
        self.empty = EmptyState("", OFFER, "conversation", self)
        self._dragged: dict[str, list[int]] = {}
        self._lay_out()
        self._order_focus()
        self.splitter.splitterMoved.connect(self._on_splitter_moved)

    def _lay_out(self) -> None:
        self.main = _stack(self.events, self.text)
        self.side = _stack(self.detail, self.stream)
        self.splitter = QSplitter(self)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.main)
        self.splitter.addWidget(self.side)
        self.pages = _stack(self.empty, self.splitter, self.comparison)
        layout = QVBoxLayout(self)
        gap = theme.metric(12)
        layout.setContentsMargins(gap, theme.metric(4), gap, theme.metric(8))
        layout.setSpacing(theme.metric(6))
        for widget in (
            self.bar,
            self.filter_bar.more,
            self.replay_bar,
            self.quiz_bar,
            self.notice,
            self.remark,
        ):
            layout.addWidget(widget)
        layout.addWidget(self.pages, 1)
        # The comparison is the tallest page; it must not keep the dock from being small.
        for widget in (self.main, self.side, self.pages):
            widget.setMinimumSize(theme.metric(120), theme.metric(LEAST_HEIGHT))

    def _order_focus(self) -> None:
        bar, fields, replay = self.bar, self.filter_bar, self.replay_bar
        order: list[QWidget] = [
            fields.words,
            fields.mode,
            fields.direction,
            fields.clear,
            fields.more_button,
            fields.previous,
            fields.next,
            fields.channel,
            fields.layer,
            fields.least,
            fields.most,
            fields.facts,
            fields.only,
            bar.encoding,
            *bar.forms.buttons(),
            bar.export,
            bar.copy_as,
            bar.more,
            replay.bar.field,
            replay.channel,
            replay.speed,
            replay.bar.button,
            replay.close_button,
            *self.quiz_bar.choices,
            self.quiz_bar.next_button,
            self.quiz_bar.close_button,
            self.events,
            self.text,
            self.detail.hex,
            self.stream.chooser,
            self.stream.hex,
        ]
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    # What is seen

    @property
    def list_shown(self) -> ExplainedView | TextView:
        """The list of the present form."""
        return self.text if self.form == "text" else self.events

    def put_form(self, form: str, *, has_side: bool) -> None:
        """Show the parts of a form."""
        self.form = form
        self.bar.show_form(form)
        self.main.setCurrentWidget(self.list_shown)
        self.put_side(has_side)

    def put_side(self, is_shown: bool) -> None:
        """Show what stands beside the list, or give the list all the room."""
        is_hex = self.form == "hex"
        self.side.setCurrentWidget(self.stream if is_hex else self.detail)
        if is_shown:
            self._share()
        self.side.setVisible(is_shown)

    def _share(self) -> None:
        """The room as the person dragged it in this form, or as suits the form."""
        kept = self._dragged.get(self.form)
        if kept is None:
            along = self.splitter.width() if self._is_wide() else self.splitter.height()
            share = LIST_SHARE[self.form]
            kept = [round(along * share), round(along * (1 - share))]
        self.splitter.setSizes(kept)

    def _is_wide(self) -> bool:
        return self.splitter.orientation() == Qt.Orientation.Horizontal

    def _on_splitter_moved(self) -> None:
        self._dragged[self.form] = self.splitter.sizes()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < theme.metric(NARROW)
        self.splitter.setOrientation(Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal)


def _stack(*pages: QWidget) -> QStackedWidget:
    stack = QStackedWidget()
    for page in pages:
        stack.addWidget(page)
    return stack
