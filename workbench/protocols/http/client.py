"""Fetching: a request, the redirects after it as visible hops, and the last answer's body.

    exchange = await fetch(Request("lab:http/page"), transcript, resolver=resolve, security=Security(lab=...))
    exchange.require_whole()           # or look at exchange.completeness and exchange.failure
    exchange.status, exchange.head.first("content-type"), exchange.body.data

Contract. What happens before an answer's head is there is raised. From then on nothing is: an Exchange comes back, with
what went wrong in `failure` and everything that arrived beside it. An answer that says no (4xx, 5xx) is no failure.
Whoever wants the hops of a fetch that raises listens to `on_hop`. Cancelled, the connection is reset, and what a sink
took stays in it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import NamedTuple

from workbench.errors import PeerMisbehaved, WorkbenchError
from workbench.jobs.offload import in_thread
from workbench.protocols.http.coding import MAX_DECODED, CodingFault, Decoder
from workbench.protocols.http.encode import encode
from workbench.protocols.http.head import codings_of
from workbench.protocols.http.redirects import MAX_REDIRECTS, Next, after, in_circle, too_many
from workbench.protocols.http.security import Security
from workbench.protocols.http.sink import Memory, Sink
from workbench.protocols.http.values import (
    Body,
    Completeness,
    Encoded,
    Exchange,
    Head,
    Hop,
    Request,
)
from workbench.protocols.http.visit import TURN_S, Progress, Visit
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import Report, TargetResolver


class Chosen(NamedTuple):
    """What becomes of a body. unpacks: its codings are undone; passed: waited for before each piece of it."""

    sink: Sink
    unpacks: bool = True
    passed: Callable[[], Awaitable[None]] | None = None


async def fetch(
    request: Request,
    transcript: Transcript,
    *,
    resolver: TargetResolver | None = None,
    security: Security | None = None,
    sink: Sink | None = None,
    choose: Callable[[Hop], Chosen] | None = None,
    max_redirects: int = MAX_REDIRECTS,
    timeout_s: float = 30.0,
    limit_decoded: int = MAX_DECODED,
    report: Report | None = None,
    on_hop: Callable[[Hop], object] | None = None,
    progress: Progress | None = None,
) -> Exchange:
    """Carry a request out, and those that its answers redirect to.

    Args:
        resolver: leads targets elsewhere: lab: to the Lab, anything through a relay.
        security: how TLS is done; None believes this machine's authorities.
        sink: where the body goes, its coding undone; None keeps its first 32 MiB in memory.
        choose: instead of `sink`, asked once the last answer's head is there; may raise, and then nothing is read.
        max_redirects: 0 follows none.
        timeout_s: for connecting, TLS and the head, each as a whole, and for how long a body may stand still.
        limit_decoded: octets that a compressed body may become.
        report: told the stage: "resolve", "connect", "tls", "request", "head", "body".
        on_hop: told each hop once its head is there; with `location` and `rule` where it is a redirect.
        progress: told the octets of the body as they came, and of how many.

    Raises: LocalMisuse with the place: the request can't be said; what dial raises; Untrusted, Refused; LinkLost,
        TooSlow, PeerMisbehaved: no answer that can be read; LocalFault: the sink can't be written.
    """
    encode(request)
    await in_thread(_load)
    security = security or Security()
    sink = sink or Memory()
    hops: list[Hop] = []
    asked = [(request.method, request.url)]
    while True:
        visit = Visit(request, transcript, timeout_s, report)
        in_order = False
        try:
            hop = await visit.ask(resolver, security)
            following = after(request, hop.answer) if max_redirects else None
            failure: WorkbenchError | None = None
            if following is not None:
                failure = _why_not(following, asked, len(hops), max_redirects)
                hop = hop._replace(
                    location=following.location, rule=following.rule, dropped=following.dropped
                )
                _tell_redirect(
                    transcript, hop, failure, is_followed=failure is None and following.request is not None
                )
            if on_hop is not None:
                on_hop(hop)
            if following is None or following.request is None or failure is not None:
                chosen = choose(hop) if choose is not None else Chosen(sink)
                exchange = await _read(visit, hop, chosen, limit_decoded, progress)
                in_order = exchange.failure is None
                exchange = replace(exchange, hops=(*hops, exchange.last))
                return replace(exchange, failure=failure) if failure is not None else exchange
            await visit.drain()
            hops.append(hop._replace(timing=visit.timing))
            in_order = True
        finally:
            await visit.aclose(in_order=in_order)
        request = following.request
        asked.append((request.method, request.url))


def _load() -> None:
    # In a thread, and now: a window must not wait for it between the answer and its head.
    import h11  # noqa: F401 - loaded for others


def _why_not(following: Next, asked: list[tuple[str, str]], hops: int, limit: int) -> WorkbenchError | None:
    """What keeps us from following, where something does."""
    if following.request is None:
        return following.failure
    again = (following.request.method, following.request.url)
    if again in asked:
        return in_circle(following.location, len(asked) - asked.index(again))
    return too_many(limit) if hops >= limit else None


def _tell_redirect(
    transcript: Transcript, hop: Hop, failure: WorkbenchError | None, *, is_followed: bool
) -> None:
    transcript.add_fact(
        hop.channel,
        "http.redirect",
        {
            "status": hop.answer.status,
            "location": hop.location,
            "rule": failure.what if failure is not None else hop.rule,
            "dropped": list(hop.dropped),
            "followed": is_followed,
        },
    )


class _Unpacked:
    """Puts a body into its sink, its codings undone on the way."""

    def __init__(self, head: Head, chosen: Chosen, limit: int) -> None:
        self.fault = ""
        self.is_bad = False
        self.sink = chosen.sink
        self._passed = chosen.passed
        self.coding = ", ".join(codings_of(head)) if chosen.unpacks else ""
        self._raw: Memory | None = Memory() if self.coding else None
        self._decoder: Decoder | None = None
        try:
            self._decoder = Decoder(codings_of(head), limit_octets=limit) if self.coding else None
        except CodingFault as fault:
            # What nobody can undo here is no fault of the answer: it is given as it came.
            self.fault = str(fault)

    async def take(self, data: bytes) -> None:
        """One piece of the body as it came."""
        if self._passed is not None:
            await self._passed()
        if self._raw is None:
            self.sink.write(data)
            return
        self._raw.write(data)
        if self._decoder is None:
            if not self.is_bad:
                self.sink.write(data)
            return
        turn_ends = time.monotonic() + TURN_S
        try:
            for piece in self._decoder.feed(data):
                self.sink.write(piece)
                if time.monotonic() >= turn_ends:
                    await asyncio.sleep(0)
                    turn_ends = time.monotonic() + TURN_S
        except CodingFault as fault:
            self._stop(str(fault))

    def finish(self, is_whole: bool) -> None:
        """Everything came."""
        if self._decoder is not None and is_whole and self._decoder.came and not self._decoder.is_over:
            self._stop(f"the {self.coding} data has no end, though the body has")

    @property
    def encoded(self) -> Encoded | None:
        """What came, where it came in a coding."""
        if self._raw is None:
            return None
        return Encoded(self.coding, self._raw.octets, self._raw.sha256, self._raw.data, self.fault)

    @property
    def ends_well(self) -> bool:
        """Whether the coding's own end and checksum have come."""
        return self._decoder is not None and self._decoder.is_over

    def _stop(self, why: str) -> None:
        self.fault, self.is_bad, self._decoder = why, True, None


