"""The tour of the Web panel: follow a redirect at lab:http, look at the hops and the page, hand it on."""

from workbench.panels.guide import Guide
from workbench.panels.web.calls import tour as calls
from workbench.panels.web.inspector import tour as inspector
from workbench.panels.web.pages import CALLS, INSPECTOR, REQUEST
from workbench.panels.web.requestpage import RequestPage
from workbench.panels.web.view import WebPanel

URL = "lab:http/redirect"


async def tour(panel: WebPanel, guide: Guide) -> None:
    """Compose, send, and compare what is shown; the pages that others add have their own steps behind these."""
    panel.show_page(REQUEST)
    page = panel.pages[REQUEST]
    assert isinstance(page, RequestPage)
    guide.target(URL)
    guide.compare("an empty page offers the Lab", page.answer.empty.button.text(), "Fetch lab:http/page")
    page.bar.set_text(URL)
    await guide.until(
        "the exact bytes stand there before they go",
        lambda: page.composer.text.toPlainText().split("\n")[0],
        "GET /redirect HTTP/1.1",
    )
    guide.click(page.bar.button)
    await guide.until("the answer is there", lambda: page.verdict.verdict.word, "200 OK")
    guide.compare("it is complete", "complete" in page.verdict.text(), True)
    guide.compare("two hops", _cell(page, 0, 0), "302 Found")
    guide.compare("and why", "302 keeps GET" in _cell(page, 0, 2), True)
    guide.compare("the page as text", page.lines_text(0), "<!DOCTYPE html>")
    await guide.until(
        "the conversation explains the answer",
        lambda: any("302 Found" in row for row in guide.conversation()),
        True,
    )
    await _other_pages(panel, page, guide)
    panel.show_page(REQUEST)


async def _other_pages(panel: WebPanel, page: RequestPage, guide: Guide) -> None:
    page.inspect()
    await inspector.tour(panel.pages[INSPECTOR], guide)
    panel.show_page(CALLS)
    await calls.tour(panel.pages[CALLS], guide)


def _cell(page: RequestPage, row: int, column: int) -> str:
    return str(page.answer.hops.index(row, column).data() or "")
