"""A person asks for help: F1, a search, and keys that are those of this very window."""

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from tests.journeys.person import Workbench
from workbench.panels import PANELS
from workbench.panels.latepages import LatePages
from workbench.ui.help_page import HelpPage
from workbench.ui.helptopics import keys_named, topics


async def test_f1_opens_the_help_and_a_search_answers(app):
    async with Workbench(app) as person:
        QTest.qWaitForWindowActive(person.window)
        person.key(person.start.list, Qt.Key.Key_F1)
        page = person.window.tabs.current
        assert isinstance(page, HelpPage)
        assert page.search.hasFocus()
        assert "Help" in [action.text() for action in person.window.menus.menu("Help").actions()]
        person.watch()
        for letter in "exit codes":
            person.type(page.search, letter)
            await person.shown()
        person.assert_alive()
        assert page.topic == "terminal"


async def test_every_key_that_a_page_calls_usual_is_the_usual_one(app):
    async with Workbench(app) as person:
        registry = person.program.registry
        for panel in PANELS:
            # A panel's actions are there once it was opened.
            await make_whole(person.go(panel.id))
        for topic in topics().values():
            for action_id, usual in keys_named(topic).items():
                action = registry.find(action_id)
                assert action is not None, f"{topic.name} names {action_id}, which there is not"
                assert QKeySequence(action.shortcut) == QKeySequence(usual), f"{topic.name}: {action_id}"


async def make_whole(panel: object) -> None:
    """Have all pages of a panel made, if it has some."""
    pages = getattr(panel, "pages", None)
    if isinstance(pages, LatePages):
        for name in pages.ids:
            _ = pages[name]
            await asyncio.sleep(0)


async def test_a_key_that_the_person_chose_stands_in_the_help(app):
    async with Workbench(app, shortcuts={"window.palette": "Ctrl+Alt+P"}) as person:
        page = person.window.show_tab("help")
        assert isinstance(page, HelpPage)
        page.show_topic("window")
        assert "Ctrl+Alt+P opens the palette" in page.text.toPlainText()
