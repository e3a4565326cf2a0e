"""One look: target bar, result, the chain at the left, fields and octets at the right. Decides nothing."""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from workbench.formats.x509.values import Field
from workbench.jobs.job import Job
from workbench.jobs.scope import Scope
from workbench.panels.bench import Bench, Talk
from workbench.panels.certificates.controller import CertificatesController
from workbench.panels.certificates.models import ChainModel, FieldsModel
from workbench.panels.certificates.parts.trees import tree_view
from workbench.panels.certificates.parts.trustbox import TrustBox
from workbench.panels.certificates.routes import ROUTES
from workbench.panels.certificates.state import CertificatesState
from workbench.panels.routebox import RouteBox
from workbench.ui import icons, theme
from workbench.ui.empty import EmptyState
from workbench.ui.hexview import HeldOctets, HexView, Highlight
from workbench.ui.notice import Notice
from workbench.ui.targetbar import TargetBar
from workbench.ui.verdict import VerdictLine
from workbench.wire.explain import explain

OFFER = "lab:tls-good"
EMPTY = "Look at a server, or open, drop or paste a file of certificates: the chain and its fields will stand here."
OCTETS = "The octets of a certificate will stand here; those of the selected field are marked."
NO_OCTETS = "What is selected has no octets of its own."
LONGEST_ABOUT = 500
STAGES = {"resolve": "looking up the name", "connect": "connecting", "tls": "shaking hands"}


