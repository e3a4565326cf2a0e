"""Carrying out the verbs of verbs_queues.py: what the system holds, and what it is asked for. As in steps.py."""

import asyncio
from contextlib import suppress
from typing import cast

from workbench.errors import LocalFault, TooSlow
from workbench.experiments.stage import Carry, Done, Stage, data_of, timeout_of
from workbench.experiments.things import Count, Filled, Gauge, Octets
from workbench.experiments.values import Given
from workbench.experiments.verb import quoted
from workbench.experiments.verbs_queues import QUIET_S
from workbench.formats.quantity import octets
from workbench.transcript.records import Direction
from workbench.wire.options import Setting, value_text
from workbench.wire.stream import Stream

MAX_FILL = 64 * 1024 * 1024
"""Octets that a system may take before a step says that it has no end: Linux takes 10 MiB at most as it is set up."""
LOOK_EVERY_S = 0.005
_FIN_UNDER_WAY = ("FIN-WAIT-1", "CLOSING", "LAST-ACK")
SETTLED_AFTER = 3
"""Looks in a row that must find the same."""
SETTLED_WITHIN_S = 2.0
"""Acknowledgements may be delayed for 40 ms (Linux), and repeated after 200; then what is seen is what there is."""


async def _set_options(stage: Stage, given: Given, _name: str) -> Done:
    stream = stage.stream(given["on"])
    granted = []
    for setting in cast("tuple[Setting, ...]", given["options"]):
        value = stream.options.set(setting.option.name, setting.value)
        granted.append(f"{setting.option.name}={value_text(value)}")
    return Done(said=f"granted: {', '.join(granted)}")


async def _fill(stage: Stage, given: Given, _name: str) -> Done:
    stream = stage.stream(given["on"])
    quiet_s = cast(float, given.get("timeout_s", QUIET_S))
    before = _passed(stream, Direction.SENT)
    offered = 0
    while (taken := _passed(stream, Direction.SENT) - before) < MAX_FILL:
        offered += len(data_of(given))
        try:
            await stream.send(data_of(given), timeout_s=quiet_s)
        except TooSlow:
            taken = _passed(stream, Direction.SENT) - before
            return Done(Filled(taken, offered), f"the system took {octets(taken)}, and then no more")
        await asyncio.sleep(0)
    raise TooSlow(f"the system took {octets(taken)} and was still not full", stage="send", committed="maybe")


async def _exchange(stage: Stage, given: Given, _name: str) -> Done:
    stream, data = stage.stream(given["on"]), data_of(given)
    limit = asyncio.timeout(timeout_of(given))
    try:
        async with limit:
            sending = asyncio.create_task(stream.send(data), name="exchange")
            try:
                came = await stream.read_exactly(len(data))
                await sending
            finally:
                sending.cancel()
                with suppress(asyncio.CancelledError):
                    await asyncio.wait([sending])
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise TooSlow("not all of it was sent and came back", stage="exchange", committed="maybe") from error
    return Done(Octets(came, len(came) == len(data)), quoted(came))


async def _gauge(stage: Stage, given: Given, _name: str) -> Done:
    sender, receiver = stage.stream(given["on"]), stage.stream(given["peer"])
    loop = asyncio.get_running_loop()
    until = loop.time() + SETTLED_WITHIN_S
    seen, times = _look(sender, receiver), 1
    # What is on its way is counted twice, once here and once there: look until nothing is.
    while not (seen.adds_up and times >= SETTLED_AFTER) and loop.time() < until:
        await asyncio.sleep(LOOK_EVERY_S)
        now = _look(sender, receiver)
        times = times + 1 if now == seen else 1
        seen = now
    return Done(
        seen,
        f"{octets(seen.handed_over)} handed over: {octets(seen.send_queue)} in the sender's system, "
        f"{octets(seen.receive_queue)} in the receiver's, {octets(seen.read)} read",
    )


def _look(sender: Stream, receiver: Stream) -> Gauge:
    ours, theirs = sender.queues(), receiver.queues()
    if ours is None or theirs is None or ours.unacknowledged is None:
        raise LocalFault("this system does not tell what waits in its queues", stage="gauge")
    info, peer_info = sender.tcp_info(), receiver.tcp_info()
    waiting = ours.unacknowledged
    if info is not None and info.state in _FIN_UNDER_WAY and waiting:
        # A FIN takes a number of its own (RFC 9293 section 3.4), and the system counts it in; it is no octet.
        waiting -= 1
    return Gauge(
        _passed(sender, Direction.SENT),
        waiting,
        theirs.unread,
        _passed(receiver, Direction.RECEIVED),
        info.state if info is not None else "",
        peer_info.state if peer_info is not None else "",
    )


def _passed(stream: Stream, direction: Direction) -> int:
    """Octets of a connection so far, as they go over the wire: records, where it is under TLS."""
    return len(stream.channel.stream(direction))


async def _count_waiting(stage: Stage, given: Given, _name: str) -> Done:
    listener = stage.listener(given["on"])
    loop = asyncio.get_running_loop()
    until = loop.time() + SETTLED_WITHIN_S
    seen, times = listener.waiting(), 1
    while times < SETTLED_AFTER and loop.time() < until:
        await asyncio.sleep(LOOK_EVERY_S)
        now = listener.waiting()
        times = times + 1 if now == seen else 1
        seen = now
    if seen is None:
        raise LocalFault("this system does not tell how many connections wait", stage="listen")
    return Done(Count(seen), f"{seen} wait")


async def _unplug(stage: Stage, given: Given, _name: str) -> Done:
    stage.stream(given["on"]).unplug()
    return Done()


CARRY_QUEUES: dict[str, Carry] = {
    "set-options": _set_options,
    "fill": _fill,
    "exchange": _exchange,
    "gauge": _gauge,
    "count-waiting": _count_waiting,
    "unplug": _unplug,
}
