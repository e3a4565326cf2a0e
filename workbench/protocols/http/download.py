"""A file fetched in as many attempts as a policy allows, each of them a value.

    got = await download(Request("lab:http/file"), transcript, KeptFile("file"), policy=Policy("resume", 3))
    got.require_whole()
    got.attempts        # from which octet to which, how each ended, and why

Contract as that of fetch(): raised is what happens before an answer is there, in the last attempt. The attempts are
told as they go, so that who hears an exception knows them too. However it ends, cancelled included, what came stays as
the partial file, with the note that a later run needs; an answer that says no never reaches the file.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from workbench.clock import SYSTEM, Clock
from workbench.errors import LinkLost, PeerMisbehaved, Refused, TooSlow, WorkbenchError
from workbench.protocols.http.attempts import Attempt, Downloaded, How
from workbench.protocols.http.client import Chosen, fetch
from workbench.protocols.http.gate import Gate
from workbench.protocols.http.kept import KeptFile
from workbench.protocols.http.ranges import mark_of, read_retry_after
from workbench.protocols.http.redirects import MAX_REDIRECTS
from workbench.protocols.http.resume import MAX_RETRIES, MAX_WAIT_S, Judged, Plan, Policy, asking, judge, plan
from workbench.protocols.http.security import Security
from workbench.protocols.http.sink import Memory
from workbench.protocols.http.values import Body, Exchange, Hop, Request
from workbench.protocols.http.visit import Progress
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import Report, TargetResolver

NO_ANSWER_KEPT = 64 * 1024
"""Octets of the page that says no."""
Pause = Callable[[float], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Ways:
    """How a download gets to its server, and who is told: as fetch() has them.

    on_attempts: told all attempts at each change of one. progress: octets that are there, of how many. gate: closed,
    nothing more is read. pause: waits seconds.
    """

    resolver: TargetResolver | None = None
    security: Security | None = None
    max_redirects: int = MAX_REDIRECTS
    timeout_s: float = 30.0
    report: Report | None = None
    on_hop: Callable[[Hop], object] | None = None
    on_attempts: Callable[[tuple[Attempt, ...]], object] | None = None
    progress: Progress | None = None
    gate: Gate | None = None
    clock: Clock = SYSTEM
    pause: Pause = asyncio.sleep


async def download(
    request: Request,
    transcript: Transcript,
    file: KeptFile,
    *,
    policy: Policy,
    resume: bool = False,
    ways: Ways | None = None,
) -> Downloaded:
    """Fetch a file.

    Args:
        file: closed in the end, whole or partial.
        resume: the first attempt goes on with what an earlier run left.

    Raises: LocalMisuse: the request can't be one for a file; else what fetch() raises, in the last attempt.
    """
    asking(request, Plan())
    return await _Download(request, transcript, file, policy, ways or Ways()).run(resume=resume)


class _Download:
    def __init__(
        self, request: Request, transcript: Transcript, file: KeptFile, policy: Policy, ways: Ways
    ) -> None:
        self._request = request
        self._transcript = transcript
        self._file = file
        self._policy = policy
        self._ways = ways
        self._attempts: list[Attempt] = []
        self._judged: Judged | None = None
        self._behind: _Behind | None = None
        self._retries = 0
        self._fruitless = 0
        self._waited_s = 0.0
        self._patience: Refused | None = None

    async def run(self, *, resume: bool) -> Downloaded:
        file = self._file
        try:
            await file.look(self._request.url, resume=resume)
            goes_on = resume
            while True:
                exchange, failure = await self._attempt(plan(file.held, goes_on=goes_on))
                if exchange is not None and self._is_whole(exchange):
                    file.complete()
                    return Downloaded(self._told(exchange), tuple(self._attempts), True)
                if not await self._tries_again(exchange, failure):
                    if exchange is None:
                        assert failure is not None
                        raise failure
                    return Downloaded(self._told(exchange), tuple(self._attempts), False)
                # 416 without use: what is there is thrown away with the first octets of the next answer.
                is_fresh = self._judged is not None and self._judged.does == "fresh"
                goes_on = self._policy.kind == "resume" and not is_fresh
        finally:
            file.close()

    # ---- one attempt

    async def _attempt(self, asked: Plan) -> tuple[Exchange | None, WorkbenchError | None]:
        ways, number = self._ways, len(self._attempts) + 1
        began = ways.clock.monotonic_ns()
        self._judged, self._behind = None, None
        first = Attempt(number, asked.start, asked.start, self._file.held.octets, self._file.held.mark.total)
        self._attempts.append(
            first._replace(condition=asked.condition, waited_s=self._waited_s, why=asked.why)
        )
        self._tell()
        channels = len(self._transcript.channels)
        exchange: Exchange | None = None
        failure: WorkbenchError | None = None
        ended: How = "cancelled"
        try:
            if ways.gate is not None:
                await ways.gate.passed()
            exchange = await self._fetch(asked)
            failure = exchange.failure
            ended = self._how(exchange)
        except WorkbenchError as raised:
            failure = raised
            ended = "refused" if self._does_refuse(raised) else "failed"
        finally:
            last = len(self._transcript.channels) - 1
            now = self._attempts[-1]
            self._attempts[-1] = now._replace(
                stop=self._file.pause().octets,
                ended=ended,
                why=_why(now, ended, self._judged, failure),
                took_s=(ways.clock.monotonic_ns() - began) / 1e9,
                channel=last if last >= channels else None,
            )
            self._fact("http.attempt", self._attempts[-1].as_dict())
            self._tell()
        return exchange, failure

    def _does_refuse(self, raised: WorkbenchError) -> bool:
        return self._judged is not None and self._judged.failure is raised

    async def _fetch(self, asked: Plan) -> Exchange:
        ways = self._ways
        return await fetch(
            asking(self._request, asked),
            self._transcript,
            resolver=ways.resolver,
            security=ways.security,
            choose=lambda hop: self._choose(asked, hop),
            max_redirects=ways.max_redirects,
            timeout_s=ways.timeout_s,
            report=ways.report,
            on_hop=ways.on_hop,
            progress=self._progress,
        )

    def _choose(self, asked: Plan, hop: Hop) -> Chosen:
        """What becomes of this answer's body. Raises: PeerMisbehaved: it must not be put to what is there."""
        judged = self._judged = judge(asked, self._file.held, hop.answer)
        self._attempts[-1] = self._attempts[-1]._replace(status=hop.answer.status, total=judged.total)
        values = {"does": judged.does, "why": judged.why, "start": judged.start, "stop": judged.stop}
        self._transcript.add_fact(hop.channel, "http.part", values)
        if judged.failure is not None:
            raise judged.failure
        if judged.does not in ("append", "anew"):
            return Chosen(Memory(NO_ANSWER_KEPT))
        if judged.does == "anew":
            self._file.begin_anew(mark_of(hop.answer))
            self._attempts[-1] = self._attempts[-1]._replace(start=0, stop=0, why=judged.why)
        self._behind = _Behind(self._file, judged.stop)
        passed = self._ways.gate.passed if self._ways.gate is not None else None
        return Chosen(self._behind, unpacks=False, passed=passed)

    def _progress(self, _done: int, _total: int | None) -> None:
        judged = self._judged
        if self._ways.progress is not None and judged is not None and judged.does in ("append", "anew"):
            self._ways.progress(self._file.octets, judged.total)

    def _how(self, exchange: Exchange) -> How:
        judged = self._judged
        if judged is None or judged.does in ("no", "refuse", "fresh"):
            return "refused"
        if judged.does == "later":
            return "later"
        if self._behind is not None and self._behind.is_overfull:
            return "refused"
        is_short = judged.stop is not None and self._file.octets < judged.stop
        if is_short or exchange.completeness.kind == "truncated":
            return "cut"
        return "whole" if self._is_whole(exchange) else "part"

    def _is_whole(self, exchange: Exchange) -> bool:
        judged = self._judged
        if judged is None or judged.does not in ("append", "anew", "whole"):
            return False
        if judged.does == "whole":
            return True
        is_overfull = self._behind is not None and self._behind.is_overfull
        if is_overfull or exchange.completeness.kind == "truncated":
            return False
        return judged.total is None or self._file.octets >= judged.total

    # ---- between two attempts

    async def _tries_again(self, exchange: Exchange | None, failure: WorkbenchError | None) -> bool:
        """Whether there is another attempt; waits for its time."""
        now = self._attempts[-1]
        if len(self._attempts) > MAX_RETRIES or self._policy.kind == "none":
            return False
        self._waited_s = 0.0
        if (now.ended == "part" and now.stop > now.start) or (self._judged and self._judged.does == "fresh"):
            # In order: the server gives it in parts, or what was here is of no use. Nobody has to be spared.
            return True
        if now.ended not in ("cut", "failed", "later") or self._retries >= self._policy.retries:
            return False
        if now.ended == "failed" and not isinstance(failure, LinkLost | TooSlow):
            return False
        self._retries += 1
        self._fruitless = 0 if now.stop > now.start else self._fruitless + 1
        wait_s = self._policy.wait_s(max(0, self._fruitless - 1))
        said = self._retry_after(exchange)
        if said is not None and said > MAX_WAIT_S:
            self._patience = _too_long(said, exchange)
            return False
        self._waited_s = wait_s if said is None else said
        self._fact("http.wait", {"seconds": self._waited_s, "is_said": said is not None, "why": now.why})
        if self._ways.report is not None:
            self._ways.report("wait")
        await self._ways.pause(self._waited_s)
        return True

    def _retry_after(self, exchange: Exchange | None) -> float | None:
        if exchange is None or exchange.status not in (429, 503):
            return None
        said = exchange.head.first("retry-after")
        return read_retry_after(said, self._ways.clock.wall_ns() / 1e9) if said is not None else None

    # ---- telling

    def _told(self, exchange: Exchange) -> Exchange:
        """The exchange with the file as its body, where the answer was one for the file."""
        file = self._file
        if self._patience is not None:
            exchange = replace(exchange, failure=self._patience)
        elif self._attempts[-1].ended in ("cut", "part") and exchange.failure is None:
            short = PeerMisbehaved(
                f"the file has {self._attempts[-1].total or 0:,} octets, and {file.octets:,} came",
                stage="body",
                committed="yes",
            )
            exchange = replace(exchange, failure=short)
        if exchange.failure is not None and not file.is_whole and file.octets:
            exchange.failure.advice = f"what came stands in {file.file}: go on with it later"
        if self._judged is None or self._judged.does not in ("append", "anew", "whole"):
            return exchange
        return replace(exchange, body=Body(file.octets, file.sha256, b"", file.file))

    def _fact(self, name: str, values: dict[str, object]) -> None:
        if self._transcript.channels:
            self._transcript.add_fact(len(self._transcript.channels) - 1, name, values)

    def _tell(self) -> None:
        if self._ways.on_attempts is not None:
            self._ways.on_attempts(tuple(self._attempts))


