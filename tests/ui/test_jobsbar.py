"""Jobs in the status bar: looked at, counted, cancelled."""

import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QMainWindow, QWidget

from tests.ui import sweep
from workbench.ui.jobsbar import LIST_LIMIT, JobsBar

Show = Callable[..., QWidget]


class PlayedJob:
    """A job that does what the test says."""

    def __init__(self, title: str, stage: str = "", done: int = 0, total: int | None = None) -> None:
        self.title, self.stage, self.done, self.total = title, stage, done, total
        self.state = "running"
        self.started_ns = time.monotonic_ns()

    def cancel(self) -> None:
        self.state = "cancelled"


class Desk:
    """A window whose status bar shows a list of jobs."""

    def __init__(self, show: Show) -> None:
        self.jobs: list[PlayedJob] = []
        self.window = QMainWindow()
        self.bar = JobsBar(self.give, self.window.statusBar())
        self.window.statusBar().addWidget(self.bar)
        show(self.window, 800, 400)

    def give(self) -> list[PlayedJob]:
        return self.jobs

    def run(self, *jobs: PlayedJob) -> None:
        self.jobs.extend(jobs)
        self.bar.wake()


@pytest.fixture
def desk(show: Show) -> Iterator[Desk]:
    made = Desk(show)
    yield made
    made.jobs.clear()
    made.bar.wake()


def test_without_jobs_it_is_quiet_and_looks_no_more(desk: Desk) -> None:
    assert desk.bar.count.text() == "no jobs"
    assert not desk.bar.cancel_button.isVisible()
    assert not desk.bar.is_busy
    assert not desk.bar._looks.isActive()


def test_the_newest_job_shows_stage_and_percent(desk: Desk) -> None:
    desk.run(PlayedJob("Resolve localhost"), PlayedJob("Receive", "body", 28, 64))
    assert desk.bar.count.text() == "2 jobs"
    assert desk.bar.newest.text() == "Receive: body"
    assert desk.bar.percent.text() == "43 %"
    assert desk.bar.progress.value() == 43


def test_without_a_total_there_is_no_percent(desk: Desk) -> None:
    desk.run(PlayedJob("Wait"))
    assert desk.bar.count.text() == "1 job"
    assert not desk.bar.percent.isVisible()
    assert not desk.bar.progress.isVisible()


def test_progress_is_looked_at_while_something_runs(desk: Desk) -> None:
    job = PlayedJob("Receive", "body", 0, 100)
    desk.run(job)
    job.done = 77
    assert QSignalSpy(desk.bar._looks.timeout).wait(60_000)
    assert desk.bar.percent.text() == "77 %"
    job.state = "done"
    assert QSignalSpy(desk.bar._looks.timeout).wait(60_000)
    assert desk.bar.count.text() == "no jobs"
    assert not desk.bar._looks.isActive()


def test_more_done_than_there_was_to_do_is_all(desk: Desk) -> None:
    desk.run(PlayedJob("Receive", "", 300, 200))
    assert desk.bar.percent.text() == "100 %"


def test_the_cross_cancels_the_newest(desk: Desk) -> None:
    first, second = PlayedJob("first"), PlayedJob("second")
    desk.run(first, second)
    assert "second" in desk.bar.cancel_button.toolTip()
    desk.bar.cancel_button.click()
    assert (first.state, second.state) == ("running", "cancelled")
    assert desk.bar.newest.text() == "first"


def test_the_list_shows_all_newest_first_and_cancels_each(desk: Desk) -> None:
    jobs = [PlayedJob(f"job {n}") for n in range(3)]
    desk.run(*jobs)
    desk.bar.count.click()
    rows = [row for row in desk.bar.list._rows if row.isVisible()]
    assert [row.title.text() for row in rows] == ["job 2", "job 1", "job 0"]
    assert desk.window.rect().contains(desk.bar.list.geometry())
    assert sweep.unnamed(desk.window) == []
    assert sweep.clipped(desk.bar.list) == []
    rows[2].cancel_button.click()
    assert jobs[0].state == "cancelled"
    desk.bar.look()
    assert [row.title.text() for row in desk.bar.list._rows if row.isVisible()] == ["job 2", "job 1"]


def test_the_list_closes_by_escape_by_the_same_button_and_when_all_is_done(desk: Desk) -> None:
    desk.run(PlayedJob("one"))
    desk.bar.count.click()
    QTest.keyClick(desk.bar.list, Qt.Key.Key_Escape)
    assert not desk.bar.list.isVisible()
    desk.bar.count.click()
    assert desk.bar.list.isVisible()
    desk.bar.count.click()
    assert not desk.bar.list.isVisible()
    desk.bar.count.click()
    desk.jobs[0].state = "done"
    desk.bar.look()
    assert not desk.bar.list.isVisible()


def test_very_many_jobs_are_counted(desk: Desk) -> None:
    desk.run(*[PlayedJob(f"job {n}") for n in range(LIST_LIMIT + 12)])
    desk.bar.count.click()
    assert desk.bar.list.more.text() == "and 12 more"
    assert desk.window.rect().contains(desk.bar.list.geometry())


def test_cancelling_when_nothing_runs_does_nothing(desk: Desk) -> None:
    desk.bar.cancel_newest()
    assert not desk.bar.is_busy
