"""The page of Gopher: address and line above, what came at the left, reads and phases at the right. Decides nothing."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QSplitter

from workbench.errors import LocalMisuse
from workbench.formats.charset import visible
from workbench.formats.url_parts import scheme_of
from workbench.jobs.verdict import ChipText
from workbench.panels.bench import Bench, Talk
from workbench.panels.drafts import line_of
from workbench.panels.pages import Frame
from workbench.panels.routebox import RouteBox
from workbench.panels.sockets.gopher.actions import CONTEXT, actions_of
from workbench.panels.sockets.gopher.controller import WEB_MARK, GopherController
from workbench.panels.sockets.gopher.models import ReadsModel
from workbench.panels.sockets.gopher.parts.answer import LAB, AnswerView
from workbench.panels.sockets.gopher.parts.levels import LevelsView
from workbench.panels.sockets.gopher.places import (
    ELSEWHERE,
    PART_TIPS,
    TERMINATOR_TITLES,
    ScriptOf,
    read_any,
    without_item,
)
from workbench.panels.sockets.gopher.state import Form, GopherState
from workbench.panels.sockets.routes import ROUTES
from workbench.panels.workpage import WorkPage
from workbench.protocols.gopher.address import parts_of, written
from workbench.protocols.gopher.client import MAX_READ_OCTETS
from workbench.protocols.gopher.explain import explain
from workbench.protocols.gopher.levels import LEVELS
from workbench.protocols.gopher.values import SESSIONS, TERMINATORS, Item
from workbench.ui import theme
from workbench.ui.actions import Action
from workbench.ui.chips import ChipRow
from workbench.ui.ladder import PhaseLadder
from workbench.ui.pieces import Tabbed, allow, button, field, place_of, table_of
from workbench.ui.targetbar import LabName, TargetBar

HINT = "lab:gopher, gopher://host/1/selector, host:70"


class GopherPage(WorkPage):
    """Gopher, read by read."""

    CONTEXT = CONTEXT
    JOB = "gopher"
    controller: GopherController

    def __init__(self, bench: Bench, frame: Frame) -> None:
        super().__init__(bench, frame)
        self.controller = GopherController(bench.new_transcript, bench.lab.resolve, relay=bench.lab.relay)
        self.bar = TargetBar("Open", parse=read_any, hint=HINT, parent=self)
        self.bar.set_lab_names((LabName(LAB, "Gopher server of the Lab"),))
        self.bar.target_box.setAccessibleName("Gopher address")
        self.bar.field.setAccessibleName("Gopher address")
        self.route = RouteBox(ROUTES)
        self.bar.add_option(self.route)
        self.parts = ChipRow()
        self.back_button = button("Back", "history", "Open once more what was open before (Alt+Left)")
        self.selector = field(
            "Selector", "root menu", "What the server calls the item; empty for the root menu"
        )
        self.search = field(
            "Search words", "for an item of type 7", "Sent behind the selector and a tab", 170
        )
        self.terminator = QComboBox()
        self.terminator.setAccessibleName("Line end")
        self.terminator.setToolTip("What ends the line that asks; the standard has CR LF")
        for name in TERMINATORS:
            self.terminator.addItem(TERMINATOR_TITLES[name], name)
        self.read_octets = QSpinBox()
        self.read_octets.setRange(1, MAX_READ_OCTETS)
        self.read_octets.setValue(2048)
        self.read_octets.setAccessibleName("Octets of one read")
        self.read_octets.setToolTip("Each read takes at most so many octets; it may well give fewer")
        self.bar.hold(self.selector, self.search, self.terminator, self.read_octets)
        self.answer = AnswerView()
        self.reads = ReadsModel()
        self.reads_table = table_of(self.reads, "Reads", (70, 90))
        self.ladder = PhaseLadder()
        self.levels = LevelsView(self.controller)
        self._lay_out()
        self._connect()
        self._begin()

    # ---- building

    def _lay_out(self) -> None:
        evidence = Tabbed(
            "Evidence",
            (
                ("Phases", "How far the conversation came, and where it failed", self.ladder),
                ("Reads", "Every read with its size: a read is no message", self.reads_table),
            ),
        )
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.answer)
        splitter.addWidget(evidence)
        splitter.setChildrenCollapsible(False)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([theme.metric(740), theme.metric(500)])
        self.evidence = evidence
        self.views = Tabbed(
            "Views",
            (
                ("Item", "What came, with its reads and phases", splitter),
                ("Levels", "The same request on four levels of abstraction", self.levels),
            ),
        )
        column = self._column(self.bar)
        column.insertLayout(1, self._parts_row())
        column.insertLayout(2, self._line_row())
        column.addWidget(self.views, 1)

    def _parts_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self.parts)
        row.addStretch(1)
        return row

    def _line_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.metric(8))
        row.addWidget(self.back_button)
        for words, widget in (
            ("Selector", self.selector),
            ("Search", self.search),
            ("Ends with", self.terminator),
            ("Reads of", self.read_octets),
        ):
            label = QLabel(words)
            label.setBuddy(widget)
            row.addWidget(label)
            row.addWidget(widget, 1 if widget is self.selector else 0)
        return row

    def _connect(self) -> None:
        self.bar.submitted.connect(self._on_submitted)
        self.bar.cancelled.connect(self.stop)
        self.bar.edited.connect(self._on_edited)
        self.bar.lead_to(self.answer.table, self.answer.text, self.answer.octets)
        self.selector.textEdited.connect(self._on_selector_edited)
        self.search.textEdited.connect(self._on_edited)
        for line in (self.selector, self.search):
            line.returnPressed.connect(self.start)
        self.route.currentIndexChanged.connect(self._on_edited)
        self.terminator.currentIndexChanged.connect(self._on_edited)
        self.read_octets.valueChanged.connect(self._on_edited)
        self.back_button.clicked.connect(self.back)
        self.answer.opened.connect(self._on_item_opened)
        self.answer.empty.asked.connect(self._on_offer_taken)
        self.levels.asked.connect(self.climb)
        self.ladder.event_asked.connect(self._bench.show_event)

    # ---- what a person can do; the actions call these too

    def back(self) -> None:
        """Open once more what was open before."""
        if not self.controller.state.why_not_back:
            self._launch(self.controller.back(), "Back")

    def climb(self) -> None:
        """Make the composed request on four levels."""
        self.views.turn_to(1)
        if not self.bar.text():
            self.bar.set_text(LAB)
        self._compose()
        self._launch(self.controller.climb(), f"Four levels of {self.bar.text()[:60]}")

    def open_current(self) -> None:
        """Open the chosen item of the menu."""
        item = self.answer.current_item
        if item is not None:
            self._on_item_opened(item)

    # ---- what the frame asks

    def page_actions(self) -> tuple[Action, ...]:
        """What a person can do here."""
        return actions_of(self)

    def draft(self) -> dict[str, object]:
        """What survives a restart."""
        form = self.controller.state.form
        return {
            "bar": self.bar.draft(),
            "route": self.route.route(),
            "selector": form.selector,
            "terminator": form.terminator,
            "read_octets": form.read_octets,
        }

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take a draft of an earlier session; nothing is asked."""
        if isinstance(bar := draft.get("bar"), dict):
            self.bar.restore(bar)
        self.route.choose(draft.get("route"))
        if selector := line_of(draft.get("selector")):
            self.selector.setText(selector)
        at = place_of(self.terminator, draft.get("terminator"))
        self.terminator.setCurrentIndex(max(0, at))
        if type(size := draft.get("read_octets")) is int and 1 <= size <= MAX_READ_OCTETS:
            self.read_octets.setValue(size)
        self._compose()

    def open_target(self, target: str, how: str = "") -> None:
        """Show a target as if it had been typed."""
        if not self.controller.state.is_running:
            self.bar.set_text(target)
            self.selector.clear()
            self._compose()

    def current_talk(self) -> Talk | None:
        """The conversation of the page."""
        copies = [(f"Python: {info.name.lower()}", ScriptOf(self.controller, info.number)) for info in LEVELS]
        return Talk(
            self.controller.transcript, explain, "Gopher", (*copies, ("curl", self.controller.copy_as_curl))
        )

    # ---- a person did something

    def _compose(self) -> None:
        self.controller.compose(
            address=self.bar.text(),
            selector=self.selector.text(),
            search=self.search.text(),
            terminator=str(self.terminator.currentData()),
            read_octets=self.read_octets.value(),
            route=self.route.route(),
        )

    def _on_edited(self) -> None:
        if self._is_rendering:
            return
        self._compose()
        self.draft_changed.emit()

    def _on_selector_edited(self) -> None:
        self.bar.set_text(without_item(self.bar.text()))
        self._on_edited()

    def _on_submitted(self, address: str) -> None:
        panel = ELSEWHERE.get(scheme_of(address))
        if panel is not None:
            self._bench.open(panel, address, "")
            return
        self._compose()
        self._launch(self.controller.ask(), f"Gopher {address[:60]}")
        self.draft_changed.emit()

    def _on_offer_taken(self) -> None:
        self.bar.set_text(LAB)
        self.bar.submit()

    def _on_item_opened(self, item: Item) -> None:
        if item.type == "h" and item.selector.startswith(WEB_MARK):
            self._bench.open("web", item.selector.removeprefix(WEB_MARK), "")
        elif item.type in SESSIONS and item.host and item.port:
            self._bench.open("sockets", f"{item.host}:{item.port}", "console")
        elif item.type == "7" and not self.search.text():
            self.bar.set_text(_address_of(self.controller, item))
            self.selector.setText(visible(item.selector))
            self._compose()
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        elif item.can_be_opened:
            self._launch(self.controller.open_item(item), f"Gopher {item.text[:60]}")

    # ---- showing

    def _render(self, state: GopherState) -> None:
        self.bar.set_busy(state.is_running)
        allow(self.back_button, state.why_not_back)
        self._render_form(state.form)
        self._render_parts(state.form.address)
        self.answer.show_answer(state.answer)
        self.reads.show_reads(state.answer.reads if state.answer is not None else ())
        self.ladder.show_rungs(state.rungs)
        self.levels.show_state(state)
        self._render_rest(state)

    def _render_form(self, form: Form) -> None:
        """What is composed may have come from an item of a menu; the field that is typed into is left alone."""
        self._is_rendering = True
        if not self.bar.field.hasFocus() and form.address != self.bar.text():
            self.bar.set_text(form.address)
        if not self.selector.hasFocus() and form.selector != self.selector.text():
            self.selector.setText(visible(form.selector))
        if not self.search.hasFocus() and form.search != self.search.text():
            self.search.setText(visible(form.search))
        self._is_rendering = False

    def _render_parts(self, address: str) -> None:
        """The address in its parts, as far as it is one."""
        try:
            parts = parts_of(address) if address else ()
        except LocalMisuse:
            parts = ()
        self.parts.setVisible(bool(parts))
        self.parts.show_chips(
            ChipText(f"{name} {visible(value) or 'root'}"[:32], PART_TIPS[name]) for name, value in parts
        )


def _address_of(controller: GopherController, item: Item) -> str:
    return written(controller.request_for(item))
