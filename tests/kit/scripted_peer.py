"""A TCP peer that follows a script in a thread, on the standard library's sockets alone.

It shares no line with workbench.wire, so that a mistake there cannot agree with itself. A script is a sequence of
steps, carried out in order on each connection it is meant for:

    ("expect", b"octets")   read exactly these; anything else ends the script and fails the test
    ("send", b"octets")     write all of them
    ("wait_eof",)           read until the client finishes its half; octets before that are a failure
    ("finish",)             finish our half (FIN), go on reading
    ("reset",)              close with RST
    ("stall",)              do nothing, neither read nor write, until the test ends

After the last step the connection is closed in order. One script serves one connection; several are served one after
another, in the order given. Leaving the context ends what still runs, and raises what went wrong.
"""

import contextlib
import errno
import select
import socket
import struct
import threading
from collections.abc import Iterator, Sequence

STEP_LIMIT_S = 60.0
"""No step on loopback waits longer; below the 40 s of a coroutine test, so that this failure is the one seen."""

Step = tuple[str] | tuple[str, bytes]
Script = Sequence[Step]

ARITY = {"expect": 2, "send": 2, "wait_eof": 1, "finish": 1, "reset": 1, "stall": 1}


class ScriptBroken(AssertionError):
    """The client did something else than the script expects."""


class _TestIsOver(Exception):
    """The context was left while a step waited."""


class ScriptedPeer:
    """One listening socket and the thread behind it; made by `scripted_peer`.

    Attributes:
        host, port: where it listens.
        received: every octet read so far, of all connections.
        failure: the first step that went wrong, or None.
    """

    def __init__(self, scripts: Sequence[Script], host: str) -> None:
        for script in scripts:
            for step in script:
                if ARITY.get(step[0]) != len(step):
                    raise ValueError(f"not a step: {step!r}")
        self.received = bytearray()
        self.failure: BaseException | None = None
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listening = socket.create_server((host, 0), family=family)
        self.host: str = host
        self.port: int = self._listening.getsockname()[1]
        self._wake, self._woken = socket.socketpair()
        self._done = threading.Event()
        self._thread = threading.Thread(
            target=self._serve, args=(scripts,), name="scripted peer", daemon=True
        )
        self._thread.start()

    def __str__(self) -> str:
        """The address as a target: 127.0.0.1:40123 or [::1]:40123."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def wait(self, timeout_s: float = STEP_LIMIT_S) -> None:
        """Block until every script has run to its end.

        Raises:
            ScriptBroken: a step failed, or the scripts did not end in time.
        """
        if not self._done.wait(timeout_s):
            raise ScriptBroken(f"the scripts had not ended after {timeout_s} s")
        if self.failure is not None:
            raise self.failure

    def close(self) -> None:
        """End whatever still runs and give every socket back."""
        self._wake.close()
        self._thread.join(STEP_LIMIT_S)
        self._woken.close()
        self._listening.close()

    def _serve(self, scripts: Sequence[Script]) -> None:
        try:
            for script in scripts:
                self._readable(self._listening, "a connection", limit_s=None)
                connection, _ = self._listening.accept()
                with connection:
                    # So that a client that stops reading cannot hold this thread.
                    connection.setblocking(False)
                    for step in script:
                        self._play(connection, step)
        except _TestIsOver:
            pass
        except (OSError, ScriptBroken) as error:
            self.failure = error
        finally:
            self._done.set()

    def _play(self, connection: socket.socket, step: Step) -> None:
        match step:
            case ("expect", bytes(wanted)):
                self._expect(connection, wanted)
            case ("send", bytes(data)):
                self._send(connection, data)
            case ("wait_eof",):
                self._readable(connection, "the end of the client's half")
                if data := connection.recv(4096):
                    self.received += data
                    raise ScriptBroken(f"expected the end of the client's half, got {data!r}")
            case ("finish",):
                finish(connection)
            case ("reset",):
                # Linger of zero seconds: close() discards what waits and sends RST.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.close()
            case ("stall",):
                select.select([self._woken], [], [])
                raise _TestIsOver

    def _expect(self, connection: socket.socket, wanted: bytes) -> None:
        got = b""
        while len(got) < len(wanted):
            self._readable(connection, repr(wanted[len(got) :]))
            piece = connection.recv(len(wanted) - len(got))
            if not piece:
                raise ScriptBroken(f"expected {wanted!r}, got {got!r} and then the end")
            self.received += piece
            got += piece
            if not wanted.startswith(got):
                raise ScriptBroken(f"expected {wanted!r}, got {got!r}")

    def _send(self, connection: socket.socket, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            readable, writable, _ = select.select([self._woken], [connection], [], STEP_LIMIT_S)
            if readable:
                raise _TestIsOver
            if not writable:
                raise ScriptBroken(f"the client did not take {len(rest)} more octets within {STEP_LIMIT_S} s")
            rest = rest[connection.send(rest) :]

    def _readable(self, sock: socket.socket, what: str, limit_s: float | None = STEP_LIMIT_S) -> None:
        readable, _, _ = select.select([sock, self._woken], [], [], limit_s)
        if self._woken in readable:
            raise _TestIsOver
        if not readable:
            raise ScriptBroken(f"expected {what}, but nothing came within {limit_s} s")


def finish(connection: socket.socket) -> None:
    """End our half. A client who had heard enough may have reset it before; whoever reads then still fails."""
    try:
        connection.shutdown(socket.SHUT_WR)
    except OSError as error:
        if error.errno != errno.ENOTCONN:
            raise


@contextlib.contextmanager
def scripted_peer(*scripts: Script, host: str = "127.0.0.1") -> Iterator[ScriptedPeer]:
    """Listen on a free port of `host` and follow one script for each connection.

    Raises:
        ScriptBroken, OSError: on leaving, what went wrong in a script; not in place of a failure of the test itself.
    """
    peer = ScriptedPeer(scripts, host)
    try:
        yield peer
    finally:
        peer.close()
    if peer.failure is not None:
        raise peer.failure
