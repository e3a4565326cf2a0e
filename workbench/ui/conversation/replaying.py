"""A conversation had again with another server, and the answers compared with those of then: the job behind the bar."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from workbench.errors import WorkbenchError
from workbench.formats.target import Target
from workbench.jobs.job import Job, current_job
from workbench.jobs.scope import Scope
from workbench.transcript.recorder import Transcript
from workbench.ui.conversation.replaybar import ReplayBar

if TYPE_CHECKING:
    from workbench.protocols.raw.protection import Ask
    from workbench.protocols.raw.replay import Replayed
    from workbench.protocols.raw.talk import Secure
    from workbench.wire.dial import TargetResolver


class Replaying(QObject):
    """Carries out what the bar asks for.

    Args:
        scope: owns the job.

    Signals:
        done: the conversation of then, its channel, the new one, the target's text, and what came of it. Whoever hears
            it owns the new one.
        failed: a WorkbenchError to be shown.
    """

    done = Signal(object, int, object, str, object)
    failed = Signal(object)

    def __init__(self, scope: Scope, bar: ReplayBar, parent: QObject) -> None:
        super().__init__(parent)
        self._scope = scope
        self._bar = bar
        self._resolver: TargetResolver | None = None
        self._certificates: Ask | None = None
        self._new_transcript: Callable[[], Transcript] = Transcript
        self._job: Job | None = None
        self._subject: Transcript | None = None
        bar.asked.connect(self._on_asked)
        bar.stopped.connect(self.stop)
        bar.closed.connect(self.close)

    def use(
        self,
        resolver: "TargetResolver",
        new_transcript: Callable[[], Transcript],
        certificates: "Ask | None" = None,
    ) -> None:
        """Reach the Lab's names by this resolver, trust its certificates, record replays in such transcripts."""
        self._resolver = resolver
        self._certificates = certificates
        self._new_transcript = new_transcript

    def offer(self, transcript: Transcript, channel: int | None) -> None:
        """Open the bar for a conversation, with the channel that is looked at chosen."""
        if self._is_busy:
            return
        self._subject = transcript
        self._bar.show_channels(transcript.channels, channel)
        self._bar.show_protection("tls" in transcript.layers)
        self._bar.show()
        self._bar.bar.focus_target()

    def close(self) -> None:
        """Close the bar, and end what goes on."""
        self.stop()
        self._subject = None
        self._bar.hide()

    def stop(self) -> None:
        """End the replay that goes on."""
        if self._job is not None:
            self._job.cancel()

    async def retire(self) -> None:
        """End it and wait."""
        self.close()
        if self._job is not None:
            await self._job.wait()

    @property
    def _is_busy(self) -> bool:
        return self._job is not None and self._job.is_running

    def _on_asked(self) -> None:
        target = self._bar.bar.target()
        channel = self._bar.channel.currentData()
        if self._subject is None or self._is_busy or not isinstance(target, Target):
            return
        speed, tls = self._bar.speed.currentData(), self._bar.tls.currentData()
        coro = self._replay(self._subject, channel, target, speed, tls)
        self._job = self._scope.launch(coro, name="replay", title=f"Replaying to {target.text}")

    async def _replay(self, then: Transcript, channel: int, target: Target, speed: str, tls: str) -> None:
        # Nobody replays at the start: the window need not wait for what that takes.
        from workbench.protocols.raw.recorded import measure_in_slices
        from workbench.protocols.raw.replay import replay

        # Said here: a job that is cancelled before its first step never comes to its end.
        self._bar.show_busy(True)
        now = self._new_transcript()
        outcome: Replayed | None = None
        try:
            recorded = await measure_in_slices(then, channel)
            secure = None
            if recorded.tls is not None and tls != "clear":
                secure = await self._secure(target, recorded.tls.alpn, tls)
            outcome = await replay(
                then,
                recorded,
                target,
                now,
                speed="original" if speed == "original" else "full",
                resolver=self._resolver,
                report=_report,
                secure=secure,
            )
        except WorkbenchError as failure:
            # Its event stands in the conversation that is thrown away with it.
            failure.transcript_index = None
            self.failed.emit(failure)
            raise
        finally:
            self._bar.show_busy(False)
            if outcome is None:
                now.close()
        self.done.emit(then, channel, now, target.text, outcome)

    async def _secure(self, target: Target, alpn: tuple[str, ...], untrusted: str) -> "Secure":
        from workbench.protocols.raw.protection import TlsForm, protection

        form = TlsForm(True, "show" if untrusted == "show" else "stop", alpn=",".join(alpn))
        return (await protection(form, target, "client", self._certificates)).secure


def _report(stage: str) -> None:
    if (job := current_job()) is not None:
        job.progress(stage=stage)
