"""The page of discovery: group and plan above, who was found below. Decides nothing."""

from collections.abc import Mapping
from dataclasses import asdict, fields

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from workbench.bridge.ask import confirm
from workbench.errors import LocalMisuse
from workbench.formats.charset import visible
from workbench.jobs.job import Job
from workbench.panels.bench import Bench, Talk
from workbench.panels.pages import Frame
from workbench.panels.sockets.discovery.actions import CONTEXT, actions_of
from workbench.panels.sockets.discovery.controller import DiscoveryController
from workbench.panels.sockets.discovery.parts.foundview import FoundView
from workbench.panels.sockets.discovery.parts.planform import MAX_FOR_S, PlanForm
from workbench.panels.sockets.discovery.state import LAB, DiscoveryState, Form
from workbench.protocols.discovery.explain import explain
from workbench.protocols.discovery.reach import interfaces
from workbench.protocols.discovery.values import LANGUAGES, PRESETS, Language
from workbench.protocols.discovery.written import read_target
from workbench.ui import theme
from workbench.ui.actions import Action
from workbench.ui.chips import ChipText
from workbench.ui.notice import Notice
from workbench.ui.pieces import place_of
from workbench.ui.targetbar import LabName, TargetBar
from workbench.ui.verdict import Verdict, VerdictLine

HINT = "lab:mdns, lab:ssdp, group:port, [IPv6 group]:port"
KINDS = (("mdns", "mDNS"), ("ssdp", "SSDP"), ("group", "Plain group"))
PRESET_TITLES = {
    "search": ("Search", "Ask the group, and collect who answers for a time"),
    "announce": ("Announce", "Say who you are, again at given times, and goodbye"),
    "discover": ("Discover", "Join the group: ask, and hear what others say by themselves"),
}
MAX_TEXT = 200


