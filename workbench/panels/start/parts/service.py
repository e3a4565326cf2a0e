"""The page of one Lab service: what it teaches, where it runs, and the switches that make it misbehave."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workbench.lab.catalogue import ServiceInfo
from workbench.lab.switches import Switch
from workbench.panels.start.parts.pages import heading, page_layout, paragraph
from workbench.ui import icons, theme
from workbench.ui.pieces import allow


class ServicePage(QWidget):
    """One service of the Lab.

    Signals:
        open_asked, start_asked, stop_asked: the service's name. What is switched: see changed().
    """

    open_asked = Signal(str)
    start_asked = Signal(str)
    stop_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self._runs = False
        self.editors: dict[str, SwitchEditor] = {}
        self.title = heading("")
        self.teaches = paragraph("")
        self.facts = _selectable("muted")
        self.where = _selectable("")
        theme.qualify(self.where, fixed=True)
        self.open_button = QPushButton("Open in Sockets")
        theme.qualify(self.open_button, kind="primary")
        icons.dress(self.open_button, "sockets", "on_accent")
        self.start_button = QPushButton("Start")
        self.stop_button = QPushButton("Stop")
        self.stop_button.setToolTip("Stop it and close its connections")
        self.switches_title = heading("How it shall misbehave", small=True)
        self.switches = QWidget()
        self._grid = QGridLayout(self.switches)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.metric(12))
        self._grid.setVerticalSpacing(theme.metric(6))
        self._grid.setColumnStretch(2, 1)
        self._lay_out()
        self.open_button.clicked.connect(self._on_open)
        self.start_button.clicked.connect(self._on_start)
        self.stop_button.clicked.connect(self._on_stop)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.metric(8))
        for button in (self.open_button, self.start_button, self.stop_button):
            row.addWidget(button)
        row.addStretch(1)
        layout: QVBoxLayout = page_layout(self)
        for part in (self.title, self.teaches, self.facts, self.where):
            layout.addWidget(part)
        layout.addLayout(row)
        layout.addSpacing(theme.metric(8))
        layout.addWidget(self.switches_title)
        layout.addWidget(self.switches)
        layout.addStretch(1)

    def show_service(self, info: ServiceInfo, addresses: Sequence[str]) -> None:
        """Take another service, or another state of the same."""
        self._runs = bool(addresses)
        self.where.setText(
            f"runs at {', '.join(addresses)}" if addresses else "not running; the first visit starts it"
        )
        allow(self.stop_button, "" if self._runs else "it does not run")
        if info.name != self._name:
            self._name = info.name
            self.title.setText(f"lab:{info.name}")
            self.teaches.setText(info.teaches)
            facts = [info.title, info.transport.upper(), info.source]
            if info.book_port is not None:
                facts.append(f"port {info.book_port} by the book")
            self.facts.setText(" · ".join(fact for fact in facts if fact))
            self._show_switches(info.switches)
        self._show_buttons()

    def changed(self) -> dict[str, object]:
        """The switches that are turned, by name, as text or as yes and no; judged when the service is started."""
        return {name: editor.value() for name, editor in self.editors.items() if editor.is_turned()}

    def _show_switches(self, switches: Sequence[Switch]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self.editors = {}
        for row, switch in enumerate(switches):
            name, meaning = QLabel(switch.name), QLabel(switch.what)
            theme.qualify(name, fixed=True)
            theme.qualify(meaning, role="muted")
            meaning.setWordWrap(True)
            editor = SwitchEditor(switch)
            editor.edited.connect(self._show_buttons)
            self.editors[switch.name] = editor
            for column, widget in enumerate((name, editor, meaning)):
                self._grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignVCenter)
        self.switches_title.setVisible(bool(switches))

    def _show_buttons(self) -> None:
        turned = bool(self.changed())
        like_this = " like this" if turned else ""
        self.start_button.setText(f"Start{like_this}")
        allow(
            self.start_button,
            "it runs already" if self._runs and not turned else "",
            "Start one more that misbehaves so" if turned else "Start it now; connecting to it starts it too",
        )
        self.open_button.setToolTip(
            "Start one that misbehaves so, and put its address into the Sockets panel's target"
            if turned
            else "Put this server into the Sockets panel's target"
        )

    def _on_open(self) -> None:
        self.open_asked.emit(self._name)

    def _on_start(self) -> None:
        self.start_asked.emit(self._name)

    def _on_stop(self) -> None:
        self.stop_asked.emit(self._name)


class SwitchEditor(QWidget):
    """The control that fits a switch: a tick, a choice, or a field.

    Signals:
        edited: it holds something else now.
    """

    edited = Signal()

    def __init__(self, switch: Switch) -> None:
        super().__init__()
        self._default = "" if switch.default is None else str(switch.default)
        self.tick: QCheckBox | None = None
        self.choice: QComboBox | None = None
        self.field: QLineEdit | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        if switch.kind == "flag":
            self.tick = QCheckBox()
            self.tick.setChecked(switch.default is True)
            self.tick.toggled.connect(self.edited)
            control: QWidget = self.tick
        elif switch.kind == "choice":
            self.choice = QComboBox()
            self.choice.addItems(list(switch.choices))
            self.choice.setCurrentText(self._default)
            self.choice.currentTextChanged.connect(self.edited)
            control = self.choice
        else:
            self.field = QLineEdit(self._default)
            self.field.setPlaceholderText("off" if switch.default is None else "")
            self.field.textChanged.connect(self.edited)
            control = self.field
        control.setAccessibleName(switch.name)
        control.setToolTip(switch.what)
        self.setFixedWidth(theme.metric(140))
        row.addWidget(control)
        self.setFocusProxy(control)

    def value(self) -> object:
        """Yes or no for a tick, else text."""
        if self.tick is not None:
            return self.tick.isChecked()
        if self.choice is not None:
            return self.choice.currentText()
        return self.field.text() if self.field is not None else ""

    def is_turned(self) -> bool:
        """Whether it differs from the default."""
        return str(self.value()) != self._default


def _selectable(role: str) -> QLabel:
    label = QLabel()
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    theme.qualify(label, role=role)
    return label
