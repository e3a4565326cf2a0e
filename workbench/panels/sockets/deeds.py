"""What a person can do to an open session beyond sending and ending: ask for TLS, make mischief, send and receive
files, have a listener fail or stop, hear groups. What takes time is a job of its own and can be cancelled. No Qt.
"""

import asyncio
import hashlib
from collections.abc import Callable

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.formats.quantity import octets
from workbench.formats.target import parse_target
from workbench.jobs.job import current_job
from workbench.jobs.offload import in_thread
from workbench.panels.sockets.binding import heed, reported
from workbench.panels.sockets.controller import SessionController
from workbench.panels.sockets.patience import leaves
from workbench.panels.sockets.state import Transfer
from workbench.protocols.raw.field import FieldError
from workbench.protocols.raw.mischief import BY_NAME
from workbench.protocols.raw.received_file import ReceivedFile
from workbench.protocols.raw.sent_file import PayloadFile
from workbench.protocols.raw.values import Way
from workbench.protocols.raw.wayform import read_local
from workbench.protocols.raw.zones import Injection
from workbench.protocols.starttls.machine import dialogue
from workbench.wire.datagram import Datagram
from workbench.wire.port_offer import free_port

TELL_EVERY = 1024 * 1024
"""Octets between two words about how far a file is."""


