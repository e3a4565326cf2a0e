"""What the page of framings does: compute the bench, try every cut, send, read numbers and structures. No Qt."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from workbench.errors import LocalMisuse, TooSlow, WorkbenchError
from workbench.formats.framing.chop import Chopper, pieces
from workbench.formats.framing.design_code import python as design_class
from workbench.formats.framing.design_text import read_design
from workbench.formats.quantity import duration_s
from workbench.formats.target import parse_target
from workbench.jobs.job import current_job
from workbench.jobs.verdict import Verdict
from workbench.panels.observed import Observed
from workbench.panels.routes import RelayStarter, resolver_by
from workbench.panels.sockets.framing.bench import Reader, cut_of, decoder_of, fields_of, framing_of, work
from workbench.panels.sockets.framing.live import over_tcp, over_udp
from workbench.panels.sockets.framing.lookups import numbers_of, structure_of
from workbench.panels.sockets.framing.routes import ROUTES
from workbench.panels.sockets.framing.state import CHOSEN, DESIGN, Frames, FramingState, Read
from workbench.panels.sockets.framing.verdicts import of_datagrams, of_frames, of_report
from workbench.protocols.raw.code import Recipe, python
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver

AT_ONCE = 200
"""Characters of messages that are computed at once, while they are typed: some 3 ms. More becomes a job."""
BENCH = (
    "framing",
    "detail",
    "encoding",
    "limit",
    "forgets",
    "messages",
    "design",
    "cut",
    "place",
    "ends_after",
)
"""Fields of the form that the octets and what is read of them depend on."""
MAX_CHOPPED = 2048
"""Octets of a stream that is cut in every way: each cut is read as a whole within one slice."""


class FramingController(Observed[FramingState]):
    """One bench.

    Args:
        new_transcript: makes the one that what is sent is recorded in.
        resolver: knows the Lab's names.
    """

    def __init__(
        self,
        new_transcript: Callable[[], Transcript],
        resolver: TargetResolver,
        *,
        relay: RelayStarter | None = None,
    ) -> None:
        self.transcript = new_transcript()
        super().__init__(FramingState())
        self.timeout_s = 30.0
        self._new_transcript = new_transcript
        self._resolver = resolver
        self._relay = relay
        self._address = ""
        self.compose()

    # ---- what a person composes

    def compose(self, **fields: object) -> bool:
        """Replace fields of the form; what is short is computed at once. Returns: whether `compute` must be run."""
        form = replace(self.state.form, **fields)  # type: ignore[arg-type]  # names checked by replace
        is_bench = any(getattr(form, name) != getattr(self.state.form, name) for name in BENCH)
        self.state = replace(self.state, form=form, numbers=numbers_of(form), structure=structure_of(form))
        if not is_bench:
            self.tell_all()
            return False
        self.state = replace(self.state, problem=None)
        if len(form.messages) > AT_ONCE:
            self.tell_all()
            return True
        frames = Frames()
        for each in work(form):
            frames = each
        self.replace(frames=frames, verdict=of_frames(frames))
        return False

    async def compute(self) -> None:
        """Compute the bench of a long text, a slice at a time."""
        self.replace(phase="computing", verdict=Verdict("running", "reading", "…"))
        frames = Frames()
        try:
            for each in work(self.state.form):
                frames = each
                await asyncio.sleep(0)
        finally:
            self.replace(phase="idle", frames=frames, verdict=of_frames(frames))

    def cut_at(self, place: int) -> bool:
        """Cut the stream in two there. Returns: as `compose`."""
        return self.compose(cut=CHOSEN, place=place)

    def take_wire(self) -> None:
        """Let the structure lie over the octets of the bench."""
        self.compose(structure=self.state.frames.wire.data[:256].hex(" "))

    def dismiss(self) -> None:
        """Take the failure away."""
        self.replace(problem=None)

    # ---- what a person does

    async def try_every_cut(self) -> None:
        """Feed the decoder every cut of the octets. Raises: LocalMisuse, shown too: there are too many."""
        if self.state.why_not_try:
            return
        data = self._data()
        if len(data) > MAX_CHOPPED:
            failure = LocalMisuse(
                f"{len(data):,} octets are too many to be cut in every way; {MAX_CHOPPED:,} are not",
                stage="chop",
                advice="type shorter messages: a decoder that is wrong is wrong for short ones too",
            )
            self.replace(problem=failure)
            raise failure
        chopper = Chopper(decoder_of(self.state.form), data)
        self.replace(phase="trying", problem=None, verdict=of_report(chopper.report, is_running=True))
        try:
            while not chopper.report.is_done:
                report = chopper.step()
                job = current_job()
                if job is not None:
                    job.progress(done=report.tried, total=report.planned)
                self.replace(verdict=of_report(report, is_running=True))
                await asyncio.sleep(0)
        except asyncio.CancelledError:
            tried = f"{chopper.report.tried:,} of {chopper.report.planned:,} cuts were tried, none differed"
            self.replace(phase="idle", verdict=Verdict("info", "stopped", tried))
            raise
        report = chopper.report
        if report.differs is not None:
            # The cut that makes the difference is what is looked at now.
            self._show_cut(report.differs)
        frames = replace(self.state.frames, report=report)
        self.replace(phase="idle", frames=frames, verdict=of_report(report, is_running=False))

    def _show_cut(self, cut: tuple[int, ...]) -> None:
        form, data = self.state.form, self._data()
        reader = Reader(decoder_of(form)())
        for piece in pieces(data, cut):
            reader.feed(piece)
        read = reader.finish(data)
        read = replace(read, fields=fields_of(framing_of(form), data, read.messages))
        if len(cut) == 1:
            form = replace(form, cut=CHOSEN, place=cut[0])
        self.replace(form=form, frames=replace(self.state.frames, cut=cut, read=read))

    async def send(self) -> None:
        """Send the messages over a connection and decode what comes back. Raises: WorkbenchError, shown too."""
        form = self.state.form
        await self._to_end(self._send_tcp() if form.transport == "tcp" else self._send_udp())

    async def _send_tcp(self) -> None:
        form, frames = self.state.form, self.state.frames
        data, decoder = self._data(), decoder_of(form)()
        read = await over_tcp(
            parse_target(form.target),
            self._fresh(),
            data,
            cut_of(form, frames.wire, len(data)),
            decoder,
            resolver=self._route(),
            report=self._report,
            tell=self._arrived,
        )
        read = replace(read, fields=fields_of(framing_of(form), read.data, read.messages))
        frames = replace(frames, read=read)
        self.replace(phase="idle", frames=frames, verdict=of_frames(frames, "over TCP and back"))

    async def _send_udp(self) -> None:
        form, frames = self.state.form, self.state.frames
        read = await over_udp(
            parse_target(form.target),
            self._fresh(),
            frames.sent,
            resolver=self._route(),
            report=self._report,
            tell=self._arrived,
        )
        self.replace(phase="idle", frames=replace(frames, read=read), verdict=of_datagrams(frames.sent, read))

    def _route(self) -> TargetResolver:
        return resolver_by(ROUTES, self.state.form.route, self._resolver, self._relay)

    def _fresh(self) -> Transcript:
        self.transcript.close()
        self.transcript = self._new_transcript()
        return self.transcript

    def _data(self) -> bytes:
        data, stop = self.state.frames.wire.data, self.state.form.ends_after
        return data if stop < 0 else data[:stop]

    def _arrived(self, read: Read) -> None:
        self.replace(frames=replace(self.state.frames, read=read))

    def _report(self, stage: str) -> None:
        job = current_job()
        if job is not None:
            job.progress(stage=stage)
        self.replace(stage=stage)

    async def _to_end(self, work: Coroutine[Any, Any, None]) -> None:
        target = self.state.form.target
        self.replace(phase="sending", problem=None, verdict=Verdict("running", "sending", f"to {target} …"))
        try:
            async with asyncio.timeout(self.timeout_s):
                await work
        except asyncio.CancelledError:
            self.replace(phase="idle", verdict=Verdict("info", "cancelled", "what was sent may have arrived"))
            raise
        except WorkbenchError as failure:
            self._failed(failure)
            raise
        except TimeoutError as error:
            what = f"the peer did not end within {duration_s(self.timeout_s)}"
            late = TooSlow(what, stage=self.state.stage, committed="maybe")
            self._failed(late)
            raise late from error

    def _failed(self, failure: WorkbenchError) -> None:
        self.replace(
            phase="idle", problem=failure, verdict=Verdict("bad", failure.stage or "failed", str(failure))
        )

    # ---- leaving as code

    def copy_as_python(self) -> str:
        """The framed octets as a script that sends them. Raises: LocalMisuse: nothing was sent yet."""
        form = self.state.form
        address = next((info.peer for info in reversed(self.transcript.channels) if info.peer), "")
        if not address:
            raise LocalMisuse("nothing was sent yet: there is no address to copy", stage="copy")
        sends = (self._data(),) if form.transport == "tcp" else self.state.frames.sent
        return python(Recipe(parse_target(address), form.transport, sends=sends))

    def copy_as_class(self) -> str:
        """The design as a class with encoder and decoder. Raises: LocalMisuse: there is none, or it is wrong."""
        form = self.state.form
        if form.framing != DESIGN:
            raise LocalMisuse(
                "only a framing of your own leaves as a class", stage="copy", advice="choose Your own"
            )
        return design_class(read_design(form.design))

    # ----
