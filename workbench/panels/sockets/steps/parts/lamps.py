"""The lamps of a socket: the states that it can come to, those that it went through with their times, that of now."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workbench.formats.charset import visible
from workbench.formats.quantity import duration, octets
from workbench.panels.sockets.steps.state import StepsState
from workbench.protocols.calls.values import LAMPS, Descriptor
from workbench.ui import theme

OFF, PASSED, NOW = "○", "●", "◉"


class Lamps(QWidget):
    """A row of lamps, and below it what else is known of the socket."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lamps = {state: QLabel() for state in LAMPS}
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.qualify(self.facts, role="muted")
        row = QHBoxLayout()
        row.setSpacing(theme.metric(10))
        for lamp in self.lamps.values():
            lamp.setTextFormat(Qt.TextFormat.PlainText)
            row.addWidget(lamp)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(4))
        column.addLayout(row)
        column.addWidget(self.facts)

    def show_state(self, state: StepsState) -> None:
        """Light the lamps of the selected socket."""
        descriptor = state.descriptor
        times: dict[str, int] = {}
        for name, at_ns in descriptor.history if descriptor is not None else ():
            times.setdefault(name, at_ns)
        now = descriptor.state if descriptor is not None else ""
        for name, lamp in self.lamps.items():
            is_now, passed = name == now, name in times
            sign = NOW if is_now else PASSED if passed else OFF
            word = name.lower()
            lamp.setText(f"{sign} {word}")
            after = (
                f"after {duration(times[name])}"
                if passed and times[name]
                else "at once"
                if passed
                else "not yet"
            )
            lamp.setToolTip(f"{name}: {after}")
            lamp.setAccessibleName(f"{word}: {'now, ' if is_now else ''}{after}")
            theme.qualify(lamp, role="accent" if is_now else "" if passed else "muted", strong=is_now)
        self.facts.setText(
            facts_of(descriptor, state) if descriptor is not None else "No socket is selected."
        )


def facts_of(descriptor: Descriptor, state: StepsState) -> str:
    """What is known of a socket, in two lines."""
    way = f"{descriptor.local or '–'} → {descriptor.peer or '–'}"
    owners = ", ".join(descriptor.holders) or "nobody"
    ended = f"ended: {', '.join(descriptor.ended)}" if descriptor.ended else ""
    dead = f"dead since call {descriptor.dead_since}" if descriptor.dead_since else ""
    unread = f"{octets(descriptor.unread)} unread" if descriptor.unread else ""
    unsent = f"{octets(descriptor.unsent)} not acknowledged" if descriptor.unsent else ""
    buffers = [f"{octets(file.held)} in the buffer of {file.name}" for file in state.files if file.held]
    protocol = f" protocol {descriptor.protocol}" if descriptor.protocol else ""
    fd = f"fd {descriptor.fd}" if descriptor.fd >= 0 else "no descriptor"
    first = (
        f"{descriptor.name}: {descriptor.state.lower()}",
        fd,
        f"{descriptor.family} {descriptor.kind}{protocol}",
        descriptor.mode,
        visible(way),
    )
    second = (
        f"owned by {owners}",
        descriptor.notes,
        ended,
        dead,
        unread,
        unsent,
        *buffers,
        *descriptor.options,
    )
    return " · ".join(filter(None, first)) + "\n" + " · ".join(filter(None, second))
