"""The title row: whose conversation it is, and in which form."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import QAction
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLineEdit, QWidget

from workbench.formats.charset import ENCODINGS
from workbench.ui.conversation.topbar import FORMS, LONGEST_TITLE, TopBar


@pytest.fixture
def bar(show: Callable[..., QWidget]) -> TopBar:
    made = TopBar(QLineEdit())
    show(made, 1200, 40)
    return made


def test_without_a_subject_it_says_what_the_dock_is(bar: TopBar):
    assert bar.title.isVisible()
    bar.show_subject("lab:echo", is_opened=False)
    assert not bar.title.isVisible()
    assert bar.subject.text() == "lab:echo"
    assert not bar.back.isVisible()


def test_a_long_or_hostile_subject_is_cut_and_made_harmless(bar: TopBar):
    bar.show_subject("\u202e" + "x" * 80, is_opened=True)
    assert len(bar.subject.text()) == LONGEST_TITLE
    assert bar.subject.text().startswith("⟨U+202E⟩")
    assert bar.subject.toolTip().endswith("x" * 80)
    assert bar.back.isVisible()


def test_forms_are_chosen_and_only_text_has_an_encoding(bar: TopBar):
    chosen = QSignalSpy(bar.form_chosen)
    for button in bar.forms.buttons():
        button.click()
    assert [chosen.at(number) for number in range(3)] == [[form] for form, _, _ in FORMS]
    bar.show_form("text")
    assert bar.encoding.isVisible()
    bar.show_form("hex")
    assert not bar.encoding.isVisible()


def test_every_encoding_is_offered(bar: TopBar):
    chosen = QSignalSpy(bar.encoding_chosen)
    actions = bar.encoding.menu().actions()
    assert [action.text() for action in actions] == list(ENCODINGS)
    actions[2].trigger()
    assert chosen.at(0) == [ENCODINGS[2]]
    bar.show_encoding("koi8-r")
    assert bar.encoding.accessibleName() == "Encoding koi8-r"


def test_a_switch_has_the_words_of_its_action(bar: TopBar):
    action = QAction("Follow", bar)
    action.setProperty("icon_name", "follow")
    bar.add_switch(action)
    assert bar.switches[0].defaultAction() is action
    assert not bar.switches[0].icon().isNull()
