"""The actions of the page of Gopher, for menus, palette and keys."""

from typing import TYPE_CHECKING

from workbench.ui.actions import Action, ActionMaker

if TYPE_CHECKING:
    from workbench.panels.sockets.gopher.view import GopherPage

CONTEXT = "sockets/gopher"
_action = ActionMaker(CONTEXT, "Sockets", "sockets.gopher_")


def actions_of(page: "GopherPage") -> tuple[Action, ...]:
    """What a person can do there."""

    def running() -> str:
        return "a question goes on already" if page.controller.state.is_running else ""

    def idle() -> str:
        return "" if page.controller.state.is_running else "nothing goes on here"

    def no_back() -> str:
        return page.controller.state.why_not_back

    def no_item() -> str:
        if page.controller.state.is_running:
            return "a question goes on already"
        return "" if page.answer.current_item is not None else "there is no menu"

    return (
        _action("go", "Go to the Gopher address", page.focus_start, "Ctrl+L", "search"),
        _action("open", "Open the Gopher address", page.start, "F5", "listen", running),
        _action("item", "Open the item of the menu", page.open_current, "Ctrl+Return", "send", no_item),
        _action("back", "Back to what was open before", page.back, "Alt+Left", "history", no_back),
        _action("levels", "Ask on four levels of abstraction", page.climb, "F6", "play", running),
        _action("stop", "Stop the question", page.stop, "Esc", "cancel", idle),
    )
