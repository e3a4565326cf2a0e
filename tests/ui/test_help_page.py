"""The help: pages, search, links, keys of this window; read by keyboard, in both palettes."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QTextDocument
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from tests.ui import sweep
from workbench.ui import theme
from workbench.ui.actions import Action, ActionRegistry
from workbench.ui.help_page import PLACE, HelpPage
from workbench.ui.helptext import HelpText
from workbench.ui.helptopics import NAMES, Place
from workbench.ui.tokens import DARK, LIGHT

Show = Callable[..., QWidget]


def nothing() -> None:
    """What the actions here do."""


PALETTE = Action(
    "window.palette", "Command palette", nothing, tip="Find any command", shortcut="Ctrl+Shift+P"
)


@pytest.fixture
def registry(app: QApplication) -> ActionRegistry:
    made = ActionRegistry()
    made.add(PALETTE)
    made.add(Action("sockets.finish", "Finish our half", nothing, context="sockets", shortcut="Ctrl+D"))
    made.add(Action("window.close_page", "Close page", nothing))
    QApplication.sendPostedEvents()
    return made


@pytest.fixture
def page(show: Show, registry: ActionRegistry) -> HelpPage:
    made = HelpPage(registry)
    show(made, 1100, 600)
    return made


def rows(page: HelpPage) -> list[str]:
    """What the list shows, from top to bottom."""
    return [item.text(0) for item in page._items() if not item.isHidden()]


def chosen(page: HelpPage) -> Place:
    """Where the list stands."""
    return page.list.currentItem().data(0, PLACE)


def words(page: HelpPage) -> str:
    """What the page says."""
    return page.text.toPlainText()


def test_it_begins_with_the_first_steps(page: HelpPage) -> None:
    assert page.topic == "first-steps"
    assert words(page).startswith("First steps")
    assert chosen(page) == Place("first-steps")
    assert page.text.accessibleName() == "Help: First steps"


@pytest.mark.parametrize("name", NAMES)
def test_every_topic_is_shown_whole_with_nothing_left_to_fill_in(page: HelpPage, name: str) -> None:
    page.show_topic(name)
    assert page.topic == name
    assert chosen(page) == Place(name)
    for leftover in ("](", "list:", "key:", "**", "| ---"):
        assert leftover not in words(page)
    assert len(words(page)) > 500


def test_an_unknown_topic_changes_nothing(page: HelpPage) -> None:
    page.show_topic("targets")
    page.show_topic("nowhere")
    assert page.topic == "targets"


def test_a_topic_of_the_list_is_shown_as_the_arrow_keys_reach_it(page: HelpPage) -> None:
    page.list.setFocus()
    for _ in range(7):
        QTest.keyClick(page.list, Qt.Key.Key_Down)
    assert page.topic != "first-steps"
    assert chosen(page).topic == page.topic
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    assert page.text.hasFocus()


def test_a_section_stands_at_the_top_of_the_view(page: HelpPage) -> None:
    page.show_topic("conversation", "filtering")
    assert chosen(page) == Place("conversation", "filtering")
    assert page.text.textCursor().block().text() == "Filtering"
    assert page.text.cursorRect().top() < theme.metric(40)


# Keys


def test_the_keys_are_those_of_this_window(page: HelpPage) -> None:
    page.show_topic("window")
    assert "Ctrl+Shift+P" in words(page)
    assert "Command palette: find any command" in words(page)
    assert "Finish our half" in words(page)
    assert "reached through the menus and the palette: Close page." in words(page)


def test_a_key_that_was_changed_is_the_one_that_stands_there(
    page: HelpPage, registry: ActionRegistry
) -> None:
    page.show_topic("window")
    spy = QSignalSpy(registry.changed)
    registry.set_shortcuts({"window.palette": "Alt+X"})
    assert spy.wait(60_000)
    assert "Alt+X opens the palette" in words(page)
    assert "Ctrl+Shift+P" not in words(page)


def test_changes_while_it_is_hidden_are_caught_up_with_when_it_is_seen(
    page: HelpPage, registry: ActionRegistry
) -> None:
    page.show_topic("window")
    page.hide()
    spy = QSignalSpy(registry.changed)
    registry.set_shortcuts({"window.palette": "Alt+X"})
    assert spy.wait(60_000)
    assert "Alt+X" not in words(page)
    page.show()
    assert "Alt+X opens the palette" in words(page)


# Searching


def test_a_search_leaves_the_sections_that_hold_all_words(page: HelpPage) -> None:
    page.focus_start()
    QTest.keyClicks(page.search, "octal NUMBERS")
    assert rows(page) == ["Writing bytes", "Escapes", "Mistakes, and what to write instead"]
    assert page.remark.text() == "2 places on 1 page"
    assert (page.topic, chosen(page)) == ("bytes", Place("bytes", "escapes"))


def test_what_was_searched_is_marked_and_brought_into_sight(page: HelpPage) -> None:
    QTest.keyClicks(page.search, "bracket")
    marked = [mark.cursor.selectedText().lower() for mark in page.text.extraSelections()]
    assert marked
    assert set(marked) == {"bracket"}
    assert page.text.viewport().rect().intersects(page.text.cursorRect())
    page.search.clear()
    assert page.text.extraSelections() == []


def test_words_are_found_where_they_begin(page: HelpPage) -> None:
    QTest.keyClicks(page.search, "rst")
    marked = {mark.cursor.selectedText() for mark in page.text.extraSelections()}
    assert marked == {"RST"}


def test_signs_are_searched_as_they_are(page: HelpPage) -> None:
    QTest.keyClicks(page.search, "\\{de [::")
    assert rows(page) == []
    page.search.clear()
    QTest.keyClicks(page.search, "\\{de")
    assert "Escapes" in rows(page)


def test_enter_goes_from_place_to_place_and_round(page: HelpPage) -> None:
    QTest.keyClicks(page.search, "octal numbers")
    seen = [chosen(page)]
    for _ in range(2):
        QTest.keyClick(page.search, Qt.Key.Key_Return)
        seen.append(chosen(page))
    assert [place.anchor for place in seen] == ["escapes", "mistakes-and-what-to-write-instead", "escapes"]
    assert page.search.hasFocus()


def test_nothing_found_is_said_and_the_page_stays(page: HelpPage) -> None:
    page.show_topic("lab")
    page.search.setText("gopherwort")
    assert rows(page) == []
    assert page.remark.text().startswith("Nothing found")
    assert page.topic == "lab"
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert page.topic == "lab"


def test_esc_takes_the_search_away_and_all_topics_are_back(page: HelpPage) -> None:
    everything = rows(page)
    QTest.keyClicks(page.search, "octal")
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert page.search.text() == ""
    assert rows(page) == everything
    assert not page.remark.isVisible()


def test_down_leads_from_the_search_into_the_list(page: HelpPage) -> None:
    page.focus_start()
    QTest.keyClick(page.search, Qt.Key.Key_Down)
    assert page.list.hasFocus()


def test_generated_lists_are_searched_too(page: HelpPage) -> None:
    QTest.keyClicks(page.search, "lie_by_s")
    assert "Making a service misbehave" in rows(page)
    page.search.clear()
    QTest.keyClicks(page.search, "find any command")
    # The generated list of keys, and the page of the terminal whose verbs are found with the same words.
    assert rows(page) == ["The window and its keys", "Keys you can change", "The terminal", "Commands"]


# Links


def test_a_link_leads_to_its_topic_and_back_leads_back(page: HelpPage) -> None:
    assert not page.back.isEnabled()
    page.text.setFocus()
    QTest.keyClick(page.text, Qt.Key.Key_Tab)
    QTest.keyClick(page.text, Qt.Key.Key_Return)
    assert page.topic == "lab"
    assert page.back.isEnabled()
    QTest.keyClick(page.text, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert page.topic == "first-steps"
    assert not page.back.isEnabled()


def test_going_back_leads_out_of_a_search_to_where_one_was(page: HelpPage) -> None:
    page.show_topic("files")
    QTest.keyClicks(page.search, "octal")
    assert page.topic == "bytes"
    page.search.clear()
    QTest.mouseClick(page.back, Qt.MouseButton.LeftButton)
    assert page.topic == "files"


@pytest.mark.parametrize("link", ["https://example.com/", "file:/etc/hostname", "help:nowhere", "lab.md"])
def test_a_link_that_leads_out_of_the_help_leads_nowhere(page: HelpPage, link: str) -> None:
    before = words(page)
    page.text.anchorClicked.emit(QUrl(link))
    assert words(page) == before
    assert page.topic == "first-steps"


@pytest.mark.parametrize(
    "address", ["https://example.com/a.png", "file:/etc/hostname", "/etc/hostname", "data:text/plain,hi"]
)
def test_no_resource_is_ever_loaded(show: Show, address: str) -> None:
    text = HelpText()
    show(text, 300, 200)
    text.show_markdown(f"# A picture\n\n![it]({address})\n")
    kind = QTextDocument.ResourceType.ImageResource.value
    assert bytes(text.loadResource(kind, QUrl(address))) == b""
    assert bytes(text.document().resource(kind, QUrl(address))) == b""


# The window's own ways


def test_the_topic_survives_a_restart(page: HelpPage) -> None:
    spy = QSignalSpy(page.draft_changed)
    page.show_topic("lab")
    assert spy.count() > 0
    draft = page.draft()
    page.show_topic("files")
    page.restore(draft)
    assert page.topic == "lab"
    page.restore({"topic": 7})
    page.restore({})
    assert page.topic == "lab"


def test_another_palette_changes_the_page_and_keeps_the_place(page: HelpPage, app: QApplication) -> None:
    page.show_topic("bytes", "hex")
    top = page.text.verticalScrollBar().value()
    assert top > 0

    def link_colours() -> set[str]:
        found = set()
        block = page.text.document().begin()
        while block.isValid():
            walk = block.begin()
            while not walk.atEnd():
                form = walk.fragment().charFormat()
                if form.isAnchor():
                    found.add(form.foreground().color().name().upper())
                walk += 1
            block = block.next()
        return found

    assert link_colours() == {LIGHT.accent}
    theme.apply(app, "dark")
    assert link_colours() == {DARK.accent}
    assert page.text.verticalScrollBar().value() == pytest.approx(top, abs=theme.metric(24))
    corner = page.text.viewport().grab().toImage().pixelColor(2, 2)
    assert corner == QColor(DARK.base)


@pytest.mark.parametrize("appearance", ["light", "dark"])
@pytest.mark.parametrize("percent", [100, 200])
def test_everything_has_a_name_and_nothing_is_cut(
    page: HelpPage, app: QApplication, appearance: str, percent: int
) -> None:
    theme.apply(app, appearance, percent)  # type: ignore[arg-type]  # one of two
    QTest.keyClicks(page.search, "octal")
    for button in page.search.findChildren(QToolButton):
        button.show()
    assert sweep.unnamed(page) == []
    assert sweep.without_tip(page) == []
    assert sweep.clipped(page) == []


def test_the_tab_key_visits_search_back_list_and_page(page: HelpPage) -> None:
    page.show_topic("lab")
    order = sweep.focus_order(page)
    wanted = [page.search, page.back, page.list, page.text]
    assert [widget for widget in order if widget in wanted] == wanted


def test_a_wide_window_keeps_lines_short(page: HelpPage) -> None:
    page.resize(1800, 600)
    right = page.text.document().rootFrame().frameFormat().rightMargin()
    width = page.text.viewport().width()
    assert theme.metric(700) <= width - right <= theme.metric(760)
    page.resize(700, 600)
    assert page.text.document().rootFrame().frameFormat().rightMargin() <= theme.metric(24)


def test_words_from_elsewhere_are_searched_as_if_they_had_been_typed(page: HelpPage) -> None:
    page.search_for("half-close")
    assert page.search.text() == "half-close"
    assert page._found_items()
