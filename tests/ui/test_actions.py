"""The registry: one QAction each, keys without clashes, reasons instead of silence, no panel kept alive."""

import gc
import weakref
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from workbench.ui.actions import Action, ActionMaker, ActionRegistry, Clash, RegisteredAction

Show = Callable[..., QWidget]


class Hand:
    """Counts how often it was used."""

    def __init__(self) -> None:
        self.times = 0
        self.reason = ""
        self.is_on = False

    def use(self) -> None:
        self.times += 1
        self.is_on = not self.is_on

    def why(self) -> str:
        return self.reason

    def on(self) -> bool:
        return self.is_on


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def registry(light: object) -> ActionRegistry:
    return ActionRegistry()


def test_an_action_runs_and_says_so(registry: ActionRegistry, hand: Hand) -> None:
    registry.add(Action("a.do", "Do it", hand.use))
    spy = QSignalSpy(registry.ran)
    registry.qaction("a.do").trigger()
    assert hand.times == 1
    assert spy.at(0) == ["a.do"]


def test_the_tip_shows_sentence_and_key(registry: ActionRegistry, hand: Hand) -> None:
    made = registry.add(Action("a.do", "Do", hand.use, tip="Does it", shortcut="Ctrl+D"))
    assert made.toolTip() == "Does it (Ctrl+D)"
    assert made.isEnabled()


def test_what_cannot_be_done_says_why_in_its_tip(registry: ActionRegistry, hand: Hand) -> None:
    made = registry.add(Action("a.do", "Do", hand.use, why_disabled=hand.why))
    hand.reason = "nothing is connected"
    registry.refresh()
    assert not made.isEnabled()
    assert "Not now: nothing is connected" in made.toolTip()
    hand.reason = ""
    registry.refresh("b")
    assert not made.isEnabled()
    registry.refresh("")
    assert made.isEnabled()


def test_a_fixed_reason_disables_from_the_start(registry: ActionRegistry, hand: Hand) -> None:
    assert not registry.add(Action("a.do", "Do", hand.use, why_disabled="not on this system")).isEnabled()


def test_a_refused_action_does_not_run_even_if_it_looked_possible(
    registry: ActionRegistry, hand: Hand
) -> None:
    registry.add(Action("a.do", "Do", hand.use, why_disabled=hand.why))
    hand.reason = "too late"
    spy = QSignalSpy(registry.refused)
    assert not registry.run("a.do")
    assert hand.times == 0
    assert spy.at(0) == ["a.do", "too late"]
    assert not registry.qaction("a.do").isEnabled()


def test_an_action_that_is_on_or_off_shows_which(registry: ActionRegistry, hand: Hand) -> None:
    made = registry.add(Action("a.follow", "Follow", hand.use, checked=hand.on))
    assert made.isCheckable()
    assert not made.isChecked()
    made.trigger()
    assert made.isChecked()


def test_the_same_id_twice_is_a_mistake(registry: ActionRegistry, hand: Hand) -> None:
    registry.add(Action("a.do", "Do", hand.use))
    with pytest.raises(ValueError, match=r"a\.do"):
        registry.add(Action("a.do", "Do", hand.use))


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("", "", True),
        ("", "a", True),
        ("a", "a", True),
        ("a", "a/b", True),
        ("a", "b", False),
        ("a/b", "a/c", False),
    ],
)
def test_keys_clash_where_both_could_be_heard(
    registry: ActionRegistry, hand: Hand, first: str, second: str, clash: bool
) -> None:
    registry.add(Action("x.one", "One", hand.use, shortcut="Ctrl+E", context=first))
    two = Action("x.two", "Two", hand.use, shortcut="ctrl+e", context=second)
    if clash:
        with pytest.raises(ValueError, match=r"x\.two and x\.one"):
            registry.add(two)
    else:
        registry.add(two)
        assert registry.clashes() == []


def test_a_wish_that_clashes_is_left_out_and_reported(registry: ActionRegistry, hand: Hand) -> None:
    registry.add(Action("a.one", "One", hand.use, shortcut="Ctrl+1"))
    registry.add(Action("a.two", "Two", hand.use, shortcut="Ctrl+2"))
    assert registry.set_shortcuts({"a.two": "Ctrl+1"}) == [Clash("Ctrl+1", "a.one", "a.two")]
    assert registry.shortcut_of("a.two") == "Ctrl+2"
    assert registry.set_shortcuts({"a.two": "Ctrl+3", "a.one": ""}) == []
    assert registry.shortcut_of("a.two") == "Ctrl+3"
    assert registry.shortcut_of("a.one") == ""
    assert registry.set_shortcuts({}) == []
    assert registry.shortcut_of("a.one") == "Ctrl+1"


def test_two_actions_may_swap_their_keys(registry: ActionRegistry, hand: Hand) -> None:
    registry.add(Action("a.one", "One", hand.use, shortcut="Ctrl+1"))
    registry.add(Action("a.two", "Two", hand.use, shortcut="Ctrl+2"))
    assert registry.set_shortcuts({"a.one": "Ctrl+2", "a.two": "Ctrl+1"}) == []
    assert registry.shortcut_of("a.one") == "Ctrl+2"