class Deeds:
    """The deeds of one session.

    Args:
        session: what they are done to; its state tells how they go.
    """

    def __init__(self, session: SessionController) -> None:
        self._session = session

    # ---- TLS

    async def ask_tls(self, protocol: str) -> None:
        """Ask the server for TLS as a protocol does, and put the connection under it as the form says.

        Raises: Refused: it said no, or does not offer it; else as SessionController.start_tls.
        """
        session = self._session
        live, channel = session.ready()
        session.note(starting_tls=True, problem=None, mistake=None)
        try:
            host = parse_target(session.state.form.target).host
            await live.ask_tls(channel, await session.protect(), dialogue(protocol, host))
        except FieldError as mistake:
            session.note(mistake=mistake)
            raise
        except WorkbenchError as failure:
            session.note(problem=failure)
            if failure.stage == "starttls":
                session.say("warning", "in clear", str(failure))
            raise
        finally:
            session.note(starting_tls=False)

    # ---- sending in odd ways

    async def mischief(self, name: str, data: bytes) -> None:
        """Send as one of protocols.raw.mischief does. Cancelling stops between two pieces.

        Raises: WorkbenchError, which is also the state's problem.
        """
        way = BY_NAME[name]
        with self._session.sending(way.title) as (live, channel):
            done = 0
            for piece in way.pieces(data):
                if piece.wait_s:
                    await asyncio.sleep(piece.wait_s)
                await live.send(piece.data, channel)
                done += len(piece.data)
                _progress(done)
            self._session.say("info", way.title.lower(), f"{octets(done)} sent; {way.what}")

    async def cut(self) -> None:
        """Finish the connection below TLS: a FIN without close_notify."""
        live, channel = self._session.ready()
        await live.cut(channel)

    # ---- files

    async def send_file(self, path: str) -> None:
        """Send a file of any size. Raises: LocalFault: it can't be read; what sending raises."""
        file = PayloadFile(path)
        digest = hashlib.sha256()
        done, total = 0, file.size
        try:
            with self._session.sending("sending a file") as (live, channel):
                _progress(0, total)
                told = 0
                async for piece in file.pieces():
                    await live.send(piece, channel)
                    digest.update(piece)
                    done += len(piece)
                    if done - told >= TELL_EVERY:
                        told = done
                        _progress(done)
                        self._session.note(sent_file=Transfer(path, done, total))
                _progress(done)
                self._session.note(sent_file=Transfer(path, done, total, digest.hexdigest(), is_over=True))
                self._session.say("good", "sent", f"{octets(done)} of {path}, SHA-256 {digest.hexdigest()}")
        except (WorkbenchError, asyncio.CancelledError):
            self._session.note(sent_file=Transfer(path, done, total, is_over=True))
            raise
        finally:
            file.close()

    async def receive_file(self, path: str) -> None:
        """Have all that arrives from now on written to a file, until the peer has finished; it has its name then.

        Raises: LocalFault: it can't be written; LinkLost, PeerMisbehaved: it was cut off, and OUT.partial has the rest.
        """
        session = self._session
        live, channel = session.ready()
        file = _Hashed(ReceivedFile(path), self._tell_received(path))
        session.note(receiving=True, received_file=Transfer(path, 0))
        try:
            await live.receive_into(file, channel)
            session.note(received_file=Transfer(path, file.octets, None, file.sha256, is_over=True))
            session.say("good", "received", f"{octets(file.octets)} in {path}, SHA-256 {file.sha256}")
        except WorkbenchError as failure:
            session.note(problem=failure)
            raise
        finally:
            file.close()
            session.note(receiving=False)

    def _tell_received(self, path: str) -> Callable[[int], None]:
        def tell(done: int) -> None:
            self._session.note(received_file=Transfer(path, done))

        return tell

    # ---- a listener

    async def stop_listening(self) -> None:
        """Take nobody any more, and go on with who is there."""
        live = self._session.live
        if live is None:
            raise LocalMisuse("nothing listens", stage="listen")
        await live.stop_listening()
        self._session.say(
            "info", "stopping", "nobody is taken any more; the session ends with its last client"
        )

    def inject(self, injection: Injection | None) -> None:
        """Have the listener's own code throw for a client; None takes that back."""
        if (live := self._session.live) is not None:
            live.inject(injection)

    # ---- time, groups, everybody

    @property
    def what_leaves(self) -> str:
        """What would leave this machine for everybody to hear, so that a person is asked; "" for nothing."""
        form = self._session.state.form
        try:
            return leaves(form, Way(local=read_local(form.way.local)))
        except FieldError:
            return ""

    @property
    def who_may_come(self) -> str:
        """Who would reach a listener for all addresses, while nobody has agreed to that; "" for nobody to ask about."""
        if self._session.agreement.is_given:
            return ""
        found = heed(self._session.state.form)
        return found.reach if found.is_for_all else ""

    def agree(self) -> None:
        """A person has agreed to listen for everybody; nobody is asked again."""
        self._session.agreement.is_given = True

    async def free_port(self) -> str:
        """The listener's target with a port that is free and open to any user.

        Raises: WorkbenchError, which is also the state's problem.
        """
        text = self._session.state.form.target
        try:
            return reported(
                text, await in_thread(free_port, parse_target(reported(text, 0), listening=True).host)
            )
        except WorkbenchError as failure:
            self._session.note(problem=failure)
            raise

    @property
    def left_s(self) -> float | None:
        """Seconds until the selected peer's silence, or the quiet after an answer, is too long; None: no limit."""
        live, channel = self._session.live, self._session.state.selected
        return live.idle_left_s(channel) if live is not None and channel is not None else None

    @property
    def groups(self) -> tuple[str, ...]:
        """Those that are heard."""
        try:
            return self._datagram().membership.groups
        except LocalMisuse:
            return ()

    def join(self, group: str) -> None:
        """Hear a group, GROUP or GROUP@INTERFACE. Raises: LocalMisuse, LocalFault, LinkLost."""
        name, _, interface = group.strip().partition("@")
        self._datagram().membership.join(name, interface)

    def leave(self, group: str) -> None:
        """Hear a group no more. Raises: LocalMisuse: it was not joined."""
        name, _, interface = group.strip().partition("@")
        self._datagram().membership.leave(name, interface)

    def _datagram(self) -> Datagram:
        live = self._session.live
        found = live.endpoint(0) if live is not None else None
        if not isinstance(found, Datagram):
            raise LocalMisuse("groups are heard by an open UDP socket", stage="bind")
        return found


class _Hashed:
    """A received file, its hash, and a word about how far it is every now and then."""

    def __init__(self, file: ReceivedFile, tell: Callable[[int], None]) -> None:
        self._file = file
        self._tell = tell
        self._told = 0
        self._job = current_job()
        self._digest = hashlib.sha256()
        self.octets = 0

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)
        self.octets += len(data)
        if self.octets - self._told >= TELL_EVERY:
            self._told = self.octets
            self._tell(self.octets)
            if self._job is not None:
                self._job.progress(self.octets)

    def complete(self) -> None:
        self._file.complete()

    def close(self) -> None:
        self._file.close()


def _progress(done: int, total: int | None = None) -> None:
    if (job := current_job()) is not None:
        job.progress(done, total=total)
