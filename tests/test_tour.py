"""The tour: each panel's main job in the real window, compared and photographed; and what counts as a failure."""

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QWidget

from tests.cli.documents import checked
from tests.journeys.person import Person, Workbench
from tests.kit.cli import run_cli
from workbench import tour
from workbench.cli.schema import schema
from workbench.panels import PANELS, PanelInfo
from workbench.tour import TourGuide, visit
from workbench.ui.tabs import TabInfo

OFFSCREEN = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
"""As on a machine without a display, where nobody names a platform either."""


def test_without_a_display_every_panel_is_toured_and_photographed(tmp_path: Path, own_home: Path):
    out = tmp_path / "new" / "tour"
    done = run_cli("tour", "--out", str(out), "--json", **OFFSCREEN)
    assert (done.returncode, done.stderr) == (0, "")
    document = checked(done.json)
    assert document["ok"]
    assert [panel["panel"] for panel in document["panels"]] == [info.id for info in PANELS if info.tour]
    for panel in document["panels"]:
        assert panel["target"].startswith("lab:")
        assert len(panel["steps"]) > 3
        picture = Path(panel["picture"])
        assert picture.parent == out
        assert (QImage(str(picture)).width(), QImage(str(picture)).height()) == tour.SIZE
    assert json.loads((out / "tour.json").read_text()) == document["panels"]
    # The person's own settings and session are neither read nor written.
    assert not own_home.exists()


def test_one_panel_can_be_toured_in_the_dark_at_twice_the_size(tmp_path: Path):
    done = run_cli("tour", "--out", str(tmp_path), "--panel", "start", "--dark", "--scale", "2", **OFFSCREEN)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == f"start (lab:echo): {tmp_path / 'start.png'}"
    assert all(line.startswith("  ok ") for line in lines[1:])
    picture = QImage(str(tmp_path / "start.png"))
    assert (picture.width(), picture.height()) == tuple(2 * length for length in tour.SIZE)
    assert picture.pixelColor(picture.width() // 2, 10).lightness() < 128
    assert {path.name for path in tmp_path.glob("*.*")} == {"start.png", "tour.json"}


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path, words: list[str]):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    done = run_cli("tour", "--out", str(in_the_way / "tour"), *words, **OFFSCREEN)
    assert done.returncode == 5
    assert f"{in_the_way / 'tour'} can't be written: Not a directory" in done.stderr
    assert "--out" in done.stderr
    if words:
        failure = checked(done.json)["failure"]
        assert (failure["kind"], failure["errno"]) == ("LocalFault", "ENOTDIR")
    else:
        assert done.stdout == ""


@pytest.mark.parametrize(
    "words", [[], ["--out"], ["--out", "x", "--panel", "xyzzy"], ["--out", "x", "--scale", "3"]]
)
def test_wrong_words_open_no_window(words: list[str], capfd: pytest.CaptureFixture[str]):
    assert tour.main(words) == 2
    said = capfd.readouterr()
    assert (said.out, "workbench tour --help" in said.err) == ("", True)
    assert tour.main([*words, "--json"]) == 2
    assert checked(json.loads(capfd.readouterr().out))["failure"]["kind"] == "LocalMisuse"


def test_a_result_that_cannot_be_written_is_no_success(tmp_path: Path, importable: None, monkeypatch):
    monkeypatch.setattr(tour, "_lead", lambda _out, _asked: {"ok": True, "panels": []})
    with open("/dev/full", "wb") as full:
        monkeypatch.setattr(tour, "STDOUT", full.fileno())
        assert tour.main(["--out", str(tmp_path), "--json"]) == 5


@pytest.mark.parametrize(
    ("shown", "expected", "ok", "words"),
    [
        ("7 B", "7 B", True, ("7 B", "7 B")),
        ("7 B", "8 B", False, ("7 B", "8 B")),
        (True, True, True, ("yes", "yes")),
        (False, True, False, ("no", "yes")),
        (("open", 2), ("open", 2), True, ("open, 2", "open, 2")),
        (2, 3, False, ("2", "3")),
        ("2", 2, False, ("2", "2")),
    ],
)
def test_a_step_holds_what_was_shown_and_what_was_expected(shown, expected, ok: bool, words: tuple[str, str]):
    guide = TourGuide(None)
    guide.compare("a step", shown, expected)
    assert guide.steps == [{"name": "a step", "shown": words[0], "expected": words[1], "ok": ok}]


