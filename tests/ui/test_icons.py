"""Icons: every file can be drawn, in the colours of the palette, and follows it."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QByteArray, QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from workbench import assets
from workbench.errors import LocalFault
from workbench.ui import icons, theme

Show = Callable[..., QWidget]
NAMES = [name.removeprefix("icons/").removesuffix(".svg") for name in assets.names("icons", ".svg")]


def colours(image: QImage) -> set[str]:
    """The colours of the wholly covered pixels."""
    found = set()
    for y in range(image.height()):
        for x in range(image.width()):
            colour: QColor = image.pixelColor(x, y)
            if colour.alpha() == 255:
                found.add(colour.name().upper())
    return found


@pytest.mark.parametrize("name", [name for name in NAMES if name != "workbench"])
def test_an_icon_is_a_stroke_in_one_colour_on_a_24_grid(app: QApplication, name: str) -> None:
    source = assets.read_text(f"icons/{name}.svg")
    assert 'viewBox="0 0 24 24"' in source
    assert 'stroke="currentColor"' in source
    assert "#" not in source
    renderer = QSvgRenderer(QByteArray(source.encode()))
    assert renderer.isValid()


@pytest.mark.parametrize("name", [name for name in NAMES if name != "workbench"])
def test_every_icon_shows_something_and_stays_inside_its_square(light: theme.Theme, name: str) -> None:
    image = icons.pixmap(name, ratio=4.0).toImage()
    inked = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() > 40
    ]
    assert len(inked) > 20
    assert all(0 < x < image.width() - 1 and 0 < y < image.height() - 1 for x, y in inked)


def test_an_icon_wears_the_colour_of_its_role_and_of_the_palette(
    app: QApplication, light: theme.Theme
) -> None:
    for appearance in ("light", "dark"):
        theme.apply(app, appearance)
        for role in ("text", "error"):
            image = icons.pixmap("good", role, ratio=4.0).toImage()
            assert getattr(theme.tokens(), role) in colours(image)


def test_an_icon_is_as_sharp_as_the_screen(light: theme.Theme) -> None:
    for ratio in (1.0, 1.5, 2.0):
        drawn = icons.pixmap("search", ratio=ratio)
        assert drawn.width() == round(theme.metric(icons.SIZE) * ratio)
        assert drawn.devicePixelRatio() == ratio


def test_the_same_icon_is_drawn_once(light: theme.Theme) -> None:
    assert icons.pixmap("search").cacheKey() == icons.pixmap("search").cacheKey()
    assert icons.icon("search").cacheKey() == icons.icon("search").cacheKey()


def test_a_disabled_icon_is_fainter(light: theme.Theme) -> None:
    side = QSize(theme.metric(icons.SIZE), theme.metric(icons.SIZE))
    normal = icons.icon("bad").pixmap(side, 2.0, QIcon.Mode.Normal).toImage()
    disabled = icons.icon("bad").pixmap(side, 2.0, QIcon.Mode.Disabled).toImage()
    assert theme.tokens().text in colours(normal)
    assert theme.tokens().faint in colours(disabled)


def test_a_dressed_button_and_sign_follow_the_theme(app: QApplication, show: Show) -> None:
    box = QWidget()
    button, label = QPushButton(box), QLabel(box)
    icons.dress(button, "close", "error")
    icons.sign(label, "warning", "warning")
    show(box)
    theme.apply(app, "dark")
    icons.redress_all(app)
    side = button.iconSize()
    assert theme.tokens().error in colours(button.icon().pixmap(side, 2.0).toImage())
    assert theme.tokens().warning in colours(label.pixmap().toImage())
    icons.sign(label, "", "muted")
    icons.dress(button, "")
    assert label.pixmap().isNull()
    assert button.icon().isNull()


def test_an_unknown_icon_is_a_fault_of_the_installation(light: theme.Theme) -> None:
    with pytest.raises(LocalFault):
        icons.icon("no-such-icon")


def test_the_window_s_own_icon_comes_in_all_usual_sizes(app: QApplication) -> None:
    sizes = {size.width() for size in icons.application_icon().availableSizes()}
    assert {16, 32, 48, 256} <= sizes
