"""The part of the tour for octets that wait: a pipe frozen and freed, then two ends that wait for each other."""

from workbench.panels.guide import Guide
from workbench.panels.sockets.flow.view import FlowPage


async def tour(page: FlowPage, guide: Guide) -> None:
    """Fill a pipe until it freezes, let it read and write at once; make two ends wait, and let one speak."""
    page.show_pipe()
    page.pipe.fields["octets"].setValue(512 * 1024)
    guide.click(page.pipe.start)
    await guide.until("the pipe freezes", lambda: page.verdict.verdict.word, "frozen")
    guide.compare("nothing came back", "0 B came back" in page.pipe.curve.accessibleDescription(), True)
    guide.click(page.pipe.remedies["both"])
    await guide.until("it is freed, and all came back", lambda: page.verdict.verdict.word, "echoed")
    page.show_stall()
    guide.click(page.stall.pairs["read/read"])
    await guide.until("two readers are a deadlock", lambda: page.verdict.verdict.word, "read/read")
    guide.click(page.stall.relief)
    await guide.until("the way out ends it", lambda: "Both read" in _titles(page), False)
    page.show_pipe()


def _titles(page: FlowPage) -> list[str]:
    return [each.title for each in page.stall.model.rows]
