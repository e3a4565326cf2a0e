"""Carrying out the verbs of verbs_gopher.py: questions to a Gopher server. As in steps.py."""

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from workbench.errors import WorkbenchError
from workbench.experiments.stage import Carry, Done, Stage, timeout_of
from workbench.experiments.things_gopher import AskedSeen, LevelsSeen
from workbench.experiments.values import Given

if TYPE_CHECKING:
    from workbench.protocols.gopher.values import Request

MAX_TEXT = 4096
"""Octets of an answer that a card can compare."""
_NOTHING = AskedSeen("", "", 0, 0, 0, False, "", "", "", "", "")


def _request(given: Given, stage: Stage) -> "Request":
    # The engine is loaded for the cards that need it alone.
    from workbench.protocols.gopher.values import Request, Terminator

    target, _ = stage.where(given["to"], "tcp")
    search = str(given["search"]) if "search" in given else None
    return Request(
        target,
        str(given.get("selector", "")),
        search,
        "7" if search is not None else "" if given.get("selector") else "1",
        cast(Terminator, given.get("terminator", "crlf")),
        cast(int, given.get("read", 2048)),
    )


async def _ask(stage: Stage, given: Given, _name: str) -> Done:
    from workbench.protocols.gopher.client import fetch
    from workbench.wire.phases import phases

    _, resolver = stage.where(given["to"], "tcp")
    request = _request(given, stage)
    transcript, first, channel = stage.transcript, len(stage.transcript), len(stage.transcript.channels)
    try:
        answer = await fetch(request, transcript, resolver=resolver, timeout_s=timeout_of(given))
    except WorkbenchError as failure:
        rungs = phases(transcript, channel=channel, failure=failure, first=first)
        rung = next(rung.name for rung in rungs if rung.state == "failed")
        seen = _NOTHING._replace(rung=rung, symbol=failure.errno_name)
        return Done(seen, f"failed in the phase {rung}: {failure.what}", failure.errno_name)
    seen = AskedSeen(
        answer.wire.decode("utf-8", "replace"),
        answer.kind,
        len(answer.items),
        len(answer.body),
        len(answer.reads),
        answer.is_complete,
        answer.body[:MAX_TEXT].decode("utf-8", "replace"),
        answer.end.kind,
        answer.refusal,
        "",
        "",
    )
    return Done(seen, f"{answer.kind}, {len(answer.body)} octets in {len(answer.reads)} reads")


async def _levels(stage: Stage, given: Given, _name: str) -> Done:
    from workbench.protocols.gopher.levels import are_identical, climb

    _, resolver = stage.where(given["to"], "tcp")
    request = replace(_request(given, stage), type="1")
    levels = await climb(request, stage.transcript, resolver=resolver, timeout_s=timeout_of(given))
    seen = LevelsSeen(
        are_identical(levels),
        len(levels),
        [len(level.calls) for level in levels],
        levels[0].sent.decode("utf-8", "replace"),
        len(levels[0].body),
    )
    same = "the same octets" if seen.identical else "not the same octets"
    return Done(seen, f"{same} on {len(levels)} levels")


CARRY_GOPHER: dict[str, Carry] = {"gopher-ask": _ask, "gopher-levels": _levels}
