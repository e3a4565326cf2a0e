"""Asking a Gopher server: a connection, one line, and reads until the server ends it.

timeout_s is for everything together. Whatever happens, the stream is closed and all of it stands in the transcript.
"""

import asyncio
from collections.abc import Callable

from workbench.errors import LinkLost, LocalMisuse, PeerMisbehaved, Refused, TooSlow
from workbench.formats.quantity import duration_s, octets
from workbench.jobs.job import current_job
from workbench.protocols.gopher.address import read_address
from workbench.protocols.gopher.machine import GopherMachine
from workbench.protocols.gopher.values import TERMINATORS, Answer, Read, Request
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import Report, TargetResolver, dial
from workbench.wire.ends import End
from workbench.wire.stream import Stream

TITLE = "gopher"
"""What the title of every channel of ours begins with."""
MAX_READS = 100_000
"""Reads that are listed; those behind them are in the transcript."""
MAX_READ_OCTETS = 32 * 1024
"""Lines of a menu are read as they come: more of them at once would be felt in the window."""
WAITS_FOR = "a server waits for the end of the line; this one was sent without CR LF"
NOTHING_CAME = "a server that answers nothing may speak another protocol"

Progress = Callable[[int], None]


async def fetch(
    request: Request,
    transcript: Transcript,
    *,
    resolver: TargetResolver | None = None,
    timeout_s: float = 30.0,
    report: Report | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Ask, and read to the end.

    Args:
        report: told the stage: "resolve", "connect", "send", "receive".
        progress: told how many octets have come, after each read.

    Raises: LocalMisuse before anything is sent; what dial raises; LinkLost: the connection was reset, with the stage;
        TooSlow; PeerMisbehaved: more than can be held, or lines without end.
    """
    machine = GopherMachine(request)
    if not 1 <= request.read_octets <= MAX_READ_OCTETS:
        raise LocalMisuse(f"a read takes from 1 to {MAX_READ_OCTETS:,} octets")
    tell = report or _silent
    title = f"{TITLE} {request.target.text or request.target}"
    deadline = asyncio.get_running_loop().time() + timeout_s
    stream = await dial(
        request.target, transcript, resolver=resolver, title=title, timeout_s=timeout_s, report=report
    )
    reads: list[Read] = []
    try:
        async with asyncio.timeout_at(deadline):
            tell("send")
            wire = machine.send()
            await stream.send(wire)
            tell("receive")
            await _read_all(stream, machine, reads, progress)
    except TimeoutError as error:
        raise too_slow(request, len(machine.body), timeout_s, bool(reads)) from error
    except PeerMisbehaved:
        stream.abort()
        raise
    finally:
        await stream.aclose()
    assert stream.end is not None
    check_end(stream.end, len(machine.body))
    stream.channel.fact(
        "gopher.answer",
        kind=machine.kind,
        octets=len(machine.body),
        items=len(machine.items),
        complete=machine.is_complete,
    )
    return Answer(
        request,
        machine.kind,
        bytes(machine.body),
        machine.items,
        machine.is_complete,
        tuple(reads),
        stream.end,
        stream.peer,
        stream.channel.number,
        wire,
    )


async def open_url(
    address: str,
    transcript: Transcript,
    *,
    resolver: TargetResolver | None = None,
    timeout_s: float = 30.0,
    report: Report | None = None,
) -> Answer:
    """What a Gopher address leads to. Raises: as read_address and fetch."""
    request = read_address(address)
    return await fetch(request, transcript, resolver=resolver, timeout_s=timeout_s, report=report)


def require_yes(answer: Answer) -> None:
    """Raises: Refused: all that the server says is that there was an error."""
    if answer.refusal:
        raise Refused(
            "the server has no such item",
            stage="answer",
            reply=answer.refusal,
            advice="begin at the root menu, whose selector is empty",
            source="RFC 1436 section 3.8",
        )


async def _read_all(
    stream: Stream, machine: GopherMachine, reads: list[Read], progress: Progress | None
) -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    job = current_job()
    while data := await stream.read(machine.request.read_octets):
        if len(reads) < MAX_READS:
            reads.append(Read(len(data), int((loop.time() - begun) * 1e9)))
        machine.receive(data)
        if job is not None:
            job.progress(stage="receive", done=len(machine.body))
        if progress is not None:
            progress(len(machine.body))
    machine.receive(b"")


def check_end(end: End, came: int) -> None:
    """Whether an answer ended well. Raises: LinkLost: it was no FIN, so nobody knows whether that was all."""
    if end.kind != "FIN":
        raise LinkLost(
            f"{end.sentence}; {octets(came)} had come",
            stage="receive",
            errno_name="ECONNRESET" if end.kind == "RST" else "",
            committed="maybe",
            advice="Gopher announces no length: what came may be any part of it",
        )


def too_slow(request: Request, came: int, timeout_s: float, has_reads: bool) -> TooSlow:
    """The failure of an answer that did not end in time."""
    has_end = TERMINATORS[request.terminator].endswith(b"\n")
    return TooSlow(
        f"the answer did not end within {duration_s(timeout_s)}; {octets(came)} came",
        stage="receive",
        committed="maybe",
        advice=WAITS_FOR if not has_end and not has_reads else "" if has_reads else NOTHING_CAME,
    )


def _silent(_stage: str) -> None:
    return None
