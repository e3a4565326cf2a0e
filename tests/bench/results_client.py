"""The window of tests.bench.results: python -m tests.bench.results_client TARGET PASSWORD RUNS, prints JSON."""

import asyncio
import os
import sys
import time
from typing import Any

from tests.bench.children import resident_mib, say
from tests.bench.engines import QT, run_on

ROWS = 1_000_000
LOOK_EVERY_S = 0.001


class Reader:
    """Runs the statement and watches the table."""

    def __init__(self, target: str, password: str, runs: str) -> None:
        self._target = target
        self._password = password
        self._runs = int(runs)
        self.told: dict[str, Any] = {}

    async def main(self) -> None:
        """Open, run, look."""
        from tests.bench.real_window import RealWindow

        async with RealWindow() as window:
            panel: Any = window.program.window.tabs.show_tab("sql")
            panel.bar.set_text(self._target)
            panel.password.setText(self._password)
            panel.start()
            await self._until(lambda: panel.controller.state.phase in ("open", "failed"))
            panel.editor.setPlainText("SELECT * FROM big LIMIT 1000")
            await self._run(panel, 1000)
            panel.editor.setPlainText("SELECT * FROM big")
            before_mib = resident_mib(os.getpid())
            window.pulse.start()
            took = [await self._run(panel, ROWS) for _ in range(self._runs)]
            window.pulse.stop()
            self.told = {
                "first_ms": [first * 1000 for first, _ in took],
                "seconds": [whole for _, whole in took],
                "more_mib": resident_mib(os.getpid(), "VmHWM") - before_mib,
                "gaps_ms": window.pulse.all_ms,
            }

    async def _run(self, panel: Any, count: int) -> tuple[float, float]:
        model, table = panel.results.rows, panel.results.table
        began = time.perf_counter()
        panel.run()
        await asyncio.sleep(0)
        await self._until(
            lambda: (model.rowCount() and panel.controller.state.busy) or not panel.controller.state.busy
        )
        table.viewport().repaint()
        first = time.perf_counter() - began
        await self._until(lambda: model.rowCount() == count and not panel.controller.state.busy)
        whole = time.perf_counter() - began
        if model.text(count - 1, 0) != str(count):
            raise RuntimeError(f"the last row is {model.text(count - 1, 0)!r}")
        return first, whole

    async def _until(self, is_so: Any) -> None:
        while not is_so():  # noqa: ASYNC110 - what a table shows has no event of its own
            await asyncio.sleep(LOOK_EVERY_S)


def main() -> None:
    """Measure and print."""
    reader = Reader(*sys.argv[1:])
    run_on(QT, reader.main)
    say(reader.told)


if __name__ == "__main__":
    main()
