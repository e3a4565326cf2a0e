"""The page of discovery: group and plan above, who was found below. Decides nothing."""

from collections.abc import Mapping
from dataclasses import asdict, fields

from PySide6.QtWidgets import QComboBox

from workbench.bridge.ask import confirm
from workbench.errors import LocalMisuse
from workbench.panels.bench import Bench, Talk
from workbench.panels.pages import Frame
from workbench.panels.sockets.discovery.actions import CONTEXT, actions_of
from workbench.panels.sockets.discovery.controller import DiscoveryController
from workbench.panels.sockets.discovery.parts.foundview import FoundView
from workbench.panels.sockets.discovery.parts.planform import MAX_FOR_S, PlanForm
from workbench.panels.sockets.discovery.state import LAB, DiscoveryState, Form
from workbench.panels.workpage import WorkPage
from workbench.protocols.discovery.explain import explain
from workbench.protocols.discovery.reach import interfaces
from workbench.protocols.discovery.values import LANGUAGES, PRESETS, Language
from workbench.protocols.discovery.written import read_target
from workbench.ui.actions import Action
from workbench.ui.pieces import place_of
from workbench.ui.targetbar import LabName, TargetBar

HINT = "lab:mdns, lab:ssdp, group:port, [IPv6 group]:port"
KINDS = (("mdns", "mDNS"), ("ssdp", "SSDP"), ("group", "Plain group"))
PRESET_TITLES = {
    "search": ("Search", "Ask the group, and collect who answers for a time"),
    "announce": ("Announce", "Say who you are, again at given times, and goodbye"),
    "discover": ("Discover", "Join the group: ask, and hear what others say by themselves"),
}
MAX_TEXT = 200


class DiscoveryPage(WorkPage):
    """Who is there?"""

    CONTEXT = CONTEXT
    JOB = "discovery"
    controller: DiscoveryController

    def __init__(self, bench: Bench, frame: Frame) -> None:
        super().__init__(bench, frame)
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
        self.found = FoundView()
        self._lay_out()
        self._connect()
        self._begin()

    # ---- building

    def _lay_out(self) -> None:
        self._column(self.bar, self.form).addWidget(self.found, 1)

    def _connect(self) -> None:
        self.bar.submitted.connect(self._on_submitted)
        self.bar.cancelled.connect(self.stop)
        self.bar.edited.connect(self._on_edited)
        self.bar.lead_to(self.found.table)
        self.bar.kind_box.currentIndexChanged.connect(self._on_language_chosen)
        self.preset.currentIndexChanged.connect(self._on_edited)
        self.interface.currentIndexChanged.connect(self._on_edited)
        self.form.edited.connect(self._on_edited)
        self.form.submitted.connect(self.start)
        self.found.offered.connect(self._on_offer_taken)

    # ---- what a person can do; the actions call these too

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
        self._compose()
        title = f"{PRESET_TITLES[self.controller.state.form.preset][0]} in {self.bar.text()[:60]}"
        self._launch(self._go(), title)
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
        self.preset.setToolTip(PRESET_TITLES[state.form.preset][1])
        self.bar.set_busy(state.is_running, "Stop")
        self.form.show_state(state)
        self.found.show_state(state)
        self._render_rest(state)


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
