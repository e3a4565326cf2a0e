"""A client's session: greeting, TLS, login, and everything that is done with files then.

One thing at a time, as the protocol has it. timeout_s is for each connecting, each reply, and for how long a transfer
may stand still. A transfer that is cancelled resets its data connection; the reply that is still owed is heard before
the next command, so the session goes on where the server lets it.
"""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from workbench.errors import LinkLost, LocalMisuse, PeerMisbehaved, Refused, TooSlow, WorkbenchError
from workbench.jobs.partial_file import SUFFIX
from workbench.protocols.ftp.codec import check_argument
from workbench.protocols.ftp.control import Control, said_no
from workbench.protocols.ftp.listing import ListingReader, read_facts
from workbench.protocols.ftp.partial import Download, Upload, stale
from workbench.protocols.ftp.passive import UNKNOWN, Passive
from workbench.protocols.ftp.replies import read_features, read_path, read_size, said_size
from workbench.protocols.ftp.security import Security
from workbench.protocols.ftp.transfer import Progress, finish_sending, read_all, send_all, truncated
from workbench.protocols.ftp.values import Command, Entry, Listing, Login, Moved, Reply, text_of
from workbench.wire.ends import HalfState
from workbench.wire.stream import Stream

QUIT_WITHIN_S = 1.0
"""A goodbye is a courtesy: nobody waits long for its answer."""
CUT = 426
_GLOBBED = frozenset(b"*?[]{}~\\ ")
"""What servers read in LIST's argument as a pattern, or as more than one argument."""


