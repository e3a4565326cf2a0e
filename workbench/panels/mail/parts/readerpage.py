"""The reader: bar, result, the list and the tree at the left, the chosen part at the right. Decides nothing."""

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSplitter,
    QStackedLayout,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from workbench.formats.quantity import octets
from workbench.formats.target import Target
from workbench.jobs.job import Job, is_at_work
from workbench.jobs.scope import Scope
from workbench.jobs.verdict import ChipText, Verdict
from workbench.lab.catalogue import SERVICES
from workbench.panels.bench import Bench
from workbench.panels.mail.entrance import read_target
from workbench.panels.mail.models import LettersModel, PartsModel
from workbench.panels.mail.parts.access import AccessBar
from workbench.panels.mail.parts.detail import Detail
from workbench.panels.mail.reader import WINDOW, ReaderController
from workbench.panels.mail.reading import whither
from workbench.panels.mail.state import KINDS, ReaderState
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.notice import Notice
from workbench.ui.pieces import allow, button, small_button, table_of
from workbench.ui.targetbar import LabName
from workbench.ui.verdict import VerdictLine

LAB = "lab:imap"
HINT = "lab:imap, imaps://host, host:143"
EMPTY = "Read a mailbox, or open, drop or paste a letter: its parts will stand here."
STAGES = {
    "resolve": "looking up the name",
    "connect": "connecting",
    "greeting": "waiting for the greeting",
    "tls": "shaking hands (TLS)",
    "login": "logging in",
}
TIPS = {
    "open": "Open a letter (.eml) or a file of letters (.mbox) (Ctrl+O)",
    "paste": "Take the letter from the clipboard (Ctrl+Shift+V)",
    "save": "Save the chosen part into a folder, under a safe name (Ctrl+Shift+S)",
    "elsewhere": "Open the chosen part in the panel that can show it (Ctrl+E)",
}
PLACES = {"web": "Open in Web", "certificates": "Open in Certificates", "mail": "Open as a letter"}
LOAD_AFTER_MS = 30