class DiscoveryPage(QWidget):
    """Who is there?"""

    draft_changed = Signal()

    def __init__(self, bench: Bench, frame: Frame) -> None:
        super().__init__()
        self._bench = bench
        self._frame = frame
        self._scope = bench.new_scope("sockets")
        self._job: Job | None = None
        self._is_rendering = False
        self._shown_transcript: object = None
        self.controller = DiscoveryController(bench.new_transcript, bench.lab.resolve)
        self.bar = TargetBar("Search", parse=self._read_target, hint=HINT, parent=self)
        self.bar.set_kinds(KINDS)
        self.bar.kind_box.setAccessibleName("Language of the group")
        self.bar.target_box.setAccessibleName("Group")
        self.bar.field.setAccessibleName("Group")
        self.bar.set_lab_names(
            (LabName(LAB["mdns"], "Services of the Lab by mDNS"), LabName(LAB["ssdp"], "Devices by SSDP"))
        )
        self.bar.set_text(LAB["mdns"])
        self.preset = _box("Preset", "What to do in the group")
        for preset in PRESETS:
            self.preset.addItem(PRESET_TITLES[preset][0], preset)
        self.interface = _box("Interface", "Where everything goes; only loopback stays on this machine")
        for name, address in interfaces():
            self.interface.addItem(f"{name} {address}", name)
        self.bar.add_option(self.preset)
        self.bar.add_option(self.interface)
        self.form = PlanForm()
        self.verdict = VerdictLine(self)
        self.notice = Notice(self)
        self.found = FoundView()
        self._lay_out()
        self._connect()
        self._uncut = bench.feed.watch(self.controller, self._on_state_changed)
        self._render(self.controller.state)

    # ---- building

    def _lay_out(self) -> None:
        gap, margin = theme.metric(8), theme.metric(12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margin, gap, margin, gap)
        layout.setSpacing(gap)
        for widget in (self.bar, self.form, self.verdict, self.notice):
            layout.addWidget(widget)
        layout.addWidget(self.found, 1)

    def _connect(self) -> None:
        self.bar.submitted.connect(self._on_submitted)
        self.bar.cancelled.connect(self.stop)
        self.bar.edited.connect(self._on_edited)
        self.bar.kind_box.currentIndexChanged.connect(self._on_language_chosen)
        self.preset.currentIndexChanged.connect(self._on_edited)
        self.interface.currentIndexChanged.connect(self._on_edited)
        self.form.edited.connect(self._on_edited)
        self.form.submitted.connect(self.start)
        self.found.offered.connect(self._on_offer_taken)
        self.notice.dismissed.connect(self.controller.dismiss)
        self.notice.event_asked.connect(self._on_event_asked)

    # ---- what a person can do; the actions call these too

    def start(self) -> None:
        """Do what is composed."""
        self.bar.submit()

    def stop(self) -> None:
        """Stop what goes on; who announced says goodbye."""
        if self._job is not None:
            self._job.cancel()

    # ---- what the frame asks

    def page_actions(self) -> tuple[Action, ...]:
        """What a person can do here."""
        return actions_of(self)

    def draft(self) -> dict[str, object]:
        """What survives a restart; the interface does not: who leaves loopback says so anew."""
        kept = asdict(self.controller.state.form)
        del kept["interface"]
        return kept

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take a draft of an earlier session; nothing is asked, and what is unknown in it is left out."""
        form = self.controller.state.form
        taken = {
            each.name: value
            for each in fields(Form)
            if each.name != "interface" and _is_like(value := draft.get(each.name), getattr(form, each.name))
        }
        for name, known in (("language", LANGUAGES), ("preset", PRESETS)):
            if taken.get(name) not in known:
                taken.pop(name, None)
        for name, low, high in (("for_s", 0, MAX_FOR_S), ("port", 1, 65535)):
            if not (isinstance(number := taken.get(name), int) and low <= number <= high):
                taken.pop(name, None)
        self.controller.compose(**taken)
        self._put_form(self.controller.state.form)

    def focus_start(self) -> None:
        """Put the focus into the group."""
        self.bar.focus_target()

    def open_target(self, target: str, how: str = "") -> None:
        """Show a target as if it had been typed; how: a preset."""
        if self.controller.state.is_running:
            return
        language = next((each for each, name in LAB.items() if name == target), None)
        if language is not None:
            self.bar.set_kind(language)
        self.bar.set_text(target)
        if (at := place_of(self.preset, how)) >= 0:
            self.preset.setCurrentIndex(at)
        self._compose()

    def current_talk(self) -> Talk | None:
        """The conversation of the page."""
        copies = (("Python", self.controller.copy_as_python),)
        return Talk(self.controller.transcript, explain, "Discovery", copies)

    async def retire(self) -> None:
        """End what goes on."""
        await self._scope.retire()
        self._uncut()
        self.controller.transcript.close()

    # ---- a person did something

    def _read_target(self, text: str) -> object:
        return read_target(text, self._language())

    def _language(self) -> Language:
        return next((each for each in LANGUAGES if each == self.bar.kind()), "mdns")

    def _compose(self) -> None:
        self.controller.compose(
            target=self.bar.text(),
            preset=str(self.preset.currentData()),
            interface=str(self.interface.currentData()) if self.interface.currentIndex() > 0 else "",
            **self.form.fields(),
        )

    def _on_edited(self) -> None:
        if self._is_rendering:
            return
        self._compose()
        self.draft_changed.emit()

    def _on_language_chosen(self) -> None:
        if self._is_rendering:
            return
        self.controller.speak(self._language())
        self._put_form(self.controller.state.form)
        self.draft_changed.emit()

    def _on_submitted(self, _target: str) -> None:
        if self._job is not None and self._job.is_running:
            return
        self._compose()
        title = f"{PRESET_TITLES[self.controller.state.form.preset][0]} in {self.bar.text()[:60]}"
        self._job = self._scope.launch(self._go(), name="discovery", title=title)
        self.draft_changed.emit()

    async def _go(self) -> None:
        try:
            leaves = self.controller.leaves()
        except LocalMisuse:
            # Told by what follows, with its place.
            leaves = ""
        if leaves and not await confirm(
            self,
            "Let this leave the machine?",
            f"{leaves[0].upper()}{leaves[1:]}. On loopback, lab:mdns and lab:ssdp answer in the same way.",
            "Send",
            is_dangerous=True,
        ):
            return
        await self.controller.run(agreed=bool(leaves))

    def _on_offer_taken(self) -> None:
        language = self.controller.state.form.language
        self.open_target(LAB[language if language != "group" else "mdns"], "search")
        self.bar.submit()

    def _on_event_asked(self, index: int) -> None:
        self._bench.show_event(index)

    def _on_state_changed(self) -> None:
        self._render(self.controller.state)

    # ---- showing

    def _put_form(self, form: Form) -> None:
        self._is_rendering = True
        self.bar.set_kind(form.language)
        self.bar.set_text(form.target)
        self.preset.setCurrentIndex(max(0, place_of(self.preset, form.preset)))
        self.form.take(form)
        self._is_rendering = False

    def _render(self, state: DiscoveryState) -> None:
        self.bar.set_action(PRESET_TITLES[state.form.preset][0])
        self.bar.set_busy(state.is_running, "Stop")
        for widget in (self.bar.kind_box, self.bar.target_box, self.preset, self.interface):
            widget.setEnabled(not state.is_running)
        self.preset.setToolTip(PRESET_TITLES[state.form.preset][1])
        self.form.show_state(state)
        self.found.show_state(state)
        self.notice.show_failure(state.problem)
        self._render_verdict(state)
        self._bench.registry.refresh(CONTEXT)
        if self._shown_transcript is not self.controller.transcript:
            self._shown_transcript = self.controller.transcript
            self._frame.show_talk(self, self.current_talk())

    def _render_verdict(self, state: DiscoveryState) -> None:
        verdict = state.verdict
        if not verdict.word:
            self.verdict.set("none", "", "Nothing was asked yet.")
            return
        chips = tuple(ChipText(text, tip) for text, tip in verdict.chips)
        self.verdict.show_verdict(Verdict(verdict.kind, verdict.word, visible(verdict.sentence), chips))


def _box(name: str, tip: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setToolTip(tip)
    return made


def _is_like(value: object, known: object) -> bool:
    """Whether a draft's value is of the kind that is there, and no junk."""
    if isinstance(value, str):
        return isinstance(known, str) and len(value) <= MAX_TEXT and value.isprintable()
    return type(value) is type(known)
