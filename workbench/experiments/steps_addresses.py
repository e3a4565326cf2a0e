"""Carrying out the verbs of verbs_addresses.py: look-ups, notations, routes. As in steps.py."""

import asyncio

from workbench.errors import TooSlow
from workbench.experiments.stage import Carry, Done, Stage, timeout_of
from workbench.experiments.values import Given


async def _find_service(stage: Stage, given: Given, _name: str) -> Done:
    from workbench.wire.port_names import find_port

    transport = str(given["transport"])
    channel = stage.transcript.open(f"service {given['service']}", transport)
    service = await find_port(str(given["service"]), transport, channel)
    return Done(service, str(service))


async def _look_up(stage: Stage, given: Given, _name: str) -> Done:
    from workbench.wire.lookup import Asked, look_up

    asked = Asked(
        str(given["host"]),
        str(given.get("service", "")),
        str(given.get("family", "AF_UNSPEC")),
        "any" if "any_type" in given else "SOCK_STREAM",
    )
    channel = stage.transcript.open(f"getaddrinfo {asked.host}", "system")
    results = await look_up(asked, channel, timeout_s=timeout_of(given))
    return Done(results, results[0].card)


async def _inspect(_stage: Stage, given: Given, _name: str) -> Done:
    from workbench.formats.notation import inspect_address

    found = inspect_address(str(given["address"]))
    return Done(found, f"{found.canonical}: {found.kind.what}")


async def _judge(_stage: Stage, given: Given, _name: str) -> Done:
    from workbench.formats.notation import inspect_address
    from workbench.formats.subnet import compare

    own = inspect_address(str(given["own"]))
    prefix = own.prefix if own.prefix is not None else own.address.max_prefixlen
    found = compare(str(own.address), prefix, str(inspect_address(str(given["target"])).address))
    return Done(found, found.sentence)


async def _trace(stage: Stage, given: Given, _name: str) -> Done:
    from workbench.protocols.route.client import trace_route
    from workbench.protocols.route.values import Plan

    limit = asyncio.timeout(timeout_of(given))
    try:
        async with limit:
            trace = await trace_route(str(given["target"]), stage.transcript, Plan(rounds=1))
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise TooSlow("the route was not known in time", stage="receive") from error
    return Done(trace, trace.sentence)


async def _as_nobody(_stage: Stage, given: Given, _name: str) -> Done:
    from workbench.wire.faults import first_open_port
    from workbench.wire.nobody import listen_as_nobody

    tried = await listen_as_nobody(first_open_port() - 1 if given["at"] == "below" else 0)
    word = "it listened" if tried.listens else f"the system says {tried.symbol}"
    return Done(tried, f"port {tried.port}: {word}; the threshold is {tried.threshold}")


CARRY_ADDRESSES: dict[str, Carry] = {
    "find-service": _find_service,
    "look-up": _look_up,
    "inspect-address": _inspect,
    "judge": _judge,
    "trace-route": _trace,
    "listen-as-nobody": _as_nobody,
}
