"""Carrying steps out: each verb of verbs.VERBS on the engines of the wire, everything recorded in one transcript.

A verb's coroutine takes the stage and the step's parameters and returns what it made and, in a few words, what was
seen. It raises what the engine raises: whether a failure was meant is the player's business.
"""

import asyncio
from typing import cast

from workbench.errors import LinkLost, PeerMisbehaved, TooSlow
from workbench.experiments.stage import Carry, Done, Stage, data_of, timeout_of
from workbench.experiments.steps_addresses import CARRY_ADDRESSES
from workbench.experiments.steps_calls import CARRY_CALLS
from workbench.experiments.steps_discovery import CARRY_DISCOVERY
from workbench.experiments.steps_dns import CARRY_DNS
from workbench.experiments.steps_flow import CARRY_FLOW
from workbench.experiments.steps_frames import CARRY_FRAMES
from workbench.experiments.steps_ftp import CARRY_FTP
from workbench.experiments.steps_gopher import CARRY_GOPHER
from workbench.experiments.steps_letters import CARRY_LETTERS
from workbench.experiments.steps_mail import CARRY_MAIL
from workbench.experiments.steps_markup import CARRY_MARKUP
from workbench.experiments.steps_queues import CARRY_QUEUES
from workbench.experiments.steps_readiness import CARRY_READY
from workbench.experiments.steps_scripts import CARRY_SCRIPTS
from workbench.experiments.steps_secure import CARRY_SECURE
from workbench.experiments.steps_servers import CARRY_SERVERS
from workbench.experiments.steps_sql import CARRY_SQL
from workbench.experiments.steps_web import CARRY_WEB
from workbench.experiments.tap import Tap
from workbench.experiments.things import ClockReading, Octets, Span, Tries, utc
from workbench.experiments.values import Given
from workbench.experiments.verbs import LOOPBACK, MAX_DATA, quoted
from workbench.formats.rfc868 import decode_time
from workbench.formats.target import Target
from workbench.wire.datagram import MAX_DATAGRAM, Datagram, open_datagram
from workbench.wire.dial import dial
from workbench.wire.listen import Listener, listen
from workbench.wire.options import Setting
from workbench.wire.stream import Stream

MAX_TRIES = 1000
"""Sends until the system says no: on loopback it is the second, or one of the next few on a busy machine."""


# TCP ----------------------------------------------------------------------------------------------------------------


async def _listen(stage: Stage, given: Given, name: str) -> Done:
    backlog = cast(int, given.get("backlog", 128))
    port = stage.port(given["port_of"]) if "port_of" in given else 0
    where = Target("tcp", str(given.get("at", LOOPBACK)), port)
    listener = await listen(where, stage.transcript, title=name, backlog=backlog, settings=_settings(given))
    return Done(stage.keep(listener), f"on {listener.address}")


async def _accept(stage: Stage, given: Given, name: str) -> Done:
    stream = stage.keep(await stage.listener(given["on"]).accept(timeout_s=timeout_of(given)))
    stream.channel.named(title=name)
    return Done(stream, f"from {stream.peer}")


async def _connect(stage: Stage, given: Given, name: str) -> Done:
    target, resolver = stage.where(given["to"], "tcp", at=given.get("at"))
    stream = await dial(
        target,
        stage.transcript,
        resolver=resolver,
        title=name,
        timeout_s=timeout_of(given),
        local=Target("tcp", str(given["from"]), 0) if "from" in given else None,
        settings=_settings(given),
    )
    stage.keep(stream)
    return Done(stream, f"{stream.local} to {stream.peer}")


def _settings(given: Given) -> tuple[Setting, ...]:
    return cast("tuple[Setting, ...]", given.get("options", ()))


async def _send(stage: Stage, given: Given, _name: str) -> Done:
    await stage.stream(given["on"]).send(data_of(given), timeout_s=timeout_of(given))
    return Done(said="the system took it")


