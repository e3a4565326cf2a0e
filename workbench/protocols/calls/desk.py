"""The desk: sockets and files that a person holds, and the calls that are made on them, one by one, all recorded.

Strategy. Every socket is non-blocking for the system; a call that Python would let wait is made, and made again each
time the loop says that something changed, for as long as the socket's timeout allows. So nothing holds the window up,
any number of calls wait at once, and a cancellation ends a wait within the turn. A failure of a call is its outcome, a
value; only what can't be called at all is raised, before anything is done.
"""

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from workbench.clock import SYSTEM, Clock
from workbench.errors import LocalMisuse, WorkbenchError
from workbench.formats.errno_words import symbol_of
from workbench.protocols.calls.arguments import Line, parse_line, read, spoken_name
from workbench.protocols.calls.carry import CARRY
from workbench.protocols.calls.held import Held, HeldFile
from workbench.protocols.calls.making import Making, Result, code_of
from workbench.protocols.calls.meaning import meaning_of
from workbench.protocols.calls.spec import CALLS
from workbench.protocols.calls.values import CLOSED, DETACHED, Descriptor, FileView, Outcome, short
from workbench.transcript.recorder import Transcript
from workbench.wire.bare import Interrupted
from workbench.wire.dial import TargetResolver
from workbench.wire.ends import PEER_RESET
from workbench.wire.readiness import Readiness

