"""Connecting to what is no PostgreSQL server, or not in order: the stage is named, within the deadline.

Also workbench.protocols.sql.postgres, workbench.protocols.sql.pgwait, workbench.protocols.sql.pgtap and
workbench.protocols.sql.pgerrors, as far as they need no real server; the rest is in tests/real.
"""

import asyncio
import struct
import time

import pytest

from tests.kit.ports import free_port
from tests.kit.scripted_peer import ScriptedPeer, scripted_peer
from tests.protocols.sql.runs import facts, failure, run, until
from workbench.errors import LinkLost, LocalMisuse, PeerMisbehaved, Refused, TooSlow, WorkbenchError
from workbench.formats.target import Target, parse_target
from workbench.protocols.sql.opening import open_sql
from workbench.protocols.sql.pgerrors import link_lost, not_connected
from workbench.protocols.sql.session import Session
from workbench.protocols.sql.split import split
from workbench.transcript.export import write_jsonl, write_text
from workbench.transcript.pcapng import write_pcapng
from workbench.transcript.recorder import Transcript

SSL_REQUEST = struct.pack("!ii", 8, 80877103)


def message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body


LOGGED_IN = (
    message(b"R", struct.pack("!i", 0))
    + message(b"S", b"server_version\x0015.0\x00")
    + message(b"K", struct.pack("!ii", 7, 9))
    + message(b"Z", b"I")
)
FATAL = message(b"E", b"SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed\0\0")


async def opened(peer: ScriptedPeer, tls: str = "disable", timeout_s: float = 10.0) -> Session:
    target = Target("postgresql", peer.host, peer.port, "/d", user="anna")
    return await open_sql(target, Transcript(), tls=tls, password="geheim", timeout_s=timeout_s)


async def refused(peer: ScriptedPeer, tls: str = "disable", timeout_s: float = 10.0) -> WorkbenchError:
    try:
        session = await opened(peer, tls, timeout_s)
    except WorkbenchError as error:
        return error
    await session.aclose()
    raise AssertionError("it was opened")


async def test_nobody_there():
    port = free_port()
    transcript = Transcript()
    with pytest.raises(LinkLost) as caught:
        await open_sql(Target("postgresql", "127.0.0.1", port, user="anna"), transcript)
    assert (caught.value.stage, caught.value.errno_name) == ("connect", "ECONNREFUSED")
    assert caught.value.transcript_index is not None
    assert transcript[caught.value.transcript_index].name == "sql.failed"
    transcript.close()


async def test_one_that_never_answers_is_given_up_with_its_stage():
    with scripted_peer([("stall",)]) as peer:
        began = time.monotonic()
        error = await refused(peer, "prefer", timeout_s=0.2)
        assert time.monotonic() - began < 5
    assert isinstance(error, TooSlow)
    assert error.stage in ("greeting", "tls")


@pytest.mark.parametrize(
    ("script", "tls", "kind", "stage"),
    [
        ([("send", b"HTTP/1.1 400 Bad Request\r\n\r\n")], "prefer", PeerMisbehaved, ""),
        ([("send", b"220 mail.test ready\r\n"), ("stall",)], "disable", PeerMisbehaved, ""),
        ([("expect", SSL_REQUEST), ("send", b"ERROR\r\n")], "prefer", PeerMisbehaved, "tls"),
        ([("expect", SSL_REQUEST), ("send", b"NO WAY\r\n")], "prefer", PeerMisbehaved, "greeting"),
        ([("send", b"ERROR\r\n")], "disable", PeerMisbehaved, "greeting"),
        ([("send", LOGGED_IN[:9] + b"S\0")], "disable", PeerMisbehaved, "login"),
        ([("expect", SSL_REQUEST)], "require", LinkLost, ""),
        ([("expect", SSL_REQUEST), ("send", b"N"), ("wait_eof",)], "require", Refused, "tls"),
        ([("send", FATAL)], "disable", Refused, "login"),
        ([("send", LOGGED_IN[:9])], "disable", LinkLost, ""),
        ([("send", message(b"R", struct.pack("!i", 3)))], "disable", LinkLost, ""),
    ],
)
async def test_what_is_wrong_is_told_apart(
    script: list[tuple[str, bytes]], tls: str, kind: type[WorkbenchError], stage: str
):
    with scripted_peer(script) as peer:
        error = await refused(peer, tls)
    assert isinstance(error, kind), error.as_dict()
    assert error.stage == stage or not stage
    assert "geheim" not in str(error.as_dict())


@pytest.mark.parametrize("place", range(0, len(LOGGED_IN), 3))
async def test_cut_anywhere_in_the_greeting_it_ends(place: int):
    with scripted_peer([("send", LOGGED_IN[:place])]) as peer:
        error = await refused(peer)
    assert isinstance(error, LinkLost | PeerMisbehaved)


async def test_a_server_that_hangs_is_given_up_when_the_statement_is_cancelled():
    with scripted_peer([("send", LOGGED_IN), ("stall",)]) as peer:
        session = await opened(peer)
        session.cancel_within_s = 0.3
        running = asyncio.create_task(run(session, "SELECT 1", timeout_s=None))
        await until(lambda: "Parse" in said(session))
        began = time.monotonic()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert time.monotonic() - began < 5
        assert facts(session)[-1][0] == "sql.given_up"
        assert not session.is_open
        await session.aclose()


def said(session: Session) -> str:
    return "".join(
        session.channel.transcript.data(event).decode("utf-8", "replace")
        for event in session.channel.transcript.events()
        if event.kind == "bytes"
    )


async def test_an_answer_that_takes_too_long_ends_by_the_deadline():
    with scripted_peer([("send", LOGGED_IN), ("stall",)]) as peer:
        session = await opened(peer)
        session.cancel_within_s = 0.1
        error = await failure(session, "SELECT 1", timeout_s=0.1)
        assert isinstance(error, TooSlow)
        assert not session.is_open
        await session.aclose()


async def test_a_connection_that_ends_in_a_commit_leaves_doubt():
    answer = message(b"1", b"") + message(b"2", b"")
    with scripted_peer([("send", LOGGED_IN), ("send", answer)]) as peer:
        session = await opened(peer)
        error = await failure(session, "COMMIT")
        assert isinstance(error, LinkLost | PeerMisbehaved)
        assert error.committed == "maybe"
        assert not session.is_open
        assert isinstance(await failure(session, "SELECT 1"), LinkLost)
        await session.aclose()


def test_doubt_is_in_words():
    (commit,) = split("COMMIT", "postgresql")
    error = link_lost("server closed the connection unexpectedly", commit)
    assert (error.stage, error.committed) == ("commit", "maybe")
    assert "unknown" in error.advice
    assert isinstance(not_connected("fe_sendauth: no password supplied", "login", None, "h:1"), LocalMisuse)


async def test_the_password_stands_nowhere_in_what_was_recorded():
    clear = message(b"R", struct.pack("!i", 3))
    with scripted_peer([("send", clear), ("stall",)]) as peer:
        target = parse_target(f"postgresql://anna@127.0.0.1:{peer.port}/d?sslmode=disable")
        transcript = Transcript()
        with pytest.raises(TooSlow):
            await open_sql(target, transcript, password="geheim", timeout_s=0.8)
        written = [b"".join(write(transcript)) for write in (write_text, write_jsonl, write_pcapng)]
        assert b"PasswordMessage" in written[0]
        assert b"geheim" not in b"".join(written)
        transcript.close()