async def _send_until_lost(stage: Stage, given: Given, _name: str) -> Done:
    stream = stage.stream(given["on"])
    deadline = asyncio.get_running_loop().time() + timeout_of(given)
    taken = 0
    while taken < MAX_TRIES and asyncio.get_running_loop().time() < deadline:
        try:
            await stream.send(data_of(given), timeout_s=timeout_of(given))
        except LinkLost as failure:
            return Done(Tries(taken), f"{_how_often(taken)}: {failure.what}", failure.errno_name)
        taken += 1
        # The answer of the peer's system is on its way: let the loop, and so the machine, get to it.
        await asyncio.sleep(0)
    raise TooSlow(f"the system took it {taken} times and did not say no", stage="send", committed="maybe")


def _how_often(taken: int) -> str:
    match taken:
        case 0:
            return "the system says no at once"
        case 1:
            return "the system took it once, and then says no"
    return f"the system took it {taken} times, and then says no"


async def _read(stage: Stage, given: Given, _name: str) -> Done:
    stream = stage.stream(given["on"])
    timeout_s = timeout_of(given)
    complete = True
    if "until" in given:
        mark = cast(bytes, given["until"])
        data = await stream.read_until(mark, limit=MAX_DATA, timeout_s=timeout_s)
        complete = data.endswith(mark)
    elif "exactly" in given:
        count = cast(int, given["exactly"])
        data = await stream.read_exactly(count, timeout_s=timeout_s)
        complete = len(data) == count
    elif "to_end" in given:
        data = await _read_to_end(stream, timeout_s)
    elif "length_ahead" in given:
        data, complete = await _read_announced(stream, cast(int, given["length_ahead"]), timeout_s)
    else:
        data = await stream.read(cast(int, given.get("at_most", MAX_DATA)), timeout_s=timeout_s)
    return Done(Octets(data, complete), _seen(stream, data))


async def _read_announced(stream: Stream, width: int, timeout_s: float) -> tuple[bytes, bool]:
    """What follows a length, and whether all of it came. Raises: PeerMisbehaved: too much is announced."""
    length = await stream.read_exactly(width, timeout_s=timeout_s)
    if len(length) < width:
        return length, False
    count = int.from_bytes(length)
    if count > MAX_DATA:
        # Believing it would mean waiting for what never comes, or keeping room for it.
        raise PeerMisbehaved(
            f"{count} octets are announced; {MAX_DATA} are the most that we take",
            stage="receive",
            data=length,
        )
    data = await stream.read_exactly(count, timeout_s=timeout_s)
    return data, len(data) == count


async def _wait_end(stage: Stage, given: Given, _name: str) -> Done:
    stream = stage.stream(given["on"])
    data = await _read_to_end(stream, timeout_of(given))
    return Done(Octets(data), _seen(stream, data))


async def _read_to_end(stream: Stream, timeout_s: float) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while data := await stream.read(timeout_s=timeout_s):
        pieces.append(data)
        size += len(data)
        if size > MAX_DATA:
            raise PeerMisbehaved(f"more than {MAX_DATA} octets came, and no end", stage="receive")
    return b"".join(pieces)


def _seen(stream: Stream, data: bytes) -> str:
    ended = f"the end: {stream.end.sentence}" if stream.end is not None else ""
    return ", then ".join(filter(None, (quoted(data) if data else "", ended))) or "nothing"


async def _finish(stage: Stage, given: Given, _name: str) -> Done:
    await stage.stream(given["on"]).finish()
    return Done()


async def _abort(stage: Stage, given: Given, _name: str) -> Done:
    stage.stream(given["on"]).abort()
    return Done()


async def _close(stage: Stage, given: Given, _name: str) -> Done:
    await stage.closable(given["on"]).aclose()
    return Done()


# UDP ----------------------------------------------------------------------------------------------------------------


