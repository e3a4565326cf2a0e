"""`workbench` decides between its faces before it loads any of them."""

import gc
import sys
from types import ModuleType

import pytest

import workbench
from workbench import __main__ as program

collecting: list[bool] = []
"""Whether garbage was collected while each face started."""


@pytest.fixture
def faces(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """The window and the tour are replaced; the list says which was started with what."""
    started: list[tuple[str, list[str]]] = []
    collecting.clear()

    def face(name: str, function: str, code: int) -> None:
        module = ModuleType(f"workbench.{name}")

        def start(argv: list[str]) -> int:
            started.append((name, argv))
            collecting.append(gc.isenabled())
            return code

        setattr(module, function, start)
        monkeypatch.setitem(sys.modules, f"workbench.{name}", module)
        monkeypatch.setattr(workbench, name, module, raising=False)

    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    face("app", "main_window", 11)
    face("tour", "main", 12)
    return started


@pytest.mark.parametrize(
    ("words", "code", "started"),
    [
        ([], 11, [("app", [])]),
        (["tour", "--out", "x"], 12, [("tour", ["--out", "x"])]),
        (["tour", "--help"], 12, [("tour", ["--help"])]),
        (["--version"], 0, []),
        (["xyzzy"], 2, []),
    ],
)
def test_each_face_is_started_by_its_words(
    faces: list[tuple[str, list[str]]],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    words: list[str],
    code: int,
    started: list[tuple[str, list[str]]],
):
    monkeypatch.setattr(sys, "argv", ["workbench", *words])
    assert program.main() == code
    assert faces == started
    capfd.readouterr()


def test_ctrl_c_while_modules_load_or_while_it_ends_is_130(monkeypatch: pytest.MonkeyPatch):
    def interrupted(_argv: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("workbench.cli.main.main", interrupted)
    monkeypatch.setattr(sys, "argv", ["workbench", "socket"])
    assert program.main() == 130


def test_the_command_of_the_window_opens_it_whatever_stands_behind_it(
    faces: list[tuple[str, list[str]]], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "argv", ["workbench-gui", "--verbose"])
    assert program.main_window() == 11
    assert faces == [("app", ["--verbose"])]


def test_the_window_is_built_without_looking_for_garbage_and_no_longer(
    faces: list[tuple[str, list[str]]], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "argv", ["workbench"])
    program.main()
    assert collecting == [False]
    assert gc.isenabled()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere a window needs no address")
def test_without_a_display_the_window_is_not_begun_and_words_say_why(
    faces: list[tuple[str, list[str]]], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "argv", ["workbench"])
    assert program.main() == 5
    assert faces == []
    said = capfd.readouterr().err
    assert "there is no display" in said
    assert "workbench tour" in said
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert program.main() == 11
