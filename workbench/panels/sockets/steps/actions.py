"""The actions of the page of calls by hand, for menus, palette and keys."""

from typing import TYPE_CHECKING

from workbench.ui.actions import Action, ActionMaker

if TYPE_CHECKING:
    from workbench.panels.sockets.steps.view import StepsPage

CONTEXT = "sockets/steps"
_action = ActionMaker(CONTEXT, "Sockets", "sockets.steps_")


def actions_of(page: "StepsPage") -> tuple[Action, ...]:
    """What a person can do there."""
    controller = page.controller

    def idle() -> str:
        return "" if page.is_running else "no call waits"

    def told() -> str:
        return "" if controller.state.queue else "no story is told"

    def nothing() -> str:
        return "the desk is empty already" if controller.state.is_empty else ""

    def no_socket() -> str:
        return "" if controller.state.descriptor is not None else "no socket is selected"

    return (
        _action("line", "Go to the call's line", page.focus_start, "Ctrl+L", "search"),
        _action("call", "Make the call", page.form.submit, "Ctrl+Return", "play"),
        _action("stop", "Cancel the call that waits", page.stop, "Esc", "cancel", idle),
        _action("begin", "Lay the calls of the story ready", page.begin, "F5", "reload"),
        _action("next", "Make the next call of the story", page.step, "F10", "chevron-right", told),
        _action("play", "Make the rest of the story's calls", page.play, "Shift+F10", "play", told),
        _action("empty", "Empty the desk", page.empty_desk, "Ctrl+Shift+Backspace", "trash", nothing),
        _action("options", "Show the socket's options", page.show_options, "Ctrl+Alt+O", "settings"),
        _action("exceptions", "Show the exceptions", page.show_failures, "Ctrl+Alt+X", "warning"),
        _action("shut", "End writing: shutdown(SHUT_WR)", page.end_writing, "Ctrl+D", "finish", no_socket),
    )
