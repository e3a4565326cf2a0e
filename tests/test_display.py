"""Where a window can be shown, without Qt: what the environment names, and whether somebody answers there."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from workbench import display as module
from workbench.display import Display, display, is_needed

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="elsewhere a window needs no address"
)


@pytest.fixture
def listening(tmp_path: Path):
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(str(tmp_path / "screen"))
        end.listen()
        yield tmp_path / "screen"


@pytest.mark.parametrize(
    ("chosen", "needed"), [("", True), ("xcb", True), ("wayland-egl", True), ("offscreen", False)]
)
def test_what_qt_is_told_of_needs_nobody(chosen: str, needed: bool):
    assert is_needed({"QT_QPA_PLATFORM": chosen}) is needed
    assert is_needed({})


def test_none_is_named():
    assert display({}) is None
    assert display({"DISPLAY": ""}) is None


def test_a_socket_of_wayland(listening: Path):
    runtime = {"XDG_RUNTIME_DIR": str(listening.parent)}
    assert display({"WAYLAND_DISPLAY": "screen", **runtime}) == Display("WAYLAND_DISPLAY is screen")
    assert display({"WAYLAND_DISPLAY": str(listening)}) == Display(f"WAYLAND_DISPLAY is {listening}")
    gone = display({"WAYLAND_DISPLAY": "other", **runtime})
    assert gone == Display("WAYLAND_DISPLAY is other", "nobody answers there (No such file or directory)")


def test_a_socket_of_x11(listening: Path):
    assert display({"DISPLAY": str(listening)}) == Display(f"DISPLAY is {listening}")


def test_an_abstract_socket_of_x11():
    with socket.socket(socket.AF_UNIX) as end:
        number = 9000 + os.getpid() % 999
        end.bind(f"\0/tmp/.X11-unix/X{number}")
        end.listen()
        assert display({"DISPLAY": f":{number}.0"}) == Display(f"DISPLAY is :{number}.0")
        assert display({"DISPLAY": f"unix:{number}"}) == Display(f"DISPLAY is unix:{number}")


def test_a_port_of_x11(monkeypatch: pytest.MonkeyPatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr(module, "X11_PORT", server.getsockname()[1] - 3)
        assert display({"DISPLAY": "127.0.0.1:3"}) == Display("DISPLAY is 127.0.0.1:3")
    seen = display({"DISPLAY": "127.0.0.1:3"})
    assert seen is not None
    assert seen.fault == "nobody answers there (Connection refused)"


@pytest.mark.parametrize("name", ["x", ":", "host:", ":99999", ":1.x", "\0:1x"])
def test_what_names_none_is_told(name: str):
    assert display({"DISPLAY": name}) == Display(f"DISPLAY is {name}", "not of the form HOST:NUMBER")


def test_where_one_of_two_answers_it_is_that_one(listening: Path):
    named = {"WAYLAND_DISPLAY": "gone", "XDG_RUNTIME_DIR": "/nowhere", "DISPLAY": str(listening)}
    assert display(named) == Display(f"DISPLAY is {listening}")


def test_the_window_says_it_in_words_where_qt_would_abort():
    environ = {name: value for name, value in os.environ.items() if name not in ("QT_QPA_PLATFORM",)}
    done = subprocess.run(
        [sys.executable, "-m", "workbench"],
        env={**environ, "DISPLAY": ":9998", "WAYLAND_DISPLAY": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 5
    assert (
        "there is no display to open a window on: DISPLAY is :9998, and nobody answers there" in done.stderr
    )
    assert "workbench tour" in done.stderr
