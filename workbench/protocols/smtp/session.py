"""The steps of a session, one method each: greeting, EHLO, TLS, login, one letter after another, goodbye."""

import asyncio
import socket
from collections.abc import Callable

from workbench.errors import LinkLost, PeerMisbehaved, Refused, TooSlow
from workbench.formats.target import Target
from workbench.protocols.sasl.mechanisms import challenge_of, choose, encoded
from workbench.protocols.sasl.security import leave, no_tls, readable, under_tls
from workbench.protocols.sasl.values import Answer, Login, Protected, Security
from workbench.protocols.smtp.control import Control, said_no
from workbench.protocols.smtp.extensions import NOTHING, read_extensions
from workbench.protocols.smtp.letter import LetterWriter
from workbench.protocols.smtp.values import Command, LetterForm, Reply
from workbench.wire.stream import Stream
from workbench.wire.tls.values import Trust

QUIT_WITHIN_S = 1.0
"""A goodbye is a courtesy: nobody waits long for its answer."""
UNKNOWN = (500, 501, 502, 504)
"""What a server says to EHLO that has no extensions (RFC 5321 section 3.2)."""
STARTTLS_SOURCE = "RFC 3207 section 4.1"

Progress = Callable[[int, int | None], object]


class SmtpSession:
    """One session; its owner calls quit() or aclose().

    Attributes:
        greeting: what the server said first. extensions: as it told last; before: as it told before TLS, {} without.
        secured: how the conversation is protected. user: who logged in, "" for nobody.
    """

    def __init__(self, stream: Stream, target: Target, timeout_s: float, secured: Protected) -> None:
        self._control = Control(stream, timeout_s)
        self._target = target
        self._timeout_s = timeout_s
        self.greeting = Reply(0, ())
        self.extensions = NOTHING
        self.before = NOTHING
        self.secured: Protected = secured
        self.user = ""

    @property
    def channel(self) -> int:
        """Of the transcript."""
        return self._control.stream.channel.number

    @property
    def can_send(self) -> tuple[str, ...]:
        """The commands that may go now."""
        return self._control.machine.can_send

    async def begin(self) -> None:
        """Hear the greeting, and greet. Raises: as Control."""
        self.greeting = await self._control.greeting()
        await self.hello("greeting")

    async def hello(self, stage: str) -> None:
        """EHLO, or HELO where the server has no extensions. Raises: as Control."""
        name = _own_name(self._control.stream)
        command = Command("EHLO", name)
        reply = await self._control.ask(command, stage)
        if reply.code in UNKNOWN:
            self._control.stream.channel.fact("smtp.helo", reply=str(reply))
            command = Command("HELO", name)
            reply = await self._control.ask(command, stage)
            self.extensions = NOTHING
        elif reply.kind == 2:
            self.extensions = read_extensions(reply)
        if reply.kind != 2:
            raise said_no(reply, command, stage)

    async def secure(self, security: Security, trust: Trust | None, *, logs_in: bool) -> None:
        """STARTTLS as `security` wants it. Never goes on in clear where it was wanted, nor to a login by "auto".

        Raises: Refused: the server has no TLS; Untrusted, PeerMisbehaved, LinkLost, TooSlow. The stage is "tls".
        """
        if self.secured != "plain" or security == "plain":
            return
        if not self.extensions.offers("STARTTLS"):
            if security == "starttls":
                raise no_tls("STARTTLS is not in its list", STARTTLS_SOURCE)
            if logs_in:
                raise readable(STARTTLS_SOURCE)
            self._control.stream.channel.fact("smtp.clear")
            return
        command = Command("STARTTLS")
        reply = await self._control.ask(command, "tls")
        if reply.kind != 2:
            failure = said_no(reply, command, "tls")
            failure.advice = "the server offers TLS and then refuses it; nothing of worth was said in clear"
            raise failure
        if rest := self._control.machine.secured():
            self._control.stream.channel.fact("tls.discarded", octets=len(rest), hex=rest[:256].hex())
        self._control.stream = await under_tls(self._control.stream, self._target, trust, self._timeout_s)
        self.secured = "starttls"
        # RFC 3207 section 4.2: what was told before may have been anybody's words.
        self.before, self.extensions = self.extensions, NOTHING
        await self.hello("tls")

    async def log_in(self, login: Login) -> None:
        """AUTH by the best mechanism that the server offers; one is tried, and no second (RFC 4954 section 4).

        Raises: Refused with the stage "login"; LocalMisuse; else as Control.
        """
        mechanism = choose(self.extensions.mechanisms, login, is_protected=self.secured != "plain")
        if mechanism is None:
            offered = " ".join(self.extensions.mechanisms) or "no login at all"
            raise Refused(
                f"the server offers {offered}, and this client knows none of it",
                stage="login",
                advice="a submission server offers AUTH, often under TLS alone",
                source="RFC 4954 section 3",
            )
        channel = self._control.stream.channel
        head = mechanism.name.encode()
        answer = mechanism.first()
        if answer is not None:
            channel.fact("smtp.sasl", mechanism=mechanism.name, says=answer.told)
            command = Command("AUTH", head + b" " + encoded(answer.data), len(head) + 1)
        else:
            command = Command("AUTH", head)
        reply = await self._control.ask(command, "login")
        while reply.kind == 3:
            answer = mechanism.answer(challenge_of(reply.lines[0]))
            channel.fact("smtp.sasl", mechanism=mechanism.name, says=answer.told)
            reply = await self._control.ask(_continued(answer), "login")
        if reply.kind != 2:
            raise said_no(reply, Command("AUTH", head), "login")
        self.user = login.user

    # ---- a letter

    async def ask(self, command: Command, stage: str = "envelope") -> Reply:
        """One command and its reply, whatever it says. Raises: as Control.ask."""
        return await self._control.ask(command, stage)

    async def reset(self) -> None:
        """Forget the letter that was begun: some servers go on refusing until they hear this."""
        await self._control.ask(Command("RSET"), "envelope")

    async def data(self, letter: bytes, form: LetterForm, progress: Progress | None) -> Reply:
        """DATA, the letter and its dot; the server's last word about it, or its no to DATA.

        Raises: as Control; `committed` is "maybe" once the dot went.
        """
        reply = await self._control.ask(Command("DATA"), "letter")
        if reply.kind != 3:
            return reply
        told = form._asdict()
        self._control.stream.channel.fact("smtp.letter", **{name: told[name] for name in _TOLD})
        try:
            await self._send(letter, form, progress)
        except LinkLost as lost:
            # The server may have said why before it left: too large, most often.
            early = await self._control.early()
            if early is None:
                raise lost
            return early
        return await self._control.ask(Command("."), "letter")

    async def _send(self, letter: bytes, form: LetterForm, progress: Progress | None) -> None:
        writer = LetterWriter(letter)
        for piece in writer.pieces():
            await self._control.send(piece)
            if progress is not None:
                progress(min(writer.form.octets, form.octets), form.octets)
            await asyncio.sleep(0)

    # ---- ending

    async def quit(self) -> None:
        """Say goodbye, wait a moment for the answer, and close. Idempotent; never raises what the server does."""
        try:
            if self._control.stream.is_open and "QUIT" in self._control.machine.can_send:
                self._control.timeout_s = min(self._timeout_s, QUIT_WITHIN_S)
                await self._control.ask(Command("QUIT"), "quit")
                await leave(self._control.stream)
        except (LinkLost, TooSlow, PeerMisbehaved, Refused):
            pass
        finally:
            await self.aclose()

    async def aclose(self) -> None:
        """Close without a word. Idempotent."""
        await self._control.aclose()


_TOLD = ("octets", "ends", "stuffed", "unended", "longest")


async def measured(letter: bytes) -> LetterForm:
    """How the letter will go, without sending it; a large one leaves others their turn."""
    writer = LetterWriter(letter)
    for _ in writer.pieces():
        await asyncio.sleep(0)
    return writer.form


def _continued(answer: Answer) -> Command:
    return Command("", encoded(answer.data), 0 if answer.secret else None)


def _own_name(stream: Stream) -> bytes:
    """Ours, as an address in brackets: a name that we can't prove would be worse (RFC 5321 section 4.1.4)."""
    host = stream.local.rpartition(":")[0].strip("[]").partition("%")[0]
    try:
        socket.inet_pton(socket.AF_INET6, host)
    except OSError:
        pass
    else:
        return f"[IPv6:{host}]".encode()
    try:
        socket.inet_aton(host)
    except OSError:
        return b"[127.0.0.1]"
    return f"[{host}]".encode()
