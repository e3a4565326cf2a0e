"""Carrying out the verbs of verbs_servers.py: servers of our own, questions by UDP. As in steps.py."""

import asyncio
from typing import cast

from workbench.errors import LocalMisuse
from workbench.experiments.stage import Carry, Done, Stage, data_of
from workbench.experiments.things_servers import Search
from workbench.experiments.values import Given
from workbench.protocols.raw.broadcast import Limiter
from workbench.protocols.raw.everybody import host_of, open_to_everybody, who_is_there
from workbench.protocols.raw.limits import Limits
from workbench.protocols.raw.question import Answer, Questions, Retry
from workbench.protocols.raw.serve import Reply, Server, serve_datagrams
from workbench.protocols.raw.zones import Injection, Zone, Zones
from workbench.wire.datagram import Datagram, open_datagram

WAIT_S = 0.2
QUIET_S = 0.3


class _Aimed(Zones):
    """Throws for one client, counted from 1."""

    def __init__(self, zone: Zone, client: int) -> None:
        super().__init__()
        self._zone, self._client, self._seen = zone, client, 0

    def enter(self, zone: Zone) -> None:
        if zone == self._zone:
            self._seen += 1
            if self._seen == self._client:
                self.injection = Injection(zone)
        super().enter(zone)


class _Echo:
    """Answers datagrams, all but the first ones. It looks like a Server to who asks for its figures."""

    def __init__(self, deaf: int) -> None:
        self.zones = Zones()
        self.open_sockets = 1
        self._deaf = deaf

    def answer(self, data: bytes) -> bytes | None:
        if self._deaf:
            self._deaf -= 1
            return None
        self.zones.served += 1
        return data


async def _serve(stage: Stage, given: Given, _name: str) -> Done:
    rule = str(given["be"])
    thing = stage.closable(given["on"])
    if isinstance(thing, Datagram):
        return _serve_datagrams(stage, thing, rule, cast(int, given.get("deaf", 0)))
    reply = Reply("echo") if rule == "echo" else Reply("none", preset=rule)
    server = Server(
        stage.listener(given["on"]), reply, limits=Limits(idle_s=cast("float | None", given.get("idle_s")))
    )
    server.one_at_a_time = "one_at_a_time" in given
    if "throw_in" in given:
        server.zones = _Aimed(cast(Zone, given["throw_in"]), cast(int, given.get("client", 1)))
    task = asyncio.create_task(server.serve(), name="experiment/serve")

    async def end() -> None:
        await server.aclose()
        await asyncio.gather(task, return_exceptions=True)

    stage.stack.push_async_callback(end)
    return Done(server, f"on {server.listener.address}")


def _serve_datagrams(stage: Stage, opened: Datagram, rule: str, deaf: int) -> Done:
    if rule != "echo":
        raise LocalMisuse(f"datagrams have no conversation that could be {rule}", advice='be = "echo"')
    echo = _Echo(deaf)
    task = asyncio.create_task(serve_datagrams(opened, echo), name="experiment/serve")

    async def end() -> None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    stage.stack.push_async_callback(end)
    return Done(echo, f"on {opened.address}")


async def _ask(stage: Stage, given: Given, name: str) -> Done:
    target, resolver = stage.where(given["to"], "udp")
    opened = await open_datagram(
        stage.transcript, remote=target, resolver=resolver, title=name, hears_all=True
    )
    questions = Questions(stage.keep(opened), opened.asked)
    retry = Retry(cast(int, given.get("tries", 1)), cast(float, given.get("wait_s", WAIT_S)))
    reading = asyncio.create_task(_read(opened, questions), name="experiment/read")
    try:
        attempts = await questions.ask(data_of(given), opened.asked, retry)
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    found = _search(questions.answers, attempts)
    return Done(found, f"answered after attempt {attempts}")


async def _ask_everybody(stage: Stage, given: Given, _name: str) -> Done:
    target, resolver = stage.where(given["to"], "udp")
    opened = stage.keep(await open_to_everybody(target, stage.transcript, resolver=resolver))
    limiter = Limiter(asyncio.get_running_loop().time)
    quiet_s = cast(float, given.get("quiet_s", QUIET_S))
    answers = await who_is_there(opened, (data_of(given),), limiter, quiet_s=quiet_s)
    found = _search(answers, limiter.passed)
    return Done(found, found.who or "nobody answered")


async def _read(opened: Datagram, questions: Questions) -> None:
    while True:
        questions.take(await opened.receive())


def _search(answers: tuple[Answer, ...], attempts: int) -> Search:
    ordered = sorted(answers, key=lambda answer: answer.source)
    return Search(
        ", ".join(host_of(answer.source) for answer in ordered),
        ", ".join(answer.data.decode("utf-8", "replace") for answer in ordered),
        len(answers),
        attempts,
        sum(answer.stranger for answer in answers),
    )


CARRY_SERVERS: dict[str, Carry] = {"serve": _serve, "ask": _ask, "ask-everybody": _ask_everybody}
