"""Carrying out the verbs of verbs_readiness.py. As in steps.py."""

import asyncio
from typing import cast

from workbench.errors import LocalMisuse, TooSlow
from workbench.experiments.stage import Carry, Done, Stage, timeout_of
from workbench.experiments.thing import Metered, Raced, Readiness, SetsSeen
from workbench.experiments.values import Given
from workbench.experiments.verb import quoted
from workbench.formats.target import Target
from workbench.jobs.worker import Worker
from workbench.protocols.readiness import costs
from workbench.protocols.readiness.client import Rule, wait_and_spin
from workbench.protocols.readiness.values import NOTHING, READING, Ready, read_flags
from workbench.protocols.readiness.watch import Watch
from workbench.wire.dial import dial_among
from workbench.wire.listen import Listener
from workbench.wire.policy import Policy
from workbench.wire.race import lanes_of, sentence_of
from workbench.wire.stream import Stream

AGAIN_S = 0.002
MEASURE_WITHIN_S = 20.0


def _descriptor(stage: Stage, name: object) -> int:
    return cast("Stream | Listener", stage.closable(name)).descriptor


async def _ask_ready(stage: Stage, given: Given, _name: str) -> Done:
    try:
        awaited = read_flags(str(given.get("until", "")))
    except ValueError as error:
        raise LocalMisuse(str(error), stage="experiment") from error
    descriptor = _descriptor(stage, given["on"])
    watch = Watch(str(given.get("engine", "poll")))
    watch.wanted = {descriptor: READING}
    loop = asyncio.get_running_loop()
    until = loop.time() + timeout_of(given)
    try:
        told = watch.look()[descriptor]
        # What is on its way has no event that could be waited for without waiting for readiness itself.
        while awaited not in told:
            if loop.time() > until:
                raise TooSlow(f"only {told.text} was told in time", stage="wait")
            await asyncio.sleep(AGAIN_S)
            told = watch.look()[descriptor]
    finally:
        watch.close()
    return Done(Readiness(told.text, int(told & ~Ready.RDHUP)), told.text)


async def _select(stage: Stage, given: Given, _name: str) -> Done:
    names = {
        _descriptor(stage, given[key]): str(given[key]) for key in ("on", "and", "and_also") if key in given
    }
    asked = Ready.IN | Ready.PRI | (Ready.OUT if given.get("writing") else NOTHING)
    watch = Watch("select")
    watch.wanted = dict.fromkeys(names, asked)
    try:
        wake = await watch.wait(0 if given.get("at_once") else timeout_of(given))
    finally:
        watch.close()
    assert wake.sets is not None
    to_read, to_write, urgent = (", ".join(names[fd] for fd in numbers) for numbers in wake.sets)
    seen = SetsSeen(to_read, to_write, urgent, wake.slept_ns)
    return Done(seen, f"to read: [{seen.to_read}], to write: [{seen.to_write}], urgent: [{seen.urgent}]")


async def _spin(stage: Stage, given: Given, _name: str) -> Done:
    stream = stage.stream(given["on"])
    heard = await wait_and_spin(
        stream.descriptor,
        stream.read,
        engine=str(given.get("engine", "poll")),
        lines=cast(int, given.get("lines", 0)),
        rule=cast(Rule, given.get("rule", "bit")),
        limit_s=timeout_of(given),
    )
    left = f", and left {quoted(heard.unread)} behind" if heard.unread else ""
    said = f"{quoted(heard.text)} in {heard.ticks} turns of the spinner; it left for: {heard.left}{left}"
    return Done(heard, said)


async def _race(stage: Stage, given: Given, name: str) -> Done:
    first = len(stage.transcript)
    place, resolver = stage.where(given["to"], "tcp")
    if resolver is not None:
        place = await resolver(place)
    targets = [Target("tcp", host, place.port) for host in str(given["at"]).split()]
    channel = len(stage.transcript.channels)
    stream = await dial_among(
        targets,
        stage.transcript,
        title=name or "race",
        timeout_s=timeout_of(given),
        policy=cast(Policy, given.get("policy", "happy")),
    )
    stage.keep(stream)
    lanes = lanes_of(stage.transcript, channel, first)
    attempts = [lane for lane in lanes if lane.step == "connect"]
    tried = ", ".join(f"{lane.family} {lane.outcome}" for lane in attempts)
    winner = stream.peer.rpartition(":")[0]
    return Done(Raced(winner, tried, len(attempts)), sentence_of(lanes))


async def _measure_asking(_stage: Stage, given: Given, _name: str) -> Done:
    worker = Worker("the measuring")
    try:
        asking, waiting = await worker.call(
            costs.read_meters, str(given.get("engine", "select")), timeout_s=MEASURE_WITHIN_S
        )
    finally:
        worker.close()
    seen = Metered(asking.calls, waiting.calls, asking.cpu_share * 100, waiting.cpu_share * 100)
    return Done(seen, f"{seen.asking_calls} calls for nothing, against {seen.waiting_calls}")


CARRY_READY: dict[str, Carry] = {
    "ask-ready": _ask_ready,
    "select": _select,
    "wait-and-spin": _spin,
    "race": _race,
    "measure-asking": _measure_asking,
}
