"""Carrying out the verbs of verbs_discovery.py: groups on the loopback interface, and who is in them."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from workbench.experiments.stage import Carry, Done, Stage, data_of, timeout_of
from workbench.experiments.things_discovery import DiscoveredSeen
from workbench.experiments.values import Given
from workbench.formats.target import Target
from workbench.wire.datagram import open_datagram

if TYPE_CHECKING:
    from workbench.protocols.discovery.values import Found

LOOPBACK_V4, LOOPBACK_V6 = "127.0.0.1", "lo"


def _interface(group: str) -> str:
    return LOOPBACK_V6 if ":" in group else LOOPBACK_V4


async def _join(stage: Stage, given: Given, _name: str) -> Done:
    group = str(given["group"])
    stage.datagram(given["on"]).membership.join(group, _interface(group))
    return Done(said=f"it hears {group}")


async def _leave(stage: Stage, given: Given, _name: str) -> Done:
    group = str(given["group"])
    stage.datagram(given["on"]).membership.leave(group, _interface(group))
    return Done(said=f"it hears {group} no more")


async def _to_group(stage: Stage, given: Given, name: str) -> Done:
    group = str(given["group"])
    remote = Target("udp", group, stage.port(given["port_of"]))
    local = None if ":" in group else Target("udp", LOOPBACK_V4, 0)
    sender = await open_datagram(stage.transcript, remote=remote, local=local, title=name, hears_all=True)
    async with sender:
        sender.membership.send_by(_interface(group))
        await sender.send(data_of(given), sender.asked)
    return Done(said="the system took it")


async def _discover(stage: Stage, given: Given, _name: str) -> Done:
    # The engine is loaded for the cards that need it alone.
    from workbench.protocols.discovery.client import carry_out
    from workbench.protocols.discovery.values import Found, Plan

    target, resolver = stage.where(given["to"], "udp")
    plan = Plan(
        given["language"],  # type: ignore[arg-type]  # of the choices
        given.get("preset", "search"),  # type: ignore[arg-type]  # of the choices
        target,
        what=str(given.get("what", "")),
        for_s=timeout_of(given),
    )
    newest = Found()
    enough = asyncio.Event()

    def tell(found: Found) -> None:
        nonlocal newest
        newest = found
        if _is_enough(found, given):
            enough.set()

    going = asyncio.create_task(
        carry_out(replace(plan), stage.transcript, resolver=resolver, tell=tell), name="experiment/discover"
    )
    waiting = asyncio.create_task(enough.wait(), name="experiment/enough")
    try:
        await asyncio.wait((going, waiting), return_when=asyncio.FIRST_COMPLETED)
        if going.done():
            newest = going.result()
    finally:
        going.cancel()
        waiting.cancel()
        await asyncio.gather(going, waiting, return_exceptions=True)
    seen = _seen(newest)
    return Done(seen, f"{seen.present or 'nobody'}{f'; gone: {seen.gone}' if seen.gone else ''}")


def _is_enough(found: "Found", given: Given) -> bool:
    gone, wanted = cast(int, given.get("until_gone", 0)), cast(int, given.get("until_found", 0))
    if not gone and not wanted:
        return False
    placed = sum(bool(peer.addresses) for peer in found.peers)
    return len(found.gone) >= gone and placed >= wanted


def _seen(found: "Found") -> DiscoveredSeen:
    return DiscoveredSeen(
        ", ".join(sorted(peer.name for peer in found.present)),
        ", ".join(sorted(peer.name for peer in found.gone)),
        len(found.peers),
        ", ".join(sorted(address for peer in found.peers for address in peer.addresses)),
        "; ".join(sorted(fault for peer in found.peers for fault in peer.faults)),
        "; ".join(dict.fromkeys(odd.what for odd in found.oddities)),
        found.sent,
    )


CARRY_DISCOVERY: dict[str, Carry] = {
    "join-group": _join,
    "leave-group": _leave,
    "send-to-group": _to_group,
    "discover": _discover,
}
