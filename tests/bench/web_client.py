"""The client of tests.bench.web: python -m tests.bench.web_client HOW PORT RUNS FOLDER SHA256.

HOW: asyncio, or qt with the heartbeat. Downloads / to a file in FOLDER, recorded, as often as asked. Prints JSON.
"""

import os
import sys
import time
from pathlib import Path
from typing import Any

from tests.bench.children import resident_mib, say
from tests.bench.engines import ASYNCIO, QT, run_on
from workbench.protocols.http.client import fetch
from workbench.protocols.http.sink import File
from workbench.protocols.http.values import Request
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction


class Fetching:
    """Downloads, and notes how long each took and how evenly the loop went on meanwhile."""

    def __init__(self, how: str, port: int, runs: int, folder: str, sha256: str) -> None:
        self.loop = how
        self._url = f"http://127.0.0.1:{port}/"
        self._runs = runs
        self._place = Path(folder) / "got"
        self._sha256 = sha256
        self._seconds: list[float] = []
        self._gaps_ms: list[float] = []

    async def main(self) -> None:
        """All runs."""
        pulse: Any = None
        if self.loop == QT:
            from tests.bench.real_window import Gaps

            pulse = Gaps()
        for _ in range(self._runs):
            await self._fetch(pulse)
        if pulse is not None:
            self._gaps_ms = pulse.all_ms

    async def _fetch(self, pulse: Any) -> None:
        transcript = Transcript()
        if pulse is not None:
            pulse.start()
        began = time.perf_counter()
        exchange = await fetch(Request(self._url), transcript, sink=File(str(self._place)))
        self._seconds.append(time.perf_counter() - began)
        if pulse is not None:
            pulse.stop()
        exchange.require_whole()
        recorded = len(transcript.stream(0, Direction.RECEIVED, "tcp")) - len(exchange.head.raw)
        if exchange.body.sha256 != self._sha256 or recorded != exchange.body.octets:
            raise RuntimeError(
                f"{exchange.body.octets} octets came, {recorded} were recorded: not what was sent"
            )
        transcript.close()
        self._place.unlink()

    def told(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "seconds": self._seconds,
            "gaps_ms": self._gaps_ms,
            "peak_mib": resident_mib(os.getpid(), "VmHWM"),
        }


def main() -> None:
    """Measure and print."""
    how, port, runs, folder, sha256 = sys.argv[1:]
    assert how in (ASYNCIO, QT)
    fetching = Fetching(how, int(port), int(runs), folder, sha256)
    run_on(how, fetching.main)
    say(fetching.told())


if __name__ == "__main__":
    main()
