"""The Certificates panel: one look at a time, and the ways in: target, dialog, drop, paste."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.bridge.ask import ask_open_file
from workbench.errors import LocalMisuse
from workbench.lab.catalogue import SERVICES
from workbench.panels.bench import Bench, Talk
from workbench.panels.certificates.controller import CertificatesController
from workbench.panels.certificates.parts.inspection import InspectionView
from workbench.ui.actions import Action, ActionMaker
from workbench.ui.targetbar import LabName

CONTEXT = "certificates"
_action = ActionMaker(CONTEXT, "Certificates")
FILTERS = ("Certificates (*.pem *.crt *.cer *.der *.p7b *.p7c *.ca-bundle)", "All files (*)")
MAX_PASTED = 8 * 1024 * 1024
"""Characters: the same bound as for a file."""


class CertificatesPanel(QWidget):
    """The panel; closing it ends what goes on."""

    draft_changed = Signal()

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self._scope = bench.new_scope(CONTEXT)
        lab = bench.lab
        self.controller = CertificatesController(
            bench.new_transcript(), lab.resolve, self._lab_certificate, relay=lab.relay
        )
        self.look = InspectionView(bench, self._scope, self.controller)
        self.look.bar.set_lab_names(
            tuple(
                LabName(f"lab:{each.name}", each.title) for each in SERVICES if each.name.startswith("tls-")
            )
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.look)
        self.setAcceptDrops(True)
        self.look.draft_changed.connect(self.draft_changed)
        self.look.open_asked.connect(self.open_file)
        self.look.paste_asked.connect(self.paste)
        self.look.trust_file_asked.connect(self.choose_trust_file)
        bench.registry.add_all(self._actions(), self)

    async def _lab_certificate(self) -> bytes:
        return (await self._bench.lab.authority()).certificate

    # ---- what a person does

    def open_file(self) -> None:
        """Ask for a file and open it."""
        self._scope.launch(self._ask_and_open(), name="ask", title="Choosing a file")

    def choose_trust_file(self) -> None:
        """Ask for the file whose authorities are believed."""
        self._scope.launch(self._ask_for_trust(), name="ask", title="Choosing authorities")

    def paste(self) -> None:
        """Open what the clipboard holds: files, or text."""
        self._take(QGuiApplication.clipboard().mimeData(), "the clipboard")

    async def _ask_and_open(self) -> None:
        path = await ask_open_file(self, "Open certificates", FILTERS)
        if path is not None:
            self.look.open_file(str(path))

    async def _ask_for_trust(self) -> None:
        path = await ask_open_file(self, "Trust the authorities of a file", FILTERS)
        if path is not None:
            self.look.set_trust_file(str(path))

    def _take(self, mime: QMimeData | None, whence: str) -> None:
        """Open the first file of several, else the text. None: an empty clipboard."""
        urls = mime.urls() if mime is not None else []
        text = mime.text() if mime is not None and not urls else ""
        local = [url.toLocalFile() for url in urls if url.isLocalFile()]
        if local:
            self.look.open_file(str(Path(local[0])))
        elif text.strip() and len(text) <= MAX_PASTED:
            self.look.open_octets(text.encode("utf-8", "replace"), whence)
        else:
            what = f"{whence} holds no text" if not text.strip() else f"{whence} holds too much text"
            self.controller.complain(
                LocalMisuse(what, stage="open", advice="copy a certificate in PEM, with its BEGIN and END")
            )

    # ---- what the program asks

    def draft(self) -> dict[str, object]:
        """Target, name and trust."""
        return self.look.draft()

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take a draft of an earlier session; nothing is looked at."""
        self.look.restore(draft)

    def focus_start(self) -> None:
        """Put the focus into the target."""
        self.look.bar.focus_target()

    def open_target(self, target: str, how: str = "") -> None:
        """Show a target as if it had been typed; a running look goes on, and keeps the target's place."""
        self.look.set_target(target)

    def current_talk(self) -> Talk | None:
        """The conversation of the looks at servers."""
        return self.look.talk()

    async def retire(self) -> None:
        """End what goes on."""
        self._bench.registry.forget(CONTEXT)
        await self._scope.retire()
        self.look.retire()
        self.controller.transcript.close()

    # ---- actions

    def _actions(self) -> tuple[Action, ...]:
        return (
            _action("focus_target", "Go to the target", self.focus_start, "Ctrl+L", "search"),
            _action("start", "Look at the target", self.look.start, "F5", "certificates", self._why_no_start),
            _action("cancel", "Cancel", self.look.stop, "Esc", "cancel", self._why_no_stop),
            _action(
                "open_file",
                "Open a file of certificates",
                self.open_file,
                "Ctrl+O",
                "files",
                self._why_no_start,
            ),
            _action("paste", "Paste certificates", self.paste, "Ctrl+Shift+V", "import", self._why_no_start),
            _action(
                "sockets",
                "Open in Sockets",
                self._open_in_sockets,
                "Ctrl+Alt+S",
                "sockets",
                self._why_no_target,
            ),
        )

    def _open_in_sockets(self) -> None:
        self._bench.open("sockets", self.controller.state.form.target, "")

    def _why_no_start(self) -> str:
        return "something is being looked at already" if self.controller.state.is_running else ""

    def _why_no_stop(self) -> str:
        return "" if self.controller.state.is_running else "nothing goes on here"

    def _why_no_target(self) -> str:
        return "" if self.controller.state.form.target else "there is no target"

    # ---- Qt's

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        mime = event.mimeData()
        if not self.controller.state.is_running and (mime.hasUrls() or mime.hasText()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._take(event.mimeData(), "what was dropped")
