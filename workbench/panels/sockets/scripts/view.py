"""The page of payloads, scripts and replies: the library at the left, four views at the right. Decides nothing."""

from collections.abc import Coroutine, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.formats.payload import write_payload
from workbench.formats.quantity import count
from workbench.formats.target import Target, parse_target
from workbench.jobs.verdict import ChipText, Verdict
from workbench.lab.catalogue import SERVICES
from workbench.panels.bench import Bench, Talk
from workbench.panels.sockets.scripts import asking
from workbench.panels.sockets.scripts.actions import CONTEXT, actions_of
from workbench.panels.sockets.scripts.controller import ScriptsController
from workbench.panels.sockets.scripts.drafts import form_of, kept
from workbench.panels.sockets.scripts.parts.shelfview import ShelfView
from workbench.panels.sockets.scripts.parts.views import PayloadView, RepeatView, RulesView, ScriptView
from workbench.panels.sockets.scripts.state import (
    RULES_EXAMPLE,
    SCRIPT_EXAMPLE,
    VIEWS,
    ScriptsState,
)
from workbench.panels.workpage import WorkPage
from workbench.protocols.raw.library import Entry, Library
from workbench.protocols.raw.script_explain import explain
from workbench.settings.places import places
from workbench.ui import theme
from workbench.ui.actions import Action
from workbench.ui.pieces import Tabbed
from workbench.ui.targetbar import LabName, TargetBar

KINDS = (("tcp", "TCP"), ("tls", "TLS"), ("udp", "UDP"))
WORDS = {"payload": "Send", "script": "Run", "rules": "Listen", "repeat": "Repeat"}
HINTS = {"rules": "127.0.0.1:0, 0.0.0.0:port, [::]:port"}
HINT = "lab:echo, host:port, [IPv6]:port, unix:/path"
CONSOLE = "console"


