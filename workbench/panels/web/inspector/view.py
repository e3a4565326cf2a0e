"""The page of documents: what to open and to find at the top, tree and source below. Decides nothing."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QComboBox, QStackedLayout, QVBoxLayout, QWidget

from workbench.bridge.ask import ask_open_file
from workbench.errors import LocalMisuse
from workbench.formats.charset import ENCODINGS
from workbench.jobs.job import Job
from workbench.panels.bench import Bench, Document, Talk
from workbench.panels.routebox import RouteBox
from workbench.panels.web.inspector.actions import CONTEXT, actions_of
from workbench.panels.web.inspector.controller import InspectorController, check_target
from workbench.panels.web.inspector.parts.document import DocumentView
from workbench.panels.web.inspector.parts.search import SearchLine
from workbench.panels.web.inspector.state import Form, InspectorState
from workbench.panels.web.pages import WebFrame
from workbench.panels.web.routes import ROUTES
from workbench.ui import theme
from workbench.ui.actions import Action
from workbench.ui.empty import EmptyState
from workbench.ui.notice import Notice
from workbench.ui.pieces import place_of
from workbench.ui.targetbar import LabName, TargetBar
from workbench.ui.verdict import VerdictLine

HINT = "lab:http/page, http://host/page, or a file"
LAB = "lab:http/page"
EMPTY = "A page as its tree and its source, linked, will stand here; open one, drop a file, or paste."
OFFER = f"Open {LAB}"
MAX_PASTED = 16 * 1024 * 1024
"""Characters of the clipboard; what is larger is opened as a file."""
FILTERS = ("Pages and XML (*.html *.htm *.xhtml *.xml *.svg *.rss *.atom)", "All files (*)")
KINDS = (("", "As it says"), ("html", "HTML"), ("xml", "XML"))


class InspectorPage(QWidget):
    """One document at a time."""

    draft_changed = Signal()

    def __init__(self, bench: Bench, frame: WebFrame) -> None:
        super().__init__()
        self._bench = bench
        self._frame = frame
        self._scope = bench.new_scope("web")
        self._reading: Job | None = None
        self._searching: Job | None = None
        self._is_restoring = False

        async def authority() -> bytes:
            return (await bench.lab.authority()).certificate

        self.controller = InspectorController(
            bench.new_transcript, bench.lab.resolve, authority=authority, relay=bench.lab.relay
        )
        self.bar = TargetBar("Open", parse=check_target, hint=HINT, parent=self)
        self.kind, self.encoding = QComboBox(), QComboBox()
        self.route = RouteBox(ROUTES)
        self.search_line = SearchLine()
        self.verdict = VerdictLine(self)
        self.notice = Notice(self)
        self.empty = EmptyState(EMPTY, OFFER, icon="web")
        self.document = DocumentView()
        self.setAcceptDrops(True)
        self._fill_bar()
        self._lay_out()
        self._connect()
        self._uncut = bench.feed.watch(self.controller, self._on_state_changed)
        self._render(self.controller.state)

    # ---- building

    def _fill_bar(self) -> None:
        self.bar.set_lab_names(
            (LabName(LAB, "a page of the Lab"), LabName("lab:https/page", "the same under TLS"))
        )
        self.bar.target_box.setAccessibleName("Page or file")
        self.bar.field.setAccessibleName("Page or file")
        for kind, title in KINDS:
            self.kind.addItem(title, kind)
        self.kind.setAccessibleName("Read as")
        self.kind.setToolTip("Read it as HTML, as XML, or as what it says of itself")
        self.encoding.addItem("Encoding: as it says", "")
        for name in ENCODINGS:
            self.encoding.addItem(name, name)
        self.encoding.setAccessibleName("Encoding")
        self.encoding.setToolTip(
            "What its octets mean; else mark, HTTP and the document decide, in this order"
        )
        for option in (self.kind, self.encoding, self.route):
            self.bar.add_option(option)

    def _lay_out(self) -> None:
        gap, margin = theme.metric(8), theme.metric(12)
        body = QWidget()
        self._pages = QStackedLayout(body)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.document)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margin, gap, margin, gap)
        layout.setSpacing(gap)
        for widget in (self.bar, self.search_line, self.verdict, self.notice):
            layout.addWidget(widget)
        layout.addWidget(body, 1)

    def _connect(self) -> None:
        self.bar.submitted.connect(self._on_submitted)
        self.bar.cancelled.connect(self.stop)
        self.bar.edited.connect(self._on_edited)
        self.bar.lead_to(self.document.tree)
        for box in (self.kind, self.encoding):
            box.currentIndexChanged.connect(self._on_reading_edited)
        self.route.currentIndexChanged.connect(self._on_edited)
        self.search_line.submitted.connect(self.search)
        self.search_line.stopped.connect(self.stop)
        self.search_line.edited.connect(self._on_edited)
        self.search_line.stepped.connect(self._on_stepped)
        self.empty.asked.connect(self._on_offer_taken)
        self.notice.dismissed.connect(self.controller.dismiss)
        self.notice.event_asked.connect(self._on_event_asked)
        self.document.node_chosen.connect(self.controller.select_node)
        self.document.place_chosen.connect(self.controller.select_place)
        self.document.hit_chosen.connect(self.controller.show_hit)
        self.document.problem_chosen.connect(self.controller.show_problem)

    # ---- what a person can do; the actions call these too

    def start(self) -> None:
        """Open what is typed."""
        self.bar.submit()

    def stop(self) -> None:
        """Stop what goes on."""
        for job in reversed(self._scope.jobs):
            job.cancel()

    def open_file(self) -> None:
        """Ask for a file and open it."""
        self._scope.launch(self._ask_and_open(), name="ask", title="Choosing a file")

    def paste(self) -> None:
        """Open what the clipboard holds."""
        text = QGuiApplication.clipboard().text()
        if not text.strip() or len(text) > MAX_PASTED:
            what = "the clipboard holds no text" if not text.strip() else "the clipboard holds too much text"
            self.controller.complain(LocalMisuse(what, stage="open", advice="copy a page's source first"))
            return
        self._take(text.encode("utf-8", "replace"), "what was pasted", "")

    def search(self) -> None:
        """Search as it is typed."""
        if self.controller.state.why_not_search:
            return
        self._compose()
        expression = self.controller.state.form.expression
        self._searching = self._scope.launch(
            self.controller.search(), name="search", title=f"Searching {expression[:60]}"
        )
        self.document.lists.setCurrentIndex(0)

    def next_hit(self) -> None:
        """Go to the next hit."""
        self.controller.next_hit(1)

    def hit_before(self) -> None:
        """Go to the hit before."""
        self.controller.next_hit(-1)

    def copy(self) -> None:
        """The source of what is selected, to the clipboard."""
        self.document.source.copy()

    def copy_path(self) -> None:
        """The path of the selected node, to the clipboard."""
        QGuiApplication.clipboard().setText(self.controller.state.selection.path)

    def focus_search(self) -> None:
        """Put the focus into the expression."""
        self.search_line.expression.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search_line.expression.selectAll()

    # ---- what the frame asks

    def page_actions(self) -> tuple[Action, ...]:
        """What a person can do here."""
        return actions_of(self)

    def take(self, document: Document) -> None:
        """Show octets that another page or panel hands over."""
        self._take(document.data, document.name, document.media_type, document.origin)

    def draft(self) -> dict[str, object]:
        """What survives a restart."""
        return {
            "bar": self.bar.draft(),
            "kind": self.kind.currentData(),
            "encoding": self.encoding.currentData(),
            "route": self.route.route(),
            **self.search_line.values(),
        }

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take a draft of an earlier session; nothing is opened."""
        self._is_restoring = True
        try:
            if isinstance(bar := draft.get("bar"), dict):
                self.bar.restore(bar)
            self.kind.setCurrentIndex(max(0, place_of(self.kind, draft.get("kind"))))
            self.encoding.setCurrentIndex(max(0, place_of(self.encoding, draft.get("encoding"))))
            self.route.choose(draft.get("route"))
            words = {
                name: value
                for name in ("language", "expression", "namespaces")
                if isinstance(value := draft.get(name), str)
            }
            self.search_line.restore(Form(**words))  # type: ignore[arg-type]  # an unknown language is not chosen
        finally:
            self._is_restoring = False
        self._compose()

    def focus_start(self) -> None:
        """Put the focus into the address."""
        self.bar.focus_target()

    def open_target(self, target: str, how: str = "") -> None:
        """Show a target as if it had been typed."""
        if not self.controller.state.is_running:
            self.bar.set_text(target)
            self._compose()

    def current_talk(self) -> Talk | None:
        """The conversation of the pages that were fetched here."""
        from workbench.protocols.http.explain import explain

        return Talk(self.controller.transcript, explain, "Inspector")

    async def retire(self) -> None:
        """End what goes on."""
        await self._scope.retire()
        self._uncut()
        self.controller.retire()

    # ---- a person did something

    def _compose(self) -> None:
        self.controller.compose(
            target=self.bar.text(),
            kind=str(self.kind.currentData()),
            encoding=str(self.encoding.currentData()),
            route=self.route.route(),
            **self.search_line.values(),
        )

    def _on_edited(self) -> None:
        if not self._is_restoring:
            self._compose()
            self.draft_changed.emit()

    def _on_reading_edited(self) -> None:
        if self._is_restoring:
            return
        self._on_edited()
        if self.controller.state.looked is not None and not self.controller.state.is_running:
            self._launch(self.controller.read_again(), "Reading it again")

    def _on_submitted(self, target: str) -> None:
        self._compose()
        self.controller.timeout_s = self._bench.settings().default_timeout_s
        self._launch(self.controller.open_target(), f"Opening {target}")
        self.draft_changed.emit()

    def _on_offer_taken(self) -> None:
        self.bar.set_text(LAB)
        self.bar.submit()

    def _on_stepped(self, step: int) -> None:
        self.controller.next_hit(step)

    def _on_event_asked(self, index: int) -> None:
        self._bench.show_event(index)

    def _on_state_changed(self) -> None:
        self._render(self.controller.state)

    async def _ask_and_open(self) -> None:
        path = await ask_open_file(self, "Open a page or an XML document", FILTERS)
        if path is not None:
            self.bar.set_text(str(path))
            self.bar.submit()

    def _take(self, data: bytes, title: str, media_type: str, origin: str = "") -> None:
        self._compose()
        self._launch(self.controller.take(data, title, media_type, origin), f"Reading {title}")

    def _launch(self, work, title: str) -> None:
        """A new document takes the place of the one that is being read."""
        if self._reading is not None:
            self._reading.cancel()
        self._reading = self._scope.launch(work, name="read", title=title)

    # ---- showing

    def _render(self, state: InspectorState) -> None:
        self.bar.set_busy(state.is_running)
        self.search_line.show_state(state)
        self._render_verdict(state)
        self.notice.show_failure(state.problem)
        self.document.show_state(state)
        self._pages.setCurrentIndex(0 if state.looked is None else 1)
        self._bench.registry.refresh(CONTEXT)

    def _render_verdict(self, state: InspectorState) -> None:
        self.verdict.show_verdict(state.verdict, "Nothing was opened yet.")

    # ---- Qt's

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        mime = event.mimeData()
        if any(url.isLocalFile() for url in mime.urls()) or mime.hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        mime = event.mimeData()
        local = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
        if local:
            self.bar.set_text(str(Path(local[0])))
            self.bar.submit()
        elif mime.text().strip() and len(mime.text()) <= MAX_PASTED:
            self._take(mime.text().encode("utf-8", "replace"), "what was dropped", "")
