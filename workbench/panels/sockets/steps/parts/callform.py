"""The form of one call: on what, which, with which arguments; the line that it makes can be typed as well."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from workbench.errors import LocalMisuse
from workbench.panels.sockets.steps.state import StepsState
from workbench.protocols.calls.arguments import LEVELS
from workbench.protocols.calls.carry_files import NO_FILE
from workbench.protocols.calls.options import all_options
from workbench.protocols.calls.spec import CALLS, Param, Spec, python_name
from workbench.protocols.calls.values import (
    BOUND,
    CONNECTED,
    CONNECTING,
    CREATED,
    FAMILIES,
    FLAGS,
    HALF_CLOSED,
    HOWS,
    LISTENING,
    TYPES,
    short,
)
from workbench.ui import theme
from workbench.ui.pieces import button

MAX_PARAMS = 3
LIKELY = {
    CREATED: "connect",
    BOUND: "listen",
    LISTENING: "accept",
    CONNECTING: "poll",
    CONNECTED: "send",
    HALF_CLOSED: "recv",
}
"""What is usually called next, by the state of a stream socket."""


class CallForm(QWidget):
    """Composes one call.

    Signals:
        called: a line, to be carried out. chosen: the socket or file that it is about.
    """

    called = Signal(str)
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = StepsState()
        self._is_showing = False
        self.on = _box("Made on", "The socket or file; new makes one")
        self.call = _box("Call", "Which call; in any order, the wrong one too")
        self.labels = [QLabel() for _ in range(MAX_PARAMS)]
        self.fields = [_box("Argument", "") for _ in range(MAX_PARAMS)]
        for field in self.fields:
            field.setEditable(True)
            field.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.line = QLineEdit()
        self.line.setAccessibleName("The call as a line")
        self.line.setPlaceholderText('a = socket INET STREAM   a.connect lab:echo   a.send "hello\\r\\n"')
        self.line.setToolTip("The call as one line; it can be typed or changed (Enter makes the call)")
        theme.qualify(self.line, fixed=True)
        self.button = button("Call", "play", "Make the call (Ctrl+Return)", "primary")
        self.what = QLabel()
        self.what.setWordWrap(True)
        theme.qualify(self.what, role="muted")
        self._lay_out()
        self.on.activated.connect(self._on_on_activated)
        self.call.currentIndexChanged.connect(self._on_call_changed)
        for field in self.fields:
            field.currentTextChanged.connect(self._compose)
        self.line.returnPressed.connect(self.submit)
        self.button.clicked.connect(self.submit)
        self._show_targets()
        self._show_calls()

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        grid = QGridLayout()
        grid.setHorizontalSpacing(gap)
        grid.setVerticalSpacing(theme.metric(2))
        for column, (text, box) in enumerate((("On", self.on), ("Call", self.call))):
            label = QLabel(text)
            label.setBuddy(box)
            theme.qualify(label, role="muted")
            grid.addWidget(label, 0, column)
            grid.addWidget(box, 1, column)
        for at, (label, field) in enumerate(zip(self.labels, self.fields, strict=True)):
            label.setBuddy(field)
            theme.qualify(label, role="muted")
            grid.addWidget(label, 0, at + 2)
            grid.addWidget(field, 1, at + 2)
        for column, stretch in enumerate((1, 2, 3, 3, 3)):
            grid.setColumnStretch(column, stretch)
        row = QHBoxLayout()
        row.setSpacing(gap)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(0, 0, 0, 0)
        column_.setSpacing(theme.metric(6))
        column_.addLayout(grid)
        column_.addLayout(row)
        column_.addWidget(self.what)

    # ---- showing

    def show_state(self, state: StepsState) -> None:
        """Offer what can be called now; what is typed stays."""
        before, self._state = self._state, state
        names, old = _names(state), _names(before)
        if names != old:
            self._show_targets()
        if state.selected != before.selected or names != old:
            self._select(state.selected)
        elif _ended(state) != _ended(before):
            self._show_params()

    def _show_targets(self) -> None:
        kept = self.on.currentData()
        self._is_showing = True
        self.on.clear()
        self.on.addItem("new", "")
        for each in self._state.descriptors:
            self.on.addItem(each.name, each.name)
        for file in self._state.files:
            self.on.addItem(f"{file.name} (file)", file.name)
        self.on.setCurrentIndex(max(0, self.on.findData(kept)))
        self._is_showing = False

    def _select(self, name: str) -> None:
        at = self.on.findData(name)
        if at >= 0:
            self.on.setCurrentIndex(at)
            self._show_calls(self._likely())

    @property
    def _place(self) -> str:
        name = self.on.currentData()
        if not name:
            return "desk"
        return "file" if any(file.name == name for file in self._state.files) else "socket"

    def _likely(self) -> str:
        """The call that usually comes next on what is selected."""
        descriptor = self._state.descriptor
        if self._place == "file" or descriptor is None:
            return ""
        if not descriptor.is_stream:
            return "recvfrom" if descriptor.state == BOUND else "sendto"
        return LIKELY.get(descriptor.state, "close")

    def _show_calls(self, wanted: str = "") -> None:
        kept = wanted or self.call.currentData()
        self._is_showing = True
        self.call.clear()
        for spec in CALLS.values():
            if spec.place == self._place:
                self.call.addItem(python_name(spec.name), spec.name)
                self.call.setItemData(self.call.count() - 1, spec.what, Qt.ItemDataRole.ToolTipRole)
        descriptor = self._state.descriptor
        if self._place == "socket" and descriptor is not None and not descriptor.is_stream:
            _disable(self.call, self.call.findData("makefile"), NO_FILE)
        self.call.setCurrentIndex(max(0, self.call.findData(kept)))
        self._is_showing = False
        self._show_params()

    @property
    def _spec(self) -> Spec:
        return CALLS[self.call.currentData() or "socket"]

    def _show_params(self) -> None:
        self._is_showing = True
        spec = self._spec
        for at, (label, field) in enumerate(zip(self.labels, self.fields, strict=True)):
            is_used = at < len(spec.params)
            label.setVisible(is_used)
            field.setVisible(is_used)
            if is_used:
                self._show_param(spec.params[at], label, field)
        self.what.setText(f"{spec.what}. {spec.source}" + (". It can wait." if spec.waits else ""))
        self._is_showing = False
        self._compose()

    def _show_param(self, param: Param, label: QLabel, field: QComboBox) -> None:
        label.setText(param.name.capitalize())
        offers = self._offers(param)
        field.clear()
        for text, why in offers:
            field.addItem(text)
            if why:
                _disable(field, field.count() - 1, why)
        field.setAccessibleName(param.name.capitalize())
        field.setToolTip(param.what)
        editor = field.lineEdit()
        if editor is not None:
            editor.setAccessibleName(param.name.capitalize())
            editor.setToolTip(param.what)
            editor.setPlaceholderText(param.default or "")
        usable = next((text for text, why in offers if not why), "")
        field.setCurrentText(usable if param.default is None else (param.default or ""))
        if param.kind == "how":
            field.setCurrentText(usable)

    def _offers(self, param: Param) -> list[tuple[str, str]]:
        """Suggestions, each with the reason why it can't be chosen, or ""."""
        match param.kind:
            case "family":
                return [
                    (short(each.name), "" if each.number is not None else f"no {each.name} here")
                    for each in FAMILIES
                ]
            case "type":
                return [(short(each.name), "") for each in TYPES]
            case "flags":
                return [("", ""), *((short(each.name), "") for each in FLAGS)]
            case "how":
                return [(short(name), self._why_ended(short(name))) for name in HOWS]
            case "yes":
                return [("no", ""), ("yes", "")]
            case "seconds":
                return [("1", ""), ("none", ""), ("0", "")]
            case "level":
                return [(name, "") for name in LEVELS]
            case "option":
                return [(each.name, "") for each in all_options() if each.is_here]
            case "address":
                mine = [
                    f"@{each.name}" for each in self._state.descriptors if each.name != self.on.currentData()
                ]
                return [
                    (text, "")
                    for text in (*mine, "127.0.0.1:0", "lab:echo", "[::1]:0", "unix:/tmp/steps.socket")
                ]
            case "mode":
                return [(text, "") for text in ("rw", "r", "w", "rwb", "rb", "wb")]
            case "data":
                return [(text, "") for text in ("hello\\r\\n", "x", "!")]
            case "value":
                return [(text, "") for text in ("1", "0", "10000", "1,0", '"lo"')]
        return [(param.default or "", "")]

    def _why_ended(self, how: str) -> str:
        descriptor = self._state.descriptor
        ended = set(descriptor.ended) if descriptor is not None else set()
        taken = {"RD": {"RD"}, "WR": {"WR"}, "RDWR": {"RD", "WR"}}[how] <= ended
        return "ended already: there is no way back" if taken else ""

    # ---- composing

    def text(self) -> str:
        """The line as it stands."""
        return self.line.text()

    def choose(self, name: str, call: str) -> None:
        """Compose a call on something, with its usual arguments."""
        self._select(name)
        at = self.call.findData(call)
        if at >= 0:
            self.call.setCurrentIndex(at)

    def submit(self) -> None:
        """Ask for the call."""
        text = self.line.text().strip()
        if text:
            self.called.emit(text)

    def focus_line(self) -> None:
        """Put the focus into the line."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def mark(self, failure: object) -> None:
        """Select the mistake in the line."""
        if (
            isinstance(failure, LocalMisuse)
            and failure.text == self.line.text()
            and failure.start is not None
        ):
            self.line.setSelection(failure.start, max(1, (failure.end or failure.start) - failure.start))

    def _compose(self) -> None:
        if self._is_showing:
            return
        spec, on = self._spec, self.on.currentData()
        parts = [f"{on}.{python_name(spec.name)}" if on else spec.name]
        for param, field in zip(spec.params, self.fields, strict=False):
            text = field.currentText()
            if param.kind == "data":
                text = '"' + text.replace('"', '\\"') + '"'
            if text and text != param.default:
                is_first = len(parts) == spec.params.index(param) + 1
                parts.append(text if is_first else f"{param.name}={text}")
        self.line.setText(" ".join(parts))
        self.line.setCursorPosition(0)

    def _on_on_activated(self, _at: int) -> None:
        # Which call is likely follows once the state has turned to it.
        self._show_calls()
        self.chosen.emit(self.on.currentData() or "")

    def _on_call_changed(self, _at: int) -> None:
        if not self._is_showing:
            self._show_params()


def _names(state: StepsState) -> list[str]:
    return [each.name for each in state.descriptors] + [file.name for file in state.files]


def _ended(state: StepsState) -> tuple[str, ...]:
    return state.descriptor.ended if state.descriptor is not None else ()


def _box(name: str, tip: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(tip)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(6)
    return box


def _disable(box: QComboBox, row: int, why: str) -> None:
    """Grey an entry, with the reason in its tip."""
    model = box.model()
    if row >= 0 and isinstance(model, QStandardItemModel):
        item = model.item(row)
        item.setEnabled(False)
        item.setToolTip(why)
