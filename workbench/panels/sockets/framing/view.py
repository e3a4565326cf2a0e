"""The page of framings: frames, numbers and structures behind small tabs. Decides nothing."""

from collections.abc import Mapping
from dataclasses import fields

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedLayout, QTabBar, QVBoxLayout, QWidget

from workbench.jobs.job import Job
from workbench.panels.bench import Bench, Talk
from workbench.panels.pages import Frame
from workbench.panels.sockets.framing.actions import CONTEXT, actions_of
from workbench.panels.sockets.framing.controller import FramingController
from workbench.panels.sockets.framing.parts.frames import LABS, FramesView
from workbench.panels.sockets.framing.parts.numbers import NumbersView
from workbench.panels.sockets.framing.parts.structure import StructureView
from workbench.panels.sockets.framing.state import Form, FramingState
from workbench.ui import theme
from workbench.ui.actions import Action
from workbench.ui.pieces import place_of
from workbench.wire.explain import explain

EXAMPLE = "Hel\nlo"
MAX_KEPT = 64 * 1024
"""Characters of a field that survive a restart."""
FRAMES, NUMBERS, STRUCTURE = range(3)


class FramingPage(QWidget):
    """One bench."""

    draft_changed = Signal()

    def __init__(self, bench: Bench, frame: Frame) -> None:
        super().__init__()
        self._bench = bench
        self._frame = frame
        self._scope = bench.new_scope("sockets")
        self._job: Job | None = None
        self._computing: Job | None = None
        self._is_showing = False
        self._shown_transcript: object = None
        self.controller = FramingController(bench.new_transcript, bench.lab.resolve, relay=bench.lab.relay)
        self.frames, self.numbers, self.structure = FramesView(), NumbersView(), StructureView()
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Views")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self._views = QStackedLayout()
        for title, tip, view in (
            ("Frames", "Messages, their octets, and what a decoder makes of them", self.frames),
            ("Numbers", "A number on the wire, in both byte orders", self.numbers),
            ("Structure", "Octets by a format of Python's struct", self.structure),
        ):
            self.tabs.setTabToolTip(self.tabs.addTab(title), tip)
            self._views.addWidget(view)
        margin = theme.metric(12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margin, theme.metric(4), margin, theme.metric(8))
        layout.setSpacing(0)
        layout.addWidget(self.tabs)
        layout.addLayout(self._views, 1)
        self._connect()
        self._uncut = bench.feed.watch(self.controller, self._on_state_changed)
        self._render(self.controller.state)

    def _connect(self) -> None:
        frames = self.frames
        frames.edited.connect(self._on_edited)
        frames.bar.submitted.connect(self._on_submitted)
        frames.bar.cancelled.connect(self.stop)
        frames.empty.asked.connect(self._on_offer_taken)
        frames.notice.dismissed.connect(self.controller.dismiss)
        frames.notice.event_asked.connect(self._on_event_asked)
        frames.reading.try_asked.connect(self._on_try_asked)
        frames.composer.submitted.connect(self.try_every_cut)
        frames.reading.cut_chosen.connect(self._on_cut_chosen)
        self.numbers.edited.connect(self._on_edited)
        self.structure.edited.connect(self._on_edited)
        self.structure.taken.connect(self.take_frames)
        self.tabs.currentChanged.connect(self._on_turned)

    # ---- what a person can do; the actions call these too

    def send(self) -> None:
        """Send the messages to the target; without one, to an echo of the Lab."""
        if not self.frames.bar.text().strip():
            self.frames.bar.set_text(LABS[self.frames.bar.kind()])
        self.frames.bar.submit()

    def try_every_cut(self) -> None:
        """Feed the decoder every cut."""
        if not self.controller.state.why_not_try:
            self._launch(self.controller.try_every_cut(), "Trying every cut")

    def stop(self) -> None:
        """Stop what goes on."""
        for job in reversed(self._scope.jobs):
            job.cancel()

    def take_frames(self) -> None:
        """Lay the structure over the octets of the bench."""
        self.controller.take_wire()
        self.draft_changed.emit()

    def show_frames(self) -> None:
        """Turn to the frames."""
        self.tabs.setCurrentIndex(FRAMES)
        self.focus_messages()

    def show_numbers(self) -> None:
        """Turn to the numbers."""
        self.tabs.setCurrentIndex(NUMBERS)
        self.numbers.number.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_structure(self) -> None:
        """Turn to the structures."""
        self.tabs.setCurrentIndex(STRUCTURE)
        self.structure.format.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_messages(self) -> None:
        """Put the focus into the messages."""
        self.tabs.setCurrentIndex(FRAMES)
        self.frames.composer.messages.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # ---- what the frame asks

    def page_actions(self) -> tuple[Action, ...]:
        """What a person can do here."""
        return actions_of(self)

    def draft(self) -> dict[str, object]:
        """What survives a restart: the form, the history of targets, and which view is in front."""
        form = self.controller.state.form
        kept = {each.name: getattr(form, each.name) for each in fields(Form)}
        return {
            **kept,
            "messages": form.messages[:MAX_KEPT],
            "bar": self.frames.bar.draft(),
            "view": self.tabs.currentIndex(),
        }

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take a draft of an earlier session; nothing is sent."""
        if isinstance(bar := draft.get("bar"), dict):
            self.frames.bar.restore(bar)
        self.frames.route.choose(draft.get("route"))
        plain = Form()
        kept = {
            each.name: value
            for each in fields(Form)
            if type(value := draft.get(each.name)) is type(getattr(plain, each.name))
            and (not isinstance(value, str) or len(value) <= MAX_KEPT)
        }
        known = (
            ("framing", self.frames.row.framing),
            ("encoding", self.frames.row.encoding),
            ("cut", self.frames.reading.cut),
        )
        for name, box in known:
            if place_of(box, kept.get(name)) < 0:
                kept.pop(name, None)
        self._compose({**kept, "transport": self.frames.bar.kind(), "route": self.frames.route.route()})
        if isinstance(view := draft.get("view"), int) and FRAMES <= view <= STRUCTURE:
            self.tabs.setCurrentIndex(view)
        self._render(self.controller.state)

    def focus_start(self) -> None:
        """Put the focus into the target."""
        self.tabs.setCurrentIndex(FRAMES)
        self.frames.bar.focus_target()

    def open_target(self, target: str, how: str = "") -> None:
        """Show a target as if it had been typed."""
        if not self.controller.state.is_running:
            self.frames.bar.set_text(target)
            self._compose(self.frames.values())

    def current_talk(self) -> Talk | None:
        """The conversation of what was sent."""
        copies = (
            ("Python", self.controller.copy_as_python),
            ("Python class of the format", self.controller.copy_as_class),
        )
        return Talk(self.controller.transcript, explain, "Framing", copies)

    async def retire(self) -> None:
        """End what goes on."""
        await self._scope.retire()
        self._uncut()
        self.controller.transcript.close()

    # ---- a person did something

    def _on_edited(self) -> None:
        if self._is_showing:
            return
        self._compose({**self.frames.values(), **self.numbers.values(), **self.structure.values()})
        self.draft_changed.emit()

    def _compose(self, values: Mapping[str, object]) -> None:
        if not self.controller.compose(**values):
            return
        if self._computing is not None and self._computing.is_running:
            self._computing.cancel()
        self._computing = self._scope.launch(
            self.controller.compute(), name="compute", title="Reading the messages"
        )

    def _on_submitted(self, _target: str) -> None:
        self._compose(self.frames.values())
        if not self.controller.state.why_not_send:
            self._launch(self.controller.send(), f"Sending to {self.frames.bar.text()}")

    def _on_offer_taken(self) -> None:
        self.frames.composer.messages.setPlainText(EXAMPLE)
        self.focus_messages()

    def _on_try_asked(self) -> None:
        if self.controller.state.phase == "trying":
            self.stop()
        else:
            self.try_every_cut()

    def _on_cut_chosen(self, place: int) -> None:
        self.controller.cut_at(place)
        self.draft_changed.emit()

    def _on_turned(self, view: int) -> None:
        self._views.setCurrentIndex(view)
        self.draft_changed.emit()

    def _on_event_asked(self, index: int) -> None:
        self._bench.show_event(index)

    def _on_state_changed(self) -> None:
        self._render(self.controller.state)

    def _launch(self, work, title: str) -> None:
        if self._job is not None and self._job.is_running:
            work.close()
            return
        self.controller.timeout_s = self._bench.settings().default_timeout_s
        self._job = self._scope.launch(work, name="frames", title=title)

    # ---- showing

    def _render(self, state: FramingState) -> None:
        self._is_showing = True
        self.frames.show_state(state)
        self.numbers.show_numbers(state.form, state.numbers)
        self.structure.show_structure(state.form, state.structure)
        self._is_showing = False
        self._bench.registry.refresh(CONTEXT)
        if self._shown_transcript is not self.controller.transcript:
            self._shown_transcript = self.controller.transcript
            self._frame.show_talk(self, self.current_talk())
