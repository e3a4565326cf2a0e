"""The actions of the page of scripts, for menus, palette and keys."""

from typing import TYPE_CHECKING

from workbench.ui.actions import Action, ActionMaker

if TYPE_CHECKING:
    from workbench.panels.sockets.scripts.view import ScriptsPage

CONTEXT = "sockets/scripts"
_action = ActionMaker(CONTEXT, "Sockets", "sockets.scripts_")


def actions_of(page: "ScriptsPage") -> tuple[Action, ...]:
    """What a person can do there."""

    def no_start() -> str:
        return page.controller.state.why_not_start

    def idle() -> str:
        return "" if page.controller.state.is_running else "nothing goes on here"

    def no_entry() -> str:
        return "" if page.shelf.entry is not None else "no entry is chosen"

    def no_discarded() -> str:
        return "" if page.controller.state.discarded is not None else "nothing was deleted yet"

    def no_payload() -> str:
        state = page.controller.state
        return (
            ""
            if state.preview is not None and state.kind == "payload"
            else "there is no payload without a mistake"
        )

    return (
        _action("go", "Go to the target", page.focus_start, "Ctrl+L", "search"),
        _action("start", "Do what the view is about", page.start, "F5", "play", no_start),
        _action("stop", "Stop it", page.stop, "Esc", "cancel", idle),
        _action("payload", "View Payload", page.show_payload, "Alt+1", "send"),
        _action("script", "View Script", page.show_script, "Alt+2", "play"),
        _action("replies", "View Replies", page.show_rules, "Alt+3", "listen"),
        _action("repeat", "View Repeat", page.show_repeat, "Alt+4", "reload"),
        _action("save", "Save the text", page.save, "Ctrl+S", "export"),
        _action("save_as", "Save the text under another name", page.save_as, "Ctrl+Shift+S", "export"),
        _action("find", "Search the library", page.shelf.focus_search, "Ctrl+F", "search"),
        _action("rename", "Rename or move the entry", page.rename, "F2", "text", no_entry),
        _action("delete", "Delete the entry", page.delete, "Ctrl+Del", "trash", no_entry),
        _action("undo", "Have back what was deleted", page.undo_delete, "Ctrl+Alt+Z", "reload", no_discarded),
        _action("folder", "New folder", page.make_folder, "Ctrl+Alt+F", "add"),
        _action("import", "Import from Packet Sender", page.import_packets, "Ctrl+Shift+I", "import"),
        _action(
            "console", "Put it into the console", page.to_console, "Ctrl+Shift+Return", "sockets", no_payload
        ),
    )
