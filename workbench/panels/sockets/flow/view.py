"""The page about octets that wait: a pipe, stalls, and who noticed a death. Decides nothing."""

import weakref
from collections.abc import Iterable, Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.bridge.ask import ask_open_file, ask_save_file
from workbench.errors import LocalFault, WorkbenchError
from workbench.jobs.job import Job
from workbench.jobs.offload import in_thread
from workbench.panels.bench import Bench, Talk
from workbench.panels.pages import Frame
from workbench.panels.sockets.flow.actions import CONTEXT, VIEWS, actions_of
from workbench.panels.sockets.flow.controller import FlowController
from workbench.panels.sockets.flow.live import Session
from workbench.panels.sockets.flow.parts.deathsview import DeathsView
from workbench.panels.sockets.flow.parts.pipeview import PipeView
from workbench.panels.sockets.flow.parts.stallview import StallView
from workbench.panels.sockets.flow.state import FlowState, Form, ViewName
from workbench.protocols.deaths.columns import MAX_OCTETS
from workbench.protocols.deaths.explain import explain as explain_deaths
from workbench.protocols.flow.explain import explain as explain_flow
from workbench.protocols.flow.pair import PAIRS, PairKind
from workbench.protocols.flow.values import Pipe, Remedy
from workbench.ui import theme
from workbench.ui.actions import Action
from workbench.ui.notice import Notice
from workbench.ui.pieces import Tabbed
from workbench.ui.verdict import VerdictLine

FILTERS = ("Findings (*.json)",)
SUGGESTED = "who-noticed.json"
NOTHING: dict[ViewName, str] = {
    "pipe": "Nothing was written yet.",
    "stall": "There is no live connection.",
    "deaths": "Nothing was measured yet.",
}
TITLES: dict[ViewName, str] = {"pipe": "Pipe", "stall": "Stall", "deaths": "Who noticed"}


