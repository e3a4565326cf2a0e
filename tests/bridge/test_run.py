"""A program's beginning and end: exit codes, signals, stuck work; three seconds at most, and nothing complains."""

import signal
import sys

import pytest

from tests.bridge.programs import Program, run_program

END_LIMIT_S = 3.0


def test_a_program_returns_its_exit_code_and_says_nothing():
    ended = run_program("""
        async def main():
            await asyncio.sleep(0.01)
            return 5
        code = run(app, main)
        assert not app.quitOnLastWindowClosed()
        say("left")
        sys.exit(code)
    """)
    assert ended[:3] == (5, "left\n", "")


def test_closing_the_last_window_ends_nothing():
    ended = run_program("""
        from PySide6.QtWidgets import QWidget
        async def main():
            window = QWidget()
            window.show()
            await asyncio.sleep(0.02)
            window.close()
            await asyncio.sleep(0.05)
            say("still here")
            return 0
        sys.exit(run(app, main))
    """)
    assert ended[:3] == (0, "still here\n", "")


def test_an_exception_of_main_is_the_programs():
    ended = run_program("""
        async def main():
            raise LookupError("of main")
        sys.exit(run(app, main))
    """)
    assert ended.code == 1
    assert "LookupError: of main" in ended.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_cancels_main_which_cleans_up(number):
    program = Program("""
        async def main():
            try:
                say("ready")
                await asyncio.sleep(60)
            finally:
                await asyncio.sleep(0.01)
                say("cleaned up")
        sys.exit(run(app, main))
    """)
    assert program.wait_for_line() == "ready"
    program.process.send_signal(number)
    ended = program.wait()
    assert ended[:3] == (128 + number, "cleaned up\n", "")
    assert ended.took_s < END_LIMIT_S


def test_ctrl_c_reaches_a_loop_that_nobody_gave_handlers():
    program = Program("""
        from workbench.bridge.loop import WorkbenchLoop
        loop = WorkbenchLoop(app)
        loop.call_soon(say, "ready")
        try:
            loop.run_forever()
        except KeyboardInterrupt:
            say("interrupted")
        loop.close()
    """)
    assert program.wait_for_line() == "ready"
    program.process.send_signal(signal.SIGINT)
    assert program.wait()[:3] == (0, "interrupted\n", "")


def test_a_job_stuck_in_the_executor_does_not_keep_the_program():
    ended = run_program("""
        from tests.kit.stolen import Stopwatch
        async def main():
            began = threading.Event()
            def hang():
                began.set()
                time.sleep(3600)
            asyncio.get_running_loop().run_in_executor(None, hang)
            await asyncio.to_thread(began.wait)
            asyncio.get_running_loop().set_exception_handler(lambda loop, context: say(context["message"]))
            global watch
            watch = Stopwatch()
            return 0
        code = run(app, main)
        say(watch.elapsed_s)
        sys.exit(code)
    """)
    assert ended.code == 0
    assert ended.err == ""
    *stack, last = ended.out.splitlines()
    assert float(last) < END_LIMIT_S
    assert any("in hang" in line for line in stack)


def test_a_task_that_refuses_to_end_does_not_keep_the_program():
    ended = run_program("""
        from tests.kit.stolen import Stopwatch
        async def stubborn():
            while True:
                try:
                    await asyncio.sleep(3600)
                except asyncio.CancelledError:
                    pass
        async def main():
            asyncio.get_running_loop().set_exception_handler(lambda loop, context: say(context["message"]))
            task = asyncio.create_task(stubborn(), name="stubborn")
            await asyncio.sleep(0)
            global watch
            watch = Stopwatch()
            return 0
        code = run(app, main)
        say(watch.elapsed_s)
        sys.exit(code)
    """)
    assert ended.code == 0
    *told, last = ended.out.splitlines()
    assert float(last) < END_LIMIT_S
    assert told[-1] == "stubborn did not end"


def test_a_loop_may_be_closed_after_its_application():
    ended = run_program("""
        from shiboken6 import Shiboken
        from workbench.bridge.loop import WorkbenchLoop
        loop = WorkbenchLoop(app)
        loop.run_until_complete(asyncio.sleep(0))
        Shiboken.delete(app)
        loop.close()
        say("closed")
    """)
    assert ended[:3] == (0, "closed\n", "")


def test_qt_ending_its_loop_gives_main_the_chance_to_end_in_order():
    ended = run_program("""
        async def main():
            asyncio.get_running_loop().call_later(0.01, app.exit)
            try:
                await asyncio.sleep(60)
            finally:
                await asyncio.sleep(0.01)
                say("cleaned up")
        sys.exit(run(app, main))
    """)
    assert ended[:3] == (0, "cleaned up\n", "")


def test_a_main_that_is_slow_to_end_after_qt_has_ended_is_left_in_order():
    ended = run_program("""
        from workbench.bridge import loop as bridge_loop
        bridge_loop.LEAVING_S = 0.8
        async def main():
            asyncio.get_running_loop().call_later(0.01, app.exit)
            for _ in range(3):
                try:
                    await asyncio.sleep(60)
                except asyncio.CancelledError:
                    await asyncio.sleep(0.15)
                    say("cancelled")
        sys.exit(run(app, main))
    """)
    assert ended.code == 0
    assert "cancelled" in ended.out
    assert "RuntimeError" not in ended.err


def test_tasks_generators_and_threads_end_with_the_program():
    ended = run_program("""
        async def background():
            try:
                await asyncio.sleep(60)
            finally:
                say("task ended")
        async def numbers():
            try:
                yield 1
            finally:
                say("generator ended")
        async def main():
            main.task = asyncio.create_task(background())
            main.numbers = numbers()
            await anext(main.numbers)
            await asyncio.to_thread(threading.current_thread)
            return 0
        code = run(app, main)
        assert threading.enumerate() == [threading.main_thread()]
        sys.exit(code)
    """)
    assert ended[:3] == (0, "task ended\ngenerator ended\n", "")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts by /proc")
def test_nothing_is_left_open_after_a_program():
    ended = run_program("""
        def count():
            return len(os.listdir("/proc/self/fd"))
        async def main():
            await asyncio.to_thread(int)
            return 0
        run(app, main)
        before = count()
        for _ in range(5):
            run(app, main)
        say(count() - before)
    """)
    assert ended[:3] == (0, "0\n", "")
