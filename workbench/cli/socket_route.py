"""`workbench socket route`: the hops to a host."""

import asyncio
import time
from collections.abc import Coroutine, Mapping
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.output import Output
from workbench.cli.steps import listed_events
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.errors import Refused, TooSlow
from workbench.formats.quantity import duration_s
from workbench.protocols.route.client import trace_route
from workbench.protocols.route.explain import explain
from workbench.protocols.route.values import Hop, Plan, Trace
from workbench.transcript.recorder import Transcript
from workbench.wire.reverse_name import Claimed, claimed_name


def route_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """Trace. The coroutine raises Refused unless the host was reached, and what the engine raises."""
    return _Tracing(parsed, output).run(transcript_file(parsed))


class _Tracing:
    def __init__(self, parsed: Parsed, output: Output) -> None:
        self._host = str(parsed["HOST"])
        self._plan = Plan(
            rounds=parsed["--rounds"],
            max_ttl=parsed["--max-hops"],
            wait_ms=parsed["--wait"],
            first_port=max(1, min(parsed["--first-port"], 49_000)),
        )
        self._wants_names = parsed.flag("--names")
        self._timeout_s = float(parsed["--timeout"])
        self._output = output
        self._trace: Trace | None = None
        self._names: dict[str, Claimed] = {}
        self._started_ns = time.monotonic_ns()

    async def run(self, file: TranscriptFile | None) -> int:
        output = self._output
        conversation = Conversation(
            output,
            file,
            self._summary,
            datagrams=True,
            takes_octets=False,
            tells_sent=False,
            explainer=explain,
        )
        limit = asyncio.timeout(self._timeout_s)
        async with conversation:
            try:
                async with limit:
                    trace = await trace_route(
                        self._host,
                        conversation.transcript,
                        self._plan,
                        timeout_s=self._timeout_s,
                        progress=self._on_progress,
                    )
                    if self._wants_names:
                        await self._name_all(trace)
            except TimeoutError as error:
                if not limit.expired():
                    raise
                raise TooSlow(
                    f"the route was not known within {duration_s(self._timeout_s)}",
                    stage="receive",
                    advice="raise --timeout",
                ) from error
            if not output.as_json:
                for hop in trace.hops:
                    output.line(self._line(hop))
            if trace.reached is None:
                raise Refused(trace.sentence, stage="receive", source="RFC 792")
        if output.as_json:
            output.document(output.so_far, ok=True)
        return 0

    def _on_progress(self, trace: Trace) -> None:
        self._trace = trace

    async def _name_all(self, trace: Trace) -> None:
        addresses = list(dict.fromkeys(each for hop in trace.hops for each in hop.addresses))
        names = await asyncio.gather(*(claimed_name(address) for address in addresses))
        self._names = dict(zip(addresses, names, strict=True))

    def _line(self, hop: Hop) -> str:
        who = ", ".join(self._called(address) for address in hop.addresses) or "*"
        times = " / ".join(_ms(each) for each in (hop.best_ns, hop.average_ns, hop.worst_ns))
        return f"{hop.ttl:>2}  {who}  {hop.loss_percent:.0f} % lost  {times} ms  {hop.word}".rstrip()

    def _called(self, address: str) -> str:
        claimed = self._names.get(address)
        return (
            f"{address} ({claimed.name}: {claimed.badge})"
            if claimed is not None and claimed.name
            else address
        )

    def _summary(self, transcript: Transcript) -> Mapping[str, object]:
        trace = self._trace
        document: dict[str, object] = {"host": self._host}
        if trace is not None:
            document |= {
                "target": trace.target,
                "reached": trace.reached is not None,
                "sentence": trace.sentence,
                "hops": [self._hop(hop) for hop in trace.hops],
            }
        return {
            **document,
            "elapsed_ms": round((time.monotonic_ns() - self._started_ns) / 1e6, 3),
            **listed_events(transcript, explain),
        }

    def _hop(self, hop: Hop) -> dict[str, object]:
        return {
            "ttl": hop.ttl,
            "addresses": [self._address(address) for address in hop.addresses],
            "sent": hop.sent,
            "received": hop.received,
            "loss_percent": round(hop.loss_percent, 1),
            "last_ms": _number(hop.last_ns),
            "best_ms": _number(hop.best_ns),
            "average_ms": _number(hop.average_ns),
            "worst_ms": _number(hop.worst_ns),
            "jitter_ms": _number(hop.jitter_ns),
            "answer": {"word": hop.word, "type": hop.kind, "code": hop.code} if hop.word else None,
            "verdict": hop.verdict,
        }

    def _address(self, address: str) -> dict[str, object]:
        claimed = self._names.get(address)
        named = {"name": claimed.name, "badge": claimed.badge} if claimed is not None else {}
        return {"address": address, **named}


def _number(ns: int | None) -> float | None:
    return round(ns / 1e6, 3) if ns is not None else None


def _ms(ns: int | None) -> str:
    return f"{ns / 1e6:.3f}" if ns is not None else "-"
