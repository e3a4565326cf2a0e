"""The right half: what came back, as text, fields, hops and octets, and what can be done with it. Decides nothing."""

import os

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QStackedLayout,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from workbench.formats.quantity import octets
from workbench.panels.web.models import AttemptsModel, FieldsModel, HopsModel, LinesModel
from workbench.panels.web.parts.unpackbar import UnpackBar
from workbench.panels.web.state import WebState
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.hexview import HeldOctets, HexView
from workbench.ui.pieces import Tabbed, allow, button, small_button, table_of

EMPTY = "Send a request: the answer will stand here."
OFFER = "Fetch lab:http/page"
PARTS = (
    ("Text", "The body as text, its coding undone (Ctrl+Alt+4)"),
    ("Fields", "The head of the answer as it came; of another hop, where one is selected (Ctrl+Alt+5)"),
    ("Hops", "Each request and its answer (Ctrl+Alt+6)"),
    ("Octets", "The body as hex, its coding undone (Ctrl+Alt+7)"),
    ("As it came", "The body before its coding was undone, as hex"),
    ("Attempts", "Each attempt of a download into a file: from where, to where, how it ended (Ctrl+Alt+8)"),
)
TIPS = {
    "save": "Save the body to a file (Ctrl+S)",
    "inspect": "Open the body in the Inspector (Ctrl+Shift+I)",
    "certificates": "Open in Certificates (Ctrl+Alt+C)",
    "sockets": "Open in Sockets (Ctrl+Alt+S)",
    "dns": "Open in DNS (Ctrl+Alt+D)",
}
ROWS_AT_ONCE = 2000
"""Rows that are laid out in one turn of the loop; they take 5 ms."""
MAX_COPIED = 20_000
"""Lines that go to the clipboard at once."""


class _Lines(QStyledItemDelegate):
    """Lines of text stand closer than rows of a table: nobody has to hit one."""

    # Qt's

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        size = super().sizeHint(option, index)
        size.setHeight(option.fontMetrics.height() + theme.metric(3))  # type: ignore[attr-defined]  # missing in the stubs
        return size