class FlowPage(QWidget):
    """Three views over one controller."""

    draft_changed = Signal()

    def __init__(self, bench: Bench, frame: Frame) -> None:
        super().__init__()
        self._bench = bench
        self._frame = frame
        self._scope = bench.new_scope("sockets")
        self._filling: Job | None = None
        self._measuring: Job | None = None
        self._metering: Job | None = None
        self.controller = FlowController(bench.new_transcript, partial(_sessions, weakref.ref(frame)))
        self.verdict = VerdictLine(self)
        self.notice = Notice(self)
        self.pipe = PipeView()
        self.stall = StallView()
        self.deaths = DeathsView()
        self.views = Tabbed(
            "Views",
            (
                (TITLES["pipe"], "Fill a pipe until nothing moves, and free it (Alt+1)", self.pipe),
                (TITLES["stall"], "Which live connections stall, and why (Alt+2)", self.stall),
                (TITLES["deaths"], "Which call notices that the peer is gone (Alt+3)", self.deaths),
            ),
        )
        self._lay_out()
        self._connect()
        self._uncut = bench.feed.watch(self.controller, self._on_state_changed)
        self._render(self.controller.state)

    def _lay_out(self) -> None:
        gap, margin = theme.metric(8), theme.metric(12)
        for view in (self.pipe, self.stall, self.deaths):
            inner = view.layout()
            if inner is not None:
                inner.setContentsMargins(margin, gap, margin, gap)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margin, gap, margin, gap)
        layout.setSpacing(gap)
        layout.addWidget(self.verdict)
        layout.addWidget(self.notice)
        layout.addWidget(self.views, 1)

    def _connect(self) -> None:
        self.views.turned.connect(self._on_turned)
        self.pipe.edited.connect(self._on_edited)
        self.pipe.started.connect(self.fill)
        self.pipe.remedy_asked.connect(self.remedy)
        self.stall.looked.connect(self._on_looked)
        self.stall.pair_asked.connect(self.make_wait)
        self.stall.relieved.connect(self.relieve)
        self.stall.metered.connect(self.meter)
        self.stall.watched.connect(self._on_watched)
        self.stall.edited.connect(self._on_edited)
        self.deaths.measured.connect(self.measure)
        self.deaths.exported.connect(self.export)
        self.deaths.imported.connect(self.import_)
        self.deaths.forgotten.connect(self._on_forgotten)
        self.deaths.chosen.connect(self._on_machine_chosen)
        self.notice.dismissed.connect(self.controller.dismiss)
        self.notice.event_asked.connect(self._on_event_asked)

    # ---- what a person can do; the actions call these too

    @property
    def view(self) -> ViewName:
        """The view in front."""
        return VIEWS[self.views.page]

    @property
    def is_busy(self) -> bool:
        """Whether there is something to stop."""
        return bool(self._scope.jobs)

    def start(self) -> None:
        """Start what the view in front is for."""
        {"pipe": self.fill, "stall": self._make_first_wait, "deaths": self.measure}[self.view]()

    def stop(self) -> None:
        """Stop what goes on, the newest first."""
        for job in reversed(self._scope.jobs):
            job.cancel()

    def fill(self) -> None:
        """Fill the pipe."""
        if self._is_free(self._filling):
            self._compose()
            self._filling = self._scope.launch(self.controller.fill(), name="fill", title="Filling a pipe")

    def remedy(self, remedy: Remedy) -> None:
        """Apply a remedy."""
        self._compose()
        self.controller.remedy(remedy)

    def make_wait(self, kind: PairKind) -> None:
        """Make two ends wait for each other."""
        self._scope.launch(self.controller.stall(kind), name="stall", title=f"Two ends wait: {kind}")

    def _make_first_wait(self) -> None:
        self.make_wait(PAIRS[0][0])

    def relieve(self) -> None:
        """Apply the way out to the connection that is looked at."""
        self.controller.relieve()

    def meter(self) -> None:
        """Measure what waiting costs."""
        if self._is_free(self._metering):
            self._metering = self._scope.launch(
                self.controller.meter(), name="meter", title="What waiting costs"
            )

    def measure(self) -> None:
        """Fill the matrix."""
        if self._is_free(self._measuring):
            title = "Letting processes die"
            self._measuring = self._scope.launch(self.controller.measure(), name="deaths", title=title)

    def export(self) -> None:
        """Save the findings."""
        self._scope.launch(self._export(), name="export", title="Exporting findings")

    def import_(self) -> None:
        """Take the findings of another machine."""
        self._scope.launch(self._import(), name="import", title="Importing findings")

    def show_pipe(self) -> None:
        """Bring the pipe to the front."""
        self.views.focus_page(0)

    def show_stall(self) -> None:
        """Bring the stalls to the front."""
        self.views.focus_page(1)

    def show_deaths(self) -> None:
        """Bring the matrix to the front."""
        self.views.focus_page(2)

    # ---- what the frame asks

    def page_actions(self) -> tuple[Action, ...]:
        """What a person can do here."""
        return actions_of(self)

    def draft(self) -> dict[str, object]:
        """What survives a restart."""
        form = self.controller.state.form
        pipe = {name: getattr(form.pipe, name) for name in (*self.pipe.fields, "at_once")}
        return {"view": self.view, "pipe": pipe, "deadline_s": form.deadline_s, "lines": form.lines}

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take a draft of an earlier session; nothing is started."""
        kept = draft.get("pipe")
        numbers = {
            name: value
            for name, value in (kept.items() if isinstance(kept, dict) else ())
            if name in self.pipe.fields and isinstance(value, int) and not isinstance(value, bool)
        }
        at_once = isinstance(kept, dict) and kept.get("at_once") is True
        deadline = draft.get("deadline_s")
        pipe = Pipe(**{name: value for name, value in numbers.items() if abs(value) < 2**31}, at_once=at_once)
        self.pipe.take_form(Form(pipe, deadline if isinstance(deadline, float) else 2.0))
        self.stall.lines.setChecked(draft.get("lines") is not False)
        self._compose()
        if (view := draft.get("view")) in VIEWS:
            self.views.turn_to(VIEWS.index(str(view)))

    def focus_start(self) -> None:
        """Put the focus where the view in front begins."""
        begins = (self.pipe.start, self.stall.pairs[PAIRS[0][0]], self.deaths.measure)
        begins[self.views.page].setFocus()

    def open_target(self, target: str, how: str = "") -> None:
        """This page talks to itself only; a target changes nothing."""

    def current_talk(self) -> Talk | None:
        """The conversation of the view in front."""
        explain = explain_deaths if self.view == "deaths" else explain_flow
        copies = (("Python", self.controller.copy_as_python),) if self.view == "pipe" else ()
        return Talk(self.controller.transcripts[self.view], explain, TITLES[self.view], copies)

    async def retire(self) -> None:
        """End what goes on."""
        self.stall.timer.stop()
        await self._scope.retire()
        self._uncut()
        self.controller.close()

    # ---- a person did something

    @staticmethod
    def _is_free(job: Job | None) -> bool:
        return job is None or not job.is_running

    def _compose(self) -> None:
        self.controller.compose(
            **self.pipe.form(self.controller.state.form), lines=self.stall.lines.isChecked()
        )

    def _on_edited(self) -> None:
        self._compose()
        self.draft_changed.emit()

    def _on_looked(self) -> None:
        self.controller.look()

    def _on_watched(self, connection: str) -> None:
        self.controller.watch(connection)

    def _on_machine_chosen(self, number: int) -> None:
        self.controller.choose(number)

    def _on_forgotten(self) -> None:
        self.controller.forget()

    def _on_event_asked(self, index: int) -> None:
        self._bench.show_event(index)

    def _on_turned(self, _number: int) -> None:
        self._frame.show_talk(self, self.current_talk())
        self._render(self.controller.state)
        self.draft_changed.emit()

    def _on_state_changed(self) -> None:
        self._render(self.controller.state)

    async def _export(self) -> None:
        text = self.controller.export()
        path = await ask_save_file(self, "Export the findings", FILTERS, SUGGESTED)
        if path is None:
            return
        try:
            await in_thread(path.write_text, text, encoding="utf-8")
        except OSError as error:
            failure = LocalFault(f"{path.name}: {error.strerror}", stage="export")
            self.controller.complain(failure)
            raise failure from error

    async def _import(self) -> None:
        path = await ask_open_file(self, "Import findings", FILTERS)
        if path is None:
            return
        try:
            self.controller.take(await in_thread(_read, str(path)), path.stem)
        except WorkbenchError as failure:
            self.controller.complain(failure)
            raise

    # ---- showing

    def _render(self, state: FlowState) -> None:
        if self.view == "pipe":
            self.pipe.show_state(state)
        elif self.view == "stall":
            self.stall.show_state(state)
        else:
            self.deaths.show_state(state)
        self.notice.show_failure(state.problem)
        self._render_verdict(state)
        self._bench.registry.refresh(CONTEXT)

    def _render_verdict(self, state: FlowState) -> None:
        self.verdict.show_verdict(state.verdict(self.view), NOTHING[self.view])


def _sessions(frame: "weakref.ref[Frame]") -> Iterable[Session]:
    """The live sessions of the console. Weakly: a controller outlives its page while its conversation is shown."""
    console = getattr(frame(), "console", None)
    return [view.controller for view in console.sessions] if console is not None else ()


def _read(path: str) -> str:
    """The text of a file, and no more of it than is ever taken. Raises: LocalFault."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(MAX_OCTETS + 1)
    except OSError as error:
        raise LocalFault(f"{path}: {error.strerror}", stage="import") from error
