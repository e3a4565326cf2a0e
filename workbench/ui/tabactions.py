"""The actions that every tab has: going there, and, for a page, closing it."""

from collections.abc import Callable, Iterable

from workbench.ui.actions import Action
from workbench.ui.tabs import TabInfo

NUMBERED = 9
"""Tabs reached by Ctrl and a digit."""


def go_actions(infos: Iterable[TabInfo], show: Callable[[str], object]) -> list[Action]:
    """One action for each tab and page that names a menu; `show` goes to the tab of an id."""
    found = []
    number = 0
    for info in infos:
        number += not info.is_page
        if not info.menu:
            continue
        digit = f"Ctrl+{number}" if number <= NUMBERED and not info.is_page else ""
        found.append(
            Action(
                f"go.{info.id}",
                info.title,
                OneTab(show, info.id).act,
                tip=info.tip or f"Go to {info.title}",
                shortcut=info.shortcut or digit,
                icon=info.icon,
                menu=info.menu,
            )
        )
    return found


def close_action(info: TabInfo, close: Callable[[str], object]) -> Action:
    """Closes a page; of the page's own context, as panels use the same key for what they can close."""
    return Action(
        f"{info.id}.close_page",
        f"Close {info.title}",
        OneTab(close, info.id).act,
        tip="Close this page; the panels stay",
        shortcut="Ctrl+W",
        context=info.id,
        icon="close",
        menu="File",
    )


class OneTab:
    """Does one thing with one tab: a bound method where a closure would hide what it holds."""

    def __init__(self, do: Callable[[str], object], tab_id: str) -> None:
        self._do = do
        self._tab_id = tab_id

    def act(self) -> None:
        self._do(self._tab_id)
