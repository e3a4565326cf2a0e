"""The window of tests.bench.datagrams: python -m tests.bench.datagrams_client RATE SECONDS STALL_MS, prints JSON."""

import asyncio
import resource
import sys
import time
from typing import Any

from tests.bench.children import PYTHON, say
from tests.bench.engines import QT, run_on
from tests.bench.servers import DATAGRAM
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction

SETTLED_S = 0.3


class Window:
    """Takes one flood in."""

    def __init__(self, rate: int, seconds: int, stall_ms: int) -> None:
        self._rate = rate
        self._seconds = seconds
        self._stall_s = stall_ms / 1000
        self.told: dict[str, Any] = {}

    async def main(self) -> None:
        """Open the window and its listener, have it flooded, count."""
        from tests.bench.real_window import RealWindow
        from tests.journeys.person import Person

        async with RealWindow() as window:
            view = await Person(window.program).connect("127.0.0.1:0", "listener udp")
            window.dock.show_form("hex")
            transcript = view.controller.transcript
            port = view.controller.state.address.rpartition(":")[2]
            flood = await asyncio.create_subprocess_exec(
                PYTHON,
                *("-m", "tests.bench.servers", "flood", port, str(self._rate), str(self._seconds)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            assert flood.stdin is not None
            assert flood.stdout is not None
            await flood.stdout.readline()
            used_s, began = _cpu_s(), time.perf_counter()
            window.pulse.start()
            flood.stdin.write(b"go\n")
            if self._stall_s:
                asyncio.get_running_loop().call_later(self._seconds / 2, time.sleep, self._stall_s)
            sent = int(await flood.stdout.readline())
            cores = (_cpu_s() - used_s) / (time.perf_counter() - began)
            await asyncio.sleep(SETTLED_S)
            await window.until_shown()
            window.pulse.stop()
            await flood.wait()
            self.told = {
                "sent": sent,
                "received": _octets(transcript) // len(DATAGRAM),
                "receive_buffer": _receive_buffer(transcript),
                "cores": cores,
                "gaps_ms": window.pulse.all_ms,
            }


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _octets(transcript: Transcript) -> int:
    return sum(len(transcript.stream(info.number, Direction.RECEIVED, "udp")) for info in transcript.channels)


def _receive_buffer(transcript: Transcript) -> int:
    for event in transcript.events(0, 16):
        if event.name == "datagram.open":
            return int(str(event.values["receive_buffer"]))
    raise RuntimeError("the socket was not opened as it should be")


def main() -> None:
    """Measure and print."""
    window = Window(*map(int, sys.argv[1:]))
    run_on(QT, window.main)
    say(window.told)


if __name__ == "__main__":
    main()
