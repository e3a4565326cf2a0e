"""The actions of the page of calls, for menus, palette and keys."""

from typing import TYPE_CHECKING

from workbench.ui.actions import Action, ActionMaker

if TYPE_CHECKING:
    from workbench.panels.web.calls.view import CallsPage

CONTEXT = "web/calls"
_action = ActionMaker(CONTEXT, "Web", "web.calls_")


def actions_of(page: "CallsPage") -> tuple[Action, ...]:
    """What a person can do there."""

    def running() -> str:
        return "a request goes on already" if page.controller.state.is_running else ""

    def idle() -> str:
        return "" if page.controller.state.is_running else "nothing goes on here"

    def no_call() -> str:
        return page.controller.state.why_not_call

    def no_argument() -> str:
        return "" if page.controller.state.form.arguments else "there are no arguments"

    def no_answer() -> str:
        came = page.controller.state.came
        return "" if came is not None and came.received else "nothing came yet"

    return (
        _action("go", "Go to the server's address", page.focus_start, "Ctrl+L", "search"),
        _action("list", "List the methods", page.start, "F5", "web", running),
        _action("call", "Call the method", page.call, "Ctrl+Return", "send", no_call),
        _action("stop", "Stop the request", page.stop, "Esc", "cancel", idle),
        _action("method", "Go to the method", page.focus_method, "Ctrl+F", "search"),
        _action(
            "remove", "Take the argument away", page.remove_argument, "Ctrl+Backspace", "remove", no_argument
        ),
        _action(
            "inspect", "Open the answer in the Inspector", page.inspect, "Ctrl+Shift+I", "search", no_answer
        ),
    )
