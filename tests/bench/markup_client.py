"""The window of tests.bench.markup: python -m tests.bench.markup_client FILE RUNS, prints JSON."""

import asyncio
import sys
import time
from pathlib import Path
from typing import Any

from tests.bench.children import say
from tests.bench.engines import QT, run_on

LOOK_EVERY_S = 0.001
SELECTORS = {"css": "a[href]", "xpath": "//a/@href"}


class Reader:
    """Hands the page to the Inspector and watches it; its worker is warm, as it is from the first document on."""

    def __init__(self, path: str, runs: str) -> None:
        self._data = Path(path).read_bytes()
        self._runs = int(runs)
        self.told: dict[str, Any] = {}

    async def main(self) -> None:
        """Open, mark, search, look."""
        from tests.bench.real_window import RealWindow
        from workbench.panels.bench import Document

        async with RealWindow() as window:
            panel: Any = window.program.window.tabs.show_tab("web")
            panel.take(Document("small.html", "text/html", b"<p>x", ""))
            page: Any = panel.pages["inspector"]
            state = page.controller
            await self._until(lambda: state.state.looked is not None and state.state.looked.is_marked)
            window.pulse.start()
            took: list[dict[str, float]] = []
            for _ in range(self._runs):
                took.append(await self._run(panel, page, Document("big.html", "text/html", self._data, "")))
            window.pulse.stop()
            self.told = {"took": took, "gaps_ms": window.pulse.all_ms}

    async def _run(self, panel: Any, page: Any, document: Any) -> dict[str, float]:
        found: dict[str, float] = {}
        controller, view = page.controller, page.document
        began = time.perf_counter()
        panel.take(document)
        await self._until(lambda: controller.state.phase == "reading")
        await self._until(lambda: controller.state.looked is not None and view.nodes.rowCount())
        found["tree"] = time.perf_counter() - began
        view.tree.viewport().repaint()
        view.source.viewport().repaint()
        found["shown"] = time.perf_counter() - began
        if view.nodes.index(0, 2).data() != "1:1":
            raise RuntimeError(f"the first node stands at {view.nodes.index(0, 2).data()!r}")
        await self._until(lambda: controller.state.looked.is_marked)
        found["marked"] = time.perf_counter() - began
        for language, expression in SELECTORS.items():
            for name in (f"{language}_first", language):
                found[name] = await self._search(page, language, expression)
        found["hits"] = controller.state.answer.total
        return found

    async def _search(self, page: Any, language: str, expression: str) -> float:
        line, controller = page.search_line, page.controller
        line.language.setCurrentIndex(line.language.findData(language))
        line.expression.setText(expression)
        began = time.perf_counter()
        page.search()
        await self._until(lambda: controller.state.is_searching)
        await self._until(lambda: controller.state.answer is not None and page.document.hits.rowCount())
        page.document.hit_table.viewport().repaint()
        took = time.perf_counter() - began
        await self._until(lambda: controller.state.ranges and not controller.state.is_searching)
        return took

    async def _until(self, is_so: Any) -> None:
        while not is_so():  # noqa: ASYNC110 - what a view shows has no event of its own
            await asyncio.sleep(LOOK_EVERY_S)


def main() -> None:
    """Measure and print."""
    reader = Reader(*sys.argv[1:])
    run_on(QT, reader.main)
    say(reader.told)


if __name__ == "__main__":
    main()
