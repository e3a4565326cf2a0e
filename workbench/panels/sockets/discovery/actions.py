"""The actions of the page of discovery, for menus, palette and keys."""

from typing import TYPE_CHECKING

from workbench.ui.actions import Action, ActionMaker

if TYPE_CHECKING:
    from workbench.panels.sockets.discovery.view import DiscoveryPage

CONTEXT = "sockets/discovery"
_action = ActionMaker(CONTEXT, "Sockets", "sockets.discovery_")


def actions_of(page: "DiscoveryPage") -> tuple[Action, ...]:
    """What a person can do there."""

    def running() -> str:
        return "it goes on already" if page.controller.state.is_running else ""

    def idle() -> str:
        return "" if page.controller.state.is_running else "nothing goes on here"

    return (
        _action("go", "Go to the group", page.focus_start, "Ctrl+L", "search"),
        _action("start", "Search, announce or discover in the group", page.start, "F5", "search", running),
        _action("stop", "Stop, and say goodbye", page.stop, "Esc", "cancel", idle),
    )
