"""The pages of the Sockets panel: one line each."""

from workbench.panels.pages import PageInfo

_P = "workbench.panels.sockets."
CONSOLE = "console"

PAGES: tuple[PageInfo, ...] = (
    PageInfo(CONSOLE, "Console", _P + "consolepage:ConsolePage", "Connections and listeners, octet by octet"),
    PageInfo(
        "reliability",
        "Reliability",
        _P + "reliability.view:ReliabilityPage",
        "The same numbered messages over a faulty path, by UDP and by TCP",
    ),
)
