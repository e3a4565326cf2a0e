"""The tour of ports and addresses: a service by its name, an address that misleads, who reaches a server of ours."""

from workbench.panels.guide import Guide
from workbench.panels.sockets.addresses.view import AddressesPage


async def tour(page: AddressesPage, guide: Guide) -> None:
    """Search a service, look at an address, and see that a server on 127.0.0.1 is for this machine alone."""
    guide.type(page.ports.search, "gopher")
    guide.click(page.ports.find_button)
    await guide.until(
        "gopher has port 70", lambda: [line.cells[0] for line in page.ports.model.rows][:1], ["70"]
    )
    page.tabs.turn_to(1)
    guide.type(page.address.address, "0177.0.0.1")
    guide.click(page.address.look_button)
    await guide.until(
        "an old notation is called ambiguous", lambda: page.address.verdict.verdict.word, "ambiguous"
    )
    page.tabs.turn_to(4)
    guide.click(page.reach.look_button)
    await guide.until(
        "a server at 127.0.0.1 is reached by this machine alone",
        lambda: page.reach.verdict.verdict.word,
        "this machine",
    )
    guide.compare(
        "at 127.0.0.1 and nowhere else",
        [line.cells[0] for line in page.reach.model.rows if line.cells[2] == "yes"],
        ["127.0.0.1"],
    )
