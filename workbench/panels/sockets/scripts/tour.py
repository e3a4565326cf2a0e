"""The part of the tour for scripts: the example carried out against lab:echo, every step marked."""

from workbench.panels.guide import Guide
from workbench.panels.sockets.scripts.view import ScriptsPage


async def tour(page: ScriptsPage, guide: Guide) -> None:
    """Take the example, run it, and read the marks."""
    page.show_script()
    guide.click(page.script.example)
    page.bar.set_text("lab:echo")
    guide.click(page.bar.button)
    await guide.until("the script comes true", lambda: page.verdict.verdict.word, "passed")
    guide.compare("each step is marked", str(page.script.model.index(3, 1).data()), "passed")
    guide.compare("and says what it saw", str(page.script.model.index(3, 4).data()), "FIN")
