"""The phase ladder: each fault lands on its own rung, the rungs behind it were never reached."""

import asyncio
import errno
import os
import socket
import struct

import pytest

from tests.kit.ports import free_port
from tests.lab.houses import serving
from workbench.errors import LinkLost, LocalMisuse, TooSlow, WorkbenchError
from workbench.formats.target import parse_target
from workbench.protocols.gopher.client import fetch
from workbench.protocols.gopher.values import Request
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire import dial
from workbench.wire.phases import NAMES, SOURCES, WHAT, Phase, phases


def failing(rungs: tuple[Phase, ...]) -> str:
    """The rung that failed, after it was checked that those before are done and those behind were not reached."""
    names = [rung.name for rung in rungs if rung.state == "failed"]
    assert len(names) == 1
    at = NAMES.index(names[0])
    assert [rung.state for rung in rungs[:at]] == ["done"] * at
    # The host is looked up before the port, and before there is a socket: it may be known already.
    behind = [rung.state for rung in rungs[max(at + 1, 3 if at < 2 else 0) :]]
    assert behind == ["not reached"] * len(behind)
    return names[0]


async def fell(request: Request, **more) -> tuple[tuple[Phase, ...], WorkbenchError]:
    transcript = Transcript()
    try:
        with pytest.raises(WorkbenchError) as failed:
            await fetch(request, transcript, **more)
        return phases(transcript, failure=failed.value), failed.value
    finally:
        transcript.close()


async def until_sent(transcript: Transcript) -> None:
    """Return once the transcript has octets that were sent."""
    sent = asyncio.Event()

    def look(seen: Transcript) -> None:
        if seen[len(seen) - 1].direction is Direction.SENT:
            sent.set()

    cut = transcript.observe(look)
    await sent.wait()
    cut()


def to(text: str) -> Request:
    return Request(parse_target(text, services=True), "/readme")


@pytest.mark.covers("C2.9")
async def test_seven_faults_land_on_seven_rungs(monkeypatch: pytest.MonkeyPatch):
    def no_family(*_args: object) -> socket.socket:
        raise OSError(errno.EAFNOSUPPORT, os.strerror(errno.EAFNOSUPPORT))

    with monkeypatch.context() as injected:
        injected.setattr(dial.socket, "socket", no_family)
        rungs, failure = await fell(to("127.0.0.1:9"))
    assert failing(rungs) == "create"
    assert failure.errno_name == "EAFNOSUPPORT"

    rungs, failure = await fell(to("127.0.0.1:nosuch"))
    assert failing(rungs) == "port"

    def nobody(*_args: object, **_more: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with monkeypatch.context() as injected:
        injected.setattr(socket, "getaddrinfo", nobody)
        rungs, failure = await fell(to("nonexistant.example.invalid:70"))
    assert failing(rungs) == "resolve"
    assert failure.errno_name == "EAI_NONAME"

    rungs, failure = await fell(to(f"127.0.0.1:{free_port()}"))
    assert failing(rungs) == "connect"
    assert failure.errno_name == "ECONNREFUSED"

    with socket.create_server(("127.0.0.1", 0)) as listener:

        def reset(stage: str) -> None:
            if stage == "send":
                accepted, _ = listener.accept()
                accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                accepted.close()

        rungs, failure = await fell(to(f"127.0.0.1:{listener.getsockname()[1]}"), report=reset)
    assert failing(rungs) == "send"

    async with serving("gopher", cut_after=20, reset=True) as served:
        rungs, failure = await fell(to(f"{served.host}:{served.port}"))
    assert failing(rungs) == "receive"
    assert failure.errno_name == "ECONNRESET"

    transcript = Transcript()
    async with serving("gopher") as served:
        answer = await fetch(to(f"{served.host}:{served.port}"), transcript)
    rungs = phases(transcript, channel=answer.channel)
    assert [rung.state for rung in rungs] == ["done"] * 7
    assert "FIN" in rungs[-1].sentence
    assert rungs[-1].event is not None
    transcript.close()


@pytest.mark.parametrize(
    ("address", "rung"),
    [
        ("localhost:nosuch", "port"),
        ("[::1]:nosuch", "port"),
        ("http://h:x/", "port"),
        ("ho st:70", "resolve"),
    ],
)
def test_a_mistake_in_an_address_is_on_the_rung_of_its_place(address: str, rung: str):
    with pytest.raises(LocalMisuse) as wrong:
        parse_target(address)
    assert failing(phases(None, failure=wrong.value)) == rung


@pytest.mark.parametrize(
    ("failure", "rung"),
    [
        (TooSlow("x", stage="talk"), "receive"),
        (LinkLost("x", stage="tls"), "connect"),
        (LinkLost("x", stage="a stage of somebody else"), "receive"),
        (LinkLost("x", stage="answer"), "end"),
    ],
)
def test_every_failure_has_a_rung(failure: WorkbenchError, rung: str):
    assert failing(phases(None, failure=failure)) == rung


async def test_a_conversation_that_goes_on_has_a_rung_that_is_running():
    transcript = Transcript()
    async with serving("silent") as served:
        asked = asyncio.create_task(fetch(to(f"{served.host}:{served.port}"), transcript))
        await until_sent(transcript)
        rungs = phases(transcript)
        asked.cancel()
        await asyncio.wait([asked])
    assert [rung.state for rung in rungs] == ["done"] * 5 + ["running", "not reached"]
    assert "9 B sent" in rungs[4].sentence
    transcript.close()


def test_nothing_begun_is_nothing_reached():
    assert {rung.state for rung in phases(None)} == {"not reached"}
    assert set(WHAT) == set(SOURCES) == set(NAMES)


async def test_two_conversations_of_one_transcript_are_told_apart():
    transcript = Transcript()
    async with serving("gopher") as served:
        first = await fetch(to(f"{served.host}:{served.port}"), transcript)
        begin = len(transcript)
        second = await fetch(to(f"{served.host}:{served.port}"), transcript)
    assert (first.channel, second.channel) == (0, 1)
    assert phases(transcript, channel=1, first=begin)[-1].state == "done"
    assert phases(transcript, channel=0, first=begin)[-1].state == "not reached"
    transcript.close()