MAX_SOCKETS = 64
MAX_CALLS = 5000
"""More than a person makes by hand; a card that repeats for ever is stopped."""
MAX_KEPT = 4096
"""Octets of a read that an outcome keeps; the transcript has all."""
_DEADLY = ("ECONNRESET", "EPIPE", "ETIMEDOUT", "ECONNABORTED", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# What a call may raise that is an answer to the person who made it; TypeError: an address of another family.
_ANSWERS = (OSError, ValueError, OverflowError, TypeError, EOFError)


class Desk:
    """Sockets and files by their names, and what was done with them.

    Args:
        transcript: where all is recorded; a socket is a channel.
        resolver: knows the Lab's names.
    """

    def __init__(
        self, transcript: Transcript, *, resolver: TargetResolver | None = None, clock: Clock = SYSTEM
    ) -> None:
        self.transcript = transcript
        self.resolver = resolver
        self.clock = clock
        self.sockets: dict[str, Held] = {}
        self.files: dict[str, HeldFile] = {}
        self.loose: dict[int, str] = {}
        """Descriptors that detach left alone, and whose they were."""
        self.paths: list[str] = []
        """Socket files that a bind here made."""
        self.outcomes: list[Outcome] = []
        self._count = 0
        self._observers: list[Callable[[Desk], object]] = []

    def observe(self, callback: Callable[["Desk"], object]) -> Callable[[], None]:
        """Call back whenever a call begins to wait or has ended. Returns what ends it."""
        self._observers.append(callback)

        def cut() -> None:
            if callback in self._observers:
                self._observers.remove(callback)

        return cut

    # ---- looking

    def descriptors(self) -> tuple[Descriptor, ...]:
        """Every socket as it stands, those given back too."""
        return tuple(held.descriptor(self.holders(held)) for held in self.sockets.values())

    def views(self) -> tuple[FileView, ...]:
        """Every file as it stands."""
        return tuple(file.view() for file in self.files.values())

    def holders(self, held: Held) -> tuple[str, ...]:
        """Who holds the same connection: sockets, files, and descriptors that stand alone."""
        sockets = [
            each.name
            for each in self.sockets.values()
            if each.inode == held.inode and not each.is_closed and not each.is_detached
        ]
        files = [
            file.name for file in self.files.values() if file.held.inode == held.inode and not file.is_closed
        ]
        alone = [
            f"fd {number}" for number, name in self.loose.items() if self.sockets[name].inode == held.inode
        ]
        return (*sockets, *files, *alone)

    # ---- calling

    async def type(self, text: str) -> Outcome:
        """Make the call that a line says. Raises: LocalMisuse: it can't be made; nothing was done."""
        return await self.call(parse_line(text))

    async def call(self, line: Line) -> Outcome:
        """Make a call, and wait for its outcome. Raises: as type; CancelledError: a person ended the wait."""
        making, code = self._prepared(line)
        started_ns = self.clock.monotonic_ns()
        state = _Running(making, code, self.clock.monotonic_ns)
        if making.file is not None:
            making.file.is_busy = True
        try:
            result = await CARRY[making.spec.name](making)
            outcome = state.done(result)
        except asyncio.CancelledError:
            self._keep(making, state.cancelled())
            raise
        except Interrupted:
            outcome = state.cancelled()
        except WorkbenchError:
            # Some are OSErrors too, but no answer of the system: a name of the Lab that leads nowhere.
            raise
        except _ANSWERS as error:
            outcome = self._failed(making, state.failed(error), error)
        finally:
            if making.file is not None:
                making.file.is_busy = False
        return self._keep(making, outcome._replace(elapsed_ns=self.clock.monotonic_ns() - started_ns))

    def _prepared(self, line: Line) -> tuple[Making, str]:
        if self._count >= MAX_CALLS:
            raise LocalMisuse(f"{MAX_CALLS} calls were made here: begin with an empty desk", stage="input")
        held, file = self.sockets.get(line.on), self.files.get(line.on)
        spec = CALLS[spoken_name(line.on, line.call, is_file=file is not None)]
        if spec.place != "desk" and held is None and file is None:
            raise LocalMisuse(f"there is nothing called {line.on}", stage="input", advice=self._names())
        if spec.place == "file" and file is None:
            raise LocalMisuse(
                f"{line.on} is a socket: {spec.name} wants a file over one (makefile)", stage="input"
            )
        if spec.place == "socket" and held is None:
            raise LocalMisuse(f"{line.on} is a file: {spec.name} wants the socket itself", stage="input")
        if file is not None and file.is_busy:
            raise LocalMisuse(f"a call of {line.on} waits already; cancel it first", stage="input")
        if line.made and (line.made in self.sockets or line.made in self.files):
            raise LocalMisuse(f"there is a {line.made} already", stage="input", advice="choose another name")
        args = {param.name: read(param, line.given.get(param.name, "")) for param in spec.params}
        self._count += 1
        making = Making(self, self._count, spec, args, line.made, held, file)
        return making, code_of(making, line.on)

    def _names(self) -> str:
        names = ", ".join((*self.sockets, *self.files))
        return f"there are {names}" if names else "make a socket first"

    # ---- for the calls

    def name(self, wanted: str, *, is_file: bool = False) -> str:
        """A free name: the wanted one, or the next letter; files are f1, f2 ..."""
        if wanted:
            return wanted
        if is_file:
            return f"f{len(self.files) + 1}"
        taken = {*self.sockets, *self.files}
        names: list[str] = [letter + digit for digit in ("", *"23456789") for letter in _LETTERS]
        return next(each for each in names if each not in taken)

    def check_room(self) -> None:
        """Raises: LocalMisuse: as many sockets are open as a desk holds."""
        if sum(not held.is_closed for held in self.sockets.values()) >= MAX_SOCKETS:
            raise LocalMisuse(f"{MAX_SOCKETS} sockets are open here: close some first", stage="input")

    def keep(self, sock: socket.socket, wanted: str, title: str) -> Held:
        """Take a socket in, with a channel of its own."""
        name = self.name(wanted)
        layer = {"STREAM": "tcp", "DGRAM": "udp"}.get(_kind(sock), "tcp")
        held = Held(name, sock, self.transcript.open(f"{name}: {title}", layer), self.clock)
        self.sockets[name] = held
        return held

    async def wait(self, making: Making, way: str, limit_s: float | None) -> None:
        """Wait until the socket can be read or written.

        Raises: TimeoutError, as Python says it; LocalMisuse: somebody waits there already.
        """
        held = making.on
        if way in held.waits:
            raise LocalMisuse(f"{held.waiting} waits on {held.name} already: cancel it, or use a duplicate")
        readiness = Readiness(held.sock)
        held.waits[way], held.waiting = readiness, making.spec.name
        held.channel.fact("call.waits", number=making.number, call=making.spec.name, mode=held.mode)
        self.tell()
        try:
            async with asyncio.timeout(limit_s):
                await (readiness.readable(None) if way == "read" else readiness.writable(None))
        except TimeoutError:
            raise TimeoutError("timed out") from None
        finally:
            readiness.close()
            held.waits.pop(way, None)
            held.waiting = ""

    def tell(self) -> None:
        """Tell the observers."""
        for observer in tuple(self._observers):
            observer(self)

    # ---- outcomes

    def _failed(self, making: Making, outcome: Outcome, error: Exception) -> Outcome:
        symbol = symbol_of(error) if isinstance(error, OSError) else ""
        sentence, advice, source = meaning_of(error, making.spec)
        held = making.held or (making.file.held if making.file is not None else None)
        remark = ""
        if held is not None and not held.dead[0] and _is_dead(held, symbol):
            held.dead = (making.number, symbol)
            if symbol == "ECONNRESET":
                held.end_seen(PEER_RESET)
            remark = "the connection is dead now; the system says it once, and later calls may see a mere end"
        concerns: tuple[int, ...] = ()
        if making.file is not None and making.spec.doing == "send" and making.file.written:
            concerns = tuple(each.number for each in making.file.written if each.number != making.number)
            first = making.file.written[0]
            if concerns:
                remark = f"belongs to octets that call {first.number} wrote at {first.at}"
        offered = None
        if making.spec.name == "sendall":
            offered = len(making["data"]) * max(0, making["times"])
            remark = (
                f"sendall tells no count: between 0 and {offered} octets were taken; send tells it each time"
            )
        return outcome._replace(
            errno=symbol,
            sentence=sentence,
            advice=advice,
            source=source,
            concerns=concerns,
            offered=offered,
            remark=remark,
        )

    def _keep(self, making: Making, outcome: Outcome) -> Outcome:
        held = making.held or (making.file.held if making.file is not None else None)
        if held is None and outcome.made:
            held = self.sockets.get(outcome.made[0])
        if held is not None:
            held.look()
            if held.dead[0] and held.dead[0] != making.number and not outcome.remark:
                outcome = outcome._replace(
                    remark=f"this connection is dead since call {held.dead[0]} ({held.dead[1]})"
                )
        channel = held.channel if held is not None else self.transcript.open("calls", "tcp")
        name = "call.failed" if outcome.raised else "call.cancelled" if outcome.is_cancelled else "call.done"
        told = {
            "number": outcome.number,
            "call": outcome.call,
            "text": outcome.text,
            "result": outcome.result,
            "raised": outcome.raised,
            "errno": outcome.errno,
            "said": outcome.said,
            "meaning": outcome.sentence,
            "sentence": said_in_short(outcome),
            "remark": outcome.remark,
            "source": outcome.source or making.spec.source,
            "accepted": outcome.accepted,
            "offered": outcome.offered,
            "elapsed_ns": outcome.elapsed_ns,
        }
        kept = outcome._replace(event=channel.fact(name, **told), data=outcome.data[:MAX_KEPT])
        self.outcomes.append(kept)
        self.tell()
        return kept

    # ---- the end

    async def aclose(self) -> None:
        """Give everything back; buffered octets are thrown away. Idempotent."""
        for file in self.files.values():
            # A file can't be closed while a thread is in it; woken, it leaves within a moment.
            file.patient.interrupt()
            while file.is_busy:  # noqa: ASYNC110 - the end of a call has no event of its own
                await asyncio.sleep(0.001)
            file.patient.give_up()
            with suppress(OSError, ValueError):
                file.file.close()
            file.is_closed = True
        for held in self.sockets.values():
            held.wake()
            if held.sock.fileno() >= 0:
                with suppress(OSError):
                    # A lingering close would wait; nobody does any more.
                    held.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\0" * 8)
                held.sock.close()
            if held.state != DETACHED:
                held.is_closed = True
                held.enter(CLOSED)
        for number in self.loose:
            with suppress(OSError):
                os.close(number)
        self.loose.clear()
        for path in self.paths:
            with suppress(OSError):
                os.unlink(path)
        self.paths.clear()


class _Running(NamedTuple):
    """A call that goes on, and what becomes of it."""

    making: Making
    code: str
    now: Callable[[], int]

    def done(self, result: Result) -> Outcome:
        """It gave a result."""
        outcome = self._outcome(result.code or self.code)
        if result.made:
            names = ", ".join(result.made)
            names += ", address" if self.making.spec.name == "accept" else ""
            outcome = outcome._replace(text=f"{names} = {outcome.text}")
        return outcome._replace(
            result=result.text,
            data=result.data,
            accepted=result.accepted,
            offered=result.offered,
            made=result.made,
            remark=result.remark,
        )

    def failed(self, error: Exception) -> Outcome:
        """It raised."""
        return self._outcome(self.code)._replace(raised=class_name(error), said=_said(error, self.making))

    def cancelled(self) -> Outcome:
        """A person ended the wait."""
        return self._outcome(self.code)._replace(
            is_cancelled=True, sentence="cancelled: nobody waits for it any more"
        )

    def _outcome(self, code: str) -> Outcome:
        on = self.making.file or self.making.held
        return Outcome(self.making.number, self.making.spec.name, on.name if on is not None else "", code)


def _is_dead(held: Held, symbol: str) -> bool:
    """Whether an error ends a connection. After our own end a write is refused, and the connection lives on."""
    is_own = symbol == "EPIPE" and "WR" in held.ended
    return held.is_stream and held.was_connected and symbol in _DEADLY and not is_own


def _said(error: Exception, making: Making) -> str:
    """Its own words. A connect is carried out as connect_ex, and says so."""
    return str(error).replace("connect_ex()", "connect()") if making.spec.name == "connect" else str(error)


def said_in_short(outcome: Outcome) -> str:
    """A call and its answer in one line, for views that know nothing of calls."""
    if outcome.is_cancelled:
        return f"{outcome.text}: cancelled"
    if outcome.raised:
        return f"{outcome.text}: {outcome.raised} {outcome.errno}".rstrip()
    result = "" if outcome.result in ("", "None") else f" gives {outcome.result}"
    return f"{outcome.text}{result}"


def class_name(error: BaseException) -> str:
    """The class as a script names it: "socket.gaierror", "ConnectionResetError"."""
    kind = type(error)
    room = kind.__module__.removesuffix(".exceptions")
    return kind.__name__ if room == "builtins" else f"{room}.{kind.__name__}"


def _kind(sock: socket.socket) -> str:
    return short(str(getattr(sock.type, "name", "SOCK_STREAM")))
