"""The actions of the page, for menus, palette and keys."""

from typing import TYPE_CHECKING

from workbench.ui.actions import Action, ActionMaker

if TYPE_CHECKING:
    from workbench.panels.sockets.reliability.view import ReliabilityPage

CONTEXT = "sockets/reliability"
_action = ActionMaker(CONTEXT, "Sockets", "sockets.reliability_")


def actions_of(page: "ReliabilityPage") -> tuple[Action, ...]:
    """What a person can do there."""

    def running() -> str:
        return "the messages are on their way" if page.controller.state.is_running else ""

    def idle() -> str:
        return "" if page.controller.state.is_running else "nothing is on its way"

    return (
        _action("compare", "Send by UDP and by TCP", page.start, "F5", "send", running),
        _action("stop", "Stop the comparison", page.stop, "Esc", "cancel", idle),
    )
