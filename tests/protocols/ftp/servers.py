"""A server that follows a script, with data connections: what no honest server would do."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from workbench.errors import Refused
from workbench.formats.target import Target
from workbench.protocols.ftp.client import FtpClient
from workbench.protocols.ftp.opening import open_ftp
from workbench.protocols.ftp.security import Security
from workbench.protocols.ftp.values import Login
from workbench.transcript.recorder import Transcript

Answer = str | Callable[["ScriptedFtp", str], str]


class ScriptedFtp:
    """Answers commands from a table; a verb that is not in it gets 502.

    Attributes: data: what a data connection carries; cut: end it by RST; said: every command line in order.
    """

    def __init__(self, answers: dict[str, Answer], data: bytes = b"", greeting: str = "220 ready") -> None:
        self.greeting = greeting
        self.answers: dict[str, Answer] = {
            "USER": "331 password",
            "PASS": "230 in",
            "FEAT": "211-Features\r\n SIZE\r\n211 End",
            "PWD": '257 "/home" is current',
            "TYPE": "200 ok",
            "EPSV": lambda server, _line: f"229 ok (|||{server.data_port}|)",
            "LIST": "150 here\r\n226 done",
            "MLSD": "150 here\r\n226 done",
            "RETR": "150 here\r\n226 done",
            "STOR": "150 go on\r\n226 done",
            "QUIT": "221 bye",
            **answers,
        }
        self.data = data
        self.keeps_data_open = False
        self.resets_data = False
        self.got = b""
        self.said: list[str] = []
        self.port = self.data_port = 0
        self._writers: list[asyncio.StreamWriter] = []

    async def control(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        writer.write(f"{self.greeting}\r\n".encode())
        with contextlib.suppress(ConnectionError):
            while line := (await reader.readline()).decode().rstrip("\r\n"):
                self.said.append(line)
                answer = self.answers.get(line.partition(" ")[0], "502 no such command")
                told = answer if isinstance(answer, str) else answer(self, line)
                if told:
                    writer.write(f"{told}\r\n".encode())
                    await writer.drain()
        writer.close()

    async def moved(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        with contextlib.suppress(ConnectionError):
            if self.resets_data:
                writer.transport.abort()
                return
            writer.write(self.data)
            await writer.drain()
            if self.keeps_data_open or not self.data:
                self.got = await reader.read()
        writer.close()

    def close(self) -> None:
        for writer in self._writers:
            writer.close()


@contextlib.asynccontextmanager
async def scripted(server: ScriptedFtp) -> AsyncIterator[ScriptedFtp]:
    """Let it serve on loopback."""
    control = await asyncio.start_server(server.control, "127.0.0.1", 0)
    data = await asyncio.start_server(server.moved, "127.0.0.1", 0)
    server.port = control.sockets[0].getsockname()[1]
    server.data_port = data.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        control.close()
        data.close()
        server.close()
        for _ in range(5):
            await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def client_at(
    port: int,
    *,
    login: Login | None = None,
    security: Security | None = None,
    timeout_s: float = 10.0,
    transcript: Transcript | None = None,
) -> AsyncIterator[FtpClient]:
    """A session of ours; on leaving it says goodbye."""
    recorded = Transcript() if transcript is None else transcript
    client = await open_ftp(
        Target("ftp", "127.0.0.1", port), recorded, login or Login(), security=security, timeout_s=timeout_s
    )
    try:
        yield client
    finally:
        await client.quit()
        if transcript is None:
            recorded.close()


def facts_of(transcript: Transcript) -> dict[str, dict[str, object]]:
    """The facts of FTP by name, the last of each."""
    return {event.name: dict(event.values) for event in transcript.events() if event.name.startswith("ftp.")}


@contextlib.contextmanager
def refused_with(words: str) -> Iterator[None]:
    """The server says no within, in these words."""
    with pytest.raises(Refused) as caught:
        yield
    assert words in caught.value.reply
