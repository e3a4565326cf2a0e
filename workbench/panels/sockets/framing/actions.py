"""The actions of the page of framings, for menus, palette and keys."""

from typing import TYPE_CHECKING

from workbench.ui.actions import Action, ActionMaker

if TYPE_CHECKING:
    from workbench.panels.sockets.framing.view import FramingPage

CONTEXT = "sockets/framing"
_action = ActionMaker(CONTEXT, "Sockets", "sockets.framing_")


def actions_of(page: "FramingPage") -> tuple[Action, ...]:
    """What a person can do there."""

    def no_try() -> str:
        return page.controller.state.why_not_try

    def no_send() -> str:
        return page.controller.state.why_not_send

    def idle() -> str:
        return "" if page.controller.state.is_running else "nothing goes on here"

    return (
        _action("go", "Go to the target of the frames", page.focus_start, "Ctrl+L", "search"),
        _action("send", "Send the messages, framed", page.send, "F5", "send", no_send),
        _action("try", "Try every cut of the octets", page.try_every_cut, "Ctrl+Return", "compare", no_try),
        _action("stop", "Stop trying or sending", page.stop, "Esc", "cancel", idle),
        _action("messages", "Go to the messages", page.focus_messages, "Ctrl+M", "text"),
        _action("frames", "Frames", page.show_frames, "Ctrl+Alt+F", "sockets"),
        _action("numbers", "Numbers in both byte orders", page.show_numbers, "Ctrl+Alt+B", "hex"),
        _action("structure", "Structure over octets", page.show_structure, "Ctrl+Alt+S", "code"),
    )
