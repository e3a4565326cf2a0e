"""Going to tabs and closing pages, as actions."""

from PySide6.QtWidgets import QWidget

from workbench.ui.tabactions import close_action, go_actions
from workbench.ui.tabs import TabInfo


def infos(count: int) -> list[TabInfo]:
    panels = [TabInfo(f"p{n}", f"Panel {n}", QWidget, n, icon="dns") for n in range(count)]
    return [
        *panels,
        TabInfo("settings", "Settings", QWidget, 99, is_page=True, menu="File", shortcut="Ctrl+,"),
    ]


def test_the_first_nine_panels_have_a_digit_and_pages_their_own_key() -> None:
    went: list[str] = []
    actions = go_actions(infos(11), went.append)
    keys = [action.shortcut for action in actions]
    assert keys[:9] == [f"Ctrl+{n}" for n in range(1, 10)]
    assert keys[9:] == ["", "", "Ctrl+,"]
    assert (actions[0].id, actions[0].icon, actions[0].menu) == ("go.p0", "dns", "Go")
    actions[3].run()
    actions[-1].run()
    assert went == ["p3", "settings"]


def test_a_page_that_names_no_menu_has_an_action_of_its_own_and_gets_none_here() -> None:
    pages = [TabInfo("settings", "Settings", QWidget, 99, is_page=True, menu="")]
    assert [action.id for action in go_actions([*infos(1), *pages], str)] == ["go.p0", "go.settings"]
    assert go_actions(pages, str) == []


def test_a_page_is_closed_by_an_action_of_its_own_context() -> None:
    closed: list[str] = []
    action = close_action(infos(1)[-1], closed.append)
    assert (action.id, action.context, action.shortcut) == ("settings.close_page", "settings", "Ctrl+W")
    action.run()
    assert closed == ["settings"]
