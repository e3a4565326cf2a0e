"""Carrying out the verbs of verbs_web.py: requests and their answers. As in steps.py."""

import os
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from workbench.experiments.stage import Carry, Done, Stage, timeout_of
from workbench.experiments.things_web import SavedSeen, WebSeen
from workbench.experiments.values import Given
from workbench.formats.target import bracketed
from workbench.transcript.records import Direction

if TYPE_CHECKING:
    from workbench.protocols.http.attempts import Attempt

RETRIES = 3
MAX_TEXT = 4096
"""Octets of a body that a card can compare."""


async def _get(stage: Stage, given: Given, _name: str) -> Done:
    # The engine is loaded for the cards that need it alone.
    from workbench.protocols.http.client import fetch
    from workbench.protocols.http.values import Request

    server, resolver = stage.where(given["to"], "tcp")
    origin = f"lab:{server.host}" if server.is_lab else f"http://{bracketed(server.host)}:{server.port}"
    body = given.get("text", b"")
    assert isinstance(body, bytes)
    method = str(given.get("method", "POST" if body else "GET"))
    exchange = await fetch(
        Request(f"{origin}{given['path']}", method, body=body),
        stage.transcript,
        resolver=resolver,
        timeout_s=timeout_of(given),
    )
    last, encoded = exchange.last, exchange.body.encoded
    received = stage.transcript.stream(last.channel, Direction.RECEIVED, "tcp")
    seen = WebSeen(
        exchange.status,
        len(exchange.hops),
        last.request.method,
        exchange.hops[0].rule,
        exchange.completeness.kind,
        exchange.failure.kind if exchange.failure is not None else "",
        exchange.body.octets,
        encoded.octets if encoded is not None else exchange.body.octets,
        len(received) - len(last.answer.raw),
        exchange.chunks.number,
        exchange.body.data[:MAX_TEXT].decode("utf-8", "replace"),
    )
    return Done(seen, f"{exchange.status}, {exchange.completeness.kind}: {exchange.completeness.sentence}")


async def _download(stage: Stage, given: Given, _name: str) -> Done:
    from workbench.errors import PeerMisbehaved
    from workbench.protocols.http.download import Ways, download
    from workbench.protocols.http.kept import KeptFile
    from workbench.protocols.http.ranges import range_field
    from workbench.protocols.http.resume import Policy, PolicyKind
    from workbench.protocols.http.values import Request

    server, resolver = stage.where(given["to"], "tcp")
    origin = f"lab:{server.host}" if server.is_lab else f"http://{bracketed(server.host)}:{server.port}"
    kind = cast(PolicyKind, given.get("policy", "resume"))
    attempts: tuple[Attempt, ...] = ()

    def heard(now: "tuple[Attempt, ...]") -> None:
        nonlocal attempts
        attempts = now

    with tempfile.TemporaryDirectory(prefix="workbench-experiment-") as folder:
        file = KeptFile(os.path.join(folder, "file"))
        status = 0
        # What does not fit is refused: that is what a card may want to see.
        with suppress(PeerMisbehaved):
            got = await download(
                Request(f"{origin}{given['path']}"),
                stage.transcript,
                file,
                policy=Policy(kind, RETRIES, first_wait_s=0.05),
                ways=Ways(resolver=resolver, timeout_s=timeout_of(given), on_attempts=heard),
            )
            status = got.exchange.status
    last = attempts[-1]
    seen = SavedSeen(
        status or last.status,
        len(attempts),
        ", ".join(str(each.start) for each in attempts),
        ", ".join(each.ended for each in attempts),
        range_field(last.asked) if last.asked else "",
        file.octets,
        file.sha256,
        file.is_whole,
    )
    return Done(seen, f"{file.octets:,} octets in {len(attempts)} attempts: {seen.ends}")


CARRY_WEB: dict[str, Carry] = {"web-get": _get, "web-download": _download}
