"""The actions of the page of ports and addresses, for menus, palette and keys."""

from typing import TYPE_CHECKING

from workbench.ui.actions import Action, ActionMaker

if TYPE_CHECKING:
    from workbench.panels.sockets.addresses.view import AddressesPage

CONTEXT = "sockets/addresses"
_action = ActionMaker(CONTEXT, "Sockets", "sockets.addresses_")


def actions_of(page: "AddressesPage") -> tuple[Action, ...]:
    """What a person can do there."""

    def idle() -> str:
        return "" if page.is_busy else "nothing goes on here"

    def nothing_suggested() -> str:
        return "" if page.controller.state.suggested else "no port was suggested yet"

    def no_lines() -> str:
        return "" if page.current.model.rows else "there is nothing to copy"

    return (
        _action("go", "Go to the question", page.focus_start, "Ctrl+L", "search"),
        _action("start", "Ask", page.start, "F5", "play"),
        _action("stop", "Stop asking", page.stop, "Esc", "cancel", idle),
        _action("next", "Next sheet", page.next_sheet, "F6", "chevron-right"),
        _action("free", "Suggest a free port", page.suggest_port, "Ctrl+Shift+F", "add"),
        _action("used", "Ports in use", page.show_used, "Ctrl+Shift+U", "diagnostics"),
        _action(
            "listen",
            "Listen at the suggested port",
            page.listen_there,
            "Ctrl+Alt+P",
            "listen",
            nothing_suggested,
        ),
        _action("copy", "Copy all rows", page.copy_rows, "Ctrl+Shift+C", "copy", no_lines),
    )
