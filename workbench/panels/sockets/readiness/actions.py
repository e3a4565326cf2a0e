"""The actions of the page of readiness, for menus, palette and keys."""

from typing import TYPE_CHECKING

from workbench.ui.actions import Action, ActionMaker

if TYPE_CHECKING:
    from workbench.panels.sockets.readiness.view import ReadinessPage

CONTEXT = "sockets/readiness"
_action = ActionMaker(CONTEXT, "Sockets", "sockets.readiness_")


def actions_of(page: "ReadinessPage") -> tuple[Action, ...]:
    """What a person can do there."""

    def idle() -> str:
        return "" if page.is_busy else "nothing goes on here"

    def no_row() -> str:
        return "" if page.lamps.state.row is not None else "choose a socket first"

    return (
        _action("go", "Go to the target", page.focus_start, "Ctrl+L", "search"),
        _action("watch", "Watch, measure or race", page.start, "F5", "play"),
        _action("stop", "Stop watching, measuring or racing", page.stop, "Esc", "cancel", idle),
        _action("once", "Wait once", page.wait_once, "F10", "chevron-right", page.why_not_wait),
        _action("pair", "Watch a made pair", page.add_pair, "Ctrl+T", "add"),
        _action("listen", "Watch a listener", page.listen, "Ctrl+Shift+T", "listen"),
        _action("remove", "Remove the socket", page.remove, "Ctrl+W", "remove", no_row),
        _action("lamps", "Lamps", page.show_lamps, "Ctrl+Alt+N", "sockets"),
        _action("costs", "Costs of waiting", page.show_costs, "Ctrl+Alt+E", "compare"),
        _action("race", "Race to connect", page.show_race, "Ctrl+Alt+I", "connect"),
    )
