"""The window on a real X server, used with a mouse and a keyboard that are the system's and not Qt's own."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.display import Display, display, window_manager
from tests.journeys.process import WindowProcess, window
from tests.lab.houses import wait_for_death

LAB_ENDS_WITHIN_S = 10.0

pytestmark = pytest.mark.real("Xvfb", "xdotool")


@pytest.fixture
def screen(nothing_left: None) -> Iterator[Display]:
    with display() as made:
        yield made


def go_to_sockets(screen: Display, running: WindowProcess) -> None:
    """Wait for the window, and press the key of the tab."""
    running.until("window.isVisible()")
    screen.window_of(running.pid)
    running.until("window.isActiveWindow()")
    screen.keys("ctrl+2")
    running.until("window.tabs.current_id == 'sockets'")


@pytest.mark.real("openbox")
def test_keys_alone_lead_from_the_first_look_to_an_answer(screen: Display, tmp_path: Path, own_home: Path):
    # With a window manager: without one nobody gives the keys back when a list of proposals closes.
    with window_manager(screen), window(tmp_path, **screen.environment) as running:
        go_to_sockets(screen, running)
        running.do("view = window.tabs.page('sockets').console.current")
        screen.type("lab:echo")
        screen.keys("Return")
        running.until("view.verdict.verdict.word == 'open'")
        running.until("window.isActiveWindow() and view.bytes.editor.hasFocus()")
        screen.type("hello")
        screen.keys("ctrl+Return")
        running.until("view.model.index(0, 2).data() == '5 B'")
        running.until("sum('hello' in row for row in program.dock.texts()) == 2")
        screen.keys("ctrl+d")
        running.until("view.verdict.verdict.word == 'ended'")
        screen.keys("ctrl+q")
        assert running.end() == (0, "")
    kept = json.loads((own_home / "state" / "session.json").read_text())
    assert kept["panels"]["sockets"]["pages"]["console"]["sessions"][0]["bytes"]["text"] == "hello"


@pytest.mark.real("openbox")
def test_the_list_of_proposals_takes_keys_each_time_it_opens(screen: Display, tmp_path: Path):
    with window_manager(screen), window(tmp_path, **screen.environment) as running:
        go_to_sockets(screen, running)
        running.do("box = window.tabs.page('sockets').console.current.bar.target_box")
        for typed, chosen in (("lab:ech", "lab:echo"), ("lab:gree", "lab:greet")):
            screen.keys("ctrl+l")
            screen.type(typed)
            running.until(f"box._proposals.isVisible() and box.field.text() == {typed!r}")
            screen.keys("Down", "Return")
            running.until(f"not box._proposals.isVisible() and box.field.text() == {chosen!r}")
            running.until("window.isActiveWindow() and box.hasFocus()")
        screen.keys("ctrl+q")
        assert running.end() == (0, "")


@pytest.mark.real("openbox")
def test_the_mouse_finds_the_first_offer_and_the_frame_closes_the_window(screen: Display, tmp_path: Path):
    with window_manager(screen), window(tmp_path, **screen.environment) as running:
        running.until("window.isVisible()")
        screen.window_of(running.pid)
        running.until("window.isActiveWindow()")
        place = "[(p := w.mapToGlobal(w.rect().center())).x(), p.y()]"
        x, y = running.do(f"w = window.tabs.page('start').welcome.offers[0].button; answer = {place}")
        screen.click(x, y)
        running.until("window.tabs.current_id == 'sockets'")
        running.do("view = window.tabs.page('sockets').console.current")
        assert running.do("answer = view.bar.text()") == "lab:echo"
        x, y = running.do(f"w = view.bar.button; answer = {place}")
        screen.click(x, y)
        running.until("view.verdict.verdict.word == 'open'")
        # What the frame's cross does, too: the window is asked, not killed.
        screen.keys("alt+F4")
        assert running.end() == (0, "")


def test_a_lost_display_takes_the_lab_along(tmp_path: Path):
    with display() as screen, window(tmp_path, **screen.environment) as running:
        running.until("window.isVisible()")
        running.do(
            "view = window.show_tab('sockets').console.current; view.bar.set_text('lab:echo'); view.bar.submit()"
        )
        running.until("view.verdict.verdict.word == 'open'")
        (lab,) = running.children
        screen.break_off()
        assert wait_for_death(lab, LAB_ENDS_WITHIN_S)
        # Qt leaves by exit(1) or ends its loop, whichever notices first; it is not killed, and does not stay.
        assert running.end()[0] in (0, 1)
