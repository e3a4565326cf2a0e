"""The actions of the Mail panel, for menus, palette and keys."""

from typing import TYPE_CHECKING

from workbench.ui.actions import Action, ActionMaker

if TYPE_CHECKING:
    from workbench.panels.mail.view import MailPanel

CONTEXT = "mail"
_action = ActionMaker(CONTEXT, "Mail")


def actions_of(panel: "MailPanel") -> tuple[Action, ...]:
    """What a person can do there; the reasons why not are the states'."""
    reasons = _Reasons(panel)
    return (
        _action("focus_target", "Go to the target", panel.focus_start, "Ctrl+L", "search"),
        _action("start", "Read, or send", panel.start, "F5", "connect", reasons.start),
        _action("cancel", "Stop, or close the session", panel.stop, "Esc", "cancel", reasons.stop),
        _action("show_reader", "Reader", panel.show_reader, "Ctrl+Alt+1", "mail"),
        _action("show_composer", "Composer", panel.show_composer, "Ctrl+Alt+2", "send"),
        _action("view_3", "First view of the page", reasons.view_3, "Ctrl+Alt+3", "text"),
        _action("view_4", "Second view of the page", reasons.view_4, "Ctrl+Alt+4", "web"),
        _action("view_5", "Third view of the page", reasons.view_5, "Ctrl+Alt+5", "info"),
        _action("view_6", "Fourth view of the page", reasons.view_6, "Ctrl+Alt+6", "hex"),
        _action("view_7", "Fifth view of the page", reasons.view_7, "Ctrl+Alt+7", "warning"),
        _action("view_8", "Sixth view of the page", reasons.view_8, "Ctrl+Alt+8", "send"),
        _action("open_file", "Open a letter or a file of letters", panel.open_file, "Ctrl+O", "files"),
        _action("paste", "Paste a letter", panel.paste, "Ctrl+Shift+V", "import"),
        _action(
            "save_part", "Save the chosen part", panel.save_part, "Ctrl+Shift+S", "received", reasons.part
        ),
        _action(
            "elsewhere",
            "Open the chosen part elsewhere",
            panel.open_elsewhere,
            "Ctrl+E",
            "link",
            reasons.other,
        ),
        _action("attach", "Attach files", panel.attach, "Ctrl+Shift+A", "add"),
        _action(
            "detach", "Remove the chosen attachment", panel.detach, "Ctrl+Shift+D", "remove", reasons.files
        ),
        _action("text_from_html", "Text from HTML", panel.text_from_html, "Ctrl+T", "text", reasons.html),
        _action("new_letter", "New letter", panel.new_letter, "Ctrl+Shift+N", "add", reasons.sending),
    )


class _Reasons:
    """Why something can't be done now; and the views by their numbers."""

    def __init__(self, panel: "MailPanel") -> None:
        self._panel = panel

    def start(self) -> str:
        panel = self._panel
        if panel.is_composing:
            return panel.controller.composer.state.why_not_send
        return "this session is open already" if panel.controller.reader.state.is_live else ""

    def stop(self) -> str:
        return "" if self._panel.is_busy else "nothing goes on here"

    def part(self) -> str:
        return self._panel.controller.reader.state.why_not_part

    def other(self) -> str:
        return self._panel.why_not_elsewhere()

    def files(self) -> str:
        return "" if self._panel.controller.composer.state.files else "nothing is attached"

    def html(self) -> str:
        return "" if self._panel.controller.composer.state.draft.html else "there is no HTML"

    def sending(self) -> str:
        return "it is being sent" if self._panel.controller.composer.state.is_sending else ""

    def view_3(self) -> None:
        self._panel.show_view(0)

    def view_4(self) -> None:
        self._panel.show_view(1)

    def view_5(self) -> None:
        self._panel.show_view(2)

    def view_6(self) -> None:
        self._panel.show_view(3)

    def view_7(self) -> None:
        self._panel.show_view(4)

    def view_8(self) -> None:
        self._panel.show_view(5)
