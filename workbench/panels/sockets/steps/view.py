"""The page of calls by hand: what is held at the left, the call and its answers at the right. Decides nothing."""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from workbench.panels.bench import Bench, Talk
from workbench.panels.drafts import line_of
from workbench.panels.pages import Frame
from workbench.panels.sockets.steps.actions import CONTEXT, actions_of
from workbench.panels.sockets.steps.controller import StepsController
from workbench.panels.sockets.steps.models import HoldingsModel, LadderModel
from workbench.panels.sockets.steps.parts.callform import CallForm
from workbench.panels.sockets.steps.parts.details import FAILURES, OPTIONS, Details
from workbench.panels.sockets.steps.parts.lamps import Lamps
from workbench.panels.sockets.steps.parts.quickbar import QuickBar
from workbench.panels.sockets.steps.state import StepsState
from workbench.panels.workpage import WorkPage
from workbench.protocols.calls.explain import explain
from workbench.protocols.calls.options import OptionInfo
from workbench.protocols.calls.presets import PRESETS
from workbench.ui import theme
from workbench.ui.actions import Action
from workbench.ui.empty import EmptyState
from workbench.ui.pieces import allow, button, place_of, table_of

EMPTY = "Sockets and files will stand here, each with its state, its addresses and its owners."
OFFER = "Make both ends of a connection"
NO_CALLS = "Every call and what it answered will stand here, failures with their reason."
OFFERED = "both"
LOOK_MS = 500
"""Between two looks at what the peer may have changed; only while the page is in sight."""


