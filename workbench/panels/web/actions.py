"""The actions of the page of requests, for menus, palette and keys."""

from typing import TYPE_CHECKING

from workbench.ui.actions import Action, ActionMaker

if TYPE_CHECKING:
    from workbench.panels.web.requestpage import RequestPage

CONTEXT = "web/request"
_action = ActionMaker(CONTEXT, "Web", "web.")


def actions_of(page: "RequestPage") -> tuple[Action, ...]:
    """What a person can do there; the reasons why not are the state's."""
    reasons = _Reasons(page)
    return (
        _action("focus_target", "Go to the address", page.focus_start, "Ctrl+L", "search"),
        _action("start", "Send the request", page.start, "F5", "send", reasons.start),
        _action("cancel", "Cancel", page.stop, "Esc", "cancel", reasons.stop),
        _action(
            "download",
            "Send, and put the body into a file",
            page.download,
            "Ctrl+Shift+S",
            "received",
            reasons.start,
        ),
        _action("hold", "Hold the download up, or let it go", page.hold, "Ctrl+Alt+W", "pause", reasons.hold),
        _action("go_on", "Go on with the download", page.go_on, "Ctrl+Alt+G", "play", reasons.go_on),
        _action("save_body", "Save the body", page.save_body, "Ctrl+S", "export", reasons.body),
        _action(
            "inspect", "Open the body in the Inspector", page.inspect, "Ctrl+Shift+I", "search", reasons.body
        ),
        _action(
            "certificates",
            "Open in Certificates",
            page.open_in_certificates,
            "Ctrl+Alt+C",
            "certificates",
            reasons.certificates,
        ),
        _action("sockets", "Open in Sockets", page.open_in_sockets, "Ctrl+Alt+S", "sockets", reasons.hop),
        _action("dns", "Open in DNS", page.open_in_dns, "Ctrl+Alt+D", "dns", reasons.hop),
        _action("text", "Text of the body", page.show_text, "Ctrl+Alt+4", "text"),
        _action("fields", "Fields of the answer", page.show_fields, "Ctrl+Alt+5", "info"),
        _action("hops", "Hops", page.show_hops, "Ctrl+Alt+6", "link"),
        _action("octets", "Octets of the body", page.show_octets, "Ctrl+Alt+7", "hex"),
        _action("attempts", "Attempts of a download", page.show_attempts, "Ctrl+Alt+8", "history"),
    )


class _Reasons:
    """Why something can't be done now."""

    def __init__(self, page: "RequestPage") -> None:
        self._page = page

    def start(self) -> str:
        return self._page.controller.state.why_not_start

    def stop(self) -> str:
        return "" if self._page.controller.state.is_running else "nothing goes on here"

    def hold(self) -> str:
        return self._page.controller.state.why_not_pause

    def go_on(self) -> str:
        return self._page.controller.state.why_not_go_on

    def body(self) -> str:
        return self._page.controller.state.why_not_body

    def hop(self) -> str:
        return self._page.controller.state.why_not_hop

    def certificates(self) -> str:
        state = self._page.controller.state
        if state.hop is None:
            return state.why_not_hop
        return "" if state.hop.url.is_secure else "this was no https"
