"""A socket or a file that a person holds: what is known of it beside what the system tells, and a look at both."""

import errno
import os
import socket
from collections.abc import Callable
from typing import Any, NamedTuple

from workbench.clock import Clock
from workbench.formats.quantity import duration_s
from workbench.protocols.calls.values import (
    BOUND,
    CLOSED,
    CONNECTED,
    CONNECTING,
    CREATED,
    DETACHED,
    ENDED,
    FAMILIES,
    HALF_CLOSED,
    LISTENING,
    TYPES,
    Descriptor,
    FileView,
    address_notes,
    name_of,
)
from workbench.transcript.recorder import Channel
from workbench.wire.addresses import address_text
from workbench.wire.bare import PatientSocket
from workbench.wire.ends import End
from workbench.wire.readiness import Readiness
from workbench.wire.tcpinfo import read_queues, read_tcp_info

MAX_HISTORY = 50
_BY_TCP = {
    "ESTABLISHED": CONNECTED,
    "SYN-SENT": CONNECTING,
    "SYN-RECEIVED": CONNECTING,
    "LISTEN": LISTENING,
    "FIN-WAIT-1": HALF_CLOSED,
    "FIN-WAIT-2": HALF_CLOSED,
    "CLOSE-WAIT": HALF_CLOSED,
    "LAST-ACK": ENDED,
    "CLOSING": ENDED,
    "TIME-WAIT": ENDED,
}
_NOWHERE = ("0.0.0.0:0", "[::]:0", "")


