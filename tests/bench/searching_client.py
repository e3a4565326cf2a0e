"""The window of tests.bench.searching: python -m tests.bench.searching_client MODE WORDS SECONDS, prints JSON."""

import asyncio
import sys
import time
from contextlib import suppress
from typing import Any

from tests.bench.children import say
from tests.bench.engines import QT, run_on

OCTETS = 1024 * 1024 * 1024
NEEDLE = b"a Needle in the last hay is a needle in the hay"


class Searcher:
    """One search."""

    def __init__(self, mode: str, words: str, seconds: int) -> None:
        self._mode = mode
        self._words = words
        self._seconds = seconds
        self.told: dict[str, Any] = {}

    async def main(self) -> None:
        """Show 1 GiB, filter it, wait until all was looked through or the time is over."""
        from tests.bench.filling import fill, opened
        from tests.bench.real_window import RealWindow
        from workbench.ui.conversation.filtering import FilterForm, Mode

        async with RealWindow() as window:
            transcript, channel = opened()
            window.show(transcript)
            await fill(channel, OCTETS, text=True)
            channel.received(NEEDLE)
            await window.until_shown()
            window.pulse.start()
            began = time.perf_counter()
            window.dock.filter.put(FilterForm(words=self._words, mode=Mode(self._mode)))
            is_whole = False
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds):
                    await window.until_searched()
                    is_whole = True
            took_s = time.perf_counter() - began
            window.pulse.stop()
            rows = window.dock.filter.rows
            if is_whole and (rows is None or len(rows) != 1):
                raise RuntimeError("the needle was not found, or more than it")
            self.told = {"seconds": took_s, "gaps_ms": window.pulse.all_ms}
            window.dock.filter.put(FilterForm())
            window.show(None)
            transcript.close()


def main() -> None:
    """Measure and print."""
    mode, words, seconds = sys.argv[1:]
    searcher = Searcher(mode, words, int(seconds))
    run_on(QT, searcher.main)
    say(searcher.told)


if __name__ == "__main__":
    main()
