"""The part of the tour for calls: the methods of lab:xmlrpc, one of them called, and its value."""

from workbench.panels.guide import Guide
from workbench.panels.web.calls.view import CallsPage


async def tour(page: CallsPage, guide: Guide) -> None:
    """List the methods, choose one, fill its arguments in, call it."""
    guide.click(page.empty.button)
    await guide.until("the methods are listed", lambda: page.verdict.verdict.word, "listed")
    names = [method.name for method in page.methods.rows]
    page.table.selectRow(names.index("pow"))
    await guide.until("a method brings its arguments", lambda: page.composer.arguments.rowCount(), 3)
    model = page.composer.arguments
    for row, text in enumerate(("2", "10")):
        model.setData(model.index(row, 1), text)
    guide.click(page.composer.button)
    await guide.until("the value is there", lambda: page.verdict.verdict.sentence, "1024")
    guide.compare("with its type", str(page.outcome.values.index(0, 1).data()), "int")
