"""What every page has that drives one controller: jobs, a verdict, a notice, and the controller's conversation.

A page derives from WorkPage and says what it shows; this says how it is told, stopped and ended.
"""

from collections.abc import Coroutine
from typing import Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.jobs.job import Job
from workbench.jobs.verdict import Verdict
from workbench.panels.bench import Bench, Talk
from workbench.ui import theme
from workbench.ui.notice import Notice
from workbench.ui.verdict import VerdictLine


class WorkPage(QWidget):
    """A page of a panel.

    A subclass makes `self.controller` and its widgets in its constructor and calls `_begin()` last; `_render(state)`
    shows the controller's state, and `_render_rest(state)` in it what all pages show of theirs.

    Args:
        frame: as panels.pages.Frame, and what its panel offers besides.

    Attributes:
        CONTEXT: of its actions, "PANEL/PAGE"; its jobs are the panel's.
        NOTHING: what the verdict says as long as there is none.
        JOB: what its main job is called in logs.
    """

    draft_changed = Signal()
    CONTEXT: ClassVar[str]
    NOTHING: ClassVar[str] = "Nothing was asked yet."
    JOB: ClassVar[str] = "work"
    controller: Any
    bar: Any
    """Where a target is entered; a page without one says itself what start() and focus_start() do."""

    def __init__(self, bench: Bench, frame: Any) -> None:
        super().__init__()
        self._bench = bench
        self._frame = frame
        self._scope = bench.new_scope(self.CONTEXT.partition("/")[0])
        self._job: Job | None = None
        self._is_rendering = False
        self._shown_transcript: object = None
        self.verdict = VerdictLine(self)
        self.notice = Notice(self)

    def _begin(self) -> None:
        self.notice.dismissed.connect(self.controller.dismiss)
        self.notice.event_asked.connect(self._bench.show_event)
        self._uncut = self._bench.feed.watch(self.controller, self._on_state_changed)
        self._on_state_changed()

    def _column(self, *above: QWidget) -> QVBoxLayout:
        """The page's column with these above the verdict, and verdict and notice; what works goes below."""
        gap, margin = theme.metric(8), theme.metric(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(margin, gap, margin, gap)
        column.setSpacing(gap)
        for widget in (*above, self.verdict, self.notice):
            column.addWidget(widget)
        return column

    # ---- what a person can do; the actions call these too

    def start(self) -> None:
        """Do what is composed, as Enter in the target field does."""
        self.bar.submit()

    def stop(self) -> None:
        """Stop what goes on, the newest first."""
        for job in reversed(self._scope.jobs):
            job.cancel()

    # ---- what the frame asks

    def focus_start(self) -> None:
        """Put the focus into the target."""
        self.bar.focus_target()

    def current_talk(self) -> Talk | None:
        """The controller's conversation."""
        raise NotImplementedError

    async def retire(self) -> None:
        """End what goes on, and the conversation."""
        await self._scope.retire()
        self._uncut()
        self.controller.transcript.close()

    # ---- inside

    def _launch(self, work: Coroutine[Any, Any, Any], title: str) -> None:
        """Begin the page's main job, unless it goes on already."""
        if self._job is not None and self._job.is_running:
            work.close()
            return
        self.controller.timeout_s = self._bench.settings().default_timeout_s
        self._job = self._scope.launch(work, name=self.JOB, title=title)

    def _on_state_changed(self) -> None:
        self._render(self.controller.state)

    def _render(self, state: Any) -> None:
        raise NotImplementedError

    def _verdict(self, state: Any) -> Verdict:
        """What came of it."""
        verdict: Verdict = state.verdict
        return verdict

    def _render_rest(self, state: Any) -> None:
        """Failure, verdict, actions, and the conversation where it is another one now."""
        self.notice.show_failure(state.problem)
        self.verdict.show_verdict(self._verdict(state), self.NOTHING)
        self._bench.registry.refresh(self.CONTEXT)
        if self._shown_transcript is not self.controller.transcript:
            self._shown_transcript = self.controller.transcript
            self._frame.show_talk(self, self.current_talk())
