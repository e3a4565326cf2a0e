"""The actions of the page of documents, for menus, palette and keys."""

from typing import TYPE_CHECKING

from workbench.ui.actions import Action, ActionMaker

if TYPE_CHECKING:
    from workbench.panels.web.inspector.view import InspectorPage

CONTEXT = "web/inspector"
_action = ActionMaker(CONTEXT, "Web", "web.inspector_")


def actions_of(page: "InspectorPage") -> tuple[Action, ...]:
    """What a person can do there."""

    def running() -> str:
        return "a document is being read already" if page.controller.state.is_running else ""

    def idle() -> str:
        state = page.controller.state
        return "" if state.is_running or state.is_searching else "nothing goes on here"

    def no_search() -> str:
        return page.controller.state.why_not_search

    def no_hits() -> str:
        answer = page.controller.state.answer
        return "" if answer is not None and answer.hits else "there are no hits"

    def no_selection() -> str:
        return (
            ""
            if page.controller.state.selection.start >= 0
            else "nothing that stands in the source is selected"
        )

    return (
        _action("go", "Go to the document's address", page.focus_start, "Ctrl+L", "search"),
        _action("open", "Open the document", page.start, "F5", "web", running),
        _action("open_file", "Open a file", page.open_file, "Ctrl+O", "files", running),
        _action("paste", "Paste a document", page.paste, "Ctrl+Shift+V", "import", running),
        _action("stop", "Stop reading or searching", page.stop, "Esc", "cancel", idle),
        _action("find", "Go to the expression", page.focus_search, "Ctrl+F", "search"),
        _action("search", "Search", page.search, "Ctrl+Return", "search", no_search),
        _action("next", "Next hit", page.next_hit, "F3", "chevron-down", no_hits),
        _action("before", "Hit before", page.hit_before, "Shift+F3", "chevron-up", no_hits),
        _action(
            "copy_markup",
            "Copy the source of what is selected",
            page.copy,
            "Ctrl+Shift+C",
            "copy",
            no_selection,
        ),
        _action(
            "copy_path",
            "Copy the path of the selected node",
            page.copy_path,
            "Ctrl+Alt+P",
            "link",
            no_selection,
        ),
    )