class LinesView(QListView):
    """A body's lines; Ctrl+C copies those that are selected."""

    def __init__(self, model: LinesModel) -> None:
        super().__init__()
        self.lines = model
        self.setModel(model)
        self.setAccessibleName("Text of the body")
        self.setUniformItemSizes(True)
        # Qt lays out all rows in one go else: a hundred thousand take a third of a second, in which nothing moves.
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(ROWS_AT_ONCE)
        self.setItemDelegate(_Lines(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        theme.qualify(self, fixed=True)

    # Qt's

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            rows = [index.row() for index in self.selectedIndexes()]
            if rows:
                first = min(rows)
                text = self.lines.text.text(first, min(max(rows), first + MAX_COPIED))
                QGuiApplication.clipboard().setText(text)
            return
        super().keyPressEvent(event)


class AnswerView(QWidget):
    """What came back."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = LinesModel()
        self.fields = FieldsModel()
        self.hops = HopsModel()
        self.attempts = AttemptsModel()
        self.unpack = UnpackBar()
        self.text_view = LinesView(self.lines)
        self.fields_table = table_of(self.fields, "Fields of the answer", (150, 250))
        self.hops_table = table_of(self.hops, "Hops", (130, 250, 190))
        self.attempts_table = table_of(self.attempts, "Attempts", (40, 90, 90, 110, 300))
        self.hex = HexView("Octets of the body")
        self.raw = HexView("Octets of the body as they came")
        self.empty = EmptyState(EMPTY, OFFER, icon="web")
        self.about = QLabel()
        self.save = button("Save body", "export", TIPS["save"])
        self.inspect = button("Inspect", "search", TIPS["inspect"])
        self.certificates = small_button("certificates", "Open in Certificates", TIPS["certificates"])
        self.sockets = small_button("sockets", "Open in Sockets", TIPS["sockets"])
        self.dns = small_button("dns", "Open in DNS", TIPS["dns"])
        views = (
            self._text_part(),
            self.fields_table,
            self.hops_table,
            self.hex,
            self.raw,
            self.attempts_table,
        )
        self.parts = Tabbed(
            "Parts of the answer",
            [(title, tip, view) for (title, tip), view in zip(PARTS, views, strict=True)],
        )
        self.places = (self.text_view, *views[1:])
        self._body: object = b""
        self._came = b""
        self._lay_out()

    def _text_part(self) -> QWidget:
        part, shown = QWidget(), QWidget()
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(4))
        column.addWidget(self.unpack)
        column.addWidget(self.text_view, 1)
        self._texts = QStackedLayout(part)
        self._texts.setContentsMargins(0, 0, 0, 0)
        self._texts.addWidget(self.empty)
        self._texts.addWidget(shown)
        return part

    def _lay_out(self) -> None:
        self.hex.set_hint("The octets of the body will stand here.")
        self.raw.set_hint("A body that came in a coding (gzip, deflate) will stand here as it came.")
        theme.qualify(self.about, role="muted")
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        below = QHBoxLayout()
        below.setSpacing(theme.metric(8))
        below.addWidget(self.about, 1)
        for widget in (self.save, self.inspect, self.certificates, self.sockets, self.dns):
            below.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(4))
        column.addWidget(self.parts, 1)
        column.addLayout(below)

    def show_state(self, state: WebState) -> None:
        """Show what came."""
        self.lines.show_text(state.text)
        hop = state.hop
        self.fields.show_head(hop.answer if hop is not None else None)
        self.hops.show_hops(state.hops)
        self.attempts.show_attempts(state.attempts)
        self.unpack.show_state(state)
        self._show_body(state)
        self.about.setText(_about(state))
        self.about.setToolTip(state.saved)
        is_secure = hop is not None and hop.url.is_secure
        no_tls = "" if is_secure else "this was no https" if hop is not None else state.why_not_hop
        for widget, name, why in (
            (self.save, "save", state.why_not_body),
            (self.inspect, "inspect", state.why_not_body),
            (self.certificates, "certificates", no_tls),
            (self.sockets, "sockets", state.why_not_hop),
            (self.dns, "dns", state.why_not_hop),
        ):
            allow(widget, why, TIPS[name])

    def _show_body(self, state: WebState) -> None:
        body = state.seen.data
        if body is not self._body:
            self._body = body
            self.hex.set_provider(HeldOctets(body))  # type: ignore[arg-type]  # mapped octets are read like held ones
        encoded = state.exchange.body.encoded if state.exchange is not None else None
        came = encoded.data if encoded is not None else b""
        if came is not self._came:
            self._came = came
            self.raw.set_provider(HeldOctets(came))
        if len(state.text) or state.seen.fault:
            self._texts.setCurrentIndex(1)
            return
        self._texts.setCurrentWidget(self.empty)
        sentence, offer = EMPTY, OFFER
        if state.is_running:
            sentence, offer = "The answer is on its way.", ""
        elif state.exchange is not None:
            offer = ""
            sentence = f"The body went to {state.saved}." if state.saved else "The answer has no body."
        self.empty.set(sentence, offer, "web")


def _about(state: WebState) -> str:
    """One line about the body: how much of it, read how."""
    if state.exchange is None:
        return "the first page, while the rest of it comes" if len(state.text) and state.is_running else ""
    body = state.exchange.body
    told = []
    if body.data and not body.is_kept:
        told.append(f"the first {octets(len(body.data))} of {octets(body.octets)}")
    if state.saved:
        name = os.path.basename(state.saved)
        told.append(f"saved as {name}" if state.why_not_go_on else f"a part stands in {name}")
    if len(state.text):
        told.append(f"read as {state.text.encoding} ({state.text.whence})")
    if state.text.is_cut:
        told.append("the first million lines")
    return "; ".join(told)
