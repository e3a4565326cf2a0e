"""The fonts of the window: the system's own, and ours where a machine has none at all."""

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetrics, QFontMetricsF
from PySide6.QtWidgets import QApplication, QWidget

from workbench import assets

BUNDLED = ("fonts/DejaVuSans.ttf", "fonts/DejaVuSans-Bold.ttf", "fonts/DejaVuSansMono.ttf")
REFERENCE_HEIGHT = 14.0
"""Pixels of a text line of DejaVu Sans at 9 point and 96 dpi, in which LOOK's sizes (rows of 24) are given."""

_base_font: QFont | None = None


def ensure_letters(app: QApplication) -> bool:
    """Load the bundled fonts if the machine has none; a bare container shows squares otherwise.

    Returns: whether they were needed.
    """
    if has_letters(app.font()):
        return False
    for name in BUNDLED:
        QFontDatabase.addApplicationFontFromData(assets.read_bytes(name))
    font = QFont("DejaVu Sans")
    font.setPointSizeF(9.0)
    app.setFont(font)
    return True


def has_letters(font: QFont) -> bool:
    """Whether a font can draw an A; Qt names "Sans Serif" also where there is none, and draws boxes."""
    return QFontMetrics(font).inFont("A")


def set_scale(app: QApplication, percent: int) -> None:
    """Make every letter, and with the letters every size, `percent` of what the system says."""
    global _base_font
    if _base_font is None:
        _base_font = QFont(app.font())
    font = QFont(_base_font)
    if font.pointSizeF() > 0:
        font.setPointSizeF(max(5.0, font.pointSizeF() * percent / 100))
    else:  # some systems give their font in pixels
        font.setPixelSize(max(7, round(font.pixelSize() * percent / 100)))
    if font != app.font():
        app.setFont(font)


def fixed_font() -> QFont:
    """The system's fixed-width font at the size of the window's letters: for bytes, names and commands only."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    ours = QApplication.font()
    if ours.pointSizeF() > 0:
        font.setPointSizeF(ours.pointSizeF())
    else:
        font.setPixelSize(ours.pixelSize())
    if not QFontInfo(font).fixedPitch() or not has_letters(font):
        # The bundled family, or whatever the system takes for a typewriter.
        font.setFamilies(["DejaVu Sans Mono", "monospace"])
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setFixedPitch(True)
    return font


def metric(size: float, widget: QWidget | None = None) -> int:
    """A length of LOOK.md (given at scale 1) in the pixels of the present font: metric(24) is the height of a row."""
    font = QApplication.font() if widget is None else widget.font()
    return max(1, round(size * QFontMetricsF(font).height() / REFERENCE_HEIGHT)) if size else 0