class ReaderPage(QWidget):
    """The view of the ReaderController.

    Signals:
        draft_changed: something that survives a restart was edited.
        open_asked, paste_asked, save_asked, elsewhere_asked: the buttons.
        link_chosen: where a link of a page leads.
    """

    draft_changed = Signal()
    open_asked = Signal()
    paste_asked = Signal()
    save_asked = Signal()
    elsewhere_asked = Signal()
    link_chosen = Signal(str)

    def __init__(self, bench: Bench, scope: Scope, controller: ReaderController) -> None:
        super().__init__()
        self.controller = controller
        self._bench = bench
        self._scope = scope
        self.job: Job | None = None
        self._verdict = Verdict()
        names = {service.name: service.title for service in SERVICES}
        lab = [LabName(f"lab:{name}", names[name]) for name in ("imap", "pop") if name in names]
        self.bar = AccessBar("Read", self._parse, HINT, lab, KINDS, self)
        self.open_button = small_button("files", "Open a file", TIPS["open"])
        self.paste_button = small_button("import", "Paste a letter", TIPS["paste"])
        for each in (self.open_button, self.paste_button):
            self.bar.add_option(each)
        self.verdict = VerdictLine(self)
        self.notice = Notice(self)
        self.folder = QComboBox()
        self.folder.setAccessibleName("Folder")
        self.folder.setToolTip("The folder of the mailbox; it is opened for reading alone")
        self.folder_label = QLabel("Folder")
        self.folder_label.setBuddy(self.folder)
        self.letters = LettersModel(controller.row)
        self.letters_table = table_of(self.letters, "Letters", (140, 200, 148, 76), stretch=1)
        self.parts = PartsModel()
        self.tree = tree_of(self.parts)
        self.empty = EmptyState(EMPTY, f"Read {LAB}", icon="mail")
        self.save = button("Save part", "received", TIPS["save"])
        self.elsewhere = button("Open elsewhere", "link", TIPS["elsewhere"])
        self.detail = Detail()
        # Rows are wanted while the table paints: they are asked for once it has.
        self._load = QTimer(self)
        self._load.setSingleShot(True)
        self._load.setInterval(LOAD_AFTER_MS)
        self._lay_out()
        self._connect()
        self._uncut = bench.feed.watch(controller, self._on_state_changed)
        self._render(controller.state)

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        top = QHBoxLayout()
        top.setSpacing(gap)
        top.addWidget(self.folder_label)
        top.addWidget(self.folder, 1)
        self.upper = QWidget()
        column = QVBoxLayout(self.upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(4))
        column.addLayout(top)
        column.addWidget(self.letters_table, 1)
        pane = QFrame()
        theme.qualify(pane, pane=True)
        self._pages = QStackedLayout(pane)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.tree)
        below = QHBoxLayout()
        below.setSpacing(gap)
        below.addWidget(self.save)
        below.addWidget(self.elsewhere)
        below.addStretch(1)
        lower = QWidget()
        column = QVBoxLayout(lower)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(4))
        column.addWidget(pane, 1)
        column.addLayout(below)
        self.left = QSplitter(Qt.Orientation.Vertical)
        self.left.addWidget(self.upper)
        self.left.addWidget(lower)
        self.left.setChildrenCollapsible(False)
        self.left.setSizes([theme.metric(240), theme.metric(140)])
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.left)
        self.splitter.addWidget(self.detail)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([theme.metric(600), theme.metric(640)])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(gap)
        for widget in (self.bar, self.verdict, self.notice):
            layout.addWidget(widget)
        layout.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        self.bar.submitted.connect(self._on_submitted)
        self.bar.cancelled.connect(self.close_session)
        self.bar.changed.connect(self._on_access_changed)
        self.bar.password_changed.connect(self._on_password_changed)
        self.open_button.clicked.connect(self.open_asked)
        self.paste_button.clicked.connect(self.paste_asked)
        self.save.clicked.connect(self.save_asked)
        self.elsewhere.clicked.connect(self.elsewhere_asked)
        self.empty.asked.connect(self._on_offer_taken)
        self.folder.activated.connect(self._on_folder_activated)
        self.letters.wanted.connect(self._on_row_wanted)
        self._load.timeout.connect(self._on_rows_due)
        self.letters_table.activated.connect(self._on_letter_activated)
        self.letters_table.clicked.connect(self._on_letter_activated)
        self.tree.selectionModel().currentRowChanged.connect(self._on_part_chosen)
        self.detail.charset_chosen.connect(self._on_charset_chosen)
        self.detail.link_chosen.connect(self.link_chosen)
        self.notice.event_asked.connect(self._bench.show_event)
        self.notice.dismissed.connect(self.controller.dismiss)

    # ---- for the panel

    def retire(self) -> None:
        """Cut what observes."""
        self._load.stop()
        self._uncut()

    def close_session(self) -> None:
        """Close the session, whatever goes on in it."""
        if self.job is not None:
            self.job.cancel()

    def _parse(self, text: str) -> Target:
        return read_target(text, self.bar.kind() or "imap")

    # ---- a person did something

    def _on_access_changed(self) -> None:
        access = self.bar.access()
        self.controller.choose_kind(self.bar.kind())
        self.controller.replace(access=access)
        self.draft_changed.emit()

    def _on_password_changed(self, text: str) -> None:
        self.controller.password = text

    def _on_submitted(self, _target: str) -> None:
        if is_at_work(self.job, self.controller.state.is_live):
            return
        self._on_access_changed()
        self.controller.timeout_s = self._bench.settings().default_timeout_s
        title = f"Mailbox at {self.controller.state.access.target}"
        self.job = self._scope.launch(self.controller.open(), name="open", title=title)
        self.letters_table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.draft_changed.emit()

    def _on_offer_taken(self) -> None:
        self.bar.set_kind("imap")
        self.bar.set_text(LAB)
        self.bar.submit()

    def _on_folder_activated(self, _at: int) -> None:
        name = self.folder.currentText()
        self._scope.launch(self.controller.open_folder(name), name="folder", title=f"Opening {name}")

    def _on_row_wanted(self, _place: int) -> None:
        if not self._load.isActive():
            self._load.start()

    def _on_rows_due(self) -> None:
        """Load what is on screen now; what was there a moment ago is of no interest any more."""
        if self.controller.state.busy:
            # One window at a time: what is on screen by then asks again.
            return
        first = max(0, self.letters_table.rowAt(0))
        last = self.letters_table.rowAt(self.letters_table.viewport().height() - 1)
        shown = (last if last >= 0 else self.letters.rowCount() - 1) - first + 1
        around = max(0, WINDOW - shown) // 2
        start = max(0, first - around)
        self._scope.launch(
            self.controller.load(start, start + max(WINDOW, shown)), name="list", title="Listing letters"
        )

    def _on_letter_activated(self, index: QModelIndex) -> None:
        if self.controller.state.why_no_list or index.row() == self.controller.state.selected:
            return
        title = f"Fetching letter {index.row() + 1:,}"
        self._scope.launch(self.controller.open_letter(index.row()), name="fetch", title=title)

    def _on_part_chosen(self, current: QModelIndex, _before: QModelIndex) -> None:
        place = self.parts.place_of(current)
        if place is not None and place != self.controller.state.chosen:
            self._scope.launch(self.controller.choose(place), name="part", title="Decoding the part")

    def _on_charset_chosen(self, name: str) -> None:
        chosen = self.controller.state.chosen
        self._scope.launch(self.controller.choose(chosen, name), name="part", title="Decoding the part")

    def _on_state_changed(self) -> None:
        self._render(self.controller.state)

    # ---- showing

    def _render(self, state: ReaderState) -> None:
        self._render_verdict(state)
        self.bar.set_busy(state.is_live, "Close" if state.phase == "open" else "Cancel")
        self.notice.show_failure(state.problem)
        self._render_list(state)
        self._render_tree(state)
        self.detail.show_state(state)
        part = state.part
        where = whither(part) if part is not None else ""
        self.elsewhere.setText(PLACES.get(where, "Open elsewhere"))
        why = state.why_not_part
        allow(self.save, why, TIPS["save"])
        why_not = why_not_elsewhere(state)
        allow(self.elsewhere, why_not, TIPS["elsewhere"])
        self._bench.registry.refresh("mail")

    def _render_list(self, state: ReaderState) -> None:
        self.upper.setVisible(bool(state.source))
        has_folders = bool(state.folders)
        self.folder.setVisible(has_folders)
        self.folder_label.setVisible(has_folders)
        if [self.folder.itemText(at) for at in range(self.folder.count())] != list(state.folders):
            self.folder.clear()
            self.folder.addItems(list(state.folders))
        self.folder.setCurrentText(state.folder)
        self.letters.show_list(state.count, state.loads)
        if not state.busy and self.letters_table.isVisible():
            # Rows that were wanted while another window was on its way.
            self.letters_table.viewport().update()

    def _render_tree(self, state: ReaderState) -> None:
        if self.parts.show_letter(state.examined):
            self.tree.expandToDepth(8)
        self._pages.setCurrentWidget(self.tree if state.examined is not None else self.empty)
        if state.source:
            self.empty.set("Choose a letter above: its parts will stand here.", "", "mail")
        else:
            self.empty.set(EMPTY, "" if state.is_live else f"Read {LAB}", "mail")
        wanted = self.parts.index_of(state.chosen)
        if self.parts.place_of(self.tree.currentIndex()) != state.chosen and wanted.isValid():
            self.tree.setCurrentIndex(wanted)

    def _render_verdict(self, state: ReaderState) -> None:
        if state.phase == "opening":
            self.verdict.set("running", STAGES.get(state.stage, "opening"), state.access.target)
            return
        if state.busy:
            where = state.folder or state.name or state.access.target
            self.verdict.set("running", state.busy, where, _chips(state))
            return
        verdict = state.verdict
        if not verdict.sentence:
            self.verdict.set("none", "", "No letter was opened yet.")
            return
        self.verdict.show_verdict(verdict._replace(chips=_chips(state)))


