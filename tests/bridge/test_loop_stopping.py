"""Stopping: whenever it is asked for, the loop leaves."""

import threading
import time

from workbench.bridge.loop import SLICE_S, WorkbenchLoop

RESCUE_S = 5.0


def test_a_stop_asked_for_in_a_callback_that_outlasts_its_slice_is_heard(app):
    """The slice ends right after that callback, with nothing ready and nothing that would wake the loop again."""
    loop = WorkbenchLoop(app)
    rescued: list[bool] = []

    def rescue() -> None:
        rescued.append(True)
        loop.call_soon_threadsafe(loop.stop)

    def slow_then_stop() -> None:
        until = time.monotonic() + 2 * SLICE_S
        while time.monotonic() < until:
            pass
        loop.stop()

    watch = threading.Timer(RESCUE_S, rescue)
    watch.start()
    try:
        loop.call_soon(slow_then_stop)
        loop.run_forever()
    finally:
        watch.cancel()
        watch.join()
        loop.close()
    assert rescued == []
