"""One request over one connection: connect, protect, send, read the head, read the body."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from workbench.errors import LinkLost, PeerMisbehaved, Refused, TooSlow, WorkbenchError
from workbench.formats.quantity import duration_s
from workbench.protocols.http.encode import encode
from workbench.protocols.http.machine import Answered, Data, HttpMachine, Informed
from workbench.protocols.http.security import Security
from workbench.protocols.http.url import connects_to, read_url
from workbench.protocols.http.values import Completeness, Head, Hop, Request, Timing
from workbench.transcript.recorder import Transcript
from workbench.transcript.redact import masked
from workbench.wire.dial import Report, TargetResolver, dial
from workbench.wire.ends import HalfState
from workbench.wire.stream import Stream

if TYPE_CHECKING:
    from workbench.wire.tls.values import Handshake

TITLE = "http: "
"""How the titles of our channels begin."""
LINGER_S = 0.25
"""A server that said it would close is waited for so long: what it sends behind the end of its answer is worth seeing,
and closing before it would reset the connection."""
MAX_DRAINED = 64 * 1024
"""Octets of a redirect's own page that are read before the next hop; a longer one is cut off."""
SLICE = 32 * 1024
"""Octets of a chunked body that are taken apart in one turn of the loop: chunks of one octet take 6 ms."""
TURN_S = 0.004

_HOW = {
    "FIN": "the server ended the connection (FIN)",
    "close_notify": "the server ended the connection (close_notify)",
    "RST": "the connection was reset (RST)",
    "truncated": "the connection ended without close_notify",
}
"""By kind of end: what it was, within a sentence."""

Take = Callable[[bytes], Awaitable[None] | None]
Progress = Callable[[int, int | None], None]
"""Told how many octets of the whole came, and of how many; None: unknown."""


