"""A session that reads a mailbox by POP3: what it holds, beginnings of letters, letters. Nothing is deleted."""

import hashlib
import re
from collections.abc import Callable

from workbench.errors import LinkLost, LocalMisuse, PeerMisbehaved, Refused, TooSlow
from workbench.formats.proxy_address import Proxy
from workbench.formats.target import Target
from workbench.protocols.pop.control import Control, said_no
from workbench.protocols.pop.values import Command, Entry
from workbench.protocols.sasl.mechanisms import check_login
from workbench.protocols.sasl.security import leave, no_tls, reached, readable, under_tls
from workbench.protocols.sasl.values import Login, Protected, Security
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import Report, TargetResolver
from workbench.wire.stream import Stream
from workbench.wire.tls.values import Trust

PORT = 110
TITLE = "pop: "
QUIT_WITHIN_S = 1.0
"""A goodbye is a courtesy: nobody waits long for its answer."""
MAX_TOP_LINES = 1_000_000
STLS_SOURCE = "RFC 2595 section 4"
_STAMP = re.compile(r"<[^<>\s]+@[^<>\s]+>")

Progress = Callable[[int, int | None], object]


class PopSession:
    """One session. Made by open_pop; an asynchronous context: on leaving it says QUIT and closes.

    Attributes:
        greeting: what the server said first. capabilities: of CAPA, as told last, a line each; () where it has none.
        secured: how the conversation is protected. user: who logged in.
    """

    def __init__(self, stream: Stream, timeout_s: float, secured: Protected) -> None:
        self._control = Control(stream, timeout_s)
        self._sizes: dict[int, int] = {}
        self.greeting = ""
        self.capabilities: tuple[str, ...] = ()
        self.secured: Protected = secured
        self.user = ""

    @property
    def is_open(self) -> bool:
        """Whether the server still may answer."""
        return self._control.stream.is_open and self._control.machine.state not in ("closing", "closed")

    @property
    def channel(self) -> int:
        """Of the transcript."""
        return self._control.stream.channel.number

    # ---- the way in

    async def begin(self) -> None:
        """Hear the greeting, and what the server can do. Raises: as Control."""
        reply = await self._control.greeting()
        self.greeting = str(reply)
        await self._ask_capabilities("greeting")

    async def secure(self, target: Target, security: Security, trust: Trust | None) -> None:
        """STLS as `security` wants it. Never goes on in clear where it was wanted.

        Raises: Refused: the server has no TLS; Untrusted, PeerMisbehaved, LinkLost, TooSlow. The stage is "tls".
        """
        if self.secured != "plain" or security == "plain":
            return
        if not self.offers("STLS"):
            if security == "starttls":
                raise no_tls("STLS is not in its list", STLS_SOURCE)
            raise readable(STLS_SOURCE)
        control = self._control
        command = Command("STLS")
        reply = await control.ask(command, "tls")
        if not reply.ok:
            failure = said_no(reply, command, "tls")
            failure.advice = "the server offers TLS and then refuses it; nothing of worth was said in clear"
            raise failure
        if rest := control.machine.secured():
            control.stream.channel.fact("tls.discarded", octets=len(rest), hex=rest[:256].hex())
        control.stream = await under_tls(control.stream, target, trust, control.timeout_s)
        self.secured = "starttls"
        # What was told before may have been anybody's words.
        self.capabilities = ()
        await self._ask_capabilities("tls")

    async def log_in(self, login: Login) -> None:
        """USER and PASS; in clear APOP where the greeting has its stamp, and no password after a no to it.

        Raises: Refused with the stage "login"; LocalMisuse; else as Control.
        """
        stamp = _STAMP.search(self.greeting)
        if self.secured == "plain" and stamp is not None:
            digest = hashlib.md5(stamp.group().encode() + login.password.encode(), usedforsecurity=False)
            self._control.stream.channel.fact("pop.apop", stamp=stamp.group(), user=login.user)
            await self._control.done(
                Command("APOP", f"{login.user} {digest.hexdigest()}", secret=True), "login"
            )
        else:
            await self._control.done(Command("USER", login.user), "login")
            await self._control.done(Command("PASS", login.password, secret=True), "login")
        self.user = login.user

    def offers(self, name: str) -> bool:
        """Whether CAPA listed it."""
        return any(line.split(" ")[0].upper() == name for line in self.capabilities)

    async def _ask_capabilities(self, stage: str) -> None:
        """CAPA; a server that doesn't know it has no extensions (RFC 2449 section 5)."""
        pieces: list[bytes] = []
        try:
            await self._control.lines(Command("CAPA", lines=True), stage, pieces.append)
        except Refused:
            return
        self.capabilities = tuple(_lines(pieces))

    # ---- looking

    async def entries(self) -> tuple[Entry, ...]:
        """Every letter of the mailbox, in the server's order (LIST and UIDL).

        Raises: Refused, LinkLost, TooSlow, PeerMisbehaved with the stage "list".
        """
        pieces: list[bytes] = []
        await self._control.lines(Command("LIST", lines=True), "list", pieces.append)
        sizes = {number: _number(text) for number, text in _numbered(pieces)}
        uids: dict[int, str] = {}
        pieces = []
        try:
            await self._control.lines(Command("UIDL", lines=True), "list", pieces.append)
            uids = dict(_numbered(pieces))
        except Refused as failure:
            # RFC 1939 section 7 leaves it to servers whether they have it.
            self._control.stream.channel.fact("pop.uidl.none", reply=failure.reply)
        self._sizes = sizes
        return tuple(Entry(number, uids.get(number, ""), size) for number, size in sizes.items())

    async def top(self, number: int, lines: int = 0) -> bytes:
        """The header of a letter and so many lines of its body, as they stand in the letter (TOP).

        Raises: Refused: no such letter, or the server has no TOP; LinkLost, TooSlow, PeerMisbehaved.
        """
        _check(number, lines)
        pieces: list[bytes] = []
        await self._control.lines(Command("TOP", f"{number} {lines}", lines=True), "letter", pieces.append)
        return b"".join(pieces)

    async def letter(self, number: int, progress: Progress | None = None) -> bytes:
        """A letter whole (RETR), octet for octet.

        Args: progress: told the octets so far and, where LIST told it, of how many.

        Raises: as top().
        """
        _check(number)
        pieces: list[bytes] = []
        done = 0

        def hear(data: bytes) -> None:
            nonlocal done
            pieces.append(data)
            done += len(data)
            if progress is not None:
                progress(done, self._sizes.get(number))

        await self._control.lines(Command("RETR", str(number), lines=True), "letter", hear)
        return b"".join(pieces)

    # ---- ending

    async def quit(self) -> None:
        """Say goodbye and close; never raises what the server does. Idempotent."""
        control = self._control
        try:
            if control.stream.is_open and "QUIT" in control.machine.can_send:
                control.timeout_s = min(control.timeout_s, QUIT_WITHIN_S)
                await control.ask(Command("QUIT"), "quit")
                await leave(control.stream)
        except (LinkLost, TooSlow, PeerMisbehaved, Refused):
            pass
        finally:
            await self.aclose()

    async def aclose(self) -> None:
        """Close without a word. Idempotent."""
        await self._control.aclose()

    async def __aenter__(self) -> "PopSession":
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.quit()


