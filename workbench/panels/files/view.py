"""The Files panel: a server's folder, what goes to and fro, and the facts behind it. Decides nothing."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit, QSplitter, QVBoxLayout, QWidget

from workbench.bridge.ask import ACCEPTED, ask, ask_open_file, ask_text, confirm
from workbench.formats.quantity import octets
from workbench.formats.target import Target, parse_target
from workbench.jobs.job import Job
from workbench.jobs.verdict import NO_VERDICT, ChipText
from workbench.lab.catalogue import find_service
from workbench.panels.bench import Bench, Talk
from workbench.panels.drafts import line_of
from workbench.panels.files.actions import CONTEXT, actions_of
from workbench.panels.files.controller import FilesController
from workbench.panels.files.models import EntriesModel
from workbench.panels.files.parts.beside import Beside
from workbench.panels.files.parts.folder import Folder
from workbench.panels.files.routes import ROUTES
from workbench.panels.files.state import FilesState
from workbench.panels.routebox import RouteBox
from workbench.protocols.ftp.explain import explain
from workbench.protocols.ftp.opening import PORT
from workbench.ui import theme
from workbench.ui.notice import Notice
from workbench.ui.pieces import field
from workbench.ui.targetbar import LabName, TargetBar
from workbench.ui.verdict import VerdictLine

LAB = "lab:ftp"
HINT = "lab:ftp, ftp://host/folder, host:port"
STAGES = {
    "resolve": "looking up the name",
    "connect": "connecting",
    "greeting": "waiting for the greeting",
    "tls": "shaking hands (TLS)",
    "login": "logging in",
}


class FilesPanel(QWidget):
    """One session with one server."""

    draft_changed = Signal()

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self._scope = bench.new_scope(CONTEXT)
        self._job: Job | None = None
        self._shown_transcript: object = None
        self._rest: FilesState | None = None
        self.controller = FilesController(bench.new_transcript, bench.lab, relay=bench.lab.relay)
        self.bar = TargetBar("Connect", parse=self._parse, hint=HINT, parent=self)
        self.bar.set_lab_names((LabName(LAB, find_service("ftp").title),))
        self.user = field(
            "User",
            "anonymous",
            "Who logs in; empty is anonymous. At lab:ftp the user student may write, and the Lab tells the password",
            110,
        )
        self.password = field(
            "Password", "password", "The password; it is masked everywhere, and kept nowhere", 110
        )
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.tls = QCheckBox("TLS")
        self.tls.setToolTip(
            "Both connections under TLS, begun before the login (AUTH TLS); or no login at all"
        )
        self.route = RouteBox(ROUTES)
        for option in (self.user, self.password, self.tls, self.route):
            self.bar.add_option(option)
        self.verdict = VerdictLine(self)
        self.notice = Notice(self)
        self.model = EntriesModel()
        self.left = Folder(self.model)
        self.table = self.left.table
        self.beside = Beside()
        self._lay_out()
        self._connect()
        bench.registry.add_all(actions_of(self), self)
        self._uncut = bench.feed.watch(self.controller, self._on_state_changed)
        self._render(self.controller.state)

    # ---- building

    def _lay_out(self) -> None:
        gap, margin = theme.metric(8), theme.metric(12)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.left)
        self.splitter.addWidget(self.beside)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([theme.metric(640), theme.metric(560)])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margin, gap, margin, gap)
        layout.setSpacing(gap)
        for widget in (self.bar, self.verdict, self.notice):
            layout.addWidget(widget)
        layout.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        self.bar.submitted.connect(self._on_submitted)
        self.bar.cancelled.connect(self.close_session)
        self.bar.edited.connect(self._on_form_edited)
        self.bar.lead_to(self.table)
        self.user.textChanged.connect(self._on_form_edited)
        self.password.textChanged.connect(self._on_password_edited)
        self.tls.toggled.connect(self._on_form_edited)
        self.route.currentIndexChanged.connect(self._on_form_edited)
        self.beside.save_in.textChanged.connect(self._on_form_edited)
        self.beside.partial.toggled.connect(self._on_form_edited)
        self.beside.choose.clicked.connect(self.choose_folder)
        self.left.empty.asked.connect(self._on_offer_taken)
        self.left.up.clicked.connect(self.up)
        self.left.reload.clicked.connect(self.reload)
        self.left.path.returnPressed.connect(self._on_path_entered)
        self.left.download.clicked.connect(self.download)
        self.left.upload.clicked.connect(self.upload)
        self.left.make.clicked.connect(self.make_folder)
        self.left.rename.clicked.connect(self.rename)
        self.left.delete.clicked.connect(self.delete)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_chosen)
        self.table.activated.connect(self._on_row_activated)
        self.notice.event_asked.connect(self._on_event_asked)
        self.notice.dismissed.connect(self._on_notice_dismissed)

    # ---- what the program asks

    def draft(self) -> dict[str, object]:
        """Target and choices; never the password."""
        form = self.controller.state.form
        kept = ("user", "route", "tls", "folder", "partial")
        return {"bar": self.bar.draft(), "form": {name: getattr(form, name) for name in kept}}

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take over the choices of an earlier run; nothing is connected."""
        if isinstance(bar := draft.get("bar"), dict):
            self.bar.restore(bar)
        if isinstance(form := draft.get("form"), dict):
            self.user.setText(line_of(form.get("user")))
            self.beside.save_in.setText(line_of(form.get("folder")))
            self.beside.partial.setChecked(form.get("partial") is not False)
            self.tls.setChecked(form.get("tls") is True)
            self.route.choose(form.get("route"))
        self._on_form_edited()

    def focus_start(self) -> None:
        """Put the focus into the target."""
        self.bar.focus_target()

    def open_target(self, target: str, how: str = "") -> None:
        """Show a target as if it had been typed; a session that goes on is left alone."""
        if not self.controller.state.is_live:
            self.bar.set_text(target)
            self._on_form_edited()

    def current_talk(self) -> Talk | None:
        """The session's conversation."""
        controller = self.controller
        copies = (
            ("Python", controller.copy_as_python),
            ("curl", controller.copy_as_curl),
            ("lftp", controller.copy_as_lftp),
        )
        return Talk(controller.transcript, explain, controller.state.form.target, copies)

    async def retire(self) -> None:
        """End the session and everything that goes on in it."""
        self._bench.registry.forget(CONTEXT)
        await self._scope.retire()
        self._uncut()
        self.controller.transcript.close()

    # ---- what a person can do; the actions call these too

    def start(self) -> None:
        """Connect, as Enter in the target field does."""
        self.bar.submit()

    def stop(self) -> None:
        """Stop the youngest thing that goes on, else close the session."""
        others = [job for job in self._scope.jobs if job is not self._job]
        if others:
            others[-1].cancel()
        else:
            self.close_session()

    def close_session(self) -> None:
        """Close the session, whatever goes on in it."""
        for job in reversed(self._scope.jobs):
            job.cancel()

    def up(self) -> None:
        """Go to the folder above."""
        self._scope.launch(self.controller.up(), name="list", title="Listing the folder above")

    def reload(self) -> None:
        """List the folder anew."""
        self._scope.launch(self.controller.refresh(), name="list", title="Listing")

    def download(self) -> None:
        """Download the selected entry."""
        entry = self.controller.state.entry
        if entry is not None:
            title = f"Downloading {entry.text}"
            self._scope.launch(self.controller.download(), name="download", title=title)

    def upload(self) -> None:
        """Ask for a file and send it."""
        self._scope.launch(self._upload(), name="upload", title="Uploading")

    def make_folder(self) -> None:
        """Ask for a name and make a folder."""
        self._scope.launch(self._make_folder(), name="mkdir", title="Making a folder")

    def rename(self) -> None:
        """Ask for another name and rename."""
        self._scope.launch(self._rename(), name="rename", title="Renaming")

    def delete(self) -> None:
        """Ask, and delete."""
        self._scope.launch(self._delete(), name="delete", title="Deleting")

    def choose_folder(self) -> None:
        """Ask where downloads shall go."""
        self._scope.launch(self._choose_folder(), name="choose", title="Choosing a folder")

    def show_part(self, number: int) -> None:
        """Show transfers (0) or facts (1)."""
        self.beside.show_part(number)

    async def _upload(self) -> None:
        path = await ask_open_file(self, "Send which file?")
        if path is not None:
            await self.controller.upload(str(path))

    async def _make_folder(self) -> None:
        name = await ask_text(self, "New folder", "Its name at the server", yes="Make")
        if name:
            await self.controller.make_folder(name)

    async def _rename(self) -> None:
        entry = self.controller.state.entry
        if entry is None:
            return
        name = await ask_text(self, "Rename", "The other name, or a path from / on", entry.text, "Rename")
        if name and name != entry.text:
            await self.controller.rename(name)

    async def _delete(self) -> None:
        entry = self.controller.state.entry
        if entry is None:
            return
        what = "the folder" if entry.kind == "folder" else "the file"
        detail = f"{'RMD' if entry.kind == 'folder' else 'DELE'} {entry.text} is sent. There is no way back."
        if await confirm(self, f"Delete {what} {entry.text}?", detail, "Delete", is_dangerous=True):
            await self.controller.delete()

    async def _choose_folder(self) -> None:
        dialog = QFileDialog(self, "Where shall downloads go?")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setDirectory(self.controller.state.form.folder or str(Path.home()))
        if await ask(dialog) == ACCEPTED and (chosen := dialog.selectedFiles()):
            self.beside.save_in.setText(chosen[0])

    # ---- a person did something

    @staticmethod
    def _parse(text: str) -> Target:
        return parse_target(text, default_port=PORT)

    def _on_form_edited(self) -> None:
        self.controller.compose(
            target=self.bar.text(),
            user=self.user.text(),
            route=self.route.route(),
            tls=self.tls.isChecked(),
            folder=self.beside.save_in.text(),
            partial=self.beside.partial.isChecked(),
        )
        self.draft_changed.emit()

    def _on_password_edited(self) -> None:
        self.controller.password = self.password.text()

    def _on_submitted(self, _target: str) -> None:
        if self._job is not None and self._job.is_running:
            return
        self._on_form_edited()
        self.controller.timeout_s = self._bench.settings().default_timeout_s
        title = f"Files at {self.controller.state.form.target}"
        self._job = self._scope.launch(self.controller.open(), name="open", title=title)
        self._show_talk()
        self.draft_changed.emit()

    def _on_offer_taken(self) -> None:
        self.bar.set_text(LAB)
        self.bar.submit()

    def _on_path_entered(self) -> None:
        path = self.left.path.text().encode() or b"/"
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scope.launch(self.controller.enter(path), name="list", title=f"Listing {self.left.path.text()}")

    def _on_row_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        at = current.row() if current.isValid() else None
        if at != self.controller.state.selected:
            self.controller.select(at)

    def _on_row_activated(self, _index: QModelIndex) -> None:
        state = self.controller.state
        if state.entry is None or state.why_not_here:
            return
        if state.entry.kind == "file":
            self.download()
        else:
            title = f"Listing {state.entry.text}"
            self._scope.launch(self.controller.enter_selected(), name="list", title=title)

    def _on_event_asked(self, index: int) -> None:
        self._bench.show_event(index)

    def _on_notice_dismissed(self) -> None:
        self.controller.dismiss()

    def _on_state_changed(self) -> None:
        self._render(self.controller.state)

    # ---- showing

    def _show_talk(self) -> None:
        self._shown_transcript = self.controller.transcript
        self._bench.show(CONTEXT, self.current_talk())

    def _render(self, state: FilesState) -> None:
        self._render_verdict(state)
        self.beside.show_state(state)
        # A transfer changes its row thirty times a second; everything else stays as it is meanwhile.
        rest = replace(state, transfers=(), verdict=NO_VERDICT, reused=(0, 0))
        if rest == self._rest:
            return
        self._rest = rest
        self.bar.set_busy(state.is_live, "Close" if state.phase == "open" else "Cancel")
        self.notice.show_failure(state.problem)
        self.left.show_state(state)
        self._bench.registry.refresh(CONTEXT)
        if self._shown_transcript is not None and self._shown_transcript is not self.controller.transcript:
            self._show_talk()

    def _render_verdict(self, state: FilesState) -> None:
        if state.phase == "idle":
            self.verdict.set("none", "", "Nothing was opened yet.")
            return
        if state.phase == "opening":
            self.verdict.set("running", STAGES.get(state.stage, "opening"), state.form.target)
            return
        moving = next((one for one in state.transfers if one.outcome == "running"), None)
        if moving is not None:
            of = f" of {octets(moving.total)}" if moving.total is not None else ""
            sentence = f"{moving.name}: {octets(moving.done)}{of}"
            self.verdict.set("running", f"{moving.direction}ing", sentence, _chips(state))
            return
        self.verdict.show_verdict(state.verdict._replace(chips=_chips(state)))


def _chips(state: FilesState) -> tuple[ChipText, ...]:
    chips = []
    if state.user:
        chips.append(ChipText(state.user, "who is logged in"))
    if state.listing:
        chips.append(ChipText(state.listing, "the command that told the listing"))
    if state.is_secure:
        reused, of = state.reused
        told = f"TLS, {reused} of {of} resumed" if of else "TLS"
        chips.append(
            ChipText(told, "data connections of files that resumed the control connection's session", "good")
        )
    elif state.phase == "open":
        chips.append(ChipText("in clear", "anybody on the way reads the password and the files", "warning"))
    return tuple(chips)
