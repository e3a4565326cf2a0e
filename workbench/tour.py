"""The tour: the real window does each panel's main job against the Lab, compares what it shows, and takes pictures.

It runs on a person's display where there is one, else offscreen, always with folders of its own, so that no setting
or session of the person is read or written. A step that fails, and a picture that shows nothing, make exit code 1;
a folder that can't be written is told before any window opens.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from errno import errorcode
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from workbench.cli.main import CLOSED_OUTPUT
from workbench.cli.output import STDOUT, Output
from workbench.display import display, is_needed
from workbench.errors import LocalFault, LocalMisuse
from workbench.panels import PANELS, PanelInfo
from workbench.panels.loading import load_entry

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

SCHEMA = "tour/1"
WAIT_S = 15.0
"""For what a step expects; a loaded machine gets its time, a wrong expectation is told within it."""
LOOK_EVERY_S = 0.01
REST_WITHIN_S = 3.0
AT_REST_MS = 10.0
SIZE = (1280, 800)
MIN_COLOURS = 24
"""A picture of a view with text has hundreds of colours, one of an empty view a handful."""


def main(argv: Sequence[str]) -> int:
    """The verb `workbench tour --out DIR [--dark] [--scale N] [--panel ID] [--json]`; returns its exit code."""
    parser = _Parser(
        prog="workbench tour",
        description="Lead the real window through each panel's main job and take pictures.",
    )
    parser.add_argument("--out", required=True, help="folder for the pictures and tour.json")
    parser.add_argument("--dark", action="store_true", help="wear the dark palette")
    parser.add_argument("--scale", type=int, default=1, choices=(1, 2), help="device pixels to a point")
    parser.add_argument(
        "--panel",
        action="append",
        choices=[info.id for info in PANELS if info.tour],
        help="only this panel; may be given more than once",
    )
    parser.add_argument("--json", action="store_true", help="print one document with what tour.json holds")
    output = Output(SCHEMA, as_json="--json" in argv, out=STDOUT if sys.stdout is not None else None)
    try:
        asked = parser.parse_args(argv)
    except LocalMisuse as misuse:
        return output.fail(misuse)
    out = Path(asked.out).absolute()
    try:
        _try_to_write(out)
        document = _lead(out, asked)
        _write(out / "tour.json", document["panels"])
    except LocalFault as fault:
        return output.fail(fault)
    if asked.json:
        output.document(document)
    else:
        for line in _told(document):
            output.line(line)
    if output.fault is not None:
        return output.fail(output.fault)
    return (CLOSED_OUTPUT if output.is_closed else 0) if document["ok"] else 1


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Told as every verb tells it, as JSON where that was asked for, and not by an exit."""
        raise LocalMisuse(message, stage="options", advice="`workbench tour --help` shows what there is")


def _try_to_write(out: Path) -> None:
    """Make the folder; raises LocalFault when nothing can be written there."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise _cannot_write(out, error) from error


def _write(place: Path, panels: Sequence[dict[str, Any]]) -> None:
    try:
        place.write_text(json.dumps(panels, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise _cannot_write(place, error) from error


def _cannot_write(place: Path, error: OSError) -> LocalFault:
    return LocalFault(
        f"{place} can't be written: {error.strerror}",
        stage="output",
        errno_name=errorcode.get(error.errno or 0, ""),
        advice="name another folder with --out",
    )


def _lead(out: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Make the tour in folders of its own; returns the document."""
    screen = display()
    if is_needed() and (screen is None or screen.fault):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if asked.scale != 1:
        os.environ["QT_SCALE_FACTOR"] = str(asked.scale)
    wanted = [info for info in PANELS if info.tour and (not asked.panel or info.id in asked.panel)]
    with tempfile.TemporaryDirectory(prefix="workbench-tour-") as home:
        os.environ["WORKBENCH_HOME"] = home
        panels = _run(wanted, out, "dark" if asked.dark else "light")
    ok = len(panels) == len(wanted) and all(step["ok"] for panel in panels for step in panel["steps"])
    return {"ok": ok, "panels": panels}


