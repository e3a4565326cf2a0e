"""The Start panel: a list of what there is at the left, the chosen page at the right."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workbench.errors import LocalMisuse
from workbench.lab.catalogue import find_service
from workbench.panels.bench import Bench, Talk
from workbench.panels.start.controller import StartController
from workbench.panels.start.parts.experiment import ExperimentPage
from workbench.panels.start.parts.leaving import Leaving
from workbench.panels.start.parts.offerlist import OfferList
from workbench.panels.start.parts.pages import WelcomePage
from workbench.panels.start.parts.service import ServicePage
from workbench.panels.start.state import StartState
from workbench.ui import theme
from workbench.ui.actions import Action
from workbench.ui.notice import Notice
from workbench.wire.explain import explain

CONTEXT = "start"
OFFERS = {
    "echo": ("lab:echo", ""),
    "listen": ("127.0.0.1:0", "listen"),
    "datagram": ("lab:udp-echo", ""),
    "reset": ("lab:resetting", ""),
}


class StartPanel(QWidget):
    """Where a person begins."""

    draft_changed = Signal()

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self._scope = bench.new_scope(CONTEXT)
        self.controller = StartController(bench.lab, bench.new_transcript, self._on_talk_changed)
        self._leaving = Leaving(self, self._scope, self.controller)
        self.offers = OfferList()
        self.search, self.list = self.offers.search, self.offers.list
        self.notice = Notice()
        self.welcome = WelcomePage()
        self.experiment = ExperimentPage()
        self.service = ServicePage()
        self.pages = QStackedWidget()
        for page, name in (
            (self.welcome, "Welcome"),
            (self.experiment, "Experiment"),
            (self.service, "Server"),
        ):
            self.pages.addWidget(_scrolled(page, name))
        self._lay_out()
        self._connect()
        bench.registry.add_all(self._actions(), self)
        # One card a turn, after the first paint: reading all takes 50 ms.
        self._loading = QTimer(self)
        self._loading.timeout.connect(self._on_loading)
        self._loading.start(0)
        self._uncut = bench.feed.watch(self.controller, self._on_state_changed)
        self._render(self.controller.state)

    def _lay_out(self) -> None:
        gap, margin = theme.metric(8), theme.metric(12)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        column.addWidget(self.notice)
        column.addWidget(self.pages, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.offers)
        splitter.addWidget(right)
        splitter.setChildrenCollapsible(False)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([theme.metric(320), theme.metric(900)])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(margin, margin, margin, gap)
        layout.addWidget(splitter)

    def _connect(self) -> None:
        self.offers.searched.connect(self.controller.search)
        self.offers.chosen.connect(self._go)
        self.welcome.taken.connect(self._on_offer_taken)
        self.experiment.predicted.connect(self._on_predicted)
        self.experiment.play_asked.connect(self._play)
        self.experiment.variant_asked.connect(self._play_variant)
        self.experiment.script_asked.connect(self._leaving.save)
        self.experiment.step_asked.connect(self._step)
        self.experiment.again_asked.connect(self._again)
        self.service.open_asked.connect(self._on_open_asked)
        self.service.start_asked.connect(self._on_start_asked)
        self.service.stop_asked.connect(self._on_stop_asked)
        self.notice.event_asked.connect(self._bench.show_event)
        self.notice.dismissed.connect(self._on_dismissed)
        theme.current().changed.connect(self._on_theme_changed)

    # ---- what the program asks

    def draft(self) -> dict[str, object]:
        """The page that is shown."""
        page = self.controller.state.page
        return {"page": page.kind, "key": page.key}

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show the page of an earlier run."""
        self._go(str(draft.get("page", "")), str(draft.get("key", "")))

    def focus_start(self) -> None:
        """Put the focus into the list."""
        self.offers.focus_list()

    def open_target(self, target: str, how: str = "") -> None:
        """Show the Lab service of this target."""
        self._go("service", target.removeprefix("lab:"))

    def open_experiment(self, card_id: str) -> None:
        """Show an experiment; nothing is played yet. An unknown one leads to the welcome page."""
        self._go("experiment", card_id)

    def current_talk(self) -> Talk | None:
        """The conversation of the experiment that is played."""
        transcript = self.controller.transcript
        if transcript is None:
            return None
        experiment = self.controller.state.experiment
        return Talk(transcript, explain, experiment.card.title if experiment is not None else "")

    async def retire(self) -> None:
        """End the playing, cut the observers."""
        self._bench.registry.forget(CONTEXT)
        await self._scope.retire()
        self._loading.stop()
        self._uncut()
        await self.controller.retire()

    # ---- a person did something

    def _on_loading(self) -> None:
        if not self.controller.load_next():
            self._loading.stop()

    def _go(self, kind: str, key: str) -> None:
        try:
            if kind in ("welcome", "experiment", "service"):
                self.controller.show(kind, key)  # type: ignore[arg-type]  # just checked
        except LocalMisuse:
            # A card of an earlier version that is no more.
            self.controller.show("welcome")
        self.draft_changed.emit()

    def _on_offer_taken(self, key: str) -> None:
        if key == "experiment":
            cards = self.controller.state.cards
            if cards:
                self._go("experiment", cards[0].id)
            return
        target, how = OFFERS[key]
        self._bench.open("sockets", target, how)

    def _on_predicted(self, choice: int) -> None:
        self.controller.predict(choice)

    def _play(self) -> None:
        self._scope.launch(self.controller.play(), name="play", title="Playing an experiment")

    def _play_variant(self) -> None:
        self._scope.launch(self.controller.play_variant(), name="play", title="Playing the variant")

    def _step(self) -> None:
        self._scope.launch(self.controller.step(), name="step", title="Playing one step")

    def _again(self) -> None:
        self._scope.launch(self.controller.again(), name="again", title="Putting the experiment back")

    def _on_open_asked(self, name: str) -> None:
        switches = self.service.changed()
        if not switches:
            self._bench.open(_panel_of(name), f"lab:{name}", "")
            return
        self._scope.launch(self._open_switched(name, switches), name="open", title=f"Starting lab:{name}")

    async def _open_switched(self, name: str, switches: dict[str, object]) -> None:
        address = await self.controller.start_service(name, switches)
        self._bench.open(_panel_of(name), address, "")

    def _on_start_asked(self, name: str) -> None:
        work = self.controller.start_service(name, self.service.changed())
        self._scope.launch(work, name="start", title=f"Starting lab:{name}")

    def _on_stop_asked(self, name: str) -> None:
        self._scope.launch(self.controller.stop_service(name), name="stop", title=f"Stopping lab:{name}")

    def _on_dismissed(self) -> None:
        self.controller.dismiss()

    def _on_talk_changed(self) -> None:
        self._bench.show(CONTEXT, self.current_talk())

    def _on_theme_changed(self) -> None:
        self.offers.dress_anew()
        self.offers.show_state(self.controller.state)

    def _on_state_changed(self) -> None:
        self._render(self.controller.state)

    # ---- showing

    def _render(self, state: StartState) -> None:
        self.offers.show_state(state)
        self.notice.show_failure(state.problem)
        if state.page.kind == "experiment" and state.experiment is not None:
            self.experiment.show_experiment(state.experiment)
            self.pages.setCurrentIndex(1)
        elif state.service is not None:
            self.service.show_service(state.service, state.addresses(state.service.name))
            self.pages.setCurrentIndex(2)
        else:
            self.pages.setCurrentIndex(0)
        self._bench.registry.refresh(CONTEXT)

    # ---- actions

    def _actions(self) -> tuple[Action, ...]:
        return (
            Action(
                "start.play",
                "Play the experiment",
                self._play,
                shortcut="F5",
                context=CONTEXT,
                icon="play",
                menu="Start",
                why_disabled=self._why_not_play,
            ),
            Action(
                "start.step",
                "Play one step",
                self._step,
                shortcut="F10",
                context=CONTEXT,
                icon="chevron-right",
                menu="Start",
                why_disabled=self._why_not_play,
            ),
            *self._leaving.actions(CONTEXT),
            Action(
                "start.search",
                "Search experiments and servers",
                self.offers.focus_search,
                shortcut="Ctrl+L",
                context=CONTEXT,
                icon="search",
                menu="Start",
            ),
        )

    def _why_not_play(self) -> str:
        state = self.controller.state
        if state.page.kind != "experiment" or state.experiment is None:
            return "choose an experiment first"
        return state.experiment.why_not_play


def _scrolled(page: QWidget, name: str) -> QScrollArea:
    area = QScrollArea()
    # It takes the focus, so that keys can scroll.
    area.setAccessibleName(name)
    area.setWidget(page)
    area.setWidgetResizable(True)
    theme.qualify(area, pane=True)
    return area


def _panel_of(service: str) -> str:
    """Where a service is looked at: a file has nothing to connect to by hand."""
    return "sql" if find_service(service).transport == "file" else "sockets"
