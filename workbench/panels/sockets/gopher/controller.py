"""What the page of Gopher does: ask, follow items, go back, make one request on four levels. No Qt."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.formats.charset import visible
from workbench.formats.quantity import count, octets
from workbench.formats.target import Target, parse_target
from workbench.jobs.verdict import Verdict
from workbench.panels.observed import Observed
from workbench.panels.routes import RelayStarter, resolver_by
from workbench.panels.sockets.gopher.state import MAX_BACK, Form, GopherState
from workbench.panels.sockets.routes import ROUTES
from workbench.protocols.gopher import code
from workbench.protocols.gopher.address import read_address, written
from workbench.protocols.gopher.client import fetch, require_yes
from workbench.protocols.gopher.explain import of_type
from workbench.protocols.gopher.levels import Level, are_identical, climb
from workbench.protocols.gopher.values import SESSIONS, TERMINATORS, Answer, Item, Request
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.dial import TargetResolver
from workbench.wire.phases import phases

WEB_MARK = "URL:"
"""What the selector of an item of type h begins with where it leads to the Web."""


class GopherController(Observed[GopherState]):
    """One answer at a time, with a trail of those before.

    Args:
        new_transcript: makes the one that everything is recorded in. resolver: knows the Lab's names.
    """

    def __init__(
        self,
        new_transcript: Callable[[], Transcript],
        resolver: TargetResolver,
        *,
        relay: RelayStarter | None = None,
    ) -> None:
        self.transcript = new_transcript()
        super().__init__(GopherState())
        self.timeout_s = 30.0
        self._new_transcript = new_transcript
        self._resolver = resolver
        self._relay = relay

    # ---- what a person composes

    def compose(self, **fields: object) -> None:
        """Replace fields of the form."""
        self.replace(form=replace(self.state.form, **fields))  # type: ignore[arg-type]  # names checked by replace

    def dismiss(self) -> None:
        """Take the failure away."""
        self.replace(problem=None)

    # ---- what a person does

    async def ask(self) -> None:
        """Ask what is composed. Raises: WorkbenchError, shown too."""
        try:
            request = request_of(self.state.form)
        except WorkbenchError as failure:
            self._failed(failure, phases(None, failure=failure))
            raise
        await self._open(request, (*self.state.trail, request)[-MAX_BACK:])

    async def open_item(self, item: Item) -> None:
        """Follow an item of the menu. Raises: LocalMisuse: it leads nowhere; WorkbenchError, shown too."""
        request = self.request_for(item)
        form = self.state.form
        self.compose(address=written(request), selector=request.selector, search="")
        request = replace(request, terminator=form.terminator, read_octets=form.read_octets)  # type: ignore[arg-type]  # of TERMINATORS
        await self._open(request, (*self.state.trail, request)[-MAX_BACK:])

    async def back(self) -> None:
        """Open once more what was open before. Raises: WorkbenchError, shown too."""
        if self.state.why_not_back:
            return
        trail = self.state.trail[:-1]
        self.compose(address=written(trail[-1]), selector=trail[-1].selector, search=trail[-1].search or "")
        await self._open(trail[-1], trail)

    async def climb(self) -> None:
        """Make the composed request on four levels. Raises: WorkbenchError, shown too."""
        self.replace(
            phase="climbing",
            problem=None,
            levels=(),
            verdict=Verdict("running", "asking", "on four levels …"),
        )
        first, channel = len(self._fresh()), len(self.transcript.channels)
        done: list[Level] = []

        def on_level(level: Level) -> None:
            done.append(level)
            self.replace(levels=tuple(done))

        async def work() -> None:
            request = request_of(self.state.form)
            self.replace(asked=request)
            levels = await climb(
                request,
                self.transcript,
                resolver=self._by_route(),
                timeout_s=self.timeout_s,
                on_level=on_level,
            )
            self.replace(
                phase="done",
                verdict=_compared(levels),
                rungs=phases(self.transcript, channel=channel, first=first),
            )

        await self._to_end(work(), first)

    def request_for(self, item: Item) -> Request:
        """What an item asks for. Raises: LocalMisuse: it leads nowhere."""
        if not item.can_be_opened or item.port is None:
            known = of_type(item.type)
            what = (
                item.fault or f"this is {known.text}"
                if item.type not in SESSIONS
                else "another program leads there"
            )
            raise LocalMisuse(f"this line leads nowhere: {what}", stage="item", source=known.source)
        answer = self.state.answer
        target = Target("tcp", item.host, item.port, "", f"{item.host}:{item.port}")
        if answer is not None and str(target) == answer.address:
            # The same server: by the name by which it was asked for, which may be one of the Lab.
            target = answer.request.target
        return Request(target, item.selector, None, item.type)

    async def _open(self, request: Request, trail: tuple[Request, ...]) -> None:
        self.replace(
            phase="asking",
            problem=None,
            answer=None,
            came=0,
            trail=trail,
            asked=request,
            verdict=Verdict("running", "asking", f"{visible(written(request))} …"),
        )
        first, channel = len(self._fresh()), len(self.transcript.channels)

        def on_more(_stage_or_octets: object) -> None:
            came = self.transcript.stream(channel, Direction.RECEIVED, "tcp")
            self.replace(came=len(came), rungs=phases(self.transcript, channel=channel, first=first))

        async def work() -> None:
            answer = await fetch(
                request,
                self.transcript,
                resolver=self._by_route(),
                timeout_s=self.timeout_s,
                report=on_more,
            )
            rungs = phases(self.transcript, channel=channel, first=first)
            self.replace(
                phase="done", answer=answer, came=len(answer.body), rungs=rungs, verdict=_told(answer)
            )
            require_yes(answer)

        await self._to_end(work(), first)

    async def _to_end(self, work: Coroutine[Any, Any, None], first: int) -> None:
        channel = len(self.transcript.channels)
        try:
            await work
        except asyncio.CancelledError:
            self.replace(
                phase="idle", verdict=Verdict("info", "cancelled", "what had come stands in the conversation")
            )
            raise
        except WorkbenchError as failure:
            if len(self.transcript.channels) > channel:
                channel = len(self.transcript.channels) - 1
            self._failed(failure, phases(self.transcript, channel=channel, failure=failure, first=first))
            raise

    def _failed(self, failure: WorkbenchError, rungs: object) -> None:
        word = failure.stage or "failed"
        self.replace(phase="failed", problem=failure, rungs=rungs, verdict=Verdict("bad", word, str(failure)))

    def _fresh(self) -> Transcript:
        if self.transcript.fault is not None:
            self.transcript.close()
            self.transcript = self._new_transcript()
        return self.transcript

    def _by_route(self) -> TargetResolver:
        return resolver_by(ROUTES, self.state.form.route, self._resolver, self._relay)

    # ---- leaving as code

    def copy_as_python(self, level: int = 1) -> str:
        """The newest request as a script, on one of four levels. Raises: LocalMisuse: nothing was asked yet."""
        return code.python(self._asked(), level)

    def copy_as_curl(self) -> str:
        """The newest request as a command line. Raises: LocalMisuse: nothing was asked yet."""
        return code.curl(self._asked())

    def _asked(self) -> Request:
        peer = next((each.peer for each in reversed(self.transcript.channels) if each.peer), "")
        asked = self.state.asked
        if not peer or asked is None:
            raise LocalMisuse(
                "nothing was asked yet", stage="copy", advice="open something first; the script repeats it"
            )
        return replace(asked, target=parse_target(peer))

    # ----


def request_of(form: Form) -> Request:
    """The request that a form composes. Raises: LocalMisuse with the place."""
    if form.terminator not in TERMINATORS:
        raise LocalMisuse(f"{form.terminator!r} ends no line")
    request = read_address(form.address, terminator=form.terminator, read_octets=form.read_octets)  # type: ignore[arg-type]  # of TERMINATORS
    if form.selector and not request.selector:
        # Nobody said what it is: how it begins will.
        request = replace(request, selector=form.selector, type="")
    if form.search and request.search is None:
        request = replace(request, search=form.search, type="7")
    return request


def _told(answer: Answer) -> Verdict:
    number = len(answer.body)
    chips = (
        (octets(number), "All that came"),
        (count(len(answer.reads), "read"), "A read is no message: it gives what is there"),
        (answer.end.kind, answer.end.sentence),
    )
    dot = "" if answer.is_complete else "; no line that is one dot ended it"
    if answer.kind == "menu":
        faults = sum(bool(item.fault) for item in answer.items)
        odd = f"; {faults} of them can't be read" if faults else ""
        lines = count(len(answer.items), "line")
        return Verdict("good" if not odd and not dot else "warning", "menu", f"{lines}{odd}{dot}", chips)
    if answer.kind == "text":
        return Verdict("good" if not dot else "warning", "text", f"{octets(number)}{dot}", chips)
    return Verdict("good", "octets", f"{octets(number)}; the end of the connection is their end", chips)


def _compared(levels: tuple[Level, ...]) -> Verdict:
    first = levels[0]
    calls = " and ".join(
        (", ".join(str(len(level.calls)) for level in levels[:-1]), str(len(levels[-1].calls)))
    )
    chips = (
        (f"{octets(len(first.sent))} sent", "The line that asks"),
        (f"{octets(len(first.body))} received", "The whole answer"),
    )
    if are_identical(levels):
        return Verdict(
            "good", "identical", f"{calls} calls, and the same octets both ways on all four levels", chips
        )
    return Verdict("warning", "different", f"{calls} calls, and not the same octets on all levels", chips)