def _run(wanted: Sequence[PanelInfo], out: Path, appearance: str) -> list[dict[str, Any]]:
    from dataclasses import replace

    from workbench.app import Program
    from workbench.bridge.loop import run
    from workbench.settings import load_settings, places
    from workbench.ui.application import make_application

    app = make_application([sys.argv[0]])
    where = places()
    settings = replace(load_settings(where)[0], appearance=appearance)
    panels: list[dict[str, Any]] = []

    async def lead() -> int:
        program = Program(app, where, settings)
        program.window.resize(*SIZE)
        program.show()
        program.window.resize(*SIZE)
        try:
            for info in wanted:
                panels.append(await visit(program, info, out))
        finally:
            program.ending.request()
            await program.end()
        return 0

    run(app, lead)
    return panels


async def visit(program: Any, info: PanelInfo, out: Path) -> dict[str, Any]:
    """Do one panel's main job in a Program and take its picture; returns the panel's entry of the document.

    A tour that breaks off is a step that failed: the other panels are visited all the same.
    """
    guide = TourGuide(program)
    try:
        page = program.window.show_tab(info.id)
        await load_entry(info.tour)(page, guide)
    except Exception as error:  # noqa: BLE001 - whatever went wrong is what the tour is there to show
        guide.compare("the tour of this panel came to its end", f"{type(error).__name__}: {error}", "it did")
    picture = await guide.picture(out / f"{info.id}.png")
    return {"panel": info.id, "target": guide.where, "steps": guide.steps, "picture": str(picture)}


class TourGuide:
    """Leads through one panel of a Program; see panels.guide.Guide."""

    def __init__(self, program: Any) -> None:
        self._program = program
        self.where = ""
        self.steps: list[dict[str, Any]] = []

    def target(self, target: str) -> None:
        """Say which target the tour of this panel uses."""
        self.where = target

    def compare(self, name: str, shown: object, expected: object) -> None:
        """Note one step."""
        self.steps.append(
            {"name": name, "shown": _plain(shown), "expected": _plain(expected), "ok": shown == expected}
        )

    async def until(self, name: str, shown: Callable[[], object], expected: object) -> None:
        """Wait until the widgets show what they should, then note the step."""
        with suppress(TimeoutError):
            async with asyncio.timeout(WAIT_S):
                while shown() != expected:  # noqa: ASYNC110 - widgets have no event to wait for
                    await asyncio.sleep(LOOK_EVERY_S)
        self.compare(name, shown(), expected)

    def click(self, widget: Any) -> None:
        """Press a button as a mouse does."""
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        # A radio button's label is as wide as its column: its sign at the left is what can be hit.
        QTest.mouseClick(
            widget, Qt.MouseButton.LeftButton, pos=QPoint(min(10, widget.width() // 2), widget.height() // 2)
        )

    def type(self, widget: Any, text: str) -> None:
        """Type as a keyboard does."""
        from PySide6.QtTest import QTest

        widget.setFocus()
        QTest.keyClicks(widget, text)

    def conversation(self) -> list[str]:
        """What the rows of the Conversation say."""
        rows: list[str] = self._program.dock.texts()
        return rows

    async def picture(self, place: Path) -> Path:
        """Save what the window shows; a picture of an empty page, or none at all, is a failed step."""
        for _ in range(3):
            # The feed's next frame, then the paint that it asks for.
            await asyncio.sleep(0.05)
        # Of a window at rest: what the making of a panel cost has left the status bar by then.
        with suppress(TimeoutError):
            async with asyncio.timeout(REST_WITHIN_S):
                while self._program.heartbeat.lateness_ms > AT_REST_MS:  # noqa: ASYNC110 - a figure, no event
                    await asyncio.sleep(0.05)
        window = self._program.window
        image = window.grab().toImage()
        self.compare("the picture is saved", image.save(str(place)), True)
        page = window.tabs.current
        shown = page is not None and len(_colours(page.grab().toImage())) >= MIN_COLOURS
        self.compare("the picture shows something", shown, True)
        return place


def _colours(image: "QImage") -> set[int]:
    return {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}


def _plain(value: object) -> str:
    """A value as people read it; the document holds nothing but text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return ", ".join(map(_plain, value))
    return str(value)


def _told(document: dict[str, Any]) -> list[str]:
    """The document in lines for people; what failed says what it showed instead."""
    lines = []
    for panel in document["panels"]:
        lines.append(f"{panel['panel']} ({panel['target']}): {panel['picture']}")
        for step in panel["steps"]:
            mark = "ok  " if step["ok"] else "FAIL"
            told = "" if step["ok"] else f": shown {step['shown']!r}, expected {step['expected']!r}"
            lines.append(f"  {mark} {step['name']}{told}")
    return lines
