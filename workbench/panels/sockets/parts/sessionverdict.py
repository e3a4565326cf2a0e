"""The verdict line of a session: its sentence, the figures behind it, and the time that is left."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from workbench.formats.quantity import octets
from workbench.jobs.verdict import ChipText
from workbench.panels.sockets.deeds import Deeds
from workbench.panels.sockets.state import SessionState
from workbench.ui.verdict import VerdictLine

STAGES = {
    "resolve": "looking up the name",
    "connect": "connecting",
    "proxy": "asking the proxy",
    "tls": "shaking hands (TLS)",
}
COUNT_MS = 200


class SessionVerdict(VerdictLine):
    """The line; it counts down by itself while a limit for silence runs.

    Args:
        deeds: knows how much time is left.
    """

    def __init__(self, deeds: Deeds, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._deeds = deeds
        self._state: SessionState | None = None
        self.timer = QTimer(self)
        self.timer.setInterval(COUNT_MS)
        self.timer.timeout.connect(self._on_tick)

    def show_state(self, state: SessionState) -> None:
        """Show what came of the session so far."""
        self._state = state
        if state.phase == "idle":
            self.set("none", "", "Nothing was opened yet.")
        elif state.phase == "opening":
            self.set("running", STAGES.get(state.stage, "opening"), state.form.target)
        else:
            self.show_verdict(state.verdict._replace(chips=(*_chips(state), *self._left(state))))
        counts = state.phase == "open" and self._deeds.left_s is not None
        if counts != self.timer.isActive():
            (self.timer.start if counts else self.timer.stop)()

    def retire(self) -> None:
        """Count no more."""
        self.timer.stop()

    def _left(self, state: SessionState) -> tuple[ChipText, ...]:
        left_s = self._deeds.left_s if state.phase == "open" else None
        if left_s is None:
            return ()
        tip = "Until the peer's silence is too long; every octet of it begins anew"
        return (ChipText(f"{left_s:.1f} s left", tip, "warning" if left_s < 2 else "muted"),)

    def _on_tick(self) -> None:
        if self._state is not None:
            self.show_state(self._state)


def _chips(state: SessionState) -> tuple[tuple[str, ...] | str, ...]:
    if not state.peers:
        return ()
    sent = sum(peer.sent for peer in state.peers)
    received = sum(peer.received for peer in state.peers)
    chips = (f"→ {octets(sent)}", f"← {octets(received)}")
    if state.form.role != "listener":
        return chips
    live = sum(peer.is_open for peer in state.peers)
    return (f"{live} of {len(state.peers)} open", *chips)
