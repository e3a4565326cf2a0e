"""The tour: the real window does each panel's main job against the Lab, compares what it shows, and takes pictures.

It runs on a person's display where there is one, else offscreen, always with folders of its own, so that no setting
or session of the person is read or written. A step that fails, and a picture that shows nothing, make exit code 1.
"""

import argparse
import asyncio
import importlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

WAIT_S = 15.0
"""For what a step expects; a loaded machine gets its time, a wrong expectation is told within it."""
LOOK_EVERY_S = 0.01
SIZE = (1280, 800)
MIN_COLOURS = 24
"""A picture of a view with text has hundreds of colours, one of an empty view a handful."""


def main(argv: Sequence[str]) -> int:
    """The verb `workbench tour --out DIR [--dark] [--scale N] [--json]`; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="workbench tour",
        description="Lead the real window through each panel's main job and take pictures.",
    )
    parser.add_argument("--out", required=True, help="folder for the pictures and tour.json")
    parser.add_argument("--dark", action="store_true", help="wear the dark palette")
    parser.add_argument("--scale", type=int, default=1, choices=(1, 2), help="device pixels to a point")
    parser.add_argument("--panel", action="append", help="only this panel; may be given more than once")
    parser.add_argument("--json", action="store_true", help="print the document that tour.json holds")
    asked = parser.parse_args(argv)
    out = Path(asked.out).absolute()
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        print(f"workbench tour: can't write into {out}: {error.strerror}", file=sys.stderr)
        return 5
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if asked.scale != 1:
        os.environ["QT_SCALE_FACTOR"] = str(asked.scale)
    with tempfile.TemporaryDirectory(prefix="workbench-tour-") as home:
        os.environ["WORKBENCH_HOME"] = home
        document = _lead(out, dark=asked.dark, only=asked.panel)
    (out / "tour.json").write_text(json.dumps(document["panels"], indent=2, ensure_ascii=False) + "\n")
    if asked.json:
        print(json.dumps(document, ensure_ascii=False))
    else:
        _tell(document)
    return 0 if document["ok"] else 1


def _lead(out: Path, *, dark: bool, only: Sequence[str] | None) -> dict[str, Any]:
    from dataclasses import replace

    from workbench.app import Program, make_application
    from workbench.bridge.loop import run
    from workbench.panels import PANELS
    from workbench.settings import load_settings, places

    app = make_application([sys.argv[0]])
    where = places()
    settings = replace(load_settings(where)[0], appearance="dark" if dark else "light")
    panels: list[dict[str, Any]] = []

    async def lead() -> int:
        program = Program(app, where, settings)
        program.window.resize(*SIZE)
        program.show()
        program.window.resize(*SIZE)
        try:
            for info in PANELS:
                if info.tour and (not only or info.id in only):
                    module, _, name = info.tour.partition(":")
                    guide = TourGuide(program)
                    page = program.window.show_tab(info.id)
                    await getattr(importlib.import_module(module), name)(page, guide)
                    picture = await guide.picture(out / f"{info.id}.png")
                    panels.append(
                        {
                            "panel": info.id,
                            "target": guide.where,
                            "steps": guide.steps,
                            "picture": str(picture),
                        }
                    )
        finally:
            program.ending.request()
            await program.end()
        return 0

    run(app, lead)
    ok = bool(panels) and all(step["ok"] for panel in panels for step in panel["steps"])
    return {"schema": "tour/1", "ok": ok, "panels": panels}


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
        """Save what the window shows; an empty picture is a failed step."""
        for _ in range(3):
            # The feed's next frame, then the paint that it asks for.
            await asyncio.sleep(0.05)
        image = self._program.window.grab().toImage()
        image.save(str(place))
        colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
        self.compare("the picture shows something", len(colours) >= MIN_COLOURS, True)
        return place


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | bool) else repr(value)


def _tell(document: dict[str, Any]) -> None:
    for panel in document["panels"]:
        print(f"{panel['panel']} ({panel['target']}): {panel['picture']}")
        for step in panel["steps"]:
            mark = "ok  " if step["ok"] else "FAIL"
            told = "" if step["ok"] else f": shown {step['shown']!r}, expected {step['expected']!r}"
            print(f"  {mark} {step['name']}{told}")