async def open_pop(
    target: Target,
    transcript: Transcript,
    *,
    login: Login,
    security: Security = "auto",
    trust: Trust | None = None,
    resolver: TargetResolver | None = None,
    via: Proxy | None = None,
    timeout_s: float = 30.0,
    report: Report | None = None,
) -> PopSession:
    """Connect, protect, log in.

    Args:
        target: scheme pop3, pop3s, tcp or lab; pop3s and port 995 mean TLS from the first octet on.
        security: "auto" logs in under TLS or not at all. "plain" says the password in clear, and is a person's choice.
        trust: whose certificates count; None: this machine's authorities. For lab: give the Lab's (Trust(False, PEM)).
        via: a proxy.
        timeout_s: for connecting, for each reply, and for how long an answer may stand still.
        report: told the stage: "resolve", "connect", "tls", "greeting", "login".

    Raises: what dial raises; Refused, Untrusted, PeerMisbehaved, LinkLost, TooSlow with the stage.
    """
    check_login(login)
    tell = report or (lambda _stage: None)
    stream, secured = await reached(
        target,
        transcript,
        port=PORT,
        title=TITLE,
        security=security,
        trust=trust,
        resolver=resolver,
        via=via,
        timeout_s=timeout_s,
        report=report,
    )
    session: PopSession | None = None
    try:
        session = PopSession(stream, timeout_s, secured)
        tell("greeting")
        await session.begin()
        tell("tls")
        await session.secure(target, security, trust)
        tell("login")
        await session.log_in(login)
    except BaseException:
        await (session or stream).aclose()
        raise
    return session


def _check(number: int, lines: int = 0) -> None:
    if number < 1:
        raise LocalMisuse(f"letters are counted from 1; {number} is none", stage="letter")
    if not 0 <= lines <= MAX_TOP_LINES:
        raise LocalMisuse(f"{lines} is no number of lines", stage="letter")


def _lines(pieces: list[bytes]) -> list[str]:
    data = b"".join(pieces)
    return [
        line.decode("utf-8", "backslashreplace").rstrip("\r") for line in data.split(b"\n") if line.strip()
    ]


def _numbered(pieces: list[bytes]) -> list[tuple[int, str]]:
    """The lines of LIST and UIDL: a number, and what belongs to it. Raises: PeerMisbehaved: one is otherwise."""
    found: list[tuple[int, str]] = []
    for line in _lines(pieces):
        number, _, rest = line.strip().partition(" ")
        if not (number.isascii() and number.isdigit() and len(number) <= 10) or not rest.strip():
            raise PeerMisbehaved(
                "a line of the listing does not begin with a letter's number",
                stage="list",
                data=line.encode()[:64],
                source="RFC 1939 section 5",
            )
        found.append((int(number), rest.split()[0]))
    return found


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise PeerMisbehaved(
            "the size of a letter is no number",
            stage="list",
            data=text.encode()[:64],
            source="RFC 1939 section 5",
        )
    return int(text)
