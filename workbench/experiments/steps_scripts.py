"""Carrying out the verbs of verbs_scripts.py: rules that answer, scripts that expect. As in steps.py."""

import asyncio
from contextlib import suppress
from typing import cast

from workbench.experiments.stage import Carry, Done, Stage
from workbench.experiments.things_scripts import Ruled, Scripted
from workbench.experiments.values import Given
from workbench.protocols.raw.rules import Rules, parse_rules, serve_rules
from workbench.protocols.raw.script import parse_script
from workbench.protocols.raw.script_run import explained, run_script
from workbench.protocols.raw.serve import Server
from workbench.protocols.raw.values import Transport
from workbench.wire.datagram import Datagram


async def _answer_by_rules(stage: Stage, given: Given, name: str) -> Done:
    rules = parse_rules(str(given["rules"]))
    endpoint = stage.closable(given["on"])
    if isinstance(endpoint, Datagram):
        rules.check_transport("udp")
        work = serve_rules(endpoint, rules)
    else:
        work = Server(stage.listener(given["on"]), rules).serve()
    serving = asyncio.create_task(work, name=f"rules of {name or given['on']}")
    stage.stack.push_async_callback(_ended, serving)
    return Done(Ruled(rules), _told(rules))


async def _ended(serving: "asyncio.Task[None]") -> None:
    serving.cancel()
    with suppress(asyncio.CancelledError):
        await serving


def _told(rules: Rules) -> str:
    return ", ".join(rule.when for rule in rules.rules)


async def _run_script(stage: Stage, given: Given, _name: str) -> Done:
    script = parse_script(str(given["script"]))
    transport = cast(Transport, given.get("by", "tcp"))
    target, resolver = stage.where(given["to"], transport)
    outcome = await run_script(script, target, stage.transcript, transport=transport, resolver=resolver)
    failed = next((step for step in outcome.steps if step.verdict == "failed"), None)
    return Done(
        Scripted(
            outcome.count("passed"),
            outcome.count("failed"),
            outcome.count("skipped"),
            failed.text if failed is not None else "",
            outcome.failure.what if outcome.failure is not None else "",
            outcome.failure.kind if outcome.failure is not None else "",
        ),
        explained(outcome.steps, outcome.failure),
    )


CARRY_SCRIPTS: dict[str, Carry] = {"answer-by-rules": _answer_by_rules, "run-script": _run_script}
