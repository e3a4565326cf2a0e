"""The page of readiness: lamps, costs and the race behind small tabs. Decides nothing."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.errors import WorkbenchError
from workbench.jobs.job import Job
from workbench.panels.bench import Bench, Talk
from workbench.panels.drafts import line_of
from workbench.panels.pages import Frame
from workbench.panels.sockets.readiness.actions import CONTEXT, actions_of
from workbench.panels.sockets.readiness.controller import LampsController
from workbench.panels.sockets.readiness.parts.costs import CostsView
from workbench.panels.sockets.readiness.parts.lamps import LampsView
from workbench.panels.sockets.readiness.parts.race import RaceView
from workbench.panels.sockets.readiness.racing import RaceController
from workbench.protocols.readiness.engines import engines
from workbench.ui import theme
from workbench.ui.actions import Action
from workbench.ui.pieces import Tabbed
from workbench.wire.explain import explain
from workbench.wire.policy import POLICIES

LAMPS, COSTS, RACE = range(3)


class ReadinessPage(QWidget):
    """What sockets are ready for, what waiting costs, and who wins the race to connect."""

    draft_changed = Signal()

    def __init__(self, bench: Bench, frame: Frame) -> None:
        super().__init__()
        self._bench = bench
        self._frame = frame
        self._scope = bench.new_scope("sockets/readiness")
        self._jobs: dict[str, Job] = {}
        self._lamps_transcript, self._race_transcript = bench.new_transcript(), bench.new_transcript()
        self.lamps = LampsController(self._lamps_transcript, bench.lab.resolve)
        self.race = RaceController(self._race_transcript, bench.lab.resolve)
        self.lamps_view = LampsView(self.lamps)
        self.costs_view = CostsView()
        self.race_view = RaceView()
        self.views = Tabbed(
            "Views of readiness",
            (
                ("Lamps", "What each socket is ready for", self.lamps_view),
                ("Costs", "What each way of waiting costs", self.costs_view),
                ("Race", "From a name to the first octet", self.race_view),
            ),
        )
        margin, gap = theme.metric(12), theme.metric(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(margin, gap, margin, gap)
        column.addWidget(self.views)
        self._connect()
        self._uncut = (
            bench.feed.watch(self.lamps, self._on_lamps_changed),
            bench.feed.watch(self.race, self._on_race_changed),
        )
        self._show_forms()
        self._on_lamps_changed()
        self._on_race_changed()

    def _connect(self) -> None:
        lamps, race = self.lamps_view, self.race_view
        lamps.added.connect(self._on_added)
        lamps.bar.cancelled.connect(self._on_adding_cancelled)
        lamps.bar.edited.connect(self.draft_changed)
        lamps.edited.connect(self._on_lamps_edited)
        lamps.pair_asked.connect(self.add_pair)
        lamps.listen_asked.connect(self.listen)
        lamps.watch_asked.connect(self._on_watch_asked)
        lamps.once_asked.connect(self.wait_once)
        lamps.remove_asked.connect(self.remove)
        lamps.detail.provoked.connect(self._on_provoked)
        lamps.detail.asked.connect(self.lamps.ask)
        lamps.notice.dismissed.connect(self.lamps.dismiss)
        lamps.notice.event_asked.connect(self._bench.show_event)
        self.costs_view.measure_asked.connect(self._on_measure_asked)
        race.ran.connect(self._on_ran)
        race.cancelled.connect(self._on_race_cancelled)
        race.edited.connect(self._on_race_edited)
        race.example_asked.connect(self._on_example_asked)
        race.event_asked.connect(self._bench.show_event)
        race.notice.dismissed.connect(self.race.dismiss)
        race.notice.event_asked.connect(self._bench.show_event)
        self.views.turned.connect(self._on_turned)

    # ---- what a person can do; the actions call these too

    @property
    def is_busy(self) -> bool:
        """Whether something goes on that can be stopped."""
        return any(job.is_running for job in self._jobs.values())

    @property
    def is_provoking(self) -> bool:
        """Whether a button's doing goes on still."""
        job = self._jobs.get("provoke")
        return job is not None and job.is_running

    def start(self) -> None:
        """The main thing of the view that is shown."""
        if self.views.page == RACE:
            self.race_view.bar.submit()
        elif self.views.page == COSTS:
            self._launch("measure", self.lamps.measure(), "Measuring the ways of waiting")
        else:
            self._watch()

    def stop(self) -> None:
        """Stop what goes on, the newest first."""
        for job in reversed(self._scope.jobs):
            job.cancel()

    def wait_once(self) -> None:
        """One waiting."""
        if not self.lamps.state.why_not_wait:
            self._launch("watch", self.lamps.wait_once(), "Waiting once")

    def why_not_wait(self) -> str:
        """Why one waiting can't be asked for now."""
        return self.lamps.state.why_not_wait

    def add_pair(self) -> None:
        """Watch a made pair."""
        self.show_lamps()
        self.lamps.add_pair()

    def listen(self) -> None:
        """Watch a listener."""
        self.show_lamps()
        self._launch("listen", self.lamps.listen(), "Listening")

    def remove(self) -> None:
        """Close the selected socket and forget it."""
        self.lamps.remove()

    def show_lamps(self) -> None:
        """The lamps."""
        self.views.turn_to(LAMPS)

    def show_costs(self) -> None:
        """The costs."""
        self.views.turn_to(COSTS)

    def show_race(self) -> None:
        """The race."""
        self.views.turn_to(RACE)

    # ---- what the panel asks

    def page_actions(self) -> tuple[Action, ...]:
        """What a person can do here."""
        return actions_of(self)

    def draft(self) -> dict[str, object]:
        """What survives a restart."""
        lamps, race = self.lamps.state.form, self.race.state.form
        return {
            "view": self.views.page,
            "target": self.lamps_view.bar.text(),
            "engine": lamps.engine,
            "timeout": lamps.timeout,
            "reads": lamps.reads,
            "answers": lamps.answers,
            "race": race.target,
            "policy": race.policy,
            "numeric": race.numeric,
            "asks": race.asks,
        }

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take a draft of an earlier session; nothing is connected."""
        self.lamps_view.bar.set_text(line_of(draft.get("target")))
        engine, policy = draft.get("engine"), draft.get("policy")
        info = engines().get(engine) if isinstance(engine, str) else None
        timeout = line_of(draft.get("timeout", "50"))[:9]
        self.lamps.compose(
            engine=engine if info is not None and not info.why_not else self.lamps.state.form.engine,
            timeout=timeout,
            reads=draft.get("reads") is not False,
            answers=draft.get("answers") is True,
        )
        self.race.compose(
            target=line_of(draft.get("race")),
            policy=policy if isinstance(policy, str) and policy in POLICIES else "happy",
            numeric=draft.get("numeric") is True,
            asks=draft.get("asks") is True,
        )
        view = draft.get("view")
        if isinstance(view, int) and LAMPS <= view <= RACE:
            self.views.turn_to(view)
        self._show_forms()

    def focus_start(self) -> None:
        """Put the focus where the view begins."""
        if self.views.page == RACE:
            self.race_view.bar.focus_target()
        elif self.views.page == LAMPS:
            self.lamps_view.bar.focus_target()
        else:
            self.costs_view.measure.setFocus()

    def open_target(self, target: str, how: str = "") -> None:
        """Show a target as if it had been typed."""
        (self.race_view if self.views.page == RACE else self.lamps_view).bar.set_text(target)

    def current_talk(self) -> Talk | None:
        """The conversations of the view that is shown."""
        if self.views.page == RACE:
            copies = (("Python", self.race.copy_as_python),)
            return Talk(self._race_transcript, explain, "Race", copies)
        return Talk(self._lamps_transcript, explain, "Readiness", (("Python", self.lamps.copy_as_python),))

    async def retire(self) -> None:
        """End what goes on."""
        self.lamps_view.pulse.stop()
        await self._scope.retire()
        for uncut in self._uncut:
            uncut()
        await self.lamps.retire()
        await self.race.retire()
        self._lamps_transcript.close()
        self._race_transcript.close()

    # ---- a person did something

    def _on_added(self, target: str) -> None:
        self._launch("add", self.lamps.add(target), f"Connecting to {target}")
        self.draft_changed.emit()

    def _on_adding_cancelled(self) -> None:
        self._cancel("add")

    def _on_watch_asked(self) -> None:
        if self.lamps.state.is_watching:
            self._cancel("watch")
        else:
            self._watch()

    def _on_measure_asked(self) -> None:
        if self.lamps.state.is_measuring:
            self._cancel("measure")
        else:
            self._launch("measure", self.lamps.measure(), "Measuring the ways of waiting")

    def _on_provoked(self, what: str) -> None:
        self._launch("provoke", self.lamps.provoke(what), f"Provoking: {what}")  # type: ignore[arg-type]  # a button's own

    def _on_lamps_edited(self) -> None:
        view = self.lamps_view
        try:
            self.lamps.compose(
                engine=view.engine.currentData(),
                timeout=view.timeout.text(),
                reads=view.reads.isChecked(),
                answers=view.answers.isChecked(),
            )
        except WorkbenchError:
            # It is the state's problem, and shown; the choice goes back to what waits.
            view.show_form(self.lamps.state)
        self.draft_changed.emit()

    def _on_race_edited(self) -> None:
        view = self.race_view
        self.race.compose(
            target=view.bar.text(),
            policy=view.policy.currentData(),
            numeric=view.numeric.isChecked(),
            asks=view.asks.isChecked(),
        )
        self.draft_changed.emit()

    def _on_ran(self, target: str) -> None:
        self._on_race_edited()
        self._launch("race", self.race.run(), f"Racing to {target[:60]}")

    def _on_race_cancelled(self) -> None:
        self._cancel("race")

    def _on_example_asked(self) -> None:
        try:
            self.race.example()
        except WorkbenchError as failure:
            self.race_view.notice.show_failure(failure)
            return
        self.race_view.show_form(self.race.state)
        self.race_view.bar.submit()

    def _on_turned(self, _view: int) -> None:
        self._frame.show_talk(self, self.current_talk())
        self._bench.registry.refresh(CONTEXT)
        self.draft_changed.emit()

    def _on_lamps_changed(self) -> None:
        self.lamps_view.show_state(self.lamps.state)
        self.costs_view.show_state(self.lamps.state)
        self._bench.registry.refresh(CONTEXT)

    def _on_race_changed(self) -> None:
        self.race_view.show_state(self.race.state)
        self._bench.registry.refresh(CONTEXT)

    # ---- inside

    def _watch(self) -> None:
        self._launch("watch", self.lamps.watch(), "Watching sockets")

    def _launch(self, name: str, work, title: str) -> None:
        job = self._jobs.get(name)
        if job is not None and job.is_running:
            work.close()
            return
        self.lamps.timeout_s = self.race.timeout_s = self._bench.settings().default_timeout_s
        self._jobs[name] = self._scope.launch(work, name=name, title=title)

    def _cancel(self, name: str) -> None:
        job = self._jobs.get(name)
        if job is not None:
            job.cancel()

    def _show_forms(self) -> None:
        self.lamps_view.show_form(self.lamps.state)
        self.race_view.show_form(self.race.state)
