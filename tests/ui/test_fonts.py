"""Letters, also where a machine has none."""

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from workbench import assets
from workbench.ui import fonts, theme

NO_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}/none</dir><cachedir>{folder}/cache</cachedir></fontconfig>
"""

LOOK = """
from PySide6.QtWidgets import QApplication
from workbench.ui import fonts, theme
app = QApplication([])
print(fonts.has_letters(app.font()))
theme.apply(app, "light")
print(fonts.has_letters(app.font()), fonts.has_letters(theme.fixed_font()), theme.fixed_font().families()[0])
"""


def test_where_there_are_no_fonts_ours_are_used(tmp_path: Path) -> None:
    config = tmp_path / "fonts.conf"
    config.write_text(NO_FONTS.format(folder=tmp_path))
    checkout = Path(__file__).parents[2]
    environment = {**os.environ, "FONTCONFIG_FILE": str(config), "PYTHONPATH": str(checkout)}
    said = subprocess.run(
        [sys.executable, "-c", LOOK], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert said.stdout.splitlines() == ["False", "True True DejaVu Sans Mono"]


def test_where_there_are_fonts_nothing_is_loaded(app: QApplication, light: theme.Theme) -> None:
    assert fonts.has_letters(app.font())
    assert not fonts.ensure_letters(app)


def test_bundled_fonts_come_with_their_licence() -> None:
    for name in fonts.BUNDLED:
        assert assets.read_bytes(name)[:4] == b"\x00\x01\x00\x00"
    licence = assets.read_text("fonts/LICENSE-DejaVu.txt")
    assert "Bitstream" in licence
    assert "Tavmjong Bah" in licence


def test_sizes_follow_the_font_of_a_widget_where_one_is_given(light: theme.Theme) -> None:
    from PySide6.QtWidgets import QLabel

    label = QLabel("x")
    font = QFont(label.font())
    font.setPointSizeF(font.pointSizeF() * 2)
    label.setFont(font)
    assert fonts.metric(24, label) > 1.8 * fonts.metric(24)
    label.deleteLater()


def test_a_font_given_in_pixels_is_scaled_too(app: QApplication, light: theme.Theme) -> None:
    kept, base = app.font(), fonts._base_font
    try:
        pixels = QFont(kept)
        pixels.setPixelSize(20)
        fonts._base_font = pixels
        fonts.set_scale(app, 150)
        assert app.font().pixelSize() == 30
        assert theme.fixed_font().pixelSize() == 30
    finally:
        fonts._base_font = base
        app.setFont(kept)
