"""The window of tests.bench.hexview: python -m tests.bench.hexview_client JUMPS SECONDS, prints JSON."""

import asyncio
import os
import random
import sys
import time
from typing import Any

from tests.bench.children import resident_mib, say
from tests.bench.engines import QT, run_on
from tests.bench.servers import block

OCTETS = 1024 * 1024 * 1024
FRAME_S = 1 / 60
ROWS_A_FRAME = 3
CHECKED = 16


class Viewer:
    """Jumps and scrolls."""

    def __init__(self, jumps: int, seconds: int) -> None:
        self._jumps = jumps
        self._seconds = seconds
        self._random = random.Random(20)
        self.told: dict[str, Any] = {}

    async def main(self) -> None:
        """Show 1 GiB, look at it."""
        from tests.bench.filling import fill, opened
        from tests.bench.real_window import RealWindow

        async with RealWindow() as window:
            transcript, channel = opened()
            window.show(transcript)
            await fill(channel, 1024 * 1024)
            await window.until_shown()
            before_mib = resident_mib(os.getpid())
            await fill(channel, OCTETS - 1024 * 1024)
            await window.until_shown()
            view = window.hex
            view.set_following(False)
            jumps_ms = [await self._jump(view) for _ in range(self._jumps)]
            view.go_to(OCTETS // 2)
            await asyncio.sleep(FRAME_S)
            top = view.first_visible
            window.pulse.start()
            until = time.perf_counter() + self._seconds
            while time.perf_counter() < until:
                view.scroll_rows(ROWS_A_FRAME)
                await asyncio.sleep(FRAME_S)
            window.pulse.stop()
            if view.first_visible <= top:
                raise RuntimeError("nothing was scrolled")
            self.told = {
                "jumps_ms": jumps_ms,
                "gaps_ms": window.pulse.all_ms,
                "before_mib": before_mib,
                "resident_mib": resident_mib(os.getpid()),
                "peak_mib": resident_mib(os.getpid(), "VmHWM"),
            }
            window.show(None)
            transcript.close()

    async def _jump(self, view: Any) -> float:
        place = self._random.randrange(OCTETS)
        began = time.perf_counter()
        view.go_to(place)
        view.viewport().repaint()
        took_ms = (time.perf_counter() - began) * 1000
        data = block()
        start = view.first_visible
        wanted = bytes(data[(start + at) % len(data)] for at in range(CHECKED))
        if view.provider.read(start, start + CHECKED) != wanted or not 0 <= place - start < 4096:
            raise RuntimeError(f"at {start} stands something else")
        await asyncio.sleep(0)
        return took_ms


def main() -> None:
    """Measure and print."""
    viewer = Viewer(*map(int, sys.argv[1:]))
    run_on(QT, viewer.main)
    say(viewer.told)


if __name__ == "__main__":
    main()
