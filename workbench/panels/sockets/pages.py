"""The pages of the Sockets panel: one line each."""

from workbench.panels.pages import PageInfo

_P = "workbench.panels.sockets."
CONSOLE = "console"

PAGES: tuple[PageInfo, ...] = (
    PageInfo(CONSOLE, "Console", _P + "consolepage:ConsolePage", "Connections and listeners, octet by octet"),
)
