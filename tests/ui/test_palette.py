"""The command palette with the keyboard alone."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from workbench.ui.actions import Action, ActionRegistry
from workbench.ui.palette import MAX_SHOWN, CommandPalette, Entry, EntryModel

Show = Callable[..., QWidget]


class Desk:
    """A window with a palette, and what was done in it."""

    def __init__(self, show: Show) -> None:
        self.done: list[str] = []
        self.registry = ActionRegistry()
        self.window = QWidget()
        self.field = QLineEdit(self.window)
        QVBoxLayout(self.window).addWidget(self.field)
        self.registry.add(Action("window.palette", "Palette", self.nothing, shortcut="Ctrl+Shift+P"))
        self.registry.add(Action("net.python", "Copy as Python", self.copy_python, shortcut="Ctrl+Shift+C"))
        self.registry.add(Action("net.curl", "Copy as curl", self.copy_curl))
        self.registry.add(
            Action("sockets.finish", "Finish", self.finish, context="sockets", why_disabled=self.why)
        )
        self.palette = CommandPalette(self.registry, self.window)
        show(self.window, 800, 500)
        self.field.setFocus()

    def nothing(self) -> None: ...

    def copy_python(self) -> None:
        self.done.append("python")

    def copy_curl(self) -> None:
        self.done.append("curl")

    def finish(self) -> None:
        self.done.append("finish")

    def open_echo(self) -> None:
        self.done.append("echo")

    def why(self) -> str:
        return "nothing is connected"

    def provide(self, words: str) -> Iterator[Entry]:
        yield Entry("open:echo", "Open lab:echo", self.open_echo, "Lab")

    def type(self, text: str) -> None:
        QTest.keyClicks(self.palette.search, text)

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.palette.search, key)

    def texts(self) -> list[str]:
        return [entry.text for entry in self.palette.model.entries]


@pytest.fixture
def desk(show: Show) -> Iterator[Desk]:
    made = Desk(show)
    yield made
    made.palette.close_palette()


def test_words_find_and_enter_carries_out(desk: Desk) -> None:
    desk.palette.open_palette()
    desk.type("pyth cop")
    assert desk.texts() == ["Copy as Python"]
    desk.press(Qt.Key.Key_Return)
    assert desk.done == ["python"]
    assert not desk.palette.isVisible()
    assert desk.field.hasFocus()


def test_arrows_choose_and_stay_within_the_list(desk: Desk) -> None:
    desk.palette.open_palette()
    desk.type("copy")
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Return)
    assert desk.done == ["curl"]
    desk.palette.open_palette()
    for key in (Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        desk.press(key)
        assert desk.palette.list.currentIndex().isValid()
    assert desk.palette.list.currentIndex().row() == 0


def test_escape_closes_without_doing_anything_and_gives_the_focus_back(desk: Desk) -> None:
    desk.palette.open_palette()
    assert desk.palette.search.hasFocus()
    desk.press(Qt.Key.Key_Escape)
    assert not desk.palette.isVisible()
    assert desk.field.hasFocus()
    assert desk.done == []


def test_a_click_beside_it_closes_it(desk: Desk) -> None:
    desk.palette.open_palette()
    QTest.mouseClick(desk.window, Qt.MouseButton.LeftButton, pos=QPoint(5, 490))
    assert not desk.palette.isVisible()


def test_a_click_on_a_line_carries_it_out(desk: Desk) -> None:
    desk.palette.open_palette()
    desk.type("curl")
    place = desk.palette.list.visualRect(desk.palette.model.index(0)).center()
    QTest.mouseClick(desk.palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert desk.done == ["curl"]


def test_what_cannot_be_done_stands_last_with_its_reason_and_does_nothing(desk: Desk) -> None:
    desk.palette.open_palette()
    last = desk.palette.model.entries[-1]
    assert (last.text, last.reason) == ("Sockets: Finish", "nothing is connected")
    desk.type("finish")
    index = desk.palette.model.index(0)
    assert "not now: nothing is connected" in str(index.data(Qt.ItemDataRole.AccessibleTextRole))
    desk.press(Qt.Key.Key_Return)
    assert desk.done == []
    assert desk.palette.isVisible()


def test_a_guess_never_stands_before_a_word_not_even_before_one_that_cannot_be_done(desk: Desk) -> None:
    desk.registry.add(Action("x.settings", "File settings now", int))
    desk.palette.open_palette()
    desk.type("fin")
    assert desk.texts() == ["Sockets: Finish", "File settings now"]


def test_the_key_of_an_action_is_shown(desk: Desk) -> None:
    desk.palette.open_palette()
    desk.type("python")
    assert desk.palette.model.entries[0].detail == "Ctrl+Shift+C"


def test_what_was_done_last_comes_first_next_time(desk: Desk) -> None:
    desk.palette.open_palette()
    assert desk.texts()[0] == "Copy as Python"
    desk.registry.run("net.curl")
    desk.palette.open_palette()
    assert desk.texts()[0] == "Copy as curl"
    assert desk.palette.recent == ("net.curl",)


def test_the_palette_does_not_offer_itself(desk: Desk) -> None:
    desk.palette.open_palette()
    assert "Palette" not in desk.texts()
    desk.registry.run("window.palette")
    assert desk.palette.recent == ()


def test_a_provider_s_entries_are_found_and_remembered_too(desk: Desk) -> None:
    desk.palette.add_provider(desk.provide)
    desk.palette.open_palette()
    desk.type("echo")
    desk.press(Qt.Key.Key_Return)
    assert desk.done == ["echo"]
    assert desk.palette.recent == ("open:echo",)


def test_an_action_is_found_by_its_tip_and_by_other_words_for_it(desk: Desk) -> None:
    assert desk.palette.entries("snake") == []
    desk.palette.use_words({"net.python": "snake script", "gone": "snake"})
    desk.registry.add(Action("net.ruby", "Copy as Ruby", desk.nothing, tip="Red letters, no snake at all"))
    assert [entry.text for entry in desk.palette.entries("snake")] == ["Copy as Python", "Copy as Ruby"]
    assert [entry.text for entry in desk.palette.entries("copy script")] == ["Copy as Python"]


def test_a_word_of_the_line_stands_before_one_beside_it(desk: Desk) -> None:
    desk.palette.use_words({"net.curl": "python"})
    assert [entry.text for entry in desk.palette.entries("python")] == ["Copy as Python", "Copy as curl"]


def test_what_is_meant_to_be_last_fits_every_word_and_stands_below_guesses(desk: Desk) -> None:
    def offer(words: str) -> Iterator[Entry]:
        yield Entry("help.search", f"Look for {words}", desk.nothing, is_last=True)

    desk.palette.add_provider(offer)
    assert [entry.text for entry in desk.palette.entries("cpy")][-1] == "Look for cpy"
    assert [entry.text for entry in desk.palette.entries("xyzzy")] == ["Look for xyzzy"]


def test_nothing_found_says_so(desk: Desk) -> None:
    desk.palette.open_palette()
    desk.type("zzzz")
    assert desk.palette.nothing.isVisible()
    assert not desk.palette.list.isVisible()
    desk.press(Qt.Key.Key_Return)
    assert desk.palette.isVisible()


def test_it_fits_into_the_window_and_follows_its_size(desk: Desk) -> None:
    desk.palette.open_palette()
    desk.window.resize(500, 300)
    QApplication.sendPostedEvents()
    assert desk.window.rect().contains(desk.palette.geometry())


def test_opening_it_again_keeps_where_the_focus_came_from(desk: Desk) -> None:
    desk.palette.open_palette()
    desk.palette.open_palette()
    desk.press(Qt.Key.Key_Escape)
    assert desk.field.hasFocus()


def test_the_model_is_sound_and_bounded(app: QApplication) -> None:
    model = EntryModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show([Entry(f"e.{n}", str(n), int) for n in range(MAX_SHOWN + 50)])
    assert model.rowCount() == MAX_SHOWN
    model.show([])
    assert model.rowCount() == 0