class Held:
    """A socket.

    Attributes:
        timeout_s: as settimeout has it: None waits for ever, 0 not at all; for the system it is always non-blocking.
        waits: what waits now, by "read" or "write". waiting: the call that does.
        ended: the directions that shutdown took. dead: the call that told of the first error, and its symbol.
        options: what was set here, and what it reads back as.
    """

    def __init__(self, name: str, sock: socket.socket, channel: Channel, clock: Clock) -> None:
        self.name = name
        self.sock = sock
        self.channel = channel
        self.timeout_s: float | None = None
        self.waits: dict[str, Readiness] = {}
        self.waiting = ""
        self.ended: set[str] = set()
        self.dead: tuple[int, str] = (0, "")
        self.options: dict[str, str] = {}
        self.is_closed = self.is_detached = False
        self.was_connected = self.has_ended = False
        self.inode = _inode(sock.fileno())
        self.family = name_of(FAMILIES, int(sock.family))
        self.kind = name_of(TYPES, int(sock.type))
        self.protocol = int(sock.proto)
        self._now = clock.monotonic_ns
        self._made_ns = self._now()
        self.history: list[tuple[str, int]] = []
        self.look()

    @property
    def is_stream(self) -> bool:
        """Whether it has connections."""
        return self.kind in ("STREAM", "SEQPACKET")

    @property
    def state(self) -> str:
        """The newest state that was seen."""
        return self.history[-1][0]

    def now(self) -> int:
        """Nanoseconds since it was made."""
        return self._now() - self._made_ns

    def enter(self, state: str, at_ns: int | None = None) -> None:
        """Note a state with its time, counted from the making."""
        if (not self.history or self.history[-1][0] != state) and len(self.history) < MAX_HISTORY:
            self.history.append((state, self.now() if at_ns is None else at_ns))

    def look(self) -> str:
        """Ask the system for the state, and note it."""
        self.enter(self._state())
        self.was_connected = self.was_connected or self.state in (CONNECTED, HALF_CLOSED)
        return self.state

    def _state(self) -> str:
        if self.is_detached:
            return DETACHED
        if self.is_closed:
            return CLOSED
        info = read_tcp_info(self.sock) if self.family in ("INET", "INET6") and self.is_stream else None
        if info is not None and info.state in _BY_TCP:
            return _BY_TCP[info.state]
        if self.is_stream and _option(self.sock, socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            return LISTENING
        if info is None and self._peer():
            return CONNECTED
        if self.was_connected:
            return ENDED
        return BOUND if self.local not in _NOWHERE else CREATED

    @property
    def local(self) -> str:
        """Our address, "" once it is given back."""
        return _address(self.sock.getsockname)

    def _peer(self) -> str:
        try:
            found = self.sock.getpeername()
        except OSError:
            return ""
        # A Unix socket that has no name is a peer all the same.
        return address_text(found) or "unnamed"

    @property
    def mode(self) -> str:
        """Whether calls wait."""
        if self.timeout_s is None:
            return "blocking"
        return "non-blocking" if self.timeout_s == 0 else f"timeout {duration_s(self.timeout_s)}"

    def descriptor(self, holders: tuple[str, ...]) -> Descriptor:
        """How it stands. holders: the names of all sockets and files that hold the same connection."""
        state = self.look()
        has_queues = not self.is_stream or state in (CONNECTED, HALF_CLOSED, ENDED)
        queues = read_queues(self.sock) if has_queues else None
        info = read_tcp_info(self.sock) if self.family in ("INET", "INET6") and self.is_stream else None
        return Descriptor(
            self.name,
            self.sock.fileno(),
            self.family,
            self.kind,
            self.protocol,
            state,
            info.state if info is not None else "",
            self.mode,
            self.local,
            self._peer(),
            len(holders),
            holders,
            queues.unread if queues is not None else None,
            queues.unacknowledged if queues is not None else None,
            tuple(sorted(self.ended)),
            self.dead[0],
            tuple(self.history),
            tuple(f"{name} {value}" for name, value in self.options.items()),
            self.waiting,
            self._notes(),
        )

    def _notes(self) -> str:
        for ask in (self.sock.getpeername, self.sock.getsockname):
            try:
                return address_notes(ask())
            except OSError:
                continue
        return ""

    def end_seen(self, end: End) -> None:
        """Put the end of what the peer sends on record, once, as the wire does."""
        if not self.has_ended and self.was_connected:
            self.has_ended = True
            self.channel.fact("end", kind=end.kind, by=end.by, sentence=end.sentence)

    def wake(self) -> None:
        """Let those who wait look again: the descriptor goes."""
        for readiness in self.waits.values():
            readiness.close()


class Written(NamedTuple):
    """Octets that a call wrote into a file, and the count of octets with which the last of them leaves."""

    number: int
    until: int
    at: str


class HeldFile:
    """A file over a socket.

    Attributes:
        written: writes whose octets the system has not got yet. busy: a call of it goes on.
    """

    def __init__(
        self, name: str, held: Held, patient: PatientSocket, file: Any, mode: str, size: int
    ) -> None:
        self.name = name
        self.held = held
        self.patient = patient
        self.file = file
        self.mode = mode
        self.buffering = size
        self.is_busy = self.is_closed = False
        self.written: list[Written] = []
        self._offered = self._taken = 0

    @property
    def is_text(self) -> bool:
        """Whether it carries text."""
        return "b" not in self.mode

    @property
    def octets_held(self) -> int:
        """Octets that were written and that the system has not got."""
        return 0 if self.is_closed else self._offered - self._taken

    def wrote(self, number: int, count: int, at: str) -> None:
        """Note a write."""
        self._offered += count
        self.written.append(Written(number, self._offered, at))

    def record(self) -> bytes:
        """Put on record what passed since the last time. Returns the octets that were received."""
        came = b""
        for is_sent, data in self.patient.moved:
            if is_sent:
                self.held.channel.sent(data)
                self._taken += len(data)
            else:
                self.held.channel.received(data)
                came += data
        self.patient.moved.clear()
        self.written = [each for each in self.written if each.until > self._taken]
        return came

    def view(self) -> FileView:
        """How it stands."""
        return FileView(
            self.name, self.held.name, self.mode, self.buffering, self.octets_held, self.is_closed
        )


def _inode(descriptor: int) -> int:
    try:
        return os.fstat(descriptor).st_ino
    except OSError:
        return 0


def _option(sock: socket.socket, level: int, number: int) -> int:
    try:
        return sock.getsockopt(level, number)
    except OSError:
        return 0


def _address(ask: Callable[[], Any]) -> str:
    try:
        return address_text(ask())
    except OSError:
        return ""


def symbol_of_number(number: int) -> str:
    """The symbol of an errno: "EINPROGRESS"; "0" for none."""
    return errno.errorcode.get(number, str(number)) if number else "0"
