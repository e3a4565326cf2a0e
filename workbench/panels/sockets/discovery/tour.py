"""The part of the tour for discovery: two services of the Lab are found by mDNS, and what one of them tells."""

from workbench.panels.guide import Guide
from workbench.panels.sockets.discovery.view import DiscoveryPage


async def tour(page: DiscoveryPage, guide: Guide) -> None:
    """Search the Lab's group, and look at the first one found."""
    guide.click(page.found.empty.button)
    await guide.until(
        "two services answer",
        lambda: sorted(peer.name for peer in page.found.model.rows),
        ["Anvil printer", "Book shelf"],
    )
    page.stop()
    await guide.until("the search is over", lambda: page.controller.state.is_running, False)
    guide.compare("one of them is looked at", page.found.detail.rowCount() >= 5, True)
