"""Carrying out the verbs of verbs_web.py: requests and their answers. As in steps.py."""

from workbench.experiments.stage import Carry, Done, Stage, timeout_of
from workbench.experiments.things_web import WebSeen
from workbench.experiments.values import Given
from workbench.formats.target import bracketed
from workbench.transcript.records import Direction

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


CARRY_WEB: dict[str, Carry] = {"web-get": _get}
