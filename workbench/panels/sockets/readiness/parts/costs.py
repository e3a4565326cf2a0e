"""The view of costs: time per wake-up by number of sockets for each way of waiting, and asking without waiting."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from workbench.jobs.verdict import ChipText, Verdict
from workbench.panels.sockets.readiness.models import CostsModel
from workbench.panels.sockets.readiness.state import LampsState
from workbench.protocols.readiness.costs import Cost, has_limit
from workbench.ui import theme
from workbench.ui.curves import Curve, Curves
from workbench.ui.empty import EmptyState
from workbench.ui.pieces import button, table_of
from workbench.ui.verdict import VerdictLine

EMPTY = "How long a wake-up takes by number of sockets will stand here, for each way of waiting that this system has."


class CostsView(QWidget):
    """The costs.

    Signals:
        measure_asked: measure them; while it is measured: stop.
    """

    measure_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.measure = button(
            "Measure", "play", "Measure in a process of its own, which takes some seconds", "primary"
        )
        self.verdict = VerdictLine(self)
        self.empty = EmptyState(EMPTY, "Measure", icon="compare")
        self.chart = Curves("Time of one wake-up by number of sockets", "sockets", "µs a wake-up")
        self.model = CostsModel()
        self.table = table_of(self.model, "Time of one wake-up", (80, 100, 100, 100))
        gap = theme.metric(8)
        tools = QHBoxLayout()
        tools.setSpacing(gap)
        tools.addWidget(self.measure)
        tools.addWidget(self.verdict, 1)
        shown = QSplitter(Qt.Orientation.Horizontal)
        shown.addWidget(self.chart)
        shown.addWidget(self.table)
        shown.setChildrenCollapsible(False)
        shown.setStretchFactor(0, 1)
        shown.setSizes([theme.metric(720), theme.metric(440)])
        below = QWidget()
        self._pages = QStackedLayout(below)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(shown)
        column = QVBoxLayout(self)
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(gap)
        column.addLayout(tools)
        column.addWidget(below, 1)
        self._shown: tuple[Cost, ...] = ()
        self.measure.clicked.connect(self.measure_asked)
        self.empty.asked.connect(self.measure_asked)

    def show_state(self, state: LampsState) -> None:
        """Show the figures that there are."""
        self.measure.setText("Stop" if state.is_measuring else "Measure")
        self._pages.setCurrentIndex(1 if state.costs or state.is_measuring else 0)
        if state.costs is not self._shown:
            self._shown = state.costs
            self.model.show_costs(state.costs)
            self.chart.show_curves(_curves(state.costs))
        self.verdict.show_verdict(_verdict(state))


def _curves(costs: tuple[Cost, ...]) -> list[Curve]:
    names = dict.fromkeys(cost.engine for cost in costs)
    return [
        Curve(name, tuple((float(cost.sockets), cost.wake_us) for cost in costs if cost.engine == name))
        for name in names
    ]


def _verdict(state: LampsState) -> Verdict:
    if state.is_measuring:
        return Verdict("running", "measuring", f"{len(state.costs)} figures so far")
    if not state.costs:
        return Verdict("none", "", "Nothing was measured yet.")
    chips = tuple(
        ChipText(
            f"{meter.way}: {meter.cpu_share * 100:.1f} % of a core",
            f"{meter.calls:,} calls in {meter.elapsed_s * 1000:.0f} ms, for a socket that has nothing to tell",
        )
        for meter in state.meters
    )
    limit = next((cost for cost in state.costs if has_limit(cost)), None)
    words = f" {limit.engine} ends there: {limit.why}." if limit is not None else ""
    return Verdict(
        "info",
        "measured",
        f"One among up to {state.costs[-1].sockets:,} sockets had something to tell.{words}",
        chips,
    )
