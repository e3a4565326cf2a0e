"""The orderly end: in order, within its time, whatever hangs; and the window that closes in two steps.

What is left when all phases are over is the business of workbench.bridge.leftovers.
"""

import asyncio
import threading

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from tests.bridge.programs import Program, run_program
from tests.kit.stolen import Stopwatch
from workbench.bridge.ending import ORDERLY_S, Ending, Phase, close_in_two_steps


class Report:
    """What the ending complained of."""

    def __init__(self):
        self.told = []

    def __call__(self, where, text):
        self.told.append((where, text))


@pytest.fixture
def report():
    return Report()


async def hang():
    await asyncio.sleep(3600)


async def hang_for_good(may_end):
    """Swallow every cancellation, as a badly written library does."""
    while not may_end.is_set():
        try:
            await may_end.wait()
        except asyncio.CancelledError:
            continue


async def test_phases_run_in_order_whatever_the_order_they_were_named_in(app, report):
    ending, done = Ending(report), []

    def step(name):
        async def run():
            await asyncio.sleep(0.001)
            done.append(name)

        return run

    for phase in (Phase.LAB, Phase.PANELS, Phase.REACTOR, Phase.TRANSPORTS, Phase.TASKS):
        ending.add(phase, phase.name, step(phase.name))
    assert await ending.run() == []
    assert done == ["PANELS", "TASKS", "TRANSPORTS", "LAB", "REACTOR"]
    assert report.told == []


async def test_steps_of_one_phase_run_side_by_side(app, report):
    ending, barrier = Ending(report), asyncio.Barrier(3)
    for number in range(3):
        ending.add(Phase.PANELS, f"panel {number}", barrier.wait)
    assert await ending.run() == []


async def test_a_step_taken_out_again_does_not_run(app, report):
    ending, ran = Ending(report), []

    async def step():
        ran.append(None)

    cut = ending.add(Phase.PANELS, "closed before", step)
    cut()
    cut()
    await ending.run()
    assert ran == []


async def test_a_step_that_hangs_is_named_with_its_place_and_leaves_the_others_their_time(app, report):
    ending, done = Ending(report, within_s=0.6), []

    async def later():
        done.append("lab")

    ending.add(Phase.PANELS, "panel sockets", hang)
    ending.add(Phase.LAB, "lab", later)
    watch = Stopwatch()
    [stuck] = await ending.run()
    # Less than the time that an ending has if it is not told.
    assert watch.elapsed_s < ORDERLY_S
    assert stuck.name == "panel sockets"
    assert done == ["lab"]
    [(where, text)] = report.told
    assert where == "ending"
    assert "in hang" in text
    assert text.endswith("panel sockets did not end\n")


async def test_a_step_that_swallows_cancellation_is_left_behind(app, report):
    ending, may_end = Ending(report, within_s=0.5), asyncio.Event()
    ending.add(Phase.TASKS, "stubborn", lambda: hang_for_good(may_end))
    [stuck] = await ending.run()
    assert stuck.name == "stubborn"
    may_end.set()
    await asyncio.sleep(0)


async def test_a_step_that_fails_is_reported_and_the_rest_goes_on(app, report):
    ending, done = Ending(report), []

    async def fail():
        raise LookupError("payload")

    async def later():
        done.append("lab")

    ending.add(Phase.PANELS, "panel dns", fail)
    ending.add(Phase.LAB, "lab", later)
    assert await ending.run() == []
    [(where, text)] = report.told
    assert where == "ending panel dns"
    assert text.endswith("LookupError\n")
    assert done == ["lab"]


async def test_leftover_tasks_are_cancelled_after_everything_else(app, report):
    ending, seen = Ending(report), []

    async def background():
        try:
            await asyncio.sleep(3600)
        finally:
            seen.append("background")

    async def lab():
        seen.append("lab")

    task = asyncio.create_task(background(), name="background")
    await asyncio.sleep(0)
    ending.add(Phase.LAB, "lab", lab)
    # The test's own task waits for the end like a program's main does, and is not cancelled.
    assert await ending.run() == []
    assert seen == ["lab", "background"]
    assert task.cancelled()


async def test_a_stuck_thread_is_named_with_its_place(app, report):
    may_end, began = threading.Event(), threading.Event()

    def stuck_job():
        began.set()
        may_end.wait(30)

    job = asyncio.get_running_loop().run_in_executor(None, stuck_job)
    await asyncio.to_thread(began.wait)
    workers = asyncio.get_running_loop().workers
    [stuck] = await Ending(report, within_s=0.5).run()
    assert stuck.name.startswith("worker")
    assert "in stuck_job" in stuck.stack
    may_end.set()
    await job
    assert await workers.finished(5)


async def test_asking_twice_ends_once_and_everyone_who_waits_is_told(app, report):
    ending, ran = Ending(report), []

    async def step():
        ran.append(None)
        await asyncio.sleep(0.01)

    ending.add(Phase.PANELS, "panel", step)
    assert not ending.is_requested
    QTimer.singleShot(0, ending.request)
    await ending.requested()
    ending.request()
    assert ending.is_requested
    second = asyncio.create_task(ending.run())
    assert await ending.run() == await second == []
    assert ran == [None]