class ScriptsPage(WorkPage):
    """The page; its frame has a console besides."""

    CONTEXT = CONTEXT
    NOTHING = "Nothing was done yet."
    controller: ScriptsController

    def __init__(self, bench: Bench, frame: Any) -> None:
        super().__init__(bench, frame)
        self.controller = ScriptsController(
            bench.new_transcript,
            Library(places().data / "library"),
            bench.lab.resolve,
            authority=bench.lab.authority,
        )
        self.bar = TargetBar("Send", parse=self._parse, hint=HINT, parent=self)
        self.bar.set_kinds(KINDS)
        self.bar.set_lab_names(tuple(LabName(f"lab:{each.name}", each.title) for each in SERVICES))
        self.shelf = ShelfView()
        self.payload, self.script, self.rules, self.repeat = (
            PayloadView(),
            ScriptView(),
            RulesView(),
            RepeatView(),
        )
        self.console_button = self.payload.console
        self.views = Tabbed(
            "Views",
            (
                ("Payload", "Bytes with macros, sent once (Alt+1)", self.payload),
                ("Script", "Send and expect, step by step (Alt+2)", self.script),
                ("Replies", "A listener that answers by rules (Alt+3)", self.rules),
                ("Repeat", "The payload again and again, bounded (Alt+4)", self.repeat),
            ),
        )
        self.bar.hold(self.views.tabs)
        self._lay_out()
        self._connect()
        self._put_form()
        self._begin()

    # ---- building

    def _lay_out(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.shelf)
        self.splitter.addWidget(self.views)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([theme.metric(260), theme.metric(940)])
        self._column(self.bar).addWidget(self.splitter, 1)

    def _connect(self) -> None:
        self.bar.submitted.connect(self._on_submitted)
        self.bar.cancelled.connect(self.stop)
        self.bar.edited.connect(self._on_edited)
        self.views.turned.connect(self._on_turned)
        for view in (self.payload, self.script, self.rules, self.repeat):
            view.edited.connect(self._on_edited)
        for editor in (self.payload.editor, self.script.editor, self.rules.editor):
            editor.submitted.connect(self.start)
        self.script.example.clicked.connect(self._on_script_example)
        self.rules.example.clicked.connect(self._on_rules_example)
        self.script.record.clicked.connect(self._on_record)
        self.repeat.stop_button.clicked.connect(self._on_stop_sending)
        self.console_button.clicked.connect(self.to_console)
        self.shelf.opened.connect(self._on_opened)
        self.shelf.searched.connect(self._on_searched)
        self.shelf.imported.connect(self.import_packets)
        self.shelf.save_button.clicked.connect(self.save)
        self.shelf.folder_button.clicked.connect(self.make_folder)
        self.shelf.rename_button.clicked.connect(self.rename)
        self.shelf.delete_button.clicked.connect(self.delete)
        self.shelf.undo_button.clicked.connect(self.undo_delete)
        self.shelf.import_button.clicked.connect(self.import_packets)

    # ---- what a person can do; the actions call these too

    def stop(self) -> None:
        """End what goes on."""
        if self._job is not None:
            self._job.cancel()

    def show_payload(self) -> None:
        """Show the payload."""
        self.views.focus_page(0)

    def show_script(self) -> None:
        """Show the script."""
        self.views.focus_page(1)

    def show_rules(self) -> None:
        """Show the rules for replies."""
        self.views.focus_page(2)

    def show_repeat(self) -> None:
        """Show the repetition."""
        self.views.focus_page(3)

    def save(self) -> None:
        """Save the view's text, under its name if it has one."""
        name = self.controller.state.name
        self._shelve(self.controller.shelf.save() if name else asking.save_as(self), "save")

    def save_as(self) -> None:
        """Save the view's text under another name."""
        self._shelve(asking.save_as(self), "save")

    def rename(self) -> None:
        """Rename or move the current entry."""
        if (entry := self.shelf.entry) is not None:
            self._shelve(asking.rename(self, entry), "rename")

    def delete(self) -> None:
        """Put the current entry into the trash."""
        if (entry := self.shelf.entry) is not None:
            self._shelve(self.controller.shelf.delete(entry), "delete")

    def undo_delete(self) -> None:
        """Have back what was deleted last."""
        self._shelve(self.controller.shelf.undo(), "undo")

    def make_folder(self) -> None:
        """Make a folder."""
        self._shelve(asking.make_folder(self), "folder")

    def import_packets(self) -> None:
        """Take Packet Sender's packets over."""
        self._shelve(asking.import_packets(self), "import")

    def to_console(self) -> None:
        """Put the payload, as it would be sent now, into the console's editor."""
        state = self.controller.state
        if state.preview is None:
            return
        payload = state.form.payload
        template = self.controller.template()
        text = payload.text
        if template.has_macros or "$${" in text:
            # The console knows no macros: it gets what they made.
            data = template.render(self.controller.run.copy())
            text = write_payload(data, payload.encoding)
        self._frame.show_page(CONSOLE)
        self._frame.console.current.bytes.restore(
            {"mode": "text", "ending": payload.line_ending, "encoding": payload.encoding, "text": text}
        )

    # ---- what the frame asks

    def page_actions(self) -> tuple[Action, ...]:
        """What a person can do here."""
        return actions_of(self)

    def draft(self) -> dict[str, object]:
        """What survives a restart."""
        return kept(self.controller.state.form)

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take a draft of an earlier session; nothing is sent."""
        form = form_of(draft)
        self.controller.compose(**{name: getattr(form, name) for name in form.__slots__})
        self._put_form()
        self._render(self.controller.state)

    def open_target(self, target: str, how: str = "") -> None:
        """Show a target as if it had been typed."""
        if self.controller.state.is_running:
            return
        self.views.turn_to(2 if how == "listen" else max(0, self.views.page if self.views.page != 2 else 0))
        self.bar.set_text(target)
        self._on_edited()

    def current_talk(self) -> Talk | None:
        """The conversation of what was done here."""
        return Talk(self.controller.transcript, explain, "Scripts")

    # ---- a person did something

    def _parse(self, text: str) -> Target:
        return parse_target(text, listening=self.views.page == 2 if hasattr(self, "views") else False)

    def _on_edited(self) -> None:
        if self._is_rendering:
            return
        form = self.controller.state.form
        view = VIEWS[self.views.page]
        place = {"listen" if view == "rules" else "target": self.bar.text()}
        self.controller.compose(
            view=view,
            transport=self.bar.kind() or "tcp",
            payload=self.payload.payload(form.payload),
            script=self.script.editor.text(),
            rules=self.rules.editor.text(),
            times=self.repeat.times.value(),
            per_s=self.repeat.per_s.value(),
            marker=self.repeat.marker.text(),
            quiet_s=self.repeat.quiet.value(),
            **place,
        )
        self.draft_changed.emit()

    def _on_turned(self, number: int) -> None:
        if self._is_rendering:
            return
        self.controller.compose(view=VIEWS[number])
        self._put_form()
        self._render(self.controller.state)
        self.draft_changed.emit()

    def _on_submitted(self, _target: str) -> None:
        self._on_edited()
        state = self.controller.state
        if state.is_running or (self._job is not None and self._job.is_running):
            return
        if state.mistake is not None:
            (self.payload, self.script, self.rules, self.payload)[self.views.page].editor.go_to_mistake()
            return
        self.controller.timeout_s = self._bench.settings().default_timeout_s
        word = WORDS[state.form.view]
        title = f"{word}: {state.form.listen if state.form.view == 'rules' else state.form.target}"
        self._job = self._scope.launch(self.controller.start(), name=state.form.view, title=title)

    def _on_script_example(self) -> None:
        self.script.editor.set_text(SCRIPT_EXAMPLE)
        if not self.bar.text():
            self.bar.set_text("lab:echo")

    def _on_rules_example(self) -> None:
        self.rules.editor.set_text(RULES_EXAMPLE)

    def _on_record(self) -> None:
        try:
            self.controller.shelf.from_recording()
        except WorkbenchError as failure:
            self.controller.replace(problem=failure)
            return
        self._put_form()

    def _on_stop_sending(self) -> None:
        self.controller.stop_sending()

    def _on_opened(self, entry: Entry) -> None:
        self._shelve(self._open(entry), "open")

    async def _open(self, entry: Entry) -> None:
        if self.controller.state.is_running:
            raise LocalMisuse("something goes on: stop it first (Esc)", stage="library")
        await self.controller.shelf.open(entry.kind, entry.name)
        self._put_form()
        self.draft_changed.emit()

    def _on_searched(self, words: str) -> None:
        self._shelve(self.controller.shelf.search(words), "search")

    def _shelve(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._scope.launch(work, name=name, title=f"Library: {name}")

    # ---- showing

    def _put_form(self) -> None:
        """Write the form into the fields, where it is another one than stands there."""
        form = self.controller.state.form
        self._is_rendering = True
        try:
            self.views.turn_to(VIEWS.index(form.view))
            self.bar.set_kind(form.transport)
            self.bar.set_text(form.listen if form.view == "rules" else form.target)
            self.payload.show_payload(form.payload)
            self.script.editor.set_text(form.script)
            self.rules.editor.set_text(form.rules)
            self.repeat.times.setValue(form.times)
            self.repeat.per_s.setValue(form.per_s)
            self.repeat.quiet.setValue(form.quiet_s)
            if self.repeat.marker.text() != form.marker:
                self.repeat.marker.setText(form.marker)
        finally:
            self._is_rendering = False

    def _render(self, state: ScriptsState) -> None:
        view = state.form.view
        self.bar.set_action(WORDS[view])
        self.bar.field.setPlaceholderText(HINTS.get(view, HINT))
        self.bar.set_busy(state.is_running, "Close" if state.address else "Stop")
        self.payload.show_state(state)
        self.script.show_state(state)
        self.rules.show_state(state)
        self.repeat.show_state(state)
        self.shelf.show_state(state)
        self.console_button.setEnabled(state.preview is not None)
        self._render_rest(state)

    def _verdict(self, state: ScriptsState) -> Verdict:
        verdict = state.verdict
        if verdict.word and state.address:
            heard = ChipText(count(state.connections, _heard(state)), "So far")
            verdict = verdict._replace(chips=(heard, *verdict.chips))
        return verdict

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.controller.state.is_loaded and not self._scope.is_retired:
            self._shelve(self.controller.shelf.load(), "look")


def _heard(state: ScriptsState) -> str:
    return "datagram" if state.form.transport == "udp" else "connection"
