"""Menus built from the registry."""

from collections.abc import Callable

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QMainWindow, QWidget

from workbench.ui.actions import Action, ActionRegistry
from workbench.ui.menus import Menus

Show = Callable[..., QWidget]


@pytest.fixture
def registry(light: object) -> ActionRegistry:
    return ActionRegistry()


@pytest.fixture
def menus(show: Show, registry: ActionRegistry) -> Menus:
    window = QMainWindow()
    made = Menus(window.menuBar(), registry)
    show(window, 400, 200)
    return made


def texts(menus: Menus, title: str) -> list[str]:
    return [action.text() for action in menus.menu(title).actions()]


def test_menus_follow_the_registry_in_the_usual_order(menus: Menus, registry: ActionRegistry) -> None:
    for name, menu in (("h", "Help"), ("s", "Sockets"), ("v", "View"), ("f", "File"), ("n", "")):
        registry.add(Action(f"x.{name}", name.upper(), int, menu=menu))
    assert QSignalSpy(registry.changed).wait(60_000)
    assert menus.titles() == ["File", "View", "Sockets", "Help"]
    registry.add(Action("x.f2", "F2", int, menu="File"))
    assert QSignalSpy(registry.changed).wait(60_000)
    assert texts(menus, "File") == ["F", "F2"]
    with pytest.raises(KeyError):
        menus.menu("Edit")


def test_only_the_actions_of_the_tab_at_hand_are_offered(menus: Menus, registry: ActionRegistry) -> None:
    registry.add(Action("w.quit", "Quit", int, menu="File"))
    registry.add(Action("dns.ask", "Ask", int, context="dns", menu="Panel"))
    registry.add(Action("mail.send", "Send", int, context="mail/draft", menu="Panel"))
    menus.build()
    assert menus.titles() == ["File"]
    menus.set_context("dns")
    assert texts(menus, "Panel") == ["Ask"]
    menus.set_context("mail")
    assert texts(menus, "Panel") == ["Send"]


def test_a_menu_about_to_open_looks_what_can_be_done(menus: Menus, registry: ActionRegistry) -> None:
    reasons = ["not yet"]

    def why() -> str:
        return reasons[0]

    registry.add(Action("x.do", "Do", int, menu="File", why_disabled=why))
    menus.build()
    reasons[0] = ""
    menus.menu("File").aboutToShow.emit()
    assert registry.qaction("x.do").isEnabled()
    assert menus.menu("File").toolTipsVisible()
