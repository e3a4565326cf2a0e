"""The filter bar: what is looked for, in which direction; more behind a button. It only collects a form."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from workbench.formats.charset import visible
from workbench.transcript.records import ChannelInfo, Direction
from workbench.ui import icons, theme
from workbench.ui.conversation.filtering import FilterForm, Mistake, Mode
from workbench.ui.conversation.flow import FlowLayout
from workbench.ui.mistakemark import MistakeMark
from workbench.ui.steady import SteadyLabel

SETTLED_MS = 180
"""After the last key: whoever types fast does not search for every letter."""
MAX_CHANNELS = 500
"""Channels offered in the list."""

LAYERS = {
    "tls": "Inside TLS",
    "tcp": "On the wire (TCP)",
    "unix": "On the wire (Unix)",
    "udp": "On the wire (UDP)",
    "proxy": "With the proxy",
}
"""What the layers are called; another one by its own name."""

_HINTS = {
    Mode.TEXT: "Filter by text",
    Mode.HEX: "Filter by octets: 0d 0a",
    Mode.REGEX: "Filter by pattern: EHLO|HELO",
}


class FilterBar(QWidget):
    """Collects a FilterForm.

    Signals:
        form_changed: the person wants another filter; the form is in `form`.
        next_asked, previous_asked: go to the next or previous match.
    """

    form_changed = Signal()
    next_asked = Signal()
    previous_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLED_MS)
        self._settled.timeout.connect(self._on_settled)
        self._told = FilterForm()
        self._is_showing = False
        self._make_fields()
        self._make_more()
        layout = FlowLayout(self)
        buttons = (self.clear, self.more_button, self.previous, self.next)
        for widget in (self.words, self.mode, self.direction, *buttons, self.count):
            layout.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._connect()
        self._show_hint()

    def _make_fields(self) -> None:
        self.words = QLineEdit(self)
        self.words.setAccessibleName("Filter")
        self.words.setMinimumWidth(theme.metric(140))
        self.mark = MistakeMark(self.words)
        self.mode = _combo(
            "How the filter is meant", (("Text", Mode.TEXT), ("Hex", Mode.HEX), ("Regex", Mode.REGEX))
        )
        self.mode.setParent(self)
        self.direction = _combo(
            "Direction", (("Both", None), ("→ Sent", Direction.SENT), ("← Received", Direction.RECEIVED))
        )
        self.direction.setParent(self)
        self.previous = _arrow(self, "▴", "Previous match")
        self.next = _arrow(self, "▾", "Next match")
        self.clear = _button(self, "close", "Take the filter away (Esc)")
        self.clear.hide()
        self.more_button = _button(self, "filter", "More filters: channel, layer, size, facts")
        self.more_button.setCheckable(True)
        self.count = SteadyLabel(parent=self)
        self.count.setAccessibleName("Events shown")
        theme.qualify(self.count, role="muted")

    def _make_more(self) -> None:
        """The second row, for those who look for it."""
        self.more = QWidget(self.parentWidget())
        self.channel = _combo("Channel", (("All channels", None),))
        self.layer = _combo("Layer", (("All layers", ""),))
        self.layer.hide()
        self.least = _size_field("from", "Smallest size in octets, such as 64 or 4 KiB")
        self.most = _size_field("to", "Largest size in octets, such as 64 or 4 KiB")
        self.facts = QCheckBox("Facts")
        self.facts.setToolTip("Show also what happened without octets: addresses, connections, ends")
        self.only = QCheckBox("Only matches")
        self.only.setToolTip("Hide the other events; unticked, all are shown and matches are marked")
        for box in (self.facts, self.only):
            box.setChecked(True)
        size = QLabel("Size")
        theme.qualify(size, role="muted")
        row = QHBoxLayout(self.more)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.metric(8))
        for widget in (self.channel, self.layer, size, self.least, self.most, self.facts, self.only):
            row.addWidget(widget)
        row.addStretch(1)
        self.more.hide()

    def _connect(self) -> None:
        for field in (self.words, self.least, self.most):
            field.textEdited.connect(self._on_typed)
            field.returnPressed.connect(self._on_return)
        for combo in (self.mode, self.direction, self.channel, self.layer):
            combo.activated.connect(self._on_chosen)
        for box in (self.facts, self.only):
            box.toggled.connect(self._on_chosen)
        self.more_button.toggled.connect(self.more.setVisible)
        self.clear.clicked.connect(self._on_clear_clicked)
        self.next.clicked.connect(self.next_asked)
        self.previous.clicked.connect(self.previous_asked)

    # What stands there

    @property
    def form(self) -> FilterForm:
        """The form as it stands there."""
        return FilterForm(
            direction=self.direction.currentData(),
            mode=self.mode.currentData(),
            words=self.words.text(),
            channel=self.channel.currentData(),
            min_size=self.least.text(),
            max_size=self.most.text(),
            facts=self.facts.isChecked(),
            only_matches=self.only.isChecked(),
            layer=self.layer.currentData(),
        )

    def show_form(self, form: FilterForm) -> None:
        """Put a form there; not announced."""
        self._is_showing = True
        self.words.setText(form.words)
        self.least.setText(form.min_size)
        self.most.setText(form.max_size)
        for combo, value in (
            (self.mode, form.mode),
            (self.direction, form.direction),
            (self.channel, form.channel),
            (self.layer, form.layer),
        ):
            combo.setCurrentIndex(max(0, combo.findData(value)))
        self.facts.setChecked(form.facts)
        self.only.setChecked(form.only_matches)
        self._is_showing = False
        self._told = self.form
        self._settled.stop()
        self._show_hint()

    def show_channels(self, channels: Sequence[ChannelInfo]) -> None:
        """Offer these channels, numbered as the rows show them."""
        chosen = self.channel.currentData()
        known = self.channel.count() - 1
        if known > len(channels):
            self._empty_channels()
            known = 0
        added = channels[known:MAX_CHANNELS]
        for info in added:
            self.channel.addItem(visible(f"{info.number}  {info.title}")[:80], info.number)
        if added:
            self.channel.setCurrentIndex(max(0, self.channel.findData(chosen)))

    def show_layers(self, layers: Sequence[str]) -> None:
        """Offer these layers; there is nothing to choose while there is but one."""
        known = [self.layer.itemData(at) for at in range(1, self.layer.count())]
        if known != list(layers):
            chosen = self.layer.currentData()
            while self.layer.count() > 1:
                self.layer.removeItem(1)
            for layer in layers:
                self.layer.addItem(LAYERS.get(layer, layer), layer)
            self.layer.setCurrentIndex(max(0, self.layer.findData(chosen)))
        self.layer.setVisible(len(layers) > 1)

    def _empty_channels(self) -> None:
        while self.channel.count() > 1:
            self.channel.removeItem(1)

    def show_result(self, count: str, mistake: Mistake | None, *, is_filtered: bool) -> None:
        """Say how many there are, and mark the place of a mistake."""
        self.count.setText(count)
        self.clear.setVisible(self.form != FilterForm())
        self.next.setEnabled(is_filtered)
        self.previous.setEnabled(is_filtered)
        wrong = mistake.field if mistake is not None else ""
        for name, field in (("words", self.words), ("min_size", self.least), ("max_size", self.most)):
            theme.qualify(field, wrong=name == wrong)
        error = mistake.error if mistake is not None else None
        if wrong == "words" and error is not None and error.start is not None:
            self.mark.mark(error.start, error.end if error.end is not None else error.start)
        else:
            self.mark.hide()
        if wrong in ("min_size", "max_size"):
            self.more_button.setChecked(True)

    def focus_words(self) -> None:
        """Put the cursor into the field, everything selected."""
        self.words.setFocus()
        self.words.selectAll()

    # What happens

    def _on_typed(self) -> None:
        self._settled.start()

    def _on_return(self) -> None:
        """Now; and once applied, to the next match."""
        if self._settled.isActive() or self.form != self._told:
            self._on_settled()
        else:
            self.next_asked.emit()

    def _on_clear_clicked(self) -> None:
        self.show_form(FilterForm())
        self._told = FilterForm(words=" ")
        self._on_settled()

    def _on_chosen(self) -> None:
        if not self._is_showing:
            self._show_hint()
            self._on_settled()

    def _on_settled(self) -> None:
        self._settled.stop()
        if self.form != self._told:
            self._told = self.form
            self.form_changed.emit()

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.form != FilterForm():
            self._on_clear_clicked()
        else:
            super().keyPressEvent(event)

    def _show_hint(self) -> None:
        self.words.setPlaceholderText(_HINTS[self.mode.currentData()])
        theme.qualify(self.words, fixed=self.mode.currentData() is not Mode.TEXT)


def _combo(name: str, items: Sequence[tuple[str, object]]) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.setToolTip(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    combo.setMaximumWidth(theme.metric(260))
    for title, value in items:
        combo.addItem(title, value)
    return combo


def _button(parent: QWidget, icon: str, name: str) -> QToolButton:
    button = QToolButton(parent)
    icons.dress(button, icon)
    button.setAccessibleName(name)
    button.setToolTip(name)
    theme.qualify(button, kind="quiet")
    return button


def _arrow(parent: QWidget, arrow: str, name: str) -> QToolButton:
    button = QToolButton(parent)
    button.setText(arrow)
    button.setAccessibleName(name)
    button.setToolTip(name)
    theme.qualify(button, kind="quiet")
    return button


def _size_field(hint: str, tip: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(hint)
    field.setAccessibleName(tip)
    field.setToolTip(tip)
    field.setFixedWidth(theme.metric(84))
    return field