class Visit:
    """A connection and the answer that comes over it. Its owner calls aclose().

    Args:
        timeout_s: for connecting, TLS, the head, each as a whole, and for how long a body may stand still.
        report: told the stage: "resolve", "connect", "tls", "request", "head", "body".

    Attributes: machine: what is read by; failure: what ended the body before its time.
    """

    def __init__(
        self, request: Request, transcript: Transcript, timeout_s: float, report: Report | None
    ) -> None:
        self.request = request
        self.url = read_url(request.url, is_secure=request.is_secure)
        self.machine = HttpMachine(request.method)
        self.failure: WorkbenchError | None = None
        self.total: int | None = None
        self._octets = encode(request)
        self.transcript = transcript
        self._timeout_s = timeout_s
        self._tell = report or (lambda _stage: None)
        self._stream: Stream | None = None
        self._waiting: list[bytes] = []
        self._timing = Timing()

    async def ask(self, resolver: TargetResolver | None, security: Security) -> Hop:
        """Connect, send the request, and read the answer's head.

        Raises: what dial and Security raise; LinkLost, TooSlow, PeerMisbehaved: no answer that can be read.
        """
        begun = time.monotonic_ns()
        stream = await dial(
            connects_to(self.url),
            self.transcript,
            resolver=resolver,
            title=f"{TITLE}{self.request.method} {self.url.text}",
            timeout_s=self._timeout_s,
            report=self._tell,
        )
        self._stream = stream
        address = stream.peer
        connected = time.monotonic_ns()
        if self.url.is_secure:
            self._tell("tls")
            stream = self._stream = await security.secure(stream, self.url.target, self._timeout_s)
        protected = time.monotonic_ns()
        self._tell("request")
        lost = await self._send(stream)
        asked = time.monotonic_ns()
        self._tell("head")
        before, head = await self._head(stream, lost)
        self._timing = Timing(connected - begun, protected - connected, time.monotonic_ns() - asked)
        handshake: Handshake | None = getattr(stream, "handshake", None)
        sent = masked(self._octets.data[: self._octets.head], self._octets.secret)
        return Hop(
            self.request,
            self.url,
            sent,
            head,
            before,
            address,
            stream.channel.number,
            self._timing,
            handshake,
        )

    async def read_body(self, take: Take, progress: Progress | None = None) -> Completeness:
        """Hand the body's octets on as they come, to the answer's end. What cut it off stands in `failure`.

        Args:
            take: given each piece; may be a coroutine function.
        """
        assert self._stream is not None
        self._tell("body")
        stream, machine = self._stream, self.machine
        begun = time.monotonic_ns()
        how = "the connection ended"
        try:
            while True:
                waiting, self._waiting = self._waiting, []
                for piece in waiting:
                    if pending := take(piece):
                        await pending
                if progress is not None:
                    progress(machine.received, self.total)
                if machine.is_over:
                    break
                data = await stream.read(timeout_s=self._timeout_s)
                if not data:
                    how = self._ended(stream)
                    break
                await self._receive(data)
        except TooSlow as slow:
            how = f"nothing came for {duration_s(self._timeout_s)}"
            self.failure = slow = TooSlow(
                f"{how} within the body", stage="body", committed="yes", errno_name=slow.errno_name
            )
            machine.ended(in_order=False)
        except (PeerMisbehaved, Refused) as broken:
            # A record of TLS that is wrong, or an alert.
            how = broken.what
            broken.stage, broken.committed = "body", "yes"
            self.failure = broken
            machine.ended(in_order=False)
        if machine.fault is not None:
            self.failure = self.failure or machine.fault
        elif self.failure is None:
            await self._linger(stream)
        self._timing = self._timing._replace(body_ns=time.monotonic_ns() - begun)
        found = machine.completeness(how)
        self.failure = self.failure or _failure_of(found, how)
        return found

    @property
    def timing(self) -> Timing:
        """How long each part took."""
        return self._timing

    async def drain(self) -> None:
        """Read the short page that comes with a redirect, so that the connection ends in good order."""
        assert self._stream is not None
        with suppress(WorkbenchError, TimeoutError):
            async with asyncio.timeout(self._timeout_s):
                while not self.machine.is_over and self.machine.received < MAX_DRAINED:
                    data = await self._stream.read()
                    if not data:
                        break
                    self.machine.receive(data)
                if self.machine.is_over:
                    await self._linger(self._stream)

    async def aclose(self, *, in_order: bool) -> None:
        """Close the connection; not in order: the server hears at once that nobody listens any more."""
        if self._stream is None:
            return
        has_ended = self._stream.receiving is not HalfState.OPEN
        if has_ended or (in_order and self.machine.is_over):
            await self._stream.aclose()
        self._stream.abort()

    async def _send(self, stream: Stream) -> LinkLost | None:
        """Send it all. A server that has enough may answer and close before: then that answer counts."""
        octets = self._octets
        try:
            await stream.send(octets.data, secret=octets.secret, timeout_s=self._timeout_s)
        except TooSlow as slow:
            raise TooSlow(
                f"the server took nothing of the request for {duration_s(self._timeout_s)}",
                stage="request",
                committed="maybe",
            ) from slow
        except LinkLost as lost:
            lost.stage = "request"
            return lost
        return None

    async def _head(self, stream: Stream, lost: LinkLost | None) -> tuple[tuple[Head, ...], Head]:
        before: list[Head] = []
        try:
            async with asyncio.timeout(self._timeout_s):
                while True:
                    data = await stream.read()
                    if not data:
                        raise lost or self._no_answer(stream)
                    for happened in self.machine.receive(data):
                        if isinstance(happened, Informed):
                            before.append(happened.head)
                        elif isinstance(happened, Answered):
                            self.total = happened.total
                            found = happened.head
                        else:
                            self._waiting.append(happened.data)
                    if self.machine.state != "head":
                        return tuple(before), found
        except TimeoutError as slow:
            if isinstance(slow, TooSlow):
                slow.stage = "head"
                raise
            raise TooSlow(
                f"no whole head of an answer within {duration_s(self._timeout_s)}",
                stage="head",
                committed="maybe",
            ) from slow
        except (PeerMisbehaved, Refused) as broken:
            broken.stage = broken.stage if broken.stage == "tls" else "head"
            raise

    def _no_answer(self, stream: Stream) -> WorkbenchError:
        end = stream.end
        how = _HOW.get(end.kind, end.sentence) if end is not None else "the connection is gone"
        if end is not None and end.kind == "RST":
            return LinkLost(f"no answer: {how}", stage="head", errno_name="ECONNRESET", committed="maybe")
        try:
            self.machine.ended()
        except PeerMisbehaved as cut:
            # Where nothing was said at all the link is to blame; half a head is the peer's.
            if cut.data:
                return cut
        return LinkLost(f"no answer: {how}", stage="head", committed="maybe")

    async def _receive(self, data: bytes) -> None:
        """Give it to the machine: at once, or in slices where it may be many small chunks."""
        machine = self.machine
        if machine.state != "chunks":
            self._waiting += [one.data for one in machine.receive(data) if isinstance(one, Data)]
            return
        turn_ends = time.monotonic() + TURN_S
        for start in range(0, len(data), SLICE):
            piece = data[start : start + SLICE] if len(data) > SLICE else data
            self._waiting += [one.data for one in machine.receive(piece) if isinstance(one, Data)]
            if time.monotonic() >= turn_ends:
                await asyncio.sleep(0)
                turn_ends = time.monotonic() + TURN_S

    def _ended(self, stream: Stream) -> str:
        end = stream.end
        in_order = end is not None and end.kind in ("FIN", "close_notify")
        self.machine.ended(in_order=in_order)
        sentence = _HOW.get(end.kind, end.sentence) if end is not None else "the connection is gone"
        if not in_order and end is not None and end.kind != "truncated":
            self.failure = LinkLost(
                f"the connection broke within the body: {sentence}",
                stage="body",
                errno_name="ECONNRESET" if end.kind == "RST" else "",
                committed="yes",
            )
        return sentence

    async def _linger(self, stream: Stream) -> None:
        """Hear what comes behind the answer, where the server closes the connection after it."""
        with suppress(TimeoutError, WorkbenchError):
            async with asyncio.timeout(LINGER_S):
                while self.machine.extra_octets <= MAX_DRAINED and (data := await stream.read()):
                    self.machine.receive(data)


def _failure_of(found: Completeness, how: str) -> WorkbenchError | None:
    if found.kind not in ("truncated", "overlong"):
        return None
    return PeerMisbehaved(
        f"the body is {found.kind}: {found.sentence}",
        stage="body",
        committed="yes",
        advice="what came is shown; ask again" if found.kind == "truncated" else "",
        source=found.source,
    )
