"""The left half: the request's fields, its body, its login, and the exact bytes that will go. Decides nothing."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from workbench.formats.charset import decoded, visible
from workbench.formats.quantity import octets
from workbench.jobs.verdict import ChipText
from workbench.panels.drafts import line_of
from workbench.panels.web.drafts import read_pairs, without_secrets
from workbench.panels.web.models import PairsModel
from workbench.panels.web.state import BODY_KINDS, POLICIES, Form, Preview, WebState
from workbench.protocols.http.resume import MAX_RETRIES
from workbench.transcript.redact import masked
from workbench.ui import theme
from workbench.ui.byteedit import ByteEdit
from workbench.ui.chips import Chip
from workbench.ui.hexview import HeldOctets, HexView
from workbench.ui.pieces import Tabbed, field, place_of, table_of

PARTS = (
    ("Fields", "Fields of the head: yours in your order, then those that are added by themselves"),
    ("Body", "What follows the head: a form, or octets"),
    ("Options", "Login, redirects, trust, and what is done when a download breaks off"),
)
MAX_PREVIEWED = 16 * 1024
"""Octets of the request that are shown as text; the hex view shows them all."""
LEAST = 36
"""Height of what can be scrolled, at scale 1."""
NOTHING = "Type an address: the exact bytes that will go stand here."


class PairsTable(QWidget):
    """A table of names and values with its keys: Delete takes a row away."""

    def __init__(self, model: PairsModel, name: str) -> None:
        super().__init__()
        self.model = model
        self.table = table_of(model, name, (170,))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)

    # Qt's

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.model.remove(self.table.currentIndex().row())
            return
        super().keyPressEvent(event)


class Composer(QWidget):
    """What a person composes.

    Signals:
        edited: something that the form holds. password_edited, raw_edited: what it doesn't.
    """

    edited = Signal()
    password_edited = Signal()
    raw_edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.headers = PairsModel("Field", "Value")
        self.fields = PairsModel("Name", "Value")
        self.headers_table = PairsTable(self.headers, "Fields of the request")
        self.fields_table = PairsTable(self.fields, "Fields of the form")
        self.kind = QComboBox()
        self.raw = ByteEdit("Octets of the body")
        self.user = field("User", "user", "Who asks, by the Basic scheme; at the Lab: student")
        self.password = field("Password", "password", "It is masked everywhere, and kept nowhere")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.follow = QCheckBox("Follow redirects")
        self.follow.setToolTip("Up to ten, each a hop of its own; logins don't leave their origin")
        self.follow.setChecked(True)
        self.policy = QComboBox()
        self.retries = QSpinBox()
        self.untrusted = QCheckBox("Accept an untrusted certificate")
        self.untrusted.setToolTip("The verdict stays to be seen; else the handshake ends at it")
        self.parts = Tabbed(
            "Parts of the request",
            [
                (title, tip, widget)
                for (title, tip), widget in zip(
                    PARTS, (self.headers_table, self._body_part(), self._options_part()), strict=True
                )
            ],
        )
        self.text = QPlainTextEdit()
        self.hex = HexView("Bytes of the request")
        self.as_hex = QCheckBox("Hex")
        self.weight = Chip("", "", "muted")
        self._shown: Preview | None = None
        self._lay_out()
        self._connect()

    def _body_part(self) -> QWidget:
        self.kind.setAccessibleName("Kind of body")
        for at, (kind, title, tip) in enumerate(BODY_KINDS):
            self.kind.addItem(title, kind)
            self.kind.setItemData(at, tip, Qt.ItemDataRole.ToolTipRole)
        self.kind.setToolTip(BODY_KINDS[0][2])
        part = QWidget()
        self._bodies = QStackedLayout()
        self._bodies.setContentsMargins(0, 0, 0, 0)
        none = QLabel("There is no body.")
        theme.qualify(none, role="muted")
        none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for widget in (none, self.fields_table, self.raw):
            self._bodies.addWidget(widget)
        gap = theme.metric(8)
        column = QVBoxLayout(part)
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(gap)
        column.addWidget(self.kind, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self._bodies, 1)
        return part

    def _options_part(self) -> QWidget:
        part = QWidget()
        form = QFormLayout(part)
        gap = theme.metric(8)
        form.setContentsMargins(gap, gap, gap, gap)
        form.setSpacing(gap)
        form.addRow("User", self.user)
        form.addRow("Password", self.password)
        ticks = QHBoxLayout()
        ticks.setSpacing(theme.metric(16))
        ticks.addWidget(self.follow)
        ticks.addWidget(self.untrusted)
        ticks.addStretch(1)
        form.addRow(ticks)
        form.addRow("Broken download", self._policy_line())
        return part

    def _policy_line(self) -> QWidget:
        for at, (kind, title, tip) in enumerate(POLICIES):
            self.policy.addItem(title, kind)
            self.policy.setItemData(at, tip, Qt.ItemDataRole.ToolTipRole)
        self.policy.setAccessibleName("When a download breaks off")
        self.policy.setToolTip("What is done when a download into a file breaks off")
        self.retries.setRange(0, MAX_RETRIES)
        self.retries.setValue(Form().retries)
        self.retries.setPrefix("at most ")
        self.retries.setSuffix(" times")
        self.retries.setAccessibleName("Attempts after the first")
        self.retries.setToolTip("How often it is tried again, after a wait that doubles while nothing comes")
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.metric(8))
        row.addWidget(self.policy)
        row.addWidget(self.retries)
        row.addStretch(1)
        return line

    def _lay_out(self) -> None:
        gap = theme.metric(4)
        self.text.setReadOnly(True)
        self.text.setAccessibleName("The exact request")
        self.text.setPlaceholderText(NOTHING)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        theme.qualify(self.text, fixed=True)
        # Both scroll: the page must fit a small window beside the conversation.
        self.text.setMinimumHeight(theme.metric(LEAST))
        self.raw.editor.setMinimumHeight(theme.metric(LEAST))
        self.hex.set_hint(NOTHING)
        self.as_hex.setToolTip("The request as offset, hex and text, all of it")
        title = QLabel("These bytes will go")
        theme.qualify(title, role="muted")
        top = QHBoxLayout()
        top.setSpacing(theme.metric(8))
        top.addWidget(title)
        top.addStretch(1)
        top.addWidget(self.weight)
        top.addWidget(self.as_hex)
        self._previews = QStackedLayout()
        self._previews.addWidget(self.text)
        self._previews.addWidget(self.hex)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, gap, 0, 0)
        column.setSpacing(gap)
        column.addLayout(top)
        column.addLayout(self._previews, 1)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(self.parts)
        self.splitter.addWidget(below)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([theme.metric(260), theme.metric(200)])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.splitter)

    def _connect(self) -> None:
        self.headers.edited.connect(self.edited)
        self.fields.edited.connect(self.edited)
        self.kind.currentIndexChanged.connect(self._on_kind_changed)
        self.user.textChanged.connect(self.edited)
        self.follow.toggled.connect(self.edited)
        self.untrusted.toggled.connect(self.edited)
        self.policy.currentIndexChanged.connect(self.edited)
        self.retries.valueChanged.connect(self.edited)
        self.password.textChanged.connect(self.password_edited)
        self.raw.value_changed.connect(self.raw_edited)
        self.as_hex.toggled.connect(self._on_hex_toggled)

    def _on_kind_changed(self) -> None:
        kind = self.kind.currentData()
        self._bodies.setCurrentIndex({"none": 0, "raw": 2}.get(kind, 1))
        self.kind.setToolTip(str(self.kind.currentData(Qt.ItemDataRole.ToolTipRole)))
        self.edited.emit()

    def _on_hex_toggled(self, is_on: bool) -> None:
        self._previews.setCurrentIndex(1 if is_on else 0)

    # ---- for the page

    def form(self) -> dict[str, object]:
        """What is composed here, by the names of a Form."""
        return {
            "headers": tuple(self.headers.pairs),
            "without": self.headers.without,
            "body": self.kind.currentData(),
            "fields": tuple(self.fields.pairs),
            "user": self.user.text(),
            "follow": self.follow.isChecked(),
            "show_untrusted": self.untrusted.isChecked(),
            "policy": self.policy.currentData(),
            "retries": self.retries.value(),
        }

    def draft(self, form: Form) -> dict[str, object]:
        """What survives a restart; never the password."""
        return {
            "headers": without_secrets(form.headers),
            "without": sorted(form.without),
            "body": form.body,
            "fields": without_secrets(form.fields),
            "raw": self.raw.draft(),
            "user": form.user,
            "follow": form.follow,
            "untrusted": form.show_untrusted,
            "policy": form.policy,
            "retries": form.retries,
        }

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take over a draft; what is none is left out."""
        without = draft.get("without")
        names = frozenset(filter(None, map(line_of, without))) if isinstance(without, list) else frozenset()
        self.headers.set_pairs(read_pairs(draft.get("headers")), names)
        self.fields.set_pairs(read_pairs(draft.get("fields")))
        self.choose_kind(draft.get("body"))
        if isinstance(raw := draft.get("raw"), dict):
            self.raw.restore(raw)
        self.user.setText(line_of(draft.get("user")))
        self.follow.setChecked(draft.get("follow") is not False)
        self.untrusted.setChecked(draft.get("untrusted") is True)
        if (at := place_of(self.policy, draft.get("policy"))) >= 0:
            self.policy.setCurrentIndex(at)
        if type(retries := draft.get("retries")) is int:
            self.retries.setValue(max(0, min(retries, MAX_RETRIES)))

    def choose_kind(self, kind: object) -> None:
        """Choose a kind of body; one that is not offered changes nothing."""
        at = place_of(self.kind, kind)
        if at >= 0:
            self.kind.setCurrentIndex(at)

    def show_state(self, state: WebState) -> None:
        """Show what will go."""
        preview = state.preview
        if preview is self._shown:
            return
        self._shown = preview
        self.headers.show_added(preview.added)
        data = masked(preview.octets.data, preview.octets.secret) if preview.octets is not None else b""
        self.hex.set_provider(HeldOctets(data))
        if preview.mistake is not None:
            caret = preview.mistake.caret()
            self.text.setPlainText(f"{preview.mistake.what}\n{caret}".strip())
            self.weight.show_chip(ChipText("can't be sent", preview.mistake.advice, "error"))
            return
        self.text.setPlainText(_text(data))
        tip = "Octets of the request, its body included"
        self.weight.show_chip(ChipText(octets(len(data)) if data else "nothing yet", tip, "muted"))


def _text(data: bytes) -> str:
    shown = decoded(data[:MAX_PREVIEWED]).replace("\r\n", "\n")
    more = f"\n… {octets(len(data) - MAX_PREVIEWED)} more" if len(data) > MAX_PREVIEWED else ""
    return visible(shown, keep="\n") + more
