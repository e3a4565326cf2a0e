"""A mail server that follows a script, by asyncio's own streams: what no honest server would do; and visits to it."""

import asyncio
import contextlib
import ssl
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, Literal

from workbench.formats.target import Target
from workbench.lab.authority import lab_authority
from workbench.lab.services.mail.house import house
from workbench.protocols.sasl.values import Login, Security
from workbench.transcript.recorder import Transcript
from workbench.wire.tls.values import Trust

CLOSE: Literal["close"] = "close"
RESET: Literal["reset"] = "reset"
SILENCE: Literal[""] = ""
Answer = (
    bytes
    | Literal["close", "reset", ""]
    | Callable[["Scripted", bytes], "bytes | Literal['close', 'reset', '']"]
)


class Scripted:
    """Answers each line by its verb; `tls` says after which answers' lines TLS begins.

    Args:
        verb_of: the verb of a line, in capitals.
        answers: by verb; what is missing gets `other`.

    Attributes: said: every line in order. letter: whether lines are a letter now, up to the dot.
    """

    def __init__(
        self,
        greeting: Answer,
        answers: dict[str, Answer],
        *,
        verb_of: Callable[[bytes], str],
        other: Answer = b"500 what?\r\n",
        starts_tls: tuple[str, ...] = ("STARTTLS", "STLS"),
    ) -> None:
        self.greeting = greeting
        self.answers = answers
        self.verb_of = verb_of
        self.other = other
        self.starts_tls = starts_tls
        self.said: list[bytes] = []
        self.in_letter = False
        self.under_tls = False
        self.port = 0
        self._writers: list[asyncio.StreamWriter] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            if not await self._answer(self.greeting, b"", writer):
                return
            while line := await reader.readline():
                line = line.rstrip(b"\r\n")
                self.said.append(line)
                verb = (
                    "."
                    if self.in_letter and line == b"."
                    else "LETTER"
                    if self.in_letter
                    else self.verb_of(line)
                )
                self.in_letter = self.in_letter and verb != "."
                if not await self._answer(self.answers.get(verb, self.other), line, writer):
                    return
                if verb in self.starts_tls and not self.under_tls:
                    await writer.start_tls(_context())
                    self.under_tls = True
        writer.close()

    async def _answer(self, answer: Answer, line: bytes, writer: asyncio.StreamWriter) -> bool:
        told = answer(self, line) if callable(answer) else answer
        if told == CLOSE:
            writer.close()
            return False
        if told == RESET:
            writer.transport.abort()
            return False
        assert isinstance(told, bytes | str)
        if told:
            assert isinstance(told, bytes)
            writer.write(told)
            await writer.drain()
        return True

    def close(self) -> None:
        for writer in self._writers:
            writer.close()


@contextlib.asynccontextmanager
async def scripted(server: Scripted) -> AsyncIterator[Scripted]:
    """Let it serve on loopback."""
    listening = await asyncio.start_server(server.talk, "127.0.0.1", 0, limit=1 << 20)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        server.close()
        for _ in range(5):
            await asyncio.sleep(0)


def lab_trust() -> Trust:
    """The authority that vouches for a scripted server under TLS, and for the Lab's."""
    return Trust(False, lab_authority().certificate)


def _context() -> ssl.SSLContext:
    identity = lab_authority().server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        chain, key = Path(folder) / "chain.pem", Path(folder) / "key.pem"
        chain.write_bytes(identity.chain)
        key.write_bytes(identity.key)
        context.load_cert_chain(chain, key)
    return context


def anna() -> Login:
    """Who has a mailbox in the Lab."""
    return Login("anna", house().accounts["anna"].password)


@contextlib.asynccontextmanager
async def session_of(
    opener: Callable[..., Awaitable[Any]],
    target: Target,
    login: Login | None = None,
    security: Security = "plain",
    timeout_s: float = 10.0,
    transcript: Transcript | None = None,
) -> AsyncIterator[Any]:
    """A session as the engine's `opener` makes it, of anna's unless somebody else logs in."""
    with contextlib.ExitStack() as kept:
        async with await opener(
            target,
            transcript if transcript is not None else kept.enter_context(recorded()),
            login=login or anna(),
            security=security,
            trust=lab_trust(),
            timeout_s=timeout_s,
        ) as session:
            yield session


@contextlib.contextmanager
def recorded() -> Iterator[Transcript]:
    """A transcript that is given back."""
    transcript = Transcript()
    try:
        yield transcript
    finally:
        transcript.close()


def said(transcript: Transcript) -> bytes:
    """All octets of both directions in their order."""
    return b"".join(transcript.data(event) for event in transcript.events() if event.kind == "bytes")
