"""The window of tests.bench.opening: python -m tests.bench.opening_client, prints JSON."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.bench.children import say
from tests.bench.engines import QT, run_on

BEFORE_S = 0.05
SETTLED_S = 0.4
"""Until what is made behind the first picture has been made, the other pages of a panel among it."""


class Opener:
    """Opens everything once, and watches the loop."""

    def __init__(self) -> None:
        self.told: dict[str, dict[str, float]] = {"panel": {}, "page": {}, "own": {}}

    async def main(self) -> None:
        """Open."""
        from tests.bench.real_window import RealWindow
        from workbench.panels import PANELS

        async with RealWindow("start") as window:
            tabs = window.program.window
            for panel in (info.id for info in PANELS[1:]):
                self.told["panel"][panel] = await self._longest(window, partial(tabs.show_tab, panel))
                await self._pages(window, panel, tabs.tabs.page(panel))
            for own in ("settings", "diagnostics", "help"):
                self.told["own"][own] = await self._longest(window, partial(tabs.show_tab, own))
            if window.program.crashes.crashes:
                raise RuntimeError(f"opened with a fault: {window.program.crashes.crashes[0].text[-400:]}")

    async def _pages(self, window: Any, panel: str, page: Any) -> None:
        """Those that were not made ahead."""
        for at in page.pages.ids if hasattr(page, "show_page") else ():
            if page.pages.get(at) is None:
                self.told["page"][f"{panel}, {at}"] = await self._longest(window, partial(page.show_page, at))

    async def _longest(self, window: Any, opens: Callable[[], object]) -> float:
        """Milliseconds of the longest gap between two ticks from before an opening until all is quiet."""
        window.pulse.start()
        await asyncio.sleep(BEFORE_S)
        seen = len(window.pulse.all_ms)
        opens()
        await asyncio.sleep(SETTLED_S)
        window.pulse.stop()
        return float(max(window.pulse.all_ms[seen:]))


def main() -> None:
    """Measure and print."""
    opener = Opener()
    run_on(QT, opener.main)
    say(opener.told)


if __name__ == "__main__":
    main()
