"""The panels: one folder each, one line here. They don't know each other; they meet through `open(target)`."""

from typing import NamedTuple


class PanelInfo(NamedTuple):
    """What is known of a panel before it is opened. entry: "module:Class", imported at its first visit."""

    id: str
    title: str
    order: int
    entry: str
    tip: str


PANELS: tuple[PanelInfo, ...] = (
    PanelInfo(
        "start",
        "Start",
        0,
        "workbench.panels.start.view:StartPanel",
        "Begin here: the Lab and the experiments",
    ),
    PanelInfo("sockets", "Sockets", 10, "workbench.panels.sockets.view:SocketsPanel", "TCP and UDP by hand"),
)
