"""The view of lamps: whom to watch and how, the result, a lamp for each flag of each socket, one socket in full."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from workbench.jobs.verdict import ChipText, Verdict
from workbench.lab.catalogue import SERVICES
from workbench.panels.sockets.readiness.controller import LampsController
from workbench.panels.sockets.readiness.models import LampsModel
from workbench.panels.sockets.readiness.parts.detail import Detail
from workbench.panels.sockets.readiness.parts.pulse import Pulse
from workbench.panels.sockets.readiness.state import LampsState
from workbench.protocols.readiness.engines import engines
from workbench.protocols.readiness.explain import PROVOCATIONS, REASONS
from workbench.ui import icons, theme
from workbench.ui.empty import EmptyState
from workbench.ui.notice import Notice
from workbench.ui.pieces import allow, button, field, table_of
from workbench.ui.targetbar import LabName, TargetBar
from workbench.ui.verdict import VerdictLine

LAB = "lab:ticker"
EMPTY = "The sockets that are watched will stand here, with a lamp for each thing that the system can tell of them."
OFFER = f"Watch {LAB}"
WATCH_TIP = "Wait again and again, until you stop it"


class LampsView(QWidget):
    """The lamps; what a person does goes out as signals.

    Signals:
        edited: a choice is another one. added: a target. The others: a button.
    """

    edited = Signal()
    added = Signal(str)
    pair_asked = Signal()
    listen_asked = Signal()
    watch_asked = Signal()
    once_asked = Signal()
    remove_asked = Signal()

    def __init__(self, controller: LampsController) -> None:
        super().__init__()
        self._controller = controller
        self._engines = engines()
        self._is_linking = False
        self.bar = TargetBar("Add", parent=self)
        self.bar.set_lab_names(
            tuple(LabName(f"lab:{each.name}", each.title) for each in SERVICES if each.transport == "tcp")
        )
        self.engine = QComboBox()
        self.engine.setAccessibleName("Way of waiting")
        for info in self._engines.values():
            self.engine.addItem(info.title, info.name)
            at = self.engine.count() - 1
            self.engine.setItemData(at, info.why_not or info.note, Qt.ItemDataRole.ToolTipRole)
            if info.why_not:
                self.engine.setItemData(at, 0, Qt.ItemDataRole.UserRole - 1)
        self.timeout = field("Time of one waiting, milliseconds", "for ever", "", 76)
        self.timeout.setToolTip(
            "Milliseconds that one waiting takes at most; 0 asks once, empty waits for ever"
        )
        self.timeout.setMaxLength(9)
        self.reads = QCheckBox("Read")
        self.reads.setToolTip("Read what arrives; else the lamps stay lit, and it is told again and again")
        self.answers = QCheckBox("Echo")
        self.answers.setToolTip("Send back what the listener's clients say: one loop serves all of them")
        self.pair = button(
            "Made pair", "add", "A connection of this machine with itself: its peer does what you say"
        )
        self.listen = button("Listener", "listen", "Listen on a free port; every client of it is watched too")
        self.once = button("Wait once", "chevron-right", "One waiting, with the time at the left")
        self.watch = button("Watch", "play", WATCH_TIP, "primary")
        self.gone = button("Remove", "remove", "Close the selected socket and forget it")
        self.pulse = Pulse()
        self.verdict = VerdictLine(self)
        self.notice = Notice(self)
        self.empty = EmptyState(EMPTY, OFFER, icon="sockets")
        self.model = LampsModel()
        self.table = table_of(self.model, "Sockets that are watched", (230, 46, 46, 46, 46, 46, 58, 54))
        self.detail = Detail()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        for option in (self.engine, self.timeout):
            self.bar.add_option(option)
        tools = QHBoxLayout()
        tools.setSpacing(gap)
        for each in (self.watch, self.once, self.pair, self.listen, self.gone, self.reads, self.answers):
            tools.addWidget(each)
        tools.addStretch(1)
        tools.addWidget(self.pulse)
        left = QWidget()
        self._pages = QStackedLayout(left)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.table)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.detail)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setSizes([theme.metric(720), theme.metric(480)])
        column = QVBoxLayout(self)
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(gap)
        column.addWidget(self.bar)
        column.addLayout(tools)
        column.addWidget(self.verdict)
        column.addWidget(self.notice)
        column.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        self.bar.submitted.connect(self.added)
        self.engine.currentIndexChanged.connect(self._on_edited)
        self.timeout.textEdited.connect(self._on_edited)
        for box in (self.reads, self.answers):
            box.toggled.connect(self._on_edited)
        self.pair.clicked.connect(self.pair_asked)
        self.listen.clicked.connect(self.listen_asked)
        self.once.clicked.connect(self.once_asked)
        self.watch.clicked.connect(self.watch_asked)
        self.gone.clicked.connect(self.remove_asked)
        self.empty.asked.connect(self._on_offer_taken)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_chosen)

    # ---- showing

    def show_form(self, state: LampsState) -> None:
        """Put what was composed into the fields."""
        self._is_linking = True
        self.engine.setCurrentIndex(max(0, self.engine.findData(state.form.engine)))
        self.timeout.setText(state.form.timeout)
        self.reads.setChecked(state.form.reads)
        self.answers.setChecked(state.form.answers)
        self._is_linking = False

    def show_state(self, state: LampsState) -> None:
        """Show everything."""
        info = self._engines[state.form.engine]
        self.engine.setToolTip(f"{info.title}: {info.note}")
        self._is_linking = True
        self.model.show_lamps(state.rows, info.tells)
        at = self.model.place_of(state.selected)
        if at >= 0 and self.table.currentIndex().row() != at:
            self.table.selectRow(at)
        self._is_linking = False
        self._pages.setCurrentIndex(1 if state.rows else 0)
        self.bar.set_busy(state.doing.startswith("connecting"))
        self._show_watching(state.is_watching)
        self.bar.stand_back(bool(state.rows))
        allow(self.watch, "" if state.rows or state.is_watching else "there is nothing to wait for yet")
        allow(self.once, state.why_not_wait, "One waiting, with the time that is chosen above")
        allow(self.gone, "" if state.row is not None else "choose a socket first")
        self.pulse.show_turns(state.counts.waits)
        reasons = {what: self._controller.why_not(what) for what in PROVOCATIONS}
        self.detail.show_state(state, info.tells, reasons)
        self.notice.show_failure(state.problem)
        self.verdict.show_verdict(_verdict(state))

    def _show_watching(self, is_watching: bool) -> None:
        word = "Stop" if is_watching else "Watch"
        if self.watch.text() != word:
            self.watch.setText(word)
            self.watch.setToolTip("Wait no longer" if is_watching else WATCH_TIP)
            icons.dress(self.watch, "cancel" if is_watching else "play", "on_accent")

    # ---- a person did something

    def _on_edited(self) -> None:
        if not self._is_linking:
            self.edited.emit()

    def _on_offer_taken(self) -> None:
        self.bar.set_text(LAB)
        self.bar.submit()
        self.watch_asked.emit()

    def _on_row_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._is_linking:
            self._controller.select(self.model.rows[current.row()].key)


def _verdict(state: LampsState) -> Verdict:
    counts = state.counts
    chips = (
        ChipText(f"{counts.wakes:,} wake-ups", "waits that ended because a socket had something to tell"),
        ChipText(f"{counts.timeouts:,} timeouts", "waits that ended because their time was over"),
        ChipText(f"{counts.again:,} told again", "the same once more, since nobody had taken it"),
        ChipText(
            f"{100 * counts.cpu_share:.1f} % CPU",
            "processor time of the thread that waits, by the time since it began; the loop's own is not counted",
        ),
    )
    if not counts.waits:
        word = "watching" if state.is_watching else ""
        sentence = "Waiting for the first to tell something." if word else "Nothing was waited for yet."
        return Verdict("running" if word else "none", word, sentence)
    last = state.last
    told = f"{REASONS[last.reason]}, after {last.slept_ns / 1e6:.1f} ms" if last is not None else ""
    sentence = f"The last waiting: {told}." if told else ""
    if state.is_watching:
        return Verdict("running", "watching", sentence, chips)
    return Verdict("info", "stopped", sentence, chips)
