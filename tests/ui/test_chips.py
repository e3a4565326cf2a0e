"""Chips: words and figures at the end of a line."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QWidget

from workbench.jobs.verdict import ChipText
from workbench.ui import theme
from workbench.ui.chips import Chip, ChipRow

Show = Callable[..., QWidget]


def test_a_chip_says_its_figure_and_what_it_means(show: Show) -> None:
    chip = show(Chip("3.1 ms", "from the first octet to the last", "muted"))
    assert chip.text() == chip.accessibleName() == "3.1 ms"
    assert chip.toolTip() == chip.accessibleDescription() == "from the first octet to the last"
    assert chip.palette().color(QPalette.ColorRole.WindowText).name() == theme.colour("muted").name()


@pytest.mark.parametrize(
    ("role", "colour"),
    [("", "text"), ("muted", "muted"), ("warning", "warning"), ("good", "good"), ("error", "error")],
)
def test_a_chip_wears_its_tone(show: Show, role: str, colour: str) -> None:
    chip = show(Chip("in clear", "anybody on the way reads it", role))
    assert chip.palette().color(QPalette.ColorRole.WindowText).name() == theme.colour(colour).name()


def test_a_row_keeps_its_chips_and_fills_them_anew(show: Show) -> None:
    row = show(ChipRow(), 400, 30)
    row.show_chips(["43 B", ChipText("3.1 ms", "time"), "TCP"])
    kept = list(row.chips)
    assert row.texts == ["43 B", "3.1 ms", "TCP"]
    row.show_chips(["1.2 MiB"])
    assert row.texts == ["1.2 MiB"]
    row.show_chips(["a", "b", "c"])
    assert row.chips == kept
    row.show_chips([])
    assert row.texts == []


@pytest.mark.parametrize("scale", [100, 125, 150])
def test_a_chip_has_round_ends_at_every_scale(app: QApplication, show: Show, scale: int) -> None:
    theme.apply(app, "light", scale)
    row = show(ChipRow(), 400, 60)
    row.show_chips(["3.1 ms"])
    row.layout().activate()
    # Grabbed alone, its background would fill the corners.
    picture, place = row.grab().toImage(), row.chips[0].geometry()
    assert picture.pixelColor(place.left() + 1, place.center().y()) == theme.colour("chip")
    for corner in (place.topLeft(), place.bottomLeft(), place.topRight(), place.bottomRight()):
        assert picture.pixelColor(corner) != theme.colour("chip")
    theme.apply(app, "light", 100)