@pytest.mark.parametrize("ok", [True, False])
def test_a_wrong_expectation_makes_exit_code_1_and_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str], ok: bool
):
    step = {"name": "octets", "shown": "7 B", "expected": "7 B" if ok else "8 B", "ok": ok}
    panel = {"panel": "sockets", "target": "lab:echo", "steps": [step], "picture": str(tmp_path / "a.png")}

    def run(wanted: list[PanelInfo], _out: Path, appearance: str) -> list[dict[str, Any]]:
        assert ([info.id for info in wanted], appearance) == (["sockets"], "light")
        return [panel]

    monkeypatch.setattr(tour, "_run", run)
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    assert tour.main(["--out", str(tmp_path), "--panel", "sockets"]) == (0 if ok else 1)
    told = capfd.readouterr().out
    assert ("FAIL octets: shown '7 B', expected '8 B'" in told) is not ok
    assert tour.main(["--out", str(tmp_path), "--panel", "sockets", "--json"]) == (0 if ok else 1)
    assert checked(json.loads(capfd.readouterr().out))["ok"] is ok


def test_a_panel_that_was_not_reached_is_no_success(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(tour, "_run", lambda *_: [])
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    assert tour.main(["--out", str(tmp_path), "--json"]) == 1
    assert checked(json.loads(capfd.readouterr().out))["ok"] is False


# ---- in the real window


async def says_hello(page: QLabel, guide: TourGuide) -> None:
    guide.target("lab:nobody")
    await guide.until("it says hello", page.text, "hello")


async def breaks_off(page: QLabel, guide: TourGuide) -> None:
    guide.compare("a first step", 1, 1)
    raise RuntimeError("no such button")


async def visited(person: Person, page: QWidget, tmp_path: Path, name: str) -> dict[str, Any]:
    info = PanelInfo("guest", "Guest", 99, "", "", f"{__name__}:{name}")
    person.window.tabs.add(TabInfo(info.id, info.title, lambda: page, info.order))
    entry = await visit(person.program, info, tmp_path)
    # The document would pass for the tour's own, whatever happened.
    checked({"schema": "tour/1", "ok": False, "panels": [entry]})
    return entry


@pytest.fixture
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tours above be found by this module's name, as a panel's are."""
    import sys

    monkeypatch.setitem(sys.modules, __name__, sys.modules[says_hello.__module__])


WORDS = "\n".join(f"{number} hello, {number * 7919}" for number in range(40))


async def test_a_step_that_does_not_come_true_is_noted_after_some_seconds(
    app, importable: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tour, "WAIT_S", 0.05)
    async with Workbench(app) as person:
        entry = await visited(person, QLabel(WORDS), tmp_path, "says_hello")
        first, *others = entry["steps"]
        assert (first["name"], first["expected"], first["ok"]) == ("it says hello", "hello", False)
        assert all(step["ok"] for step in others)
        assert entry["target"] == "lab:nobody"


async def test_a_tour_that_breaks_off_is_a_failed_step_with_its_reason(app, importable: None, tmp_path: Path):
    async with Workbench(app) as person:
        entry = await visited(person, QLabel(WORDS), tmp_path, "breaks_off")
        assert [step["ok"] for step in entry["steps"]] == [True, False, True, True]
        assert entry["steps"][1]["shown"] == "RuntimeError: no such button"
        assert Path(entry["picture"]).exists()


class Claims(QLabel):
    """Says hello whatever it shows."""

    def text(self) -> str:
        return "hello"


@pytest.mark.parametrize(("words", "ok"), [(WORDS, True), ("", False)])
async def test_the_picture_of_an_empty_page_is_a_failure(
    app, importable: None, tmp_path: Path, words: str, ok: bool
):
    async with Workbench(app) as person:
        entry = await visited(person, Claims(words), tmp_path, "says_hello")
        assert [step["ok"] for step in entry["steps"]] == [True, True, ok]


async def test_a_picture_that_cannot_be_saved_is_a_failure(app, importable: None, tmp_path: Path):
    async with Workbench(app) as person:
        entry = await visited(person, QLabel(WORDS), tmp_path / "gone", "breaks_off")
        failed = {step["name"] for step in entry["steps"] if not step["ok"]}
        assert "the picture is saved" in failed


def test_the_file_and_the_document_have_one_schema():
    assert {"document", "panels", "step"} <= set(schema("tour")["$defs"])