async def _read(visit: Visit, hop: Hop, chosen: Chosen, limit: int, progress: Progress | None) -> Exchange:
    """The last answer's body."""
    machine, sink = visit.machine, chosen.sink
    unpacked = _Unpacked(hop.answer, chosen, limit)
    sink.begin()
    try:
        found = await visit.read_body(unpacked.take, progress)
        unpacked.finish(found.kind in ("complete", "overlong"))
        failure = visit.failure
        if unpacked.is_bad and failure is None:
            failure = PeerMisbehaved(
                f"the body can't be unpacked: {unpacked.fault}",
                stage="decode",
                committed="yes",
                advice="the octets as they came are kept",
                source="RFC 9110 section 8.4",
            )
        if failure is None or found.kind == "overlong":
            sink.complete()
    finally:
        sink.close()
    encoded = unpacked.encoded
    _tell_end(visit, hop, found, encoded, sink)
    body = Body(sink.octets, sink.sha256, sink.data, sink.file, encoded)
    hint = _hint(found, hop.answer, body, unpacked.ends_well)
    hop = hop._replace(timing=visit.timing)
    return Exchange((hop,), body, found, machine.chunks, failure, machine.extra, hint)


def _tell_end(visit: Visit, hop: Hop, found: Completeness, encoded: Encoded | None, sink: Sink) -> None:
    transcript = visit.transcript
    transcript.add_fact(hop.channel, "http.body", found.as_dict())
    if encoded is not None:
        values = {
            "coding": encoded.coding,
            "came": encoded.octets,
            "became": sink.octets,
            "fault": encoded.fault,
        }
        transcript.add_fact(hop.channel, "http.decoded", values)


def _hint(found: Completeness, head: Head, body: Body, coding_ended: bool) -> str:
    """How an answer looks from within, where nothing outside proves that it is whole."""
    if found.kind != "unverifiable":
        return ""
    if coding_ended:
        return "the compressed data has its end, and its checksum is right"
    kind = (head.first("content-type") or "").partition(";")[0].strip().lower()
    if kind == "text/html" and body.data and body.is_kept:
        ends = b"</html" in body.data[-1024:].lower()
        return "the page has its </html>" if ends else "the page ends before its </html>: it may be cut"
    return ""