def test_a_panel_that_opens_later_yields_to_a_person_s_own_key(registry: ActionRegistry, hand: Hand) -> None:
    registry.add(Action("a.one", "One", hand.use, shortcut="Ctrl+1"))
    registry.set_shortcuts({"a.one": "Ctrl+E"})
    registry.add(Action("p.finish", "Finish", hand.use, shortcut="Ctrl+E", context="p"))
    assert registry.shortcut_of("a.one") == "Ctrl+E"
    assert registry.shortcut_of("p.finish") == ""


def test_a_wish_waits_for_its_action(registry: ActionRegistry, hand: Hand) -> None:
    registry.set_shortcuts({"p.finish": "Ctrl+9"})
    registry.add(Action("p.finish", "Finish", hand.use, shortcut="Ctrl+E", context="p"))
    assert registry.shortcut_of("p.finish") == "Ctrl+9"


def test_a_key_of_a_panel_is_heard_only_inside_it(registry: ActionRegistry, show: Show) -> None:
    window, one, two = QWidget(), QLineEdit(), QLineEdit()
    layout = QVBoxLayout(window)
    layout.addWidget(one)
    layout.addWidget(two)
    first, second = Hand(), Hand()
    registry.add(Action("one.do", "Do", first.use, shortcut="Ctrl+E", context="one"), one)
    registry.add(Action("two.do", "Do", second.use, shortcut="Ctrl+E", context="two"), two)
    show(window, 200, 100)
    two.setFocus()
    QTest.keyClick(two, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert (first.times, second.times) == (0, 1)
    one.setFocus()
    QTest.keyClick(one, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert (first.times, second.times) == (1, 1)


def test_forgetting_a_context_frees_the_panel_that_gave_it(registry: ActionRegistry, light: object) -> None:
    class Panel(QWidget):
        def do(self) -> None:
            """Nothing."""

    panel = Panel()
    registry.add(Action("p.do", "Do", panel.do, context="p", shortcut="Ctrl+E"), panel)
    registry.add(Action("p.deep", "Deep", panel.do, context="p/inner"))
    registry.add(Action("w.do", "Do", int, shortcut="Ctrl+W"))
    gone = weakref.ref(panel)
    registry.forget("p")
    assert [action.id for action in registry.actions] == ["w.do"]
    panel.deleteLater()
    del panel
    QApplication.sendPostedEvents(None, 52)  # QEvent::DeferredDelete
    gc.collect()
    assert gone() is None


def test_changes_are_announced_once_for_many(registry: ActionRegistry, hand: Hand) -> None:
    spy = QSignalSpy(registry.changed)
    registry.add_all([Action(f"a.{n}", str(n), hand.use) for n in range(20)])
    assert spy.count() == 0
    assert spy.wait(60_000)
    assert spy.count() == 1


def test_an_unknown_id_is_no_action(registry: ActionRegistry) -> None:
    assert registry.find("nobody") is None
    assert registry.shortcut_of("nobody") == ""
    assert not registry.run("nobody")
    with pytest.raises(KeyError):
        registry.qaction("nobody")


def test_a_maker_gives_every_action_of_a_panel_its_context_menu_and_prefix(hand: Hand) -> None:
    made = ActionMaker("web", "Web")("send", "Send", hand.use, "Ctrl+Return", "send", "nothing to send")
    assert made == Action(
        "web.send",
        "Send",
        hand.use,
        shortcut="Ctrl+Return",
        context="web",
        icon="send",
        menu="Web",
        why_disabled="nothing to send",
    )
    assert (
        ActionMaker("web/calls", "Web", "web.calls.")("list", "List", hand.use, "", "").id == "web.calls.list"
    )


@pytest.mark.parametrize(
    ("context", "menu", "shown"),
    [
        ("sql", "SQL", "SQL: Run"),
        ("web/calls", "Web", "Web: Run"),
        ("conversation", "", "Conversation: Run"),
        ("", "Go", "Go: Run"),
        ("", "", "Run"),
    ],
)
def test_an_action_is_told_with_its_place_as_people_write_it(
    hand: Hand, context: str, menu: str, shown: str
) -> None:
    assert Action("a.run", "Run", hand.use, context=context, menu=menu).full_text == shown


def test_a_new_action_asks_not_each_of_the_others_for_its_keys(
    registry: ActionRegistry, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    shortcut = RegisteredAction.shortcut

    def watched(made: RegisteredAction) -> object:
        asked.append(made.action.id)
        return shortcut(made)

    monkeypatch.setattr(RegisteredAction, "shortcut", watched)
    for number in range(40):
        registry.add(
            Action(f"a.{number}", "Do", hand.use, shortcut=f"Ctrl+F{number % 20 + 1}", context=f"p{number}")
        )
    assert len(asked) <= 2 * 40, "each for its own tip"
    assert registry.shortcut_of("a.7") == "Ctrl+F8"
    with pytest.raises(ValueError, match="both want"):
        registry.add(Action("b.7", "Do", hand.use, shortcut="Ctrl+F8", context="p7"))
