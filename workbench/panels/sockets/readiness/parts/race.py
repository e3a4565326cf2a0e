"""The view of the race: from a typed name to the first octet, every attempt a bar."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QStackedLayout, QVBoxLayout, QWidget

from workbench.jobs.verdict import ChipText, Verdict
from workbench.lab.catalogue import SERVICES
from workbench.panels.sockets.readiness.racing import BARE, read_targets
from workbench.panels.sockets.readiness.state import RaceState
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.notice import Notice
from workbench.ui.racechart import Bar, RaceChart
from workbench.ui.targetbar import LabName, TargetBar
from workbench.ui.verdict import VerdictLine
from workbench.wire.policy import POLICIES
from workbench.wire.race import Lane, sentence_of

HINT = "localhost:80, lab:http, or several addresses with blanks between them"
EMPTY = "From the typed name to the first octet: the look-up, every attempt to connect, its winner and its losers."
OFFER = "A race on this machine"
STEPS = {"resolve": "look up", "connect": "connect", "proxy": "proxy", "tls": "TLS", "answer": "wait for"}
NS_PER_MS = 1e6


class RaceView(QWidget):
    """The race.

    Signals:
        edited: a choice is another one. ran: race to this target. cancelled: no longer. example_asked: compose one.
        event_asked: the index of an event to show.
    """

    edited = Signal()
    ran = Signal(str)
    cancelled = Signal()
    example_asked = Signal()
    event_asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._is_linking = False
        self.bar = TargetBar("Race", parse=read_targets, hint=HINT, parent=self)
        self.bar.set_lab_names(
            tuple(LabName(f"lab:{each.name}", each.title) for each in SERVICES if each.transport == "tcp")
        )
        self.policy = QComboBox()
        self.policy.setAccessibleName("Policy")
        for name, info in POLICIES.items():
            self.policy.addItem(info.title, name)
            self.policy.setItemData(self.policy.count() - 1, info.what, Qt.ItemDataRole.ToolTipRole)
        self.numeric = QCheckBox("Addresses only")
        self.numeric.setToolTip("Look no name up: a name is then refused (EAI_NONAME)")
        self.asks = QCheckBox("Ask for a page")
        self.asks.setToolTip(
            "Send “HEAD / HTTP/1.0” and an empty line, each ended by LF alone, and wait for the answer"
        )
        for option in (self.policy, self.numeric, self.asks):
            self.bar.add_option(option)
        self.verdict = VerdictLine(self)
        self.notice = Notice(self)
        self.empty = EmptyState(EMPTY, OFFER, icon="compare")
        self.chart = RaceChart("The race")
        self._lanes: tuple[Lane, ...] = ()
        gap = theme.metric(8)
        below = QWidget()
        self._pages = QStackedLayout(below)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.chart)
        column = QVBoxLayout(self)
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(gap)
        for widget in (self.bar, self.verdict, self.notice):
            column.addWidget(widget)
        column.addWidget(below, 1)
        self.bar.submitted.connect(self.ran)
        self.bar.cancelled.connect(self.cancelled)
        self.bar.edited.connect(self._on_edited)
        self.policy.currentIndexChanged.connect(self._on_edited)
        for box in (self.numeric, self.asks):
            box.toggled.connect(self._on_edited)
        self.empty.asked.connect(self.example_asked)
        self.chart.chosen.connect(self._on_chosen)

    def show_form(self, state: RaceState) -> None:
        """Put what was composed into the fields."""
        self._is_linking = True
        if self.bar.text() != state.form.target:
            self.bar.set_text(state.form.target)
        self.policy.setCurrentIndex(max(0, self.policy.findData(state.form.policy)))
        self.numeric.setChecked(state.form.numeric)
        self.asks.setChecked(state.form.asks)
        self._is_linking = False

    def show_state(self, state: RaceState) -> None:
        """Show the lanes as far as they have got."""
        self._lanes = state.lanes
        self.policy.setToolTip(POLICIES[state.form.policy].what)
        self.bar.set_busy(state.is_running)
        self._pages.setCurrentIndex(1 if state.lanes or state.is_running else 0)
        began_ns = state.lanes[0].start_ns if state.lanes else 0
        ends = [lane.end_ns or lane.start_ns for lane in state.lanes]
        self.chart.show_bars(
            [_bar(lane, began_ns) for lane in state.lanes], (max(ends, default=0) - began_ns) / NS_PER_MS
        )
        self.notice.show_failure(state.problem)
        self.verdict.show_verdict(_verdict(state))

    def _on_edited(self) -> None:
        if not self._is_linking:
            self.edited.emit()

    def _on_chosen(self, row: int) -> None:
        if 0 <= row < len(self._lanes) and (event := self._lanes[row].event) is not None:
            self.event_asked.emit(event)


def _bar(lane: Lane, began_ns: int) -> Bar:
    end_ms = None if lane.end_ns is None else (lane.end_ns - began_ns) / NS_PER_MS
    note = ", ".join(part for part in (lane.family, lane.note) if part)
    return Bar(
        f"{STEPS[lane.step]} {lane.name}", (lane.start_ns - began_ns) / NS_PER_MS, end_ms, lane.outcome, note
    )


def _verdict(state: RaceState) -> Verdict:
    sentence = sentence_of(state.lanes)
    chips = []
    if state.lanes and not state.is_running:
        ends = [lane.end_ns for lane in state.lanes if lane.end_ns is not None]
        took_ms = (max(ends) - state.lanes[0].start_ns) / NS_PER_MS if ends else 0.0
        chips.append(ChipText(f"{took_ms:.1f} ms", "from the name to the end of the last bar"))
    if state.remark:
        chips.append(ChipText("line ends are LF", BARE, "warning"))
    if state.is_running:
        return Verdict("running", "racing", sentence or "looking the name up")
    if state.problem is not None:
        return Verdict("bad", "nobody", sentence or "it did not come to a race", tuple(chips))
    if not state.lanes:
        return Verdict("none", "", "Nothing was raced yet.")
    more = f"; the answer begins “{state.answer}”" if state.answer else ""
    return Verdict("good", "connected", f"{sentence}{more}", tuple(chips))
