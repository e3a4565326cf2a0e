"""A script carried out: over a stream or datagrams, each step a result with its time.

The first step that fails ends it; what was not reached is told as skipped. An expectation looks at what has come and
was not taken by an earlier one, however it is cut; what stands before it passes. Of datagrams each is looked at alone.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from workbench.errors import LocalMisuse, Refused, TooSlow, WorkbenchError
from workbench.formats.macro_run import Run
from workbench.formats.pattern import TOO_EXPENSIVE
from workbench.formats.quantity import duration_s, octets
from workbench.formats.target import Target
from workbench.protocols.raw.endpoint import Endpoint, OverStream, open_endpoint
from workbench.protocols.raw.script import Script, Statement, unrolled
from workbench.protocols.raw.talk import Secure
from workbench.protocols.raw.values import DIRECT, Transport, Way
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import Report, TargetResolver

REMEMBERED = 64 * 1024
"""Octets that came and were awaited by nobody yet: an expectation looks back so far."""
PATTERN_TIMEOUT_S = 0.006
"""For one look: a pattern that takes longer would stop the window."""
AWAITING = ("expect", "silence", "end")
"""Steps whose success the conversation tells, too: the others are seen there anyway."""
SHOWN = 64
"""Octets of what came instead that a failure shows."""

StepVerdict = Literal["passed", "failed", "skipped"]


class StepResult(NamedTuple):
    """What came of one step. number counts from 1, repetitions apart; line: of the script; data: sent, or matched."""

    number: int
    line: int
    text: str
    verdict: StepVerdict
    began_ms: float = 0.0
    took_ms: float = 0.0
    note: str = ""
    data: bytes = b""


class ScriptOutcome(NamedTuple):
    """What came of a script. failure: of the step that failed; None where all passed.

    local, peer: endpoints. channel: its number in the transcript. left: octets that came and nobody awaited.
    """

    steps: tuple[StepResult, ...]
    failure: WorkbenchError | None
    local: str
    peer: str
    channel: int
    left: int

    @property
    def passed(self) -> bool:
        """Whether every step passed."""
        return self.failure is None

    def count(self, verdict: StepVerdict) -> int:
        """How many steps ended so."""
        return sum(step.verdict == verdict for step in self.steps)


OnStep = Callable[[StepResult], object]


async def run_script(
    script: Script,
    target: Target,
    transcript: Transcript,
    *,
    transport: Transport = "tcp",
    resolver: TargetResolver | None = None,
    timeout_s: float = 30.0,
    secure: Secure | None = None,
    upgrade: Secure | None = None,
    way: Way = DIRECT,
    report: Report | None = None,
    on_step: OnStep | None = None,
    run: Run | None = None,
) -> ScriptOutcome:
    """Connect and carry the script out; a failure of a step is part of the outcome, one of connecting is raised.

    Args:
        timeout_s: for connecting, and for each send; expectations have times of their own.
        secure: TLS from the first octet on. upgrade: what starttls uses.
        on_step: told of each step as it ends.
        run: counters and chance, where they go on from an earlier script; a `seed` of the script counts more.

    Raises: LocalMisuse: the script asks for what this transport has not; what dialling and `secure` raise.
    """
    script.check_transport(transport)
    if script.starts_tls and upgrade is None:
        raise LocalMisuse("this script starts TLS, and nothing says how", stage="tls")
    link = await open_endpoint(target, transcript, transport, resolver, timeout_s, secure, way, report)
    if report is not None:
        report("talk")
    counters = Run(script.seed) if script.seed is not None or run is None else run
    running = _Running(script, link, counters, upgrade, on_step)
    try:
        return await running.all()
    finally:
        await link.aclose()


class _Running:
    """One run. `came`: what nobody took yet; `is_over`: the peer's half has ended."""

    def __init__(
        self,
        script: Script,
        link: Endpoint,
        run: Run,
        upgrade: Secure | None,
        on_step: OnStep | None,
    ) -> None:
        self.script, self.link, self.run = script, link, run
        self.upgrade, self.on_step = upgrade, on_step
        self.came = bytearray()
        self.is_over = self.is_guarded = self.is_closed = False
        self.began_s = time.monotonic()

    async def all(self) -> ScriptOutcome:
        steps: list[StepResult] = []
        failure: WorkbenchError | None = None
        for number, statement in enumerate(unrolled(self.script.statements), 1):
            if failure is not None:
                self._tell(steps, statement, StepResult(number, statement.line, statement.text, "skipped"))
                continue
            began_s = time.monotonic()
            note, data = "", b""
            try:
                note, data = await self._step(statement)
            except WorkbenchError as error:
                failure, note = self._placed(error, statement), error.what
            result = StepResult(
                number,
                statement.line,
                statement.text,
                "passed" if failure is None else "failed",
                round((began_s - self.began_s) * 1e3, 3),
                round((time.monotonic() - began_s) * 1e3, 3),
                note,
                data,
            )
            self._tell(steps, statement, result)
        link = self.link
        return ScriptOutcome(
            tuple(steps), failure, link.local, link.peer, link.channel.number, len(self.came)
        )

    def _tell(self, steps: list[StepResult], statement: Statement, result: StepResult) -> None:
        steps.append(result)
        if result.verdict == "failed" or (result.verdict == "passed" and statement.kind in AWAITING):
            self.link.channel.fact(
                f"script.{result.verdict}", line=result.line, step=result.text[:200], sentence=result.note
            )
        if self.on_step is not None:
            self.on_step(result)

    def _placed(self, error: WorkbenchError, statement: Statement) -> WorkbenchError:
        if isinstance(error, LocalMisuse) and error.text != self.script.source:
            # A macro's place is one of its payload: people look at the script.
            error.text, error.start, error.end = self.script.source, statement.start, statement.end_at
        return error

    async def _step(self, step: Statement) -> tuple[str, bytes]:
        """Carry one out; returns a note and octets. Raises: WorkbenchError: it failed."""
        if self.is_closed:
            raise LocalMisuse("we closed this connection in an earlier step", stage=step.kind)
        match step.kind:
            case "send":
                return await self._send(step)
            case "expect":
                return await self._expect(step)
            case "silence":
                return await self._silence(step)
            case "end":
                return await self._end(step)
            case "wait":
                await asyncio.sleep(step.seconds)
                return "", b""
            case "close":
                self.is_closed = True
                await self.link.aclose()
                return "", b""
        assert isinstance(self.link, OverStream)
        match step.kind:
            case "starttls":
                return await self._start_tls(self.link)
            case "reset":
                self.is_closed = True
                self.link.stream.abort()
            case _:
                self.is_guarded |= step.kind == "guard"
                await self.link.stream.finish()
        return "", b""

    async def _send(self, step: Statement) -> tuple[str, bytes]:
        assert step.template is not None
        data = step.template.render(self.run)
        if self.is_guarded:
            raise LocalMisuse(
                "a write after the last planned one: the guard has finished our half",
                stage="send",
                advice="send it before `guard`, or mend whoever writes too much",
            )
        await self.link.send(data)
        return octets(len(data)), data

    async def _start_tls(self, link: OverStream) -> tuple[str, bytes]:
        assert self.upgrade is not None
        dropped = len(self.came)
        self.came.clear()
        link.stream = await self.upgrade(link.stream, link.timeout_s)
        # RFC 3207 section 6: what was said in clear before counts for nothing now.
        return (f"{octets(dropped)} of clear text discarded" if dropped else "under TLS"), b""

    # ---- expectations

    async def _expect(self, step: Statement) -> tuple[str, bytes]:
        deadline = time.monotonic() + step.seconds
        is_udp = self.link.is_datagram
        heard = bool(self.came)
        while True:
            found = self._found(step)
            if found is not None:
                skipped, data = found
                passed_over = f"{octets(skipped)} stood before it" if skipped else ""
                return passed_over, data
            data_or_end = None if self.is_over else await self._more(deadline)
            if data_or_end is None:
                raise self._unmet(step, heard)
            heard = True
            if is_udp:
                self.came.clear()
            self.came += data_or_end
            del self.came[: max(0, len(self.came) - max(REMEMBERED, len(data_or_end)))]

    def _found(self, step: Statement) -> tuple[int, bytes] | None:
        """Octets before the match, and the match, taken; None where there is none yet."""
        if step.pattern is None:
            start = self.came.find(step.octets)
            stop = start + len(step.octets)
        else:
            start, stop = self._matched(step)
        if start < 0:
            return None
        data = bytes(self.came[start:stop])
        del self.came[: len(self.came) if self.link.is_datagram else stop]
        return start, data

    def _matched(self, step: Statement) -> tuple[int, int]:
        try:
            found = step.pattern.search(bytes(self.came), timeout=PATTERN_TIMEOUT_S)  # type: ignore[attr-defined]  # of the package regex
        except TimeoutError as error:
            raise LocalMisuse(
                "this pattern takes too long on what the peer sent",
                text=self.script.source,
                start=step.start,
                end=step.end_at,
                stage="expect",
                advice=TOO_EXPENSIVE,
            ) from error
        if found is None or found.start() == found.end():
            # What matches nothing at all matches everywhere: that is no answer.
            return -1, -1
        return found.start(), found.end()

    async def _more(self, deadline: float) -> bytes | None:
        """What comes next; None at the end, or when the time is over. Raises: LinkLost: nobody is there (UDP)."""
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            return None
        try:
            data = await self.link.receive(left_s)
        except TooSlow:
            return None
        if data is None:
            self.is_over = True
        return data

    def _unmet(self, step: Statement, heard: bool) -> WorkbenchError:
        came = bytes(self.came[-SHOWN:])
        if self.is_over:
            return Refused("the peer ended before it came", stage="expect", data=came, committed="maybe")
        if heard:
            what = f"something else came within {duration_s(step.seconds)}"
            return Refused(what, stage="expect", data=came, committed="maybe")
        return TooSlow(
            f"nothing came within {duration_s(step.seconds)}",
            stage="expect",
            committed="maybe",
            advice="does the peer wait for a line end (\\r\\n), or for us to finish?",
        )

    async def _silence(self, step: Statement) -> tuple[str, bytes]:
        data = bytes(self.came)
        if not data and not self.is_over:
            more = await self._more(time.monotonic() + step.seconds)
            if self.is_over:
                raise Refused("the peer ended; silence was expected", stage="expect")
            if more is None:
                return f"silent for {duration_s(step.seconds)}", b""
            self.came += more
            data = more
        elif not data:
            # Nobody says anything behind an end.
            return "the peer has ended", b""
        raise Refused("silence was expected, and octets came", stage="expect", data=data)

    async def _end(self, step: Statement) -> tuple[str, bytes]:
        assert isinstance(self.link, OverStream)
        deadline = time.monotonic() + step.seconds
        taken = len(self.came)
        self.came.clear()
        while not self.is_over:
            data = await self._more(deadline)
            if data is None:
                break
            taken += len(data)
        end = self.link.stream.end
        if not self.is_over or end is None:
            raise TooSlow(
                f"the peer did not end within {duration_s(step.seconds)}", stage="expect", committed="maybe"
            )
        before = f"; {octets(taken)} came before" if taken else ""
        if step.end not in ("any", end.kind):
            raise Refused(f"the peer ended with {end.kind}, not with {step.end}{before}", stage="expect")
        return f"{end.kind}{before}", b""


def explained(steps: Sequence[StepResult], failure: WorkbenchError | None) -> str:
    """The outcome in one sentence."""
    passed = sum(step.verdict == "passed" for step in steps)
    if failure is None:
        return f"all {passed} steps passed"
    bad = next((step for step in steps if step.verdict == "failed"), None)
    where = f"line {bad.line}: " if bad is not None else ""
    return f"{passed} of {len(steps)} steps passed; {where}{failure.what}"