class InspectionView(QWidget):
    """The view of the CertificatesController.

    Signals:
        draft_changed: something that survives a restart was edited.
        trust_file_asked: a file of authorities is to be chosen.
        open_asked, paste_asked: the buttons.
    """

    draft_changed = Signal()
    trust_file_asked = Signal()
    open_asked = Signal()
    paste_asked = Signal()

    def __init__(self, bench: Bench, scope: Scope, controller: CertificatesController) -> None:
        super().__init__()
        self.controller = controller
        self._bench = bench
        self._scope = scope
        self._job: Job | None = None
        self._data = b""
        self._is_linking = False
        self.bar = TargetBar("Look", hint="lab:tls-good, host:443", parent=self)
        self.name = QLineEdit()
        self.trust = TrustBox()
        self.route = RouteBox(ROUTES)
        self.open_button = _button(
            "Open file", "files", "Open certificates of a file: PEM, DER, PKCS #7 (Ctrl+O)"
        )
        self.paste_button = _button("Paste", "import", "Open certificates from the clipboard (Ctrl+Shift+V)")
        self.options = (self.name, self.trust, self.route, self.open_button, self.paste_button)
        self.verdict = VerdictLine(self)
        self.notice = Notice(self)
        self.chain = ChainModel()
        self.chain_tree = tree_view(self.chain, "Chain", (270,))
        self.fields = FieldsModel()
        self.fields_tree = tree_view(self.fields, "Fields", (230, 400))
        self.about = QLabel()
        self.hex = HexView("Octets of the certificate")
        self.empty = EmptyState(EMPTY, f"Look at {OFFER}", icon="certificates")
        self._fill_bar()
        self._lay_out()
        self._connect()
        self._uncut = bench.feed.watch(controller, self._on_state_changed)
        self.hex.set_hint(OCTETS)
        self._render(controller.state)

    # ---- building

    def _fill_bar(self) -> None:
        self.name.setAccessibleName("Name to expect")
        self.name.setPlaceholderText("name (the host's)")
        self.name.setToolTip("The name that the certificate should be for; empty: the host of the target")
        self.name.setMinimumWidth(theme.metric(70))
        self.name.setMaximumWidth(theme.metric(220))
        for widget in self.options:
            self.bar.add_option(widget)
        self.about.setWordWrap(True)
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.about.setAccessibleName("About the field")
        theme.qualify(self.about, role="muted")

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        left = QFrame()
        theme.qualify(left, pane=True)
        self._pages = QStackedLayout(left)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.chain_tree)
        self.right = QSplitter(Qt.Orientation.Vertical)
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(4))
        column.addWidget(self.fields_tree, 1)
        column.addWidget(self.about)
        self.right.addWidget(upper)
        self.right.addWidget(self.hex)
        self.right.setChildrenCollapsible(False)
        self.right.setStretchFactor(0, 3)
        self.right.setStretchFactor(1, 2)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.right)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 3)
        self.splitter.setSizes([theme.metric(460), theme.metric(770)])
        self.right.setSizes([theme.metric(300), theme.metric(180)])
        layout = QVBoxLayout(self)
        margin = theme.metric(12)
        layout.setContentsMargins(margin, gap, margin, gap)
        layout.setSpacing(gap)
        layout.addWidget(self.bar)
        layout.addWidget(self.verdict)
        layout.addWidget(self.notice)
        layout.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        self.bar.submitted.connect(self._on_submitted)
        self.bar.cancelled.connect(self.stop)
        self.bar.edited.connect(self._on_edited)
        self.bar.lead_to(self.chain_tree)
        self.name.textChanged.connect(self._on_edited)
        self.name.returnPressed.connect(self.bar.submit)
        self.trust.currentIndexChanged.connect(self._on_edited)
        self.route.currentIndexChanged.connect(self._on_edited)
        self.trust.activated.connect(self._on_trust_activated)
        self.open_button.clicked.connect(self.open_asked)
        self.paste_button.clicked.connect(self.paste_asked)
        self.empty.asked.connect(self._on_offer_taken)
        self.chain_tree.selectionModel().currentRowChanged.connect(self._on_entry_chosen)
        self.fields_tree.selectionModel().currentRowChanged.connect(self._on_field_chosen)
        self.hex.selection_changed.connect(self._on_octets_chosen)
        self.notice.event_asked.connect(self._bench.show_event)
        self.notice.dismissed.connect(self.controller.dismiss)

    # ---- for the panel

    def talk(self) -> Talk:
        """The conversation, and what leaves as code."""
        controller = self.controller
        copies = (
            ("Python", controller.copy_as_python),
            ("openssl", controller.copy_as_openssl),
            ("PEM", controller.copy_as_pem),
        )
        return Talk(controller.transcript, explain, "Certificates", copies)

    def draft(self) -> dict[str, object]:
        """What survives a restart."""
        form = self.controller.state.form
        return {
            "bar": self.bar.draft(),
            "name": form.name,
            "trust": form.trust,
            "trust_file": form.trust_file,
            "route": form.route,
        }

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take a draft of an earlier session."""
        if isinstance(bar := draft.get("bar"), dict):
            self.bar.restore(bar)
        if isinstance(name := draft.get("name"), str):
            self.name.setText(name)
        if isinstance(path := draft.get("trust_file"), str):
            self.set_trust_file(path)
        self.trust.choose(str(draft.get("trust")))
        self.route.choose(str(draft.get("route")))
        self._on_edited()

    def set_target(self, target: str) -> None:
        """Show a target as if it had been typed."""
        self.bar.set_text(target)
        self._on_edited()

    def set_trust_file(self, path: str) -> None:
        """The file whose authorities are believed when a file is chosen."""
        self.controller.compose(trust_file=path)
        self.trust.set_path(path)
        self.draft_changed.emit()

    def open_file(self, path: str) -> None:
        """Open a file of certificates; what goes on is finished first, or cancelled by its button."""
        self._launch(self.controller.open_file(path), f"Reading {path.rpartition('/')[2]}")

    def open_octets(self, data: bytes, title: str) -> None:
        """Open what was pasted or dropped."""
        self._launch(self.controller.open_octets(data, title), f"Reading {title}")

    def start(self) -> None:
        """Look at the target, as Enter in its field does."""
        self.bar.submit()

    def stop(self) -> None:
        """Stop what goes on."""
        if self._job is not None:
            self._job.cancel()

    def retire(self) -> None:
        """Cut the observer; the panel's scope ends the jobs."""
        self._uncut()

    # ---- a person did something

    def _on_edited(self) -> None:
        self.controller.compose(
            target=self.bar.text(),
            name=self.name.text(),
            trust=self.trust.choice(),
            route=self.route.route(),
        )
        self.draft_changed.emit()

    def _on_submitted(self, target: str) -> None:
        self._on_edited()
        self._launch(self.controller.look(), f"Looking at {target}")
        self.draft_changed.emit()

    def _launch(self, work, title: str) -> None:
        if self._job is not None and self._job.is_running:
            work.close()
            return
        self._job = self._scope.launch(work, name="look", title=title)

    def _on_trust_activated(self, _at: int) -> None:
        if self.trust.choice() == "file":
            self.trust_file_asked.emit()

    def _on_offer_taken(self) -> None:
        self.bar.set_text(OFFER)
        self.bar.submit()

    def _on_entry_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        entry = self.chain.value_at(current)
        if entry is not None:
            self.controller.select(entry.key)

    def _on_field_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        field = self.fields.value_at(current)
        self._render_about(field)
        if field is None or self._is_linking:
            return
        if field.stop > field.start and self._data:
            self._is_linking = True
            self.hex.set_highlights((Highlight(field.start, field.stop, "accent", field.name),))
            self.hex.select(field.start, field.stop)
            self._is_linking = False
        else:
            self.hex.set_highlights(())

    def _on_octets_chosen(self, start: object, stop: object) -> None:
        if self._is_linking or not isinstance(start, int) or not isinstance(stop, int):
            return
        row = self.fields.deepest(start, stop)
        if row is None:
            return
        index = self.fields.index_of(row)
        self._is_linking = True
        self.hex.set_highlights((Highlight(row.value.start, row.value.stop, "accent", row.value.name),))
        self.fields_tree.setCurrentIndex(index)
        self.fields_tree.scrollTo(index)
        self._is_linking = False

    def _on_state_changed(self) -> None:
        self._render(self.controller.state)

    # ---- showing

    def _render(self, state: CertificatesState) -> None:
        running = state.is_running
        self.bar.set_busy(running)
        self._render_verdict(state)
        self.notice.show_failure(state.problem)
        self._render_chain(state)
        self._render_entry(state)
        self._bench.registry.refresh("certificates")

    def _render_verdict(self, state: CertificatesState) -> None:
        if state.phase == "idle":
            self.verdict.set("none", "", "Nothing was looked at yet.")
            return
        verdict = state.verdict
        if state.is_running:
            verdict = verdict._replace(word=STAGES.get(state.stage, verdict.word))
        self.verdict.show_verdict(verdict)

    def _render_chain(self, state: CertificatesState) -> None:
        if self.chain.show(state.entries):
            self.chain_tree.expandToDepth(8)
        self._pages.setCurrentWidget(self.chain_tree if state.entries else self.empty)
        offer = "" if state.is_running else f"Look at {OFFER}"
        self.empty.set(f"{state.source} …" if state.is_running else EMPTY, offer, "certificates")
        row = self.chain.row_of(state.selected)
        if row is not None:
            index = self.chain.index_of(row)
            if self.chain_tree.currentIndex() != index:
                self.chain_tree.setCurrentIndex(index)

    def _render_entry(self, state: CertificatesState) -> None:
        entry = state.entry
        fields = entry.fields if entry is not None else ()
        data = entry.data if entry is not None else b""
        self.hex.set_hint(NO_OCTETS if entry is not None else OCTETS)
        if data is not self._data:
            self._is_linking = True
            self._data = data
            self.hex.set_provider(HeldOctets(data))
            self._is_linking = False
        if self.fields.show(fields):
            self.hex.set_highlights(())
            self._render_about(None)
            self._expand()

    def _render_about(self, field: Field | None) -> None:
        """The selected field in full: its value has no room in its cell, its sentence no column."""
        self.about.setVisible(field is not None)
        if field is None:
            self.about.clear()
            return
        text = field.text if len(field.text) <= LONGEST_ABOUT else field.text[:LONGEST_ABOUT] + "…"
        told = (text, field.means, field.fault if field.fault != field.text else "", field.source)
        self.about.setText(" · ".join(part for part in told if part))

    def _expand(self) -> None:
        """Open what a person looks for first: everything of a verdict, the names and the purposes of a certificate."""
        for row in self.fields.top:
            if len(row.value.fields) <= 12:
                self.fields_tree.expand(self.fields.index_of(row))


def _button(name: str, icon: str, tip: str) -> QPushButton:
    """A button that is a sign alone: with words the bar would not fit a screen at twice the size."""
    button = QPushButton()
    button.setAccessibleName(name)
    button.setToolTip(tip)
    icons.dress(button, icon)
    return button
