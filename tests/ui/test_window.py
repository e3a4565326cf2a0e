"""The window: tabs by key, the dock, palette, session, and an orderly end. Its panels are played."""

import json
from collections.abc import Callable, Iterator, Mapping

import pytest
from PySide6.QtCore import Qt, Signal
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget

from tests.ui import sweep
from workbench.ui import theme
from workbench.ui.actions import Action, ActionRegistry
from workbench.ui.panel import HasStart, KeepsDraft, OpensTargets
from workbench.ui.window import MainWindow, TabInfo

Show = Callable[..., QWidget]
CONTROL = Qt.KeyboardModifier.ControlModifier


class PlayedPanel(QWidget):
    """A field that is worth keeping."""

    draft_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.field = QLineEdit(self)
        self.field.setAccessibleName("Target")
        QVBoxLayout(self).addWidget(self.field)
        self.field.textChanged.connect(self.draft_changed)

    def draft(self) -> dict[str, object]:
        return {"target": self.field.text()}

    def restore(self, draft: Mapping[str, object]) -> None:
        text = draft.get("target")
        if isinstance(text, str):
            self.field.setText(text)

    def focus_start(self) -> None:
        self.field.setFocus()

    def open_target(self, target: str) -> None:
        self.field.setText(target)


def plain_page() -> QWidget:
    return QLabel("plain")


class Closing:
    """Remembers that the end was asked for."""

    def __init__(self) -> None:
        self.times = 0

    def start(self) -> None:
        self.times += 1


def make_window(closing: Closing, conversation: QWidget | None = None) -> MainWindow:
    tabs = [
        TabInfo("start", "Start", plain_page, 0, wants_conversation=False),
        TabInfo("sockets", "Sockets", PlayedPanel, 10),
        TabInfo("dns", "DNS", PlayedPanel, 20),
        TabInfo("settings", "Settings", plain_page, 90, is_page=True, menu="File", shortcut="Ctrl+,"),
    ]
    return MainWindow(tabs, ActionRegistry(), on_close=closing.start, conversation=conversation)


@pytest.fixture
def closing() -> Closing:
    return Closing()


@pytest.fixture
def window(show: Show, closing: Closing) -> Iterator[MainWindow]:
    made = make_window(closing, QLabel("conversation"))
    show(made, 900, 600)
    made.restore_session({})
    yield made
    made.palette_overlay.close_palette()
    made.finish_close()


def panel(window: MainWindow, tab_id: str) -> PlayedPanel:
    found = window.tabs.page(tab_id)
    assert isinstance(found, PlayedPanel)
    return found


def test_the_first_tab_is_shown_and_no_other_panel_is_made(window: MainWindow) -> None:
    assert window.tabs.current_id == "start"
    assert set(window.tabs.pages) == {"start"}


def test_a_played_panel_has_the_shapes_the_window_looks_for() -> None:
    assert issubclass(PlayedPanel, HasStart)
    assert issubclass(PlayedPanel, OpensTargets)
    assert hasattr(PlayedPanel, "draft_changed")


def test_control_and_a_number_go_to_a_tab_and_put_the_focus_where_one_begins(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_2, CONTROL)
    assert window.tabs.current_id == "sockets"
    assert isinstance(panel(window, "sockets"), KeepsDraft)
    assert panel(window, "sockets").field.hasFocus()
    QTest.keyClick(window, Qt.Key.Key_PageDown, CONTROL)
    assert window.tabs.current_id == "dns"
    QTest.keyClick(window, Qt.Key.Key_PageUp, CONTROL)
    assert window.tabs.current_id == "sockets"


def test_a_page_opens_by_its_key_and_closes_by_control_w_and_a_panel_stays(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_Comma, CONTROL)
    assert window.tabs.current_id == "settings"
    page = window.tabs.current
    assert page is not None
    page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    page.setFocus()
    QTest.keyClick(window, Qt.Key.Key_W, CONTROL)
    assert "settings" not in window.tabs.ids
    assert window._registry.find("settings.close_page") is None
    QTest.keyClick(window, Qt.Key.Key_W, CONTROL)
    assert window.tabs.ids == ("start", "sockets", "dns")


def test_what_cannot_be_done_is_said_in_the_status_bar(window: MainWindow) -> None:
    window._registry.add(Action("x.do", "Do it", int, why_disabled="nothing is connected"))
    window._registry.run("x.do")
    assert window.status.saying.text() == "Do it: not now, nothing is connected"


