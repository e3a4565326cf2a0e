"""The Inspector's part of the tour: the page that came, a search in it, and a node that stands in no source."""

from workbench.panels.guide import Guide
from workbench.panels.web.inspector.view import InspectorPage


async def tour(page: InspectorPage, guide: Guide) -> None:
    """Read the page that the page of requests handed over, search it by XPath, look at what was found."""
    await guide.until(
        "the page was read",
        lambda: bool(page.controller.state.looked and page.controller.state.looked.is_marked),
        True,
    )
    guide.compare("as HTML", "HTML" in page.verdict.text(), True)
    guide.type(page.search_line.expression, "//title")
    guide.click(page.search_line.button)
    await guide.until("the search finds one", lambda: page.verdict.verdict.sentence, "1 hit")
    hits, source = page.document.hits, page.document.source
    start, stop = source.selected
    looked = page.controller.state.looked
    shown = looked.page.text[start:stop] if looked is not None else ""
    guide.compare("its source is marked", shown.startswith("<title>") and shown.endswith("</title>"), True)
    place = str(hits.index(0, 1).data())
    guide.compare("its place is listed", place, str(looked.lines.place(start)) if looked is not None else "")
