"""The actions of the Files panel, for menus, palette and keys."""

from typing import TYPE_CHECKING

from workbench.ui.actions import Action, ActionMaker

if TYPE_CHECKING:
    from workbench.panels.files.view import FilesPanel

CONTEXT = "files"
_action = ActionMaker(CONTEXT, "Files")


def actions_of(panel: "FilesPanel") -> tuple[Action, ...]:
    """What a person can do there; the reasons why not are the state's."""
    reasons = _Reasons(panel)
    return (
        _action("focus_target", "Go to the target", panel.focus_start, "Ctrl+L", "search"),
        _action("start", "Connect", panel.start, "F5", "connect", reasons.start),
        _action("cancel", "Stop, or close the session", panel.stop, "Esc", "cancel", reasons.stop),
        _action("up", "Folder above", panel.up, "Alt+Up", "files", reasons.up),
        _action("reload", "List the folder anew", panel.reload, "Ctrl+R", "reload", reasons.here),
        _action("download", "Download", panel.download, "Ctrl+Shift+S", "received", reasons.download),
        _action("upload", "Upload a file", panel.upload, "Ctrl+U", "sent", reasons.here),
        _action("make_folder", "New folder", panel.make_folder, "Ctrl+Shift+N", "add", reasons.here),
        _action("rename", "Rename", panel.rename, "F2", "text", reasons.entry),
        _action("delete", "Delete", panel.delete, "Ctrl+Shift+Backspace", "trash", reasons.entry),
        _action("choose_folder", "Choose where downloads go", panel.choose_folder, "Ctrl+Shift+F", "more"),
        _action("transfers", "Transfers", reasons.show_transfers, "Ctrl+Alt+4", "received"),
        _action("facts", "Facts of the selected entry", reasons.show_facts, "Ctrl+Alt+5", "info"),
    )


class _Reasons:
    """Why something can't be done now."""

    def __init__(self, panel: "FilesPanel") -> None:
        self._panel = panel

    def start(self) -> str:
        return "this session is open already" if self._panel.controller.state.is_live else ""

    def stop(self) -> str:
        return "" if self._panel.controller.state.is_live else "nothing is open"

    def up(self) -> str:
        return self._panel.controller.state.why_not_up

    def here(self) -> str:
        return self._panel.controller.state.why_not_here

    def entry(self) -> str:
        return self._panel.controller.state.why_not_entry

    def download(self) -> str:
        return self._panel.controller.state.why_not_download

    def show_transfers(self) -> None:
        self._panel.show_part(0)

    def show_facts(self) -> None:
        self._panel.show_part(1)