class _Behind:
    """What is written goes behind what the file has, and no further than the answer's head said.

    stop: octets of the file that its answer leads up to. octets: of the file so far. is_overfull: more came.
    """

    def __init__(self, file: KeptFile, stop: int | None) -> None:
        self._file = file
        self._stop = stop
        self.is_overfull = False
        self.octets = file.octets

    @property
    def sha256(self) -> str:
        """Of the file so far."""
        return self._file.sha256

    @property
    def data(self) -> bytes:
        """Nothing is kept beside the file."""
        return b""

    @property
    def file(self) -> str:
        """Where it is found."""
        return self._file.file

    def begin(self) -> None:
        """The file is open."""

    def write(self, data: bytes) -> None:
        """Append it. Raises: LocalFault; PeerMisbehaved: more came than Content-Range said."""
        room = len(data) if self._stop is None else self._stop - self._file.octets
        self._file.write(data[:room])
        self.octets = self._file.octets
        if len(data) > room:
            self.is_overfull = True
            raise PeerMisbehaved(
                f"more octets came than Content-Range says, which ends at {self._stop:,}",
                stage="body",
                committed="yes",
                source="RFC 9110 section 14.4",
            )

    def complete(self) -> None:
        """One answer is: that says nothing of the file."""

    def close(self) -> None:
        """The file stays open for the next attempt."""


def _why(now: Attempt, ended: How, judged: Judged | None, failure: WorkbenchError | None) -> str:
    """The reason, in one sentence."""
    if ended == "cancelled":
        return "it was cancelled"
    if failure is not None:
        return failure.what
    return (judged.why if judged is not None else "") or now.why


def _too_long(said_s: float, exchange: Exchange | None) -> Refused:
    status = exchange.status if exchange is not None else 0
    return Refused(
        f"the server asks to wait {said_s:,.0f} s, and {MAX_WAIT_S:.0f} are waited at most",
        stage="answer",
        reply=f"{status} {exchange.head.reason}".strip() if exchange is not None else "",
        advice="go on later: what came is kept",
        source="RFC 9110 section 10.2.3",
    )
