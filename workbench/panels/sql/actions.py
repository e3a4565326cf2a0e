"""The actions of the SQL panel, for menus, palette and keys."""

from typing import TYPE_CHECKING

from workbench.ui.actions import Action, ActionMaker

if TYPE_CHECKING:
    from workbench.panels.sql.view import SqlPanel

CONTEXT = "sql"
_action = ActionMaker(CONTEXT, "SQL")


def actions_of(panel: "SqlPanel") -> tuple[Action, ...]:
    """What a person can do there; the reasons why not are the state's."""
    why = _Reasons(panel)
    return (
        _action("focus_target", "Go to the target", panel.focus_start, "Ctrl+L", "search"),
        _action("start", "Open the database", panel.start, "F5", "connect", why.start),
        _action("cancel", "Cancel what runs, or close the session", panel.stop, "Esc", "cancel", why.stop),
        _action("focus_editor", "Go to the statements", panel.focus_editor, "Ctrl+E", "text"),
        _action("run", "Run the statement at the cursor", panel.run, "Ctrl+Return", "play", why.run),
        _action("run_all", "Run all statements", panel.run_all, "Ctrl+Shift+Return", "running", why.run),
        _action("begin", "Begin a transaction", panel.begin, "Ctrl+Alt+B", "play", why.begin),
        _action("commit", "Commit", panel.commit, "Ctrl+Alt+K", "good", why.commit),
        _action("rollback", "Roll back", panel.rollback, "Ctrl+Alt+U", "cancel", why.rollback),
        _action(
            "sort",
            "Sort by the column of the selected value",
            panel.sort,
            "Ctrl+Alt+O",
            "chevron-down",
            why.sort,
        ),
        _action("export", "Export the rows", panel.export, "Ctrl+Shift+S", "export", why.export),
        _action("reload", "Look for tables anew", panel.reload, "Ctrl+R", "reload", why.opened),
        _action("rows", "Rows", why.show_rows, "Ctrl+Alt+4", "sql"),
        _action("statements", "Statements of the last run", why.show_statements, "Ctrl+Alt+5", "running"),
        _action("value", "The selected value", why.show_value, "Ctrl+Alt+6", "text"),
    )


class _Reasons:
    """Why something can't be done now."""

    def __init__(self, panel: "SqlPanel") -> None:
        self._panel = panel

    def start(self) -> str:
        return "a database is open already" if self._panel.controller.state.is_live else ""

    def stop(self) -> str:
        return "" if self._panel.controller.state.is_live else "nothing is open"

    def opened(self) -> str:
        return "" if self._panel.controller.state.phase == "open" else "open a database first"

    def run(self) -> str:
        return self._panel.controller.state.why_not_run

    def begin(self) -> str:
        return self._panel.controller.state.why_not_begin

    def commit(self) -> str:
        return self._panel.controller.state.why_not_commit

    def rollback(self) -> str:
        return self._panel.controller.state.why_not_rollback

    def sort(self) -> str:
        return self._panel.controller.state.why_not_sort

    def export(self) -> str:
        return self._panel.controller.state.why_not_export

    def show_rows(self) -> None:
        self._panel.results.show_part(0)

    def show_statements(self) -> None:
        self._panel.results.show_part(1)

    def show_value(self) -> None:
        self._panel.results.show_part(2)
