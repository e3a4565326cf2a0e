"""One socket in full: its lamps in words, what is asked for, the buttons that provoke, and the last waiting."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workbench.panels.sockets.readiness.state import LampsState
from workbench.protocols.readiness import explain
from workbench.protocols.readiness.rows import Provocation
from workbench.protocols.readiness.values import FLAGS, NOTHING, Ready
from workbench.ui import theme
from workbench.ui.pieces import allow

PER_ROW = 4
EMPTY = "Choose a socket at the left: here its lamps are told in words, and provoked."


class Detail(QWidget):
    """Shows the selected socket.

    Signals:
        provoked: the name of a provocation. asked: a flag to wait for, or no longer.
    """

    provoked = Signal(str)
    asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = _label(strong=True)
        self.mask_line = _label()
        self.mask_line.setFont(theme.fixed_font())
        self.remark = _label(role="warning")
        self.buttons: dict[Provocation, QPushButton] = {}
        self.flags: dict[Ready, tuple[QCheckBox, QLabel]] = {}
        self.sets = _label()
        self.sets.setFont(theme.fixed_font())
        self._lay_out()

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        buttons = QGridLayout()
        buttons.setSpacing(theme.metric(6))
        for at, (what, words) in enumerate(explain.PROVOCATIONS.items()):
            button = QPushButton(words.text)
            button.setProperty("what", what)
            button.clicked.connect(self._on_provoked)
            self.buttons[what] = button
            buttons.addWidget(button, at // PER_ROW, at % PER_ROW)
        flags = QGridLayout()
        flags.setHorizontalSpacing(theme.metric(12))
        flags.setVerticalSpacing(theme.metric(4))
        flags.setColumnStretch(1, 1)
        for at, flag in enumerate(FLAGS):
            box, told = QCheckBox(str(flag.name)), _label(role="muted")
            box.setProperty("flag", int(flag))
            box.clicked.connect(self._on_asked)
            self.flags[flag] = (box, told)
            flags.addWidget(box, at, 0, Qt.AlignmentFlag.AlignTop)
            flags.addWidget(told, at, 1)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(gap)
        for each in (self.title, self.mask_line, self.remark, buttons, flags, self.sets):
            column.addWidget(each) if isinstance(each, QWidget) else column.addLayout(each)
        column.addStretch(1)
        area = QScrollArea()
        area.setAccessibleName("The socket in full")
        area.setWidget(inside)
        area.setWidgetResizable(True)
        theme.qualify(area, pane=True)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(area)

    def show_state(self, state: LampsState, tells: Ready, reasons: dict[Provocation, str]) -> None:
        """Show the selected socket, and the last waiting."""
        row = state.row
        self.title.setText(f"{row.name}, descriptor {row.descriptor}" if row is not None else EMPTY)
        told, lamps = (row.told, row.lamps) if row is not None else (NOTHING, NOTHING)
        self.mask_line.setVisible(row is not None)
        self.mask_line.setText(f"told {explain.mask_text(told)}    now {explain.mask_text(lamps)}")
        remark = explain.remark(state.form.engine, told, lamps) if row is not None else ""
        self.remark.setText(remark)
        self.remark.setVisible(bool(remark))
        for what, button in self.buttons.items():
            allow(button, reasons[what], explain.PROVOCATIONS[what].tip)
        for flag, (box, words) in self.flags.items():
            self._show_flag(flag, box, words, state, tells)
        self.sets.setText(_sets_text(state))
        self.sets.setVisible(bool(self.sets.text()))

    def _show_flag(self, flag: Ready, box: QCheckBox, words: QLabel, state: LampsState, tells: Ready) -> None:
        row, said = state.row, explain.FLAGS[flag]
        can_ask = row is not None and said.asked and bool(tells & flag)
        box.setChecked(row is not None and (bool(row.asked & flag) if said.asked else True))
        reason = (
            "" if can_ask else "it is told unasked" if not said.asked else "this way of waiting can't tell it"
        )
        allow(box, reason if row is not None else "choose a socket", f"Wait for {flag.name}")
        is_lit = row is not None and bool(row.lamps & flag)
        words.setText(f"{'● ' if is_lit else ''}{said.what}")
        words.setToolTip(f"Lit by: {said.lit_by}\n{said.source}")
        theme.qualify(words, role="" if is_lit else "muted", strong=is_lit)

    def _on_provoked(self) -> None:
        self.provoked.emit(self.sender().property("what"))

    def _on_asked(self) -> None:
        self.asked.emit(Ready(self.sender().property("flag")))


def _sets_text(state: LampsState) -> str:
    """The three lists that select gave back, by the sockets' names."""
    if state.last is None or state.last.sets is None:
        return ""
    names = {row.descriptor: row.name for row in state.rows if row.is_open}
    lists = zip(("to read", "to write", "urgent"), state.last.sets, strict=True)
    return "\n".join(
        f"{title:<9}[{', '.join(names.get(fd, f'#{fd}') for fd in found)}]" for title, found in lists
    )


def _label(*, strong: bool = False, role: str = "") -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    theme.qualify(label, strong=strong, role=role)
    return label