async def _open_datagram(stage: Stage, given: Given, name: str) -> Done:
    port = stage.port(given["port_of"]) if "port_of" in given else 0
    remote, resolver, local = None, None, None
    if "to" in given:
        remote, resolver = stage.where(given["to"], "udp", at=given.get("at"))
        local = Target("udp", LOOPBACK, port) if port else None
    else:
        local = Target("udp", str(given.get("at", LOOPBACK)), port)
    opened = await open_datagram(
        stage.transcript,
        remote=remote,
        local=local,
        resolver=resolver,
        title=name,
        settings=_settings(given),
    )
    to = f" to {opened.peer}" if opened.peer else ""
    return Done(stage.keep(opened), f"{opened.address}{to}" if to else f"on {opened.address}")


async def _send_datagram(stage: Stage, given: Given, _name: str) -> Done:
    to = stage.datagram(given["to"]).address if "to" in given else ""
    await stage.datagram(given["on"]).send(data_of(given), to, timeout_s=timeout_of(given))
    return Done(said="the system took it")


async def _receive_datagram(stage: Stage, given: Given, _name: str) -> Done:
    limit = cast(int, given.get("at_most", MAX_DATAGRAM))
    received = await stage.datagram(given["on"]).receive(limit=limit, timeout_s=timeout_of(given))
    what = quoted(received.data) if received.data else "a datagram of no octets"
    cut = ", cut short" if received.truncated else ""
    return Done(
        Octets(received.data, not received.truncated, received.source), f"{what} from {received.source}{cut}"
    )


# Neither ------------------------------------------------------------------------------------------------------------


async def _note(_stage: Stage, _given: Given, _name: str) -> Done:
    return Done()


async def _decode_time(stage: Stage, given: Given, _name: str) -> Done:
    unix_s = decode_time(stage.octets(given["of"]).data)
    now_ns = stage.clock.wall_ns()
    differs_s = (unix_s * 1_000_000_000 - now_ns) / 1e9
    return Done(ClockReading(unix_s, differs_s), utc(unix_s))


async def _measure(stage: Stage, given: Given, _name: str) -> Done:
    elapsed_ns = stage.clock.monotonic_ns() - stage.made[str(given["since"])].ended_ns
    return Done(Span(elapsed_ns), f"{elapsed_ns / 1e6:.1f} ms")


CARRY: dict[str, Carry] = {
    "listen": _listen,
    "accept": _accept,
    "connect": _connect,
    "send": _send,
    "send-until-lost": _send_until_lost,
    "read": _read,
    "wait-end": _wait_end,
    "finish": _finish,
    "abort": _abort,
    "close": _close,
    "open-datagram": _open_datagram,
    "send-datagram": _send_datagram,
    "receive-datagram": _receive_datagram,
    "note": _note,
    "decode-time": _decode_time,
    "measure": _measure,
    **CARRY_DNS,
    **CARRY_FRAMES,
    **CARRY_FTP,
    **CARRY_MAIL,
    **CARRY_LETTERS,
    **CARRY_SQL,
    **CARRY_MARKUP,
    **CARRY_WEB,
    **CARRY_DISCOVERY,
    **CARRY_GOPHER,
    **CARRY_CALLS,
    **CARRY_FLOW,
    **CARRY_READY,
    **CARRY_SERVERS,
    **CARRY_SCRIPTS,
    **CARRY_ADDRESSES,
    **CARRY_QUEUES,
    **CARRY_SECURE,
}
"""The coroutine of every verb; a test compares it with verbs.VERBS."""


def channels_of(thing: object) -> frozenset[int]:
    """The numbers of a thing's channels in the transcript; none for what is no socket."""
    if isinstance(thing, Datagram):
        peers = (thing.channel_of(peer).number for peer in thing.peers)
        return frozenset((thing.channel.number, *peers))
    if isinstance(thing, Tap):
        return thing.channels
    if isinstance(thing, Stream | Listener):
        return frozenset((thing.channel.number,))
    return frozenset()
