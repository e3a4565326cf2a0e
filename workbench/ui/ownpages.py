"""The window's own pages: settings, diagnostics, help. They are tabs like panels, and hold no conversation."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from workbench.ui.actions import Action
from workbench.ui.tabactions import OneTab
from workbench.ui.tabs import TabInfo

Maker = Callable[[], QWidget]


def own_pages(settings: Maker, diagnostics: Maker, help_page: Maker) -> tuple[TabInfo, ...]:
    """The tabs of the pages, each with what makes its widget when it is first opened."""
    return (
        TabInfo(
            "settings",
            "Settings",
            settings,
            900,
            "What can be set",
            is_page=True,
            menu="",
            wants_conversation=False,
        ),
        TabInfo(
            "diagnostics",
            "Diagnostics",
            diagnostics,
            910,
            "How the workbench itself is",
            is_page=True,
            menu="",
            wants_conversation=False,
        ),
        # The action that goes to it stands in the menu Help and has the key that everyone tries.
        TabInfo(
            "help",
            "Help",
            help_page,
            920,
            "How to use the workbench",
            is_page=True,
            menu="Help",
            shortcut="F1",
            icon="help",
            wants_conversation=False,
        ),
    )


def page_actions(show: Callable[[str], object]) -> tuple[Action, ...]:
    """What opens the pages that stand in no menu Go; `show` goes to the tab of an id."""
    return (
        Action(
            "window.settings",
            "Settings",
            OneTab(show, "settings").act,
            tip="What can be set",
            shortcut="Ctrl+,",
            icon="settings",
            menu="File",
        ),
        Action(
            "window.diagnostics",
            "Diagnostics",
            OneTab(show, "diagnostics").act,
            tip="How the workbench itself is",
            icon="diagnostics",
            menu="Help",
        ),
    )
