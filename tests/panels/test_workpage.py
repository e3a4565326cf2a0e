"""What all pages share that drive one controller: jobs, verdict, notice, conversation, and their end."""

import asyncio
from dataclasses import dataclass

import pytest

from tests.panels.benches import Workplace
from workbench.errors import LinkLost, WorkbenchError
from workbench.jobs.verdict import NO_VERDICT, Verdict
from workbench.panels.bench import Talk
from workbench.panels.observed import Observed
from workbench.panels.workpage import WorkPage
from workbench.settings import Settings
from workbench.transcript.recorder import Transcript
from workbench.ui.targetbar import TargetBar


@dataclass(frozen=True)
class State:
    problem: WorkbenchError | None = None
    verdict: Verdict = NO_VERDICT


class Controller(Observed[State]):
    def __init__(self) -> None:
        super().__init__(State())
        self.transcript = Transcript()
        self.timeout_s = 0.0
        self.asked: list[str] = []

    def dismiss(self) -> None:
        self.replace(problem=None)

    async def ask(self, what: str) -> None:
        self.asked.append(what)
        await asyncio.Event().wait()


class Frame:
    def __init__(self) -> None:
        self.talks: list[Talk | None] = []

    def show_talk(self, _page: object, talk: Talk | None) -> None:
        self.talks.append(talk)


class Asking(WorkPage):
    CONTEXT = "web/asking"
    JOB = "ask"
    controller: Controller

    def __init__(self, bench, frame: Frame) -> None:
        super().__init__(bench, frame)
        self.controller = Controller()
        self.bar = TargetBar("Ask", parse=str, hint="what", parent=self)
        self.bar.submitted.connect(self._on_submitted)
        self._column(self.bar).addStretch(1)
        self._begin()

    def _on_submitted(self, target: str) -> None:
        self._launch(self.controller.ask(target), f"Asking {target}")

    def current_talk(self) -> Talk | None:
        return Talk(self.controller.transcript, title="Asking")

    def _render(self, state: State) -> None:
        self._render_rest(state)


@pytest.fixture
def frame() -> Frame:
    return Frame()


async def test_its_main_job_runs_once_and_is_stopped(app, frame: Frame):
    place = Workplace(app)
    page = Asking(place.bench, frame)
    place.show(page)
    page.focus_start()
    page.bar.set_text("a")
    page.start()
    page.bar.set_text("b")
    page.start()
    [scope] = place.scopes
    [job] = scope.jobs
    await place.until(lambda: page.controller.asked)
    assert (scope.name, job.name, page.controller.asked) == ("web", "ask", ["a"])
    assert page.controller.timeout_s == Settings().default_timeout_s
    page.stop()
    await place.until(lambda: not scope.jobs)
    page.start()
    await place.until(lambda: page.controller.asked == ["a", "b"])
    await place.close(page)
    assert not scope.jobs


async def test_what_came_of_it_is_said_and_a_failure_can_be_dismissed(app, frame: Frame):
    place = Workplace(app)
    page = Asking(place.bench, frame)
    place.show(page)
    assert page.verdict.text() == "Nothing was asked yet."
    failure = LinkLost("it is gone", stage="connect")
    page.controller.replace(problem=failure, verdict=Verdict("bad", "failed", "it is gone"))
    await place.until(lambda: page.verdict.text() == "failed, it is gone")
    assert page.notice.failure is failure
    page.notice.event_asked.emit(7)
    assert place.events == [7]
    page.notice.dismissed.emit()
    assert page.controller.state.problem is None
    await place.until(lambda: page.notice.failure is None)
    await place.close(page)


async def test_its_conversation_is_shown_once_and_again_when_it_is_another_one(app, frame: Frame):
    place = Workplace(app)
    page = Asking(place.bench, frame)
    first = page.controller.transcript
    page.controller.tell_all()
    await place.until(lambda: place.feed.is_idle)
    assert [talk.transcript for talk in frame.talks] == [first]
    page.controller.transcript = Transcript()
    first.close()
    page.controller.tell_all()
    await place.until(lambda: len(frame.talks) == 2)
    assert frame.talks[-1].transcript is page.controller.transcript
    await place.close(page)
    # Nothing is told to a page that has ended.
    page.controller.tell_all()
    assert len(frame.talks) == 2