def test_the_palette_opens_by_key_and_finds_tabs(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_P, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert window.palette_overlay.isVisible()
    QTest.keyClicks(window.palette_overlay.search, "go dns")
    QTest.keyClick(window.palette_overlay.search, Qt.Key.Key_Return)
    assert window.tabs.current_id == "dns"
    window.status.palette_hint.click()
    assert window.palette_overlay.isVisible()


def test_an_action_of_another_panel_is_carried_out_where_one_sees_it(window: MainWindow) -> None:
    done: list[str] = []

    class Hand:
        def ask(self) -> None:
            done.append(window.tabs.current_id)

    window.show_tab("dns")
    window._registry.add(Action("dns.ask", "Ask", Hand().ask, context="dns"), panel(window, "dns"))
    window.show_tab("sockets")
    window.palette_overlay.open_palette()
    QTest.keyClicks(window.palette_overlay.search, "ask")
    QTest.keyClick(window.palette_overlay.search, Qt.Key.Key_Return)
    assert done == ["dns"]


def test_the_menus_are_those_of_the_registry(window: MainWindow) -> None:
    assert window.menus.titles() == ["File", "View", "Go"]
    assert [action.text() for action in window.menus.menu("File").actions()] == ["Quit", "Settings"]


def test_the_conversation_gives_way_where_there_is_nothing_to_see(window: MainWindow) -> None:
    assert window.dock is not None
    assert not window.dock.is_shown
    window.show_tab("sockets")
    assert window.dock.is_shown
    QTest.keyClick(window, Qt.Key.Key_J, CONTROL)
    assert not window.dock.is_shown
    window.show_tab("dns")
    assert not window.dock.is_shown
    QTest.keyClick(window, Qt.Key.Key_J, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert window.dock.is_beside
    assert window._registry.qaction("window.conversation_side").isChecked()


def test_a_session_brings_back_tab_drafts_and_layout(
    show: Show, window: MainWindow, closing: Closing
) -> None:
    window.show_tab("dns")
    panel(window, "dns").field.setText("lab:dns")
    window.show_tab("sockets")
    panel(window, "sockets").field.setText("lab:echo")
    window.move_conversation()
    window.palette_overlay.remember("go.dns")
    window.resize(777, 555)
    session = json.loads(json.dumps(window.session()))

    other = make_window(closing, QLabel("conversation"))
    other.restore_session(session)
    show(other)
    assert other.tabs.current_id == "sockets"
    assert panel(other, "sockets").field.text() == "lab:echo"
    assert other.tabs.page("dns") is None
    assert other.session()["panels"] == {"dns": {"target": "lab:dns"}, "sockets": {"target": "lab:echo"}}
    other.show_tab("dns")
    assert panel(other, "dns").field.text() == "lab:dns"
    assert other.dock is not None
    assert other.dock.is_beside
    assert other.palette_overlay.recent == ("go.dns",)
    assert (other.width(), other.height()) == (777, 555)
    other.finish_close()


@pytest.mark.parametrize(
    "junk",
    [
        {"geometry": "no base64 !", "state": 5, "tab": "nobody", "panels": [], "recent": "x"},
        {
            "geometry": "AAAA",
            "state": "AAAA",
            "tab": None,
            "panels": {"dns": 3, "start": {"x": 1}},
            "recent": [1],
        },
        {"panels": {"sockets": {"target": 17}}, "tab": "sockets", "conversation": "perhaps"},
    ],
)
def test_junk_in_a_session_stops_nothing(window: MainWindow, junk: dict[str, object]) -> None:
    window.restore_session(junk)
    assert window.tabs.current_id in ("start", "sockets")
    assert window.isVisible()


def test_changes_worth_saving_are_announced(window: MainWindow) -> None:
    window.show_tab("sockets")
    spy = QSignalSpy(window.session_changed)
    panel(window, "sockets").field.setText("x")
    assert spy.count() == 1
    window.show_tab("dns")
    window.resize(850, 590)
    window.toggle_conversation()
    assert spy.count() >= 4


def test_closing_asks_for_the_end_once_and_closes_when_told(window: MainWindow, closing: Closing) -> None:
    window.close()
    window.close()
    QTest.keyClick(window, Qt.Key.Key_Q, CONTROL)
    assert closing.times == 1
    assert window.isVisible()
    assert "Ending" in window.status.saying.text()
    window.finish_close()
    assert not window.isVisible()


def test_icons_follow_the_theme(app: QApplication, window: MainWindow) -> None:
    action = window._registry.qaction("window.palette")
    before = action.icon().cacheKey()
    theme.apply(app, "dark")
    assert action.icon().cacheKey() != before


def test_without_a_conversation_its_actions_say_so(show: Show, closing: Closing) -> None:
    window = make_window(closing)
    show(window, 400, 300)
    window.restore_session({})
    assert window.dock is None
    assert not window._registry.qaction("window.conversation").isEnabled()
    window.toggle_conversation()
    window.move_conversation()
    window.finish_close()


@pytest.mark.parametrize("appearance", ["light", "dark"])
@pytest.mark.parametrize("percent", [100, 200])
def test_nothing_is_unnamed_and_nothing_cut_off(
    app: QApplication, show: Show, closing: Closing, appearance: theme.Appearance, percent: int
) -> None:
    theme.apply(app, appearance, percent)
    conversation = QLabel("conversation")
    conversation.setMinimumHeight(60)
    window = make_window(closing, conversation)
    show(window, 1280, 800)
    window.restore_session({"tab": "sockets"})
    window.show_lab("5 running")
    assert sweep.unnamed(window) == []
    assert sweep.clipped(window) == []
    assert sweep.without_tip(window) == []
    assert (window.width(), window.height()) == (1280, 800)
    window.finish_close()


def test_the_window_is_never_larger_than_its_screen(window: MainWindow) -> None:
    room = QApplication.primaryScreen().availableGeometry()
    fresh = make_window(Closing())
    assert fresh.width() <= room.width()
    assert fresh.height() <= room.height()
    fresh.deleteLater()


def test_full_screen_is_left_as_it_was_entered(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    QTest.keyClick(window, Qt.Key.Key_F11)
    assert not window.isFullScreen()