class StepsPage(WorkPage):
    """Socket calls, one by one."""

    CONTEXT = CONTEXT
    NOTHING = "No call was made yet."
    controller: StepsController

    def __init__(self, bench: Bench, frame: Frame) -> None:
        super().__init__(bench, frame)
        self._is_linking = False
        self.controller = StepsController(bench.new_transcript, bench.lab.resolve)
        self.story = QComboBox()
        for preset in PRESETS:
            self.story.addItem(preset.title, preset.id)
            self.story.setItemData(self.story.count() - 1, preset.what, Qt.ItemDataRole.ToolTipRole)
        self.story.setAccessibleName("Story")
        self.story.setToolTip("A few calls in their order, to be made one by one")
        self.begin_button = button("Begin", "reload", "Empty the desk and lay the story's calls ready (F5)")
        self.next_button = button("Next call", "chevron-right", "Make the next call of the story (F10)")
        self.play_button = button("Play all", "play", "Make the rest of the story's calls (Shift+F10)")
        self.stop_button = button("Cancel", "cancel", "Cancel the call that waits (Esc)")
        self.empty_button = button(
            "Empty desk", "trash", "Close everything and begin anew (Ctrl+Shift+Backspace)"
        )
        self.upcoming = QLabel()
        theme.qualify(self.upcoming, role="muted", fixed=True)
        self.holdings = HoldingsModel()
        self.table = table_of(self.holdings, "Sockets and files", (50, 34, 96, 92, 68, 128))
        self.empty = EmptyState(EMPTY, OFFER, icon="sockets")
        self.lamps = Lamps()
        self.details = Details()
        self.form = CallForm()
        self.quick = QuickBar()
        self.ladder = LadderModel()
        self.calls = table_of(self.ladder, "Calls and answers", (40, 250, 330, 76), stretch=2)
        self.no_calls = EmptyState(NO_CALLS, icon="history")
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._lay_out()
        self._connect()
        self._begin()

    # ---- building

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        bar = QHBoxLayout()
        bar.setSpacing(gap)
        for widget in (self.story, self.begin_button, self.next_button, self.play_button):
            bar.addWidget(widget)
        bar.addWidget(self.upcoming, 1)
        bar.addWidget(self.stop_button)
        bar.addWidget(self.empty_button)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self._left(gap))
        self.splitter.addWidget(self._right(gap))
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([theme.metric(650), theme.metric(610)])
        column = self._column()
        column.insertLayout(0, bar)
        column.addWidget(self.splitter, 1)

    def _left(self, gap: int) -> QWidget:
        held = QWidget()
        self._held = QStackedLayout(held)
        self._held.setContentsMargins(0, 0, 0, 0)
        self._held.addWidget(self.empty)
        self._held.addWidget(self.table)
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        column.addWidget(held, 1)
        column.addWidget(self.lamps)
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(top)
        left.addWidget(self.details)
        left.setChildrenCollapsible(False)
        left.setSizes([theme.metric(260), theme.metric(300)])
        return left

    def _right(self, gap: int) -> QWidget:
        right = QWidget()
        answers = QWidget()
        self._answers = QStackedLayout(answers)
        self._answers.setContentsMargins(0, 0, 0, 0)
        self._answers.addWidget(self.no_calls)
        self._answers.addWidget(self.calls)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        column.addWidget(self.form)
        column.addWidget(self.quick)
        column.addWidget(answers, 1)
        return right

    def _connect(self) -> None:
        self.begin_button.clicked.connect(self.begin)
        self.next_button.clicked.connect(self.step)
        self.play_button.clicked.connect(self.play)
        self.stop_button.clicked.connect(self.stop)
        self.empty_button.clicked.connect(self.empty_desk)
        self.story.currentIndexChanged.connect(self._on_story_changed)
        self.form.called.connect(self._on_called)
        self.form.chosen.connect(self.controller.select)
        self.quick.asked.connect(self._on_called)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_chosen)
        self.calls.selectionModel().currentRowChanged.connect(self._on_call_chosen)
        self.details.options.model.asked.connect(self._on_option_asked)
        self.details.failures.asked.connect(self._on_failure_asked)
        self.empty.asked.connect(self._on_offer_taken)
        self._timer.timeout.connect(self._on_time)

    # ---- what a person can do; the actions call these too

    @property
    def is_running(self) -> bool:
        """Whether something goes on."""
        return bool(self._scope.jobs)

    def begin(self) -> None:
        """Lay the calls of the chosen story ready."""
        self._launch(self.controller.begin(str(self.story.currentData())), "Laying the calls ready")

    def step(self) -> None:
        """Make the next call of the story."""
        if line := self.controller.state.next_line:
            self._launch(self.controller.step(), line)

    def play(self) -> None:
        """Make the rest of the story's calls."""
        if self.controller.state.queue:
            self._launch(self.controller.play(), self.story.currentText())

    def stop(self) -> None:
        """Cancel the call that waits; the newest first."""
        for job in reversed(self._scope.jobs):
            job.cancel()
            return

    def empty_desk(self) -> None:
        """Cancel what waits, close everything, begin anew."""
        for job in self._scope.jobs:
            job.cancel()
        self._launch(self.controller.empty(), "Emptying the desk")

    def show_options(self) -> None:
        """Show the options of the selected socket."""
        self.details.focus_page(OPTIONS)

    def show_failures(self) -> None:
        """Show the tree of exceptions."""
        self.details.focus_page(FAILURES)

    def end_writing(self) -> None:
        """Shut the writing direction of the selected socket down."""
        self.quick.ask("shutdown")

    # ---- what the frame asks

    def page_actions(self) -> tuple[Action, ...]:
        """What a person can do here."""
        return actions_of(self)

    def draft(self) -> dict[str, object]:
        """What survives a restart: the story, and the line that is typed."""
        return {"story": self.story.currentData(), "line": self.form.text()}

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take a draft of an earlier session; nothing is called."""
        at = place_of(self.story, draft.get("story"))
        if at >= 0:
            self.story.setCurrentIndex(at)
        if line := line_of(draft.get("line")):
            self.form.line.setText(line)

    def focus_start(self) -> None:
        """Put the focus into the line of the call."""
        self.form.focus_line()

    def open_target(self, target: str, how: str = "") -> None:
        """Lay the calls ready that connect to the target, or listen on it."""
        on, at = self.controller.desk.name(""), target.strip()
        family = "UNIX" if at.startswith("unix:") else "INET6" if at.startswith("[") else "INET"
        calls = (f"{on}.bind {at}", f"{on}.listen 5") if how == "listen" else (f"{on}.connect {at}",)
        self.controller.lay(f"{on} = socket {family} STREAM", *calls)

    def current_talk(self) -> Talk | None:
        """The conversation of the calls."""
        copies = (("Python", self.controller.copy_as_python),)
        return Talk(self.controller.transcript, explain, "Calls by hand", copies)

    async def retire(self) -> None:
        """Cancel what waits and give every socket back."""
        self._timer.stop()
        await self._scope.retire()
        self._uncut()
        await self.controller.retire()

    # ---- a person did something

    def _on_called(self, line: str) -> None:
        self._launch(self.controller.type(line), line)
        self.draft_changed.emit()

    def _on_row_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._is_linking:
            self.controller.select(self.holdings.name_at(current.row()))

    def _on_call_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        rows = self.ladder.rows
        if current.isValid() and current.row() < len(rows) and not self._is_linking:
            self.controller.look_back(rows[current.row()])
            event = rows[current.row()].event
            if event is not None:
                self._bench.show_event(event)

    def _on_option_asked(self, option: OptionInfo, text: str) -> None:
        self._launch(self.controller.set_option(option, text), f"Setting {option.name}")

    def _on_failure_asked(self, name: str) -> None:
        self._launch(self.controller.provoke(name), f"Provoking {name}")

    def _on_offer_taken(self) -> None:
        self.story.setCurrentIndex(self.story.findData(OFFERED))
        self._launch(self._both(), OFFER)

    async def _both(self) -> None:
        await self.controller.begin(OFFERED)
        await self.controller.play()

    def _on_story_changed(self, _at: int) -> None:
        self.story.setToolTip(str(self.story.currentData(Qt.ItemDataRole.ToolTipRole)))
        self.draft_changed.emit()

    def _on_time(self) -> None:
        if self.controller.desk.sockets:
            self.controller.refresh()

    def _launch(self, work, title: str) -> None:
        self._scope.launch(work, name="call", title=title[:80])
        self._bench.registry.refresh(CONTEXT)

    # ---- showing

    def _render(self, state: StepsState) -> None:
        self._is_linking = True
        self.holdings.show_state(state)
        row = self.holdings.place_of(state.selected)
        if row >= 0 and self.table.currentIndex().row() != row:
            self.table.selectRow(row)
        grown = len(state.outcomes) != len(self.ladder.rows)
        self.ladder.show_rows(state.outcomes)
        if grown and state.outcomes:
            self.calls.scrollToBottom()
        self._is_linking = False
        self._held.setCurrentIndex(1 if state.descriptors else 0)
        self._answers.setCurrentIndex(1 if state.outcomes else 0)
        self.lamps.show_state(state)
        self.details.show_state(state)
        self.form.show_state(state)
        if state.problem is not self.notice.failure:
            self.form.mark(state.problem)
        self._render_bar(state)
        self._render_rest(state)

    def _render_bar(self, state: StepsState) -> None:
        for each in (self.next_button, self.play_button):
            allow(each, "" if state.queue else "no call of a story is laid ready: begin one")
        allow(self.stop_button, "" if state.running > 0 or state.provoking else "no call is waiting")
        allow(self.empty_button, "the desk is empty" if state.is_empty else "")
        left = f"next: {state.next_line}" if state.queue else ""
        self.upcoming.setText(left)
        self.quick.show_state(state)

    # ---- Qt's own

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
