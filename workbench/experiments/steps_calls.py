"""Carrying out the verb of verbs_calls.py: a desk for each stage, closed with it. As in steps.py."""

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from workbench.errors import LocalMisuse, TooSlow
from workbench.experiments.stage import Carry, Done, Stage, timeout_of
from workbench.experiments.things_calls import CallSeen
from workbench.experiments.values import Given
from workbench.formats.quantity import duration_s
from workbench.formats.target import Target

if TYPE_CHECKING:
    from workbench.protocols.calls.desk import Desk

_DESKS: "WeakKeyDictionary[Stage, Desk]" = WeakKeyDictionary()


def _desk(stage: Stage) -> "Desk":
    # The engine is loaded for the cards that need it alone.
    from workbench.protocols.calls.desk import Desk

    if stage not in _DESKS:

        async def resolver(target: Target) -> Target:
            service = stage.services.get(target.host)
            if service is None:
                raise LocalMisuse(f"the card starts no {target.host}", stage="resolve")
            return service.target

        desk = _DESKS[stage] = Desk(stage.transcript, resolver=resolver, clock=stage.clock)
        stage.stack.push_async_callback(desk.aclose)
    return _DESKS[stage]


async def _call(stage: Stage, given: Given, _name: str) -> Done:
    desk = _desk(stage)
    timeout_s = timeout_of(given)
    try:
        async with asyncio.timeout(timeout_s) as limit:
            outcome = await desk.type(str(given["line"]))
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise TooSlow(f"no answer within {duration_s(timeout_s)}", stage="call", committed="maybe") from error
    name = outcome.made[0] if outcome.made else outcome.on
    file = desk.files.get(name)
    held = desk.sockets.get(name) or (file.held if file is not None else None)
    state = held.look() if held is not None else ""
    owners = len(desk.holders(held)) if held is not None else 0
    said = f"{outcome.raised} {outcome.errno}".strip() or outcome.result
    seen = f"{said}; {outcome.remark}" if outcome.remark else said
    return Done(CallSeen(outcome, state, owners), seen, outcome.errno)


CARRY_CALLS: dict[str, Carry] = {"call": _call}
