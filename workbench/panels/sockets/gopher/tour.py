"""The part of the tour for Gopher: a menu of the Lab, an item of it, and the same request on four levels."""

from workbench.panels.guide import Guide
from workbench.panels.sockets.gopher.view import GopherPage


async def tour(page: GopherPage, guide: Guide) -> None:
    """Open the root, follow an item, climb the ladder."""
    guide.click(page.answer.empty.button)
    await guide.until("the root is a menu", lambda: page.verdict.verdict.word, "menu")
    guide.compare("with its items", page.answer.items.rowCount(), 8)
    page.open_current()
    await guide.until("an item of it is a text", lambda: page.verdict.verdict.word, "text")
    page.climb()
    await guide.until("the four levels say the same", lambda: page.verdict.verdict.word, "identical")