def why_not_elsewhere(state: ReaderState) -> str:
    """Why the chosen part can't be opened in another panel; "" when it can."""
    part = state.part
    if part is None:
        return "open a letter first"
    if not part.is_leaf and not part.is_message:
        return "it only holds other parts; choose one of them"
    return "" if whither(part) else "no panel shows this kind; save it"


def _chips(state: ReaderState) -> tuple[ChipText, ...]:
    chips = []
    if state.is_live and state.user:
        chips.append(ChipText(state.user, "who is logged in"))
    if state.secured in ("tls", "starttls"):
        chips.append(
            ChipText("TLS", "the conversation is protected, and the server's certificate was judged", "good")
        )
    elif state.phase == "open":
        chips.append(ChipText("in clear", "anybody on the way reads the password and the letters", "warning"))
    if state.examined is not None:
        chips.append(ChipText(octets(len(state.examined.letter.data)), "of the letter"))
    if state.content is not None and state.content.drawn is not None and state.content.drawn.left_out_count:
        left_out = state.content.drawn.left_out_count
        chips.append(
            ChipText(f"{left_out:,} left out", "things that the page would load, run or send", "warning")
        )
    return tuple(chips)


def tree_of(model: PartsModel) -> QTreeView:
    """The tree of parts."""
    tree = QTreeView()
    tree.setModel(model)
    tree.setAccessibleName("Parts of the letter")
    tree.setUniformRowHeights(True)
    tree.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    tree.setTabKeyNavigation(False)
    tree.setIndentation(theme.metric(16))
    tree.setIconSize(QSize(theme.metric(16), theme.metric(16)))
    header = tree.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for column, width in ((1, 90), (2, 80)):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        tree.setColumnWidth(column, theme.metric(width))
    return tree