class FtpClient:
    """One session. Made by opening.open_ftp; its owner calls quit() or aclose().

    Attributes:
        greeting: what the server said first. features: of FEAT, name to parameters; {} where it has none.
        folder: where the login led to. is_secure: whether both connections are under TLS.
    """

    def __init__(
        self, control: Control, passive: Passive, security: Security | None, greeting: Reply
    ) -> None:
        self._control = control
        self._passive = passive
        self._security = security
        self._type = ""
        self._lists_by = ""
        self.greeting = greeting
        self.features: dict[str, str] = {}
        self.folder = b"/"
        self.is_secure = False

    @property
    def control(self) -> Stream:
        """The control connection."""
        return self._control.stream

    @property
    def is_open(self) -> bool:
        """Whether the server still may answer."""
        stream = self._control.stream
        return (
            stream.is_open and stream.receiving is HalfState.OPEN and self._control.machine.state != "closing"
        )

    # ---- beginning

    async def secure(self) -> None:
        """Put the control connection under TLS (RFC 4217 section 4). Never goes on in clear when that fails.

        Raises: Refused: the server has no TLS; Untrusted; PeerMisbehaved, LinkLost, TooSlow. The stage is "tls".
        """
        if self._security is None:
            return
        command = Command("AUTH", b"TLS")
        reply = await self._control.ask(command, "tls")
        if reply.code != 234:
            failure = said_no(reply, command, "tls")
            failure.advice = "the server offers no TLS; nothing was said in clear"
            raise failure
        self._control.stream = await self._security.control(self._control.stream, self._control.timeout_s)
        self._control.machine.secured()

    async def log_in(self, login: Login) -> Reply:
        """USER, and what the server asks for then (RFC 959 section 5.4); then protection, features and the folder.

        Raises: Refused with the stage "login"; else as Control.
        """
        for text, what in (
            (login.user, "a user"),
            (login.password, "a password"),
            (login.account, "an account"),
        ):
            check_argument(text.encode(), what)
        reply = await self._control.done(Command("USER", login.user.encode()), "login")
        if reply.code == 331:
            reply = await self._control.done(Command("PASS", login.password.encode(), secret=True), "login")
        if reply.code == 332:
            if not login.account:
                raise Refused("the server asks for an account too", stage="login", reply=str(reply))
            reply = await self._control.done(Command("ACCT", login.account.encode(), secret=True), "login")
        if reply.kind != 2:
            raise PeerMisbehaved("the login has no end", stage="login", reply=str(reply))
        if self._security is not None:
            await self._control.done(Command("PBSZ", b"0"), "tls")
            await self._control.done(Command("PROT", b"P"), "tls")
            self.is_secure = True
        features = await self._control.ask(Command("FEAT"), "login")
        if features.code == 211:
            self.features = read_features(features)
        if "UTF8" in self.features:
            # RFC 2640 has names in UTF-8 from here on; some servers want to be told. One that says no does it anyway.
            await self._control.ask(Command("OPTS", b"UTF8 ON"), "login")
        self.folder = await self.where()
        return reply

    # ---- looking

    async def where(self) -> bytes:
        """The folder that names without a slash are in."""
        return read_path(await self._control.done(Command("PWD"), "login"))

    async def list(
        self, path: bytes, *, on_more: Callable[[tuple[Entry, ...]], object] | None = None
    ) -> Listing:
        """What a folder holds, by MLSD where the server has it, else by LIST.

        Args:
            path: of the folder; b"" is the current one.
            on_more: told what came, as it comes.

        Raises: Refused, LinkLost, TooSlow, PeerMisbehaved; the stage is "list" or "data".
        """
        if not self._lists_by:
            offers = {"MLST", "MLSD"} & self.features.keys()
            self._lists_by = "MLSD" if offers or not self.features else "LIST"
        if self._lists_by == "MLSD":
            try:
                return await self._listed("MLSD", path, path, on_more)
            except Refused as failure:
                if failure.stage != "list" or failure.reply[:3] not in map(str, UNKNOWN):
                    raise
                self._lists_by = "LIST"
                self.control.channel.fact("ftp.fallback", asked="MLSD", instead="LIST", reply=failure.reply)
        if path.startswith(b"-") or _GLOBBED.intersection(path):
            # LIST would read options or a pattern in it; CWD takes it as it is.
            await self._control.done(Command("CWD", path), "list")
            return await self._listed("LIST", path, b"", on_more)
        return await self._listed("LIST", path, path, on_more)

    async def _listed(
        self, verb: str, path: bytes, argument: bytes, on_more: Callable[[tuple[Entry, ...]], object] | None
    ) -> Listing:
        await self._set_type(b"A", "list")
        reader = ListingReader(verb, datetime.fromtimestamp(time.time(), UTC))
        entries: list[Entry] = []

        def take(data: bytes) -> None:
            found = reader.feed(data)
            entries.extend(found)
            if on_more is not None and found:
                on_more(tuple(found))

        async def receive(data: Stream) -> None:
            if not await read_all(data, take, self._control.timeout_s, stage="list"):
                raise truncated("list")
            take(b"")

        await self._exchange(Command(verb, argument or None), receive, "list")
        return Listing(path, verb, tuple(entries), tuple(reader.unread))

    async def facts(self, path: bytes) -> Entry | None:
        """What MLST tells of one file or folder; None where the server does not tell (RFC 3659 section 7)."""
        if "MLST" not in self.features:
            return None
        reply = await self._control.ask(Command("MLST", path or None), "list")
        return (
            read_facts(reply.lines[1].removeprefix(b" "))
            if reply.code == 250 and len(reply.lines) > 2
            else None
        )

    async def size(self, path: bytes) -> int | None:
        """The octets of a file; None where the server does not tell (RFC 3659 section 4)."""
        if self.features and "SIZE" not in self.features:
            return None
        await self._set_type(b"I", "transfer")
        reply = await self._control.ask(Command("SIZE", path), "transfer")
        return read_size(reply) if reply.code == 213 else None

    # ---- moving

    async def download(self, path: bytes, file: Download, *, progress: Progress | None = None) -> Moved:
        """Fetch a file into `file`, which gets its name when all is there, and is left partial else.

        Raises: Refused: the server says no; PeerMisbehaved: fewer octets than the server told; LinkLost, TooSlow: cut;
            LocalFault: it can't be saved; StalePartial. The stage is "transfer", "data" or "save".
        """
        total = await self.size(path)
        await self._set_type(b"I", "transfer")
        if total is not None and file.start > total:
            raise stale(file.partial, "is larger than the server's file")
        said: list[int] = []

        async def begin(reply: Reply) -> None:
            if (size := said_size(reply)) is not None and not file.start:
                said.append(size)
            await file.begin()

        async def receive(data: Stream) -> None:
            known = total if total is not None else said[0] if said else None

            def take(piece: bytes) -> None:
                file.write(piece)
                if progress is not None:
                    progress(file.octets, known)

            if not await read_all(data, take, self._control.timeout_s) and total is None:
                # With a size the server's last reply and the count decide: many servers end so.
                raise truncated("transfer")

        try:
            reply, resumed = await self._exchange(
                Command("RETR", path), receive, "transfer", begin=begin, start=file.asks_from
            )
            if total is not None and file.octets != total:
                raise PeerMisbehaved(
                    f"{file.octets:,} octets came, the server's SIZE says {total:,}, and it calls this all",
                    stage="transfer",
                    reply=str(reply),
                    advice="the file may be changing; what came is kept as the partial file",
                    source="RFC 3659 section 4",
                )
            file.complete()
        finally:
            file.close()
        return Moved(file.octets - file.start, file.start, file.octets, file.sha256, reply, resumed)

    async def upload(
        self,
        file: Upload,
        path: bytes,
        *,
        resume: bool = False,
        partial: bool = False,
        progress: Progress | None = None,
    ) -> Moved:
        """Send a file; what stands at `path` is replaced, or gone on with.

        Args:
            partial: send it to `path` with SUFFIX first and rename it when all is there, so that nobody meets half a
                file under its name; `resume` goes on with that one then.

        Raises: as download(); LocalMisuse: the server's file is longer than ours.
        """
        where = path + SUFFIX.encode() if partial else path
        start = (await self.size(where) or 0) if resume else 0
        await self._set_type(b"I", "transfer")
        if start > file.size:
            raise LocalMisuse(
                "the server's file is longer than this one: it is no beginning of it", stage="transfer"
            )
        if start:
            await file.skip(start)
        done = start

        async def send(data: Stream) -> None:
            def tell(octets: int) -> None:
                nonlocal done
                done += octets
                if progress is not None:
                    progress(done, file.size)

            await send_all(data, file.read, tell, self._control.timeout_s)
            await finish_sending(data)

        try:
            reply, resumed = await self._exchange(Command("STOR", where), send, "transfer", start=start)
            if partial:
                reply = await self._name(where, path)
        finally:
            file.close()
        return Moved(done - start, start, done, file.sha256, reply, resumed)

    async def _name(self, partial: bytes, path: bytes) -> Reply:
        try:
            return await self.rename(partial, path)
        except Refused as failure:
            failure.committed = "yes"
            failure.advice = (
                f"all of it stands in {text_of(partial)}; the server does not let it have its name"
            )
            raise

    async def _exchange(
        self,
        command: Command,
        move: Callable[[Stream], Awaitable[None]],
        stage: str,
        *,
        begin: Callable[[Reply], Awaitable[None]] | None = None,
        start: int = 0,
    ) -> tuple[Reply, bool | None]:
        """A data connection, the command, the octets, the last reply. RFC 4217 section 7: TLS begins behind the 150."""
        await self._control.settle()
        data = await self._passive.open(str(command))
        resumed: bool | None = None
        try:
            if start:
                await self._control.done(Command("REST", b"%d" % start), stage)
            reply = await self._control.ask(command, stage)
            if reply.kind in (4, 5):
                raise said_no(reply, command, stage)
            if begin is not None:
                await begin(reply)
            if self._security is not None:
                data, resumed = await self._security.data(data, self._control.timeout_s)
            try:
                await move(data)
            except LinkLost as lost:
                # The server may say why: no room, no permission to go on.
                raise await self._why(lost, command, stage) from lost
            # Before the last reply is waited for: vsftpd gives it once our close_notify has come.
            await data.aclose()
            while reply.kind == 1:
                reply = await self._control.last(stage)
            if reply.code == CUT:
                raise LinkLost(
                    "the data connection was cut, says the server",
                    stage=stage,
                    reply=str(reply),
                    committed="maybe",
                )
            if reply.kind != 2:
                raise said_no(reply, command, stage)
            return reply, resumed
        except Refused:
            # Nothing is on its way: no reason for a reset.
            await data.aclose()
            raise
        finally:
            # Given up half-way: the server hears of it at once. Harmless when it was closed in good order.
            data.abort()

    async def _why(self, lost: LinkLost, command: Command, stage: str) -> WorkbenchError:
        try:
            reply = await self._control.last(stage)
        except (LinkLost, TooSlow, PeerMisbehaved):
            return lost
        return said_no(reply, command, stage) if reply.kind in (4, 5) else lost

    # ---- changing

    async def rename(self, old: bytes, new: bytes) -> Reply:
        """RNFR and RNTO. A server may replace what stands at `new` without a word."""
        check_argument(new, "a name")
        await self._control.done(Command("RNFR", old), "request")
        return await self._control.done(Command("RNTO", new), "request")

    async def delete(self, path: bytes) -> Reply:
        """Delete a file."""
        return await self._control.done(Command("DELE", path), "request")

    async def make_folder(self, path: bytes) -> Reply:
        """Make a folder."""
        return await self._control.done(Command("MKD", path), "request")

    async def remove_folder(self, path: bytes) -> Reply:
        """Remove an empty folder."""
        return await self._control.done(Command("RMD", path), "request")

    # ---- ending

    async def quit(self) -> None:
        """Say goodbye, wait a moment for the answer, and close. Idempotent; never raises what the server does."""
        try:
            if self.is_open and self._control.machine.can_send:
                self._control.timeout_s = min(self._control.timeout_s, QUIT_WITHIN_S)
                await self._control.ask(Command("QUIT"), "quit")
                await self._control.stream.finish()
        except (LinkLost, TooSlow, PeerMisbehaved, Refused):
            pass
        finally:
            await self.aclose()

    async def aclose(self) -> None:
        """Close the control connection without a word. Idempotent."""
        await self._control.aclose()
        await self._passive.aclose()

    async def _set_type(self, code: bytes, stage: str) -> None:
        if self._type != code.decode():
            self._type = ""
            await self._control.done(Command("TYPE", code), stage)
            self._type = code.decode()
