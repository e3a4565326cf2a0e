"""One-colour icons: our own strokes from resources/icons, drawn in a colour of the palette.

An icon holds pixmaps for the screens that are there, normal and disabled. A button or action dressed with `dress` is
dressed again by `redress_all` when the theme changes; its name stands in the property "icon_name", so nothing has to
remember the widget. (A QIconEngine of our own would do without that, but Qt copies icons through QIconEngine.clone,
and PySide 6.11 crashes there: the copy's Python half has no owner.)
"""

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from workbench import assets
from workbench.ui import theme

SIZE = 16
"""Side of an icon at scale 1, the height of small letters beside it."""


def icon(name: str, role: str = "text") -> QIcon:
    """The icon `resources/icons/NAME.svg` in a colour of the present palette, sharp on every screen that is there.

    Args:
        name: the file's name without ".svg".
        role: a token of `theme.tokens()`.

    Raises: LocalFault when there is no such icon.
    """
    worn = theme.tokens()
    normal, disabled = getattr(worn, role), worn.faint
    side = theme.metric(SIZE)
    ratios = tuple(sorted({1.0, 2.0} | {screen.devicePixelRatio() for screen in QGuiApplication.screens()}))
    kept = theme.current().drawn
    key = ("icon", name, normal, disabled, side, ratios)
    made = kept.get(key)
    if not isinstance(made, QIcon):
        made = QIcon()
        for ratio in ratios:
            made.addPixmap(_drawn(name, normal, side, ratio), QIcon.Mode.Normal)
            made.addPixmap(_drawn(name, disabled, side, ratio), QIcon.Mode.Disabled)
        kept[key] = made
    return made


def pixmap(name: str, role: str = "text", *, size: float = SIZE, ratio: float = 1.0) -> QPixmap:
    """The same as a picture for a label or a painter.

    Args:
        size: side at scale 1.
        ratio: device pixels per pixel of the screen it is for: `widget.devicePixelRatioF()`.
    """
    return _drawn(name, getattr(theme.tokens(), role), theme.metric(size), ratio)


def dress(target: QAbstractButton | QAction, name: str, role: str = "text") -> None:
    """Give a button or action an icon that follows the theme; "" takes it away."""
    target.setProperty("icon_name", name)
    target.setProperty("icon_role", role)
    target.setIcon(icon(name, role) if name else QIcon())
    if isinstance(target, QAbstractButton):
        side = theme.metric(SIZE)
        target.setIconSize(QSize(side, side))


def sign(label: QLabel, name: str, role: str, *, size: float = SIZE) -> None:
    """Show an icon as a sign beside words, following the theme; "" clears it."""
    label.setProperty("icon_name", name)
    label.setProperty("icon_role", role)
    label.setProperty("icon_size", size)
    if name:
        label.setPixmap(pixmap(name, role, size=size, ratio=label.devicePixelRatioF()))
    else:
        label.clear()


def redress_all(app: QApplication) -> None:
    """Draw the icons of all that was dressed in the present colours; connected to the theme by the window."""
    for widget in app.allWidgets():
        _redress(widget)
        for action in widget.actions():
            _redress(action)


def application_icon() -> QIcon:
    """The icon of the window itself, in its own colours."""
    made = QIcon()
    source = QByteArray(assets.read_bytes("icons/workbench.svg"))
    for side in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(_render(source, side, 1.0))
    return made


def _redress(thing: QObject) -> None:
    name = thing.property("icon_name")
    if not name:
        return
    role = thing.property("icon_role") or "text"
    if isinstance(thing, (QAbstractButton, QAction)):
        dress(thing, name, role)
    elif isinstance(thing, QLabel):
        sign(thing, name, role, size=thing.property("icon_size") or SIZE)


def _drawn(name: str, colour: str, side: int, ratio: float) -> QPixmap:
    kept = theme.current().drawn
    key = ("pixmap", name, colour, side, ratio)
    made = kept.get(key)
    if not isinstance(made, QPixmap):
        made = QPixmap(_shape(name, side, ratio))
        with QPainter(made) as painter:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
            painter.fillRect(made.rect(), QColor(colour))
        kept[key] = made
    return made


def _shape(name: str, side: int, ratio: float) -> QPixmap:
    """An icon in black: reading and drawing a file takes four times as long as dyeing what was drawn (measured)."""
    kept = theme.current().drawn
    key = ("shape", name, side, ratio)
    made = kept.get(key)
    if not isinstance(made, QPixmap):
        source = assets.read_text(f"icons/{name}.svg").replace("currentColor", "#000000")
        made = kept[key] = _render(QByteArray(source.encode()), side, ratio)
    return made


def _render(source: QByteArray, side: int, ratio: float) -> QPixmap:
    pixels = max(1, round(side * ratio))
    drawn = QPixmap(pixels, pixels)
    drawn.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(source)
    with QPainter(drawn) as painter:
        renderer.render(painter, QRectF(0, 0, pixels, pixels))
    drawn.setDevicePixelRatio(ratio)
    return drawn