async def test_whoever_waits_may_be_cancelled_and_the_end_goes_on(app, report):
    ending, done = Ending(report), asyncio.Event()

    async def step():
        await asyncio.sleep(0.02)
        done.set()

    ending.add(Phase.PANELS, "panel", step)
    waiting = asyncio.create_task(ending.run())
    await asyncio.sleep(0)
    waiting.cancel()
    await done.wait()
    assert await ending.run() == []


def test_a_blocked_main_thread_does_not_keep_the_program():
    ended = run_program("""
        from workbench.bridge import ending as bridge_ending
        bridge_ending.LAST_RESORT_S = 0.5
        async def blocks_for_good():
            time.sleep(3600)
        async def main():
            ending = bridge_ending.Ending(print, last_resort=True)
            ending.add(bridge_ending.Phase.PANELS, "panel", blocks_for_good)
            say(time.monotonic())
            await ending.run()
            return 0
        run(app, main)
    """)
    assert ended.code == 1
    assert "in blocks_for_good" in ended.err
    assert ended.took_s < 10


def test_quitting_with_a_stuck_job_ends_within_three_seconds():
    program = Program("""
        import time
        from PySide6.QtWidgets import QWidget
        from workbench.bridge.ending import Ending, Phase, close_in_two_steps
        async def main():
            ending = Ending(lambda where, text: say(text.splitlines()[-1]))
            window = QWidget()
            close_in_two_steps(window, ending.run)
            window.show()
            began = threading.Event()
            def hang():
                began.set()
                time.sleep(3600)
            asyncio.get_running_loop().run_in_executor(None, hang)
            await asyncio.to_thread(began.wait)
            say(time.monotonic())
            window.close()
            await ending.requested()
            await ending.run()
            assert not window.isVisible()
            return 0
        code = run(app, main)
        say(time.monotonic())
        sys.exit(code)
    """)
    ended = program.wait()
    assert ended.code == 0
    assert ended.err == ""
    first, *told, last = ended.out.splitlines()
    assert any("worker_" in line for line in told)
    # By the program's own clock: how soon a busy machine lets its interpreter go is not ours to say.
    assert float(last) - float(first) < 3.0
    assert ended.took_s < 10


# The window


@pytest.fixture
def window(app):
    window = QWidget()
    window.show()
    yield window
    window.deleteLater()


async def test_a_window_stays_until_it_has_retired(window):
    may_go = asyncio.Event()
    closing = close_in_two_steps(window, may_go.wait)
    window.close()
    await asyncio.sleep(0.01)
    assert window.isVisible()
    assert not closing.closed.is_set()
    may_go.set()
    await closing.closed.wait()
    assert not window.isVisible()


async def test_closing_again_while_it_retires_changes_nothing(window):
    retired = []

    async def retire():
        retired.append(None)
        await asyncio.sleep(0.02)

    closing = close_in_two_steps(window, retire)
    for _ in range(5):
        window.close()
        await asyncio.sleep(0.001)
    await closing.closed.wait()
    assert retired == [None]
    assert not window.isVisible()


async def test_a_person_may_change_their_mind_and_later_mean_it(window):
    answers, asked = [False, True], asyncio.Event()

    async def may_close():
        asked.set()
        return answers.pop(0)

    async def retire():
        pass

    closing = close_in_two_steps(window, retire, may_close)
    window.close()
    await asked.wait()
    await asyncio.sleep(0)
    assert window.isVisible()
    window.close()
    await closing.closed.wait()
    assert answers == []


async def test_a_window_closes_in_time_although_retiring_hangs(window):
    heard = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: heard.append(context["message"]))
    closing = close_in_two_steps(window, hang, within_s=0.05)
    window.close()
    await closing.closed.wait()
    assert not window.isVisible()
    assert heard[0].endswith("retire of the window did not end")
    assert "in hang" in heard[0]


async def test_a_window_closes_although_retiring_fails_and_that_is_told(window):
    heard = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: heard.append(context["exception"]))

    async def fail():
        raise LookupError

    closing = close_in_two_steps(window, fail)
    window.close()
    await closing.closed.wait()
    await asyncio.sleep(0)
    assert not window.isVisible()
    assert [type(error) for error in heard] == [LookupError]


async def test_a_window_deleted_while_it_retires_is_no_trouble(app):
    window, may_go = QWidget(), asyncio.Event()
    closing = close_in_two_steps(window, may_go.wait)
    window.show()
    window.close()
    await asyncio.sleep(0)
    window.deleteLater()
    await asyncio.sleep(0.01)
    may_go.set()
    await closing.closed.wait()


async def test_qt_asking_to_quit_goes_the_same_way(window, app):
    may_go = asyncio.Event()
    closing = close_in_two_steps(window, may_go.wait)
    app.quit()  # a session manager, the system's menu: it asks the windows first
    await asyncio.sleep(0.01)
    assert window.isVisible()
    may_go.set()
    await closing.closed.wait()
