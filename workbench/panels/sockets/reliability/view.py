"""The page of reliability: the path's faults at the left, what became of each message at the right. Decides nothing."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QSpinBox, QStackedLayout, QVBoxLayout, QWidget

from workbench.jobs.verdict import ChipText, Verdict
from workbench.panels.bench import Bench, Talk
from workbench.panels.pages import Frame
from workbench.panels.sockets.reliability.actions import CONTEXT, actions_of
from workbench.panels.sockets.reliability.controller import ReliabilityController
from workbench.panels.sockets.reliability.models import FatesModel
from workbench.panels.sockets.reliability.state import Faults, ReliabilityState
from workbench.panels.workpage import WorkPage
from workbench.protocols.reliability.client import MAX_MESSAGES
from workbench.protocols.reliability.message import SIZE
from workbench.ui import theme
from workbench.ui.actions import Action
from workbench.ui.empty import EmptyState
from workbench.ui.pieces import allow, button, table_of
from workbench.wire.explain import explain

EMPTY = "The same numbered messages go over a faulty path, by UDP and by TCP. What became of each will stand here."
OFFER = "Send 50 by both"
LAST = MAX_MESSAGES * SIZE - 1


class Number(NamedTuple):
    """A field of the form, by the name of the fault."""

    name: str
    title: str
    low: int
    high: int
    suffix: str
    tip: str


NUMBERS = (
    Number("count", "Messages", 1, MAX_MESSAGES, "", "How many are sent by each transport"),
    Number("drop_percent", "Lost", 0, 100, " %", "Of a hundred datagrams the path loses so many"),
    Number(
        "duplicate_percent", "Doubled", 0, 100, " %", "Of a hundred datagrams the path delivers so many twice"
    ),
    Number("reorder", "Overtaken by", 0, 64, "", "A datagram may be overtaken by so many later ones"),
    Number(
        "corrupt_percent", "Changed", 0, 100, " %", "In so many of a hundred datagrams one bit is changed"
    ),
    Number("delay_ms", "Late", 0, 1_000, " ms", "Everything arrives so much later, by both transports"),
    Number("changed_octet", "TCP: change octet", -1, LAST, "", "The place of an octet of TCP's stream"),
    Number("seed", "Seed", 0, 999_999, "", "Another seed makes the path choose otherwise"),
)
NO_OCTET = "none"


class ReliabilityPage(WorkPage):
    """One comparison."""

    CONTEXT = CONTEXT
    JOB = "compare"
    controller: ReliabilityController

    def __init__(self, bench: Bench, frame: Frame) -> None:
        super().__init__(bench, frame)
        self.controller = ReliabilityController(bench.new_transcript, bench.lab.relay)
        self.fields = {number.name: _field(number) for number in NUMBERS}
        self.send_button = button("Send by both", "send", "Send by UDP and then by TCP (F5)", "primary")
        self.stop_button = button("Stop", "cancel", "Stop the comparison (Esc)")
        self.empty = EmptyState(EMPTY, OFFER, icon="sockets")
        self.model = FatesModel()
        self.table = table_of(self.model, "Messages and what became of them", (90, 220))
        self._lay_out()
        self._connect()
        self._begin()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.setVerticalSpacing(theme.metric(4))
        for number in NUMBERS:
            form.addRow(number.title, self.fields[number.name])
        left = QVBoxLayout()
        buttons = QHBoxLayout()
        buttons.addWidget(self.send_button)
        buttons.addWidget(self.stop_button)
        buttons.addStretch(1)
        left.addLayout(buttons)
        left.addLayout(form)
        left.addStretch(1)
        right = QWidget()
        self._pages = QStackedLayout(right)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.table)
        sides = QHBoxLayout()
        sides.setSpacing(theme.metric(16))
        sides.addLayout(left)
        sides.addWidget(right, 1)
        self._column().addLayout(sides, 1)

    def _connect(self) -> None:
        for field in self.fields.values():
            field.valueChanged.connect(self._on_edited)
        self.send_button.clicked.connect(self.start)
        self.stop_button.clicked.connect(self.stop)
        self.empty.asked.connect(self.start)

    # ---- what a person can do; the actions call these too

    def start(self) -> None:
        """Send the messages by both transports."""
        count = self.controller.state.faults.count
        self._launch(self.controller.compare(), f"Sending {count} messages by UDP and TCP")

    # ---- what the panel asks

    def page_actions(self) -> tuple[Action, ...]:
        """What a person can do there."""
        return actions_of(self)

    def draft(self) -> dict[str, object]:
        """The faults that were chosen."""
        return asdict(self.controller.state.faults)

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take them over; what is no number in its range is left out."""
        for name, field in self.fields.items():
            value = draft.get(name)
            if (
                isinstance(value, int)
                and not isinstance(value, bool)
                and field.minimum() <= value <= field.maximum()
            ):
                field.setValue(value)

    def focus_start(self) -> None:
        """Put the focus into the first field."""
        self.fields["count"].setFocus(Qt.FocusReason.OtherFocusReason)

    def open_target(self, target: str, how: str = "") -> None:
        """There is no target here: the messages go to the Lab."""

    def current_talk(self) -> Talk | None:
        """The comparison's conversation."""
        return Talk(self.controller.transcript, explain, "Reliability")

    # ---- a person did something

    def _on_edited(self) -> None:
        self.controller.compose(Faults(**{name: field.value() for name, field in self.fields.items()}))
        self.draft_changed.emit()

    # ---- showing

    def _render(self, state: ReliabilityState) -> None:
        allow(self.send_button, "a comparison is going on" if state.is_running else "")
        allow(self.stop_button, "" if state.is_running else "nothing is being sent")
        self.model.show_state(state)
        self._pages.setCurrentWidget(self.table if self.model.rowCount() else self.empty)
        self._render_rest(state)

    def _verdict(self, state: ReliabilityState) -> Verdict:
        return _verdict(state)


def _field(number: Number) -> QSpinBox:
    field = QSpinBox()
    field.setRange(number.low, number.high)
    field.setSuffix(number.suffix)
    field.setAccessibleName(number.title)
    field.setToolTip(number.tip)
    field.setValue(getattr(Faults(), number.name))
    if number.low < 0:
        field.setSpecialValueText(NO_OCTET)
    return field


def _verdict(state: ReliabilityState) -> Verdict:
    if state.is_running:
        return Verdict("running", f"{state.stage} …" if state.stage else "beginning", state.sentence)
    if state.phase == "failed" and state.problem is not None:
        return Verdict("bad", state.problem.stage or "failed", str(state.problem))
    if state.tcp is None or state.udp is None:
        word = "stopped" if state.stage == "stopped" else ""
        return Verdict("info" if word else "none", word, state.sentence or "Nothing was sent yet.")
    chips: tuple[ChipText, ...] = ()
    if state.info is not None:
        info = state.info
        chips = (
            ChipText(f"rtt {info.rtt_us / 1000:.1f} ms", "Round-trip time as TCP measured it (TCP_INFO)"),
            ChipText(f"{info.total_retrans} sent again", "Segments that TCP sent again (TCP_INFO)"),
        )
    return Verdict("good" if state.tcp.is_perfect else "warning", "compared", state.sentence, chips)
