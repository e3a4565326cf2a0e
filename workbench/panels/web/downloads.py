"""What the page of requests does with a body that goes into a file: attempts, pace, pause, a look into it. No Qt."""

import asyncio
import time
from collections.abc import Callable

from workbench.formats.quantity import octets
from workbench.jobs.job import current_job
from workbench.jobs.verdict import Verdict
from workbench.panels.observed import Observed
from workbench.panels.web.pace import Pace
from workbench.panels.web.state import Form, WebState
from workbench.panels.web.unpacked import FIRST_PAGE, look_into
from workbench.protocols.http.attempts import Attempt, Downloaded
from workbench.protocols.http.download import Ways, download
from workbench.protocols.http.gate import Gate
from workbench.protocols.http.kept import KeptFile
from workbench.protocols.http.resume import Policy
from workbench.protocols.http.values import Exchange, Hop, Request
from workbench.transcript.recorder import Transcript

FIRST_LOOK = 4096
"""Octets after which the first page is looked at for the first time; then at four times as many, up to a whole page."""


class Saver:
    """One download at a time, told in the state of its controller.

    Args:
        house: whose state it is. now_ns: a clock.
    """

    def __init__(self, house: Observed[WebState], *, now_ns: Callable[[], int] = time.monotonic_ns) -> None:
        self._house = house
        self._now_ns = now_ns
        self._gate = Gate()
        self._pace = Pace()
        self._looking: asyncio.Task[None] | None = None
        self._next_look = FIRST_LOOK
        self._partial = ""
        self._before: tuple[Attempt, ...] = ()

    async def save(
        self, request: Request, transcript: Transcript, path: str, form: Form, ways: Ways, *, resume: bool
    ) -> Exchange:
        """Download into a file. Raises: as download()."""
        self._gate, self._pace, self._next_look = Gate(), Pace(), FIRST_LOOK
        file = KeptFile(path)
        self._partial = file.partial
        self._before = self._house.state.attempts
        policy = Policy(form.policy, form.retries if form.policy != "none" else 0)
        try:
            got = await download(
                request, transcript, file, policy=policy, resume=resume, ways=self._with_news(ways)
            )
        finally:
            self._house.replace(saved=file.file, sha256=file.sha256 if file.octets else "", is_paused=False)
            await self._end_looking()
        self._house.replace(verdict=_verdict(got, file))
        return got.exchange

    def hold(self) -> None:
        """Take nothing more for now; the server is held up."""
        if not self._house.state.why_not_pause:
            self._gate.hold()
            self._house.replace(is_paused=True, speed=None, left_ns=None)

    def release(self) -> None:
        """Go on."""
        self._pace = Pace()
        self._gate.release()
        self._house.replace(is_paused=False)

    async def look(self, source: "str | bytes") -> None:
        """Look into all of it as the person wants it."""
        state = self._house.state
        kind = state.exchange.head.first("content-type") or "" if state.exchange is not None else ""
        seen = await look_into(source, steps=state.steps, encoding=state.encoding, content_type=kind)
        self._house.replace(seen=seen)

    # ---- told by the engine

    def _with_news(self, ways: Ways) -> Ways:
        return Ways(
            ways.resolver,
            ways.security,
            ways.max_redirects,
            ways.timeout_s,
            ways.report,
            self._hopped,
            self._heard,
            self._progress,
            self._gate,
        )

    def _hopped(self, hop: Hop) -> None:
        self._house.replace(hops=(*self._house.state.hops, hop))

    def _heard(self, attempts: tuple[Attempt, ...]) -> None:
        earlier = len(self._before)
        now = tuple(each._replace(number=earlier + each.number) for each in attempts)
        # Each attempt has hops of its own.
        hops = self._house.state.hops if now[-1].status or now[-1].ended != "running" else ()
        self._house.replace(attempts=(*self._before, *now), hops=hops)

    def _progress(self, done: int, total: int | None) -> None:
        if (job := current_job()) is not None:
            job.progress(done, total=total)
        if done < self._house.state.received:
            self._next_look = FIRST_LOOK
        self._pace.add(done, self._now_ns())
        self._house.replace(
            received=done, total=total, speed=self._pace.per_s, left_ns=self._pace.left_ns(total)
        )
        if done >= self._next_look <= FIRST_PAGE and (self._looking is None or self._looking.done()):
            self._next_look = max(self._next_look, min(done, FIRST_PAGE)) * 4
            self._looking = asyncio.create_task(self._look_at_first_page(), name="web/first-page")

    async def _look_at_first_page(self) -> None:
        state = self._house.state
        seen = await look_into(self._partial, steps=state.steps, encoding=state.encoding, first_page=True)
        if self._house.state.is_running:
            self._house.replace(seen=seen)

    async def _end_looking(self) -> None:
        looking, self._looking = self._looking, None
        if looking is not None:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)


def _verdict(got: Downloaded, file: KeptFile) -> Verdict:
    """The result; why it is none stands in the failure, or in the last attempt."""
    last = got.attempts[-1]
    if got.is_whole:
        return Verdict("good", "saved", f"{octets(file.octets)} in {file.file}")
    if not file.file:
        return Verdict("bad", "not saved", last.why)
    of = f" of {octets(last.total)}" if last.total is not None else ""
    return Verdict(
        "bad",
        "broke off" if last.ended == "cut" else "not whole",
        f"{octets(file.octets)}{of} in {file.file}",
    )
