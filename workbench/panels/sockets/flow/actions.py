"""The actions of the page about octets that wait, for menus, palette and keys."""

from functools import partial
from typing import TYPE_CHECKING

from workbench.protocols.flow.values import REMEDIES
from workbench.ui.actions import Action, ActionMaker

if TYPE_CHECKING:
    from workbench.panels.sockets.flow.state import ViewName
    from workbench.panels.sockets.flow.view import FlowPage

CONTEXT = "sockets/flow"
_action = ActionMaker(CONTEXT, "Sockets", "sockets.flow_")
VIEWS: tuple["ViewName", ...] = ("pipe", "stall", "deaths")
_KEYS = {
    "read": "Ctrl+Shift+R",
    "interleave": "Ctrl+Shift+I",
    "both": "Ctrl+Shift+B",
    "deadline": "Ctrl+Shift+G",
}


def actions_of(page: "FlowPage") -> tuple[Action, ...]:
    """What a person can do there."""

    def no_start() -> str:
        state = page.controller.state
        return {"pipe": state.why_not_fill, "stall": "", "deaths": state.why_not_measure}[page.view]

    def idle() -> str:
        return "" if page.is_busy else "nothing goes on here"

    def no_remedy() -> str:
        return page.controller.state.why_no_remedy

    def no_relief() -> str:
        return page.controller.state.why_no_relief

    def no_export() -> str:
        return page.controller.state.why_not_export

    remedies = (
        _action(
            f"remedy_{remedy}",
            f"Way out: {title.lower()}",
            partial(page.remedy, remedy),
            key,
            "good",
            no_remedy,
        )
        for remedy, title, key in ((remedy, title, _KEYS[remedy]) for remedy, title, _tip in REMEDIES)
    )
    return (
        _action("start", "Start this view’s experiment", page.start, "F5", "play", no_start),
        _action("stop", "Stop what goes on", page.stop, "Esc", "cancel", idle),
        _action("pipe", "Show the pipe", page.show_pipe, "Alt+1", "sockets"),
        _action("stall", "Show connections that stall", page.show_stall, "Alt+2", "pause"),
        _action("deaths", "Show who noticed", page.show_deaths, "Alt+3", "abort"),
        *remedies,
        _action("relieve", "Apply the way out", page.relieve, "Ctrl+Return", "good", no_relief),
        _action("meter", "Measure what waiting costs", page.meter, "Ctrl+Shift+W", "play"),
        _action("export", "Export the findings", page.export, "Ctrl+E", "export", no_export),
        _action("import", "Import findings", page.import_, "Ctrl+I", "import"),
    )
