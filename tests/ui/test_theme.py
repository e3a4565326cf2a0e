"""Palette, sheet and fonts: worn together, switched while windows are open, followed from the system."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QRadioButton, QWidget
from shiboken6 import Shiboken

from workbench.ui import theme
from workbench.ui.tokens import DARK, LIGHT, Tokens

Show = Callable[..., QWidget]


def test_an_open_window_changes_its_palette_at_once(app: QApplication, show: Show) -> None:
    label = show(QLabel("words"))
    theme.apply(app, "dark")
    assert theme.tokens() is DARK
    assert label.palette().color(QPalette.ColorRole.Window).name().upper() == DARK.window
    assert DARK.base in app.styleSheet()
    theme.apply(app, "light")
    assert label.palette().color(QPalette.ColorRole.Window).name().upper() == LIGHT.window
    assert DARK.base not in app.styleSheet()


def test_a_button_is_painted_in_the_colours_of_the_present_palette(app: QApplication, show: Show) -> None:
    button = QPushButton("Connect")
    theme.qualify(button, kind="primary")
    show(button, 120, 30)
    for appearance, tokens in (("light", LIGHT), ("dark", DARK)):
        theme.apply(app, appearance)
        painted = button.grab().toImage().pixelColor(60, 4).name().upper()
        assert painted == tokens.accent


def test_the_theme_tells_of_a_switch_once_and_not_of_none(app: QApplication, light: theme.Theme) -> None:
    heard: list[str] = []

    class Ear(QWidget):
        def hear(self) -> None:
            heard.append(theme.tokens().name)

    ear = Ear()
    light.changed.connect(ear.hear)
    theme.apply(app, "dark")
    theme.apply(app, "dark")
    theme.apply(app, "light")
    light.changed.disconnect(ear.hear)
    ear.deleteLater()
    assert heard == ["dark", "light"]


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [(Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Light, LIGHT), (Qt.ColorScheme.Unknown, LIGHT)],
)
def test_the_system_is_followed(
    app: QApplication,
    light: theme.Theme,
    monkeypatch: pytest.MonkeyPatch,
    scheme: Qt.ColorScheme,
    expected: Tokens,
) -> None:
    hints = app.styleHints()
    monkeypatch.setattr(type(hints), "colorScheme", lambda _hints: scheme)
    theme.apply(app, "dark" if expected is LIGHT else "light")
    theme.apply(app, "system")
    assert theme.tokens() is expected


def test_a_change_of_the_system_is_heard_only_in_system_mode(
    app: QApplication, light: theme.Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    hints = app.styleHints()
    monkeypatch.setattr(type(hints), "colorScheme", lambda _hints: Qt.ColorScheme.Dark)
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.tokens() is LIGHT
    light.appearance = "system"
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.tokens() is DARK


def test_scale_makes_letters_and_rows_larger_and_comes_back(app: QApplication, light: theme.Theme) -> None:
    row, letters = theme.metric(24), app.font().pointSizeF()
    theme.apply(app, "light", 200)
    assert app.font().pointSizeF() == pytest.approx(2 * letters)
    assert 1.8 * row <= theme.metric(24) <= 2.2 * row
    theme.apply(app, "light", 100)
    assert theme.metric(24) == row


def test_rows_are_24_high_at_the_reference_font(light: theme.Theme) -> None:
    assert theme.metric(24) >= 24
    assert theme.metric(0) == 0
    assert theme.metric(0.1) == 1


def test_the_fixed_font_is_fixed_and_as_large_as_the_others(app: QApplication, light: theme.Theme) -> None:
    font = theme.fixed_font()
    assert QFontInfo(font).fixedPitch()
    assert font.pointSizeF() == pytest.approx(app.font().pointSizeF())


def test_a_widget_marked_fixed_wears_the_fixed_font(app: QApplication, show: Show) -> None:
    label = QLabel("bytes")
    theme.qualify(label, fixed=True)
    show(label)
    assert QFontInfo(label.font()).fixedPitch()
    size = label.font().pointSizeF()
    theme.apply(app, "light", 150)
    assert label.font().pointSizeF() == pytest.approx(1.5 * size, rel=0.01)


def test_qualifying_a_shown_widget_dresses_it_anew(show: Show) -> None:
    label = show(QLabel("failed"))
    plain = label.grab().toImage()
    theme.qualify(label, role="error")
    assert label.palette().color(QPalette.ColorRole.WindowText).name().upper() == LIGHT.error
    assert label.grab().toImage() != plain


@pytest.fixture
def another(app: QApplication, light: theme.Theme) -> Iterator[theme.Theme]:
    """A theme that wears nothing yet; the application's is worn again afterwards."""
    worn = app.styleSheet()
    made = theme.Theme(app)
    app.setStyleSheet("")
    yield made
    Shiboken.delete(made)
    theme.apply(app, "dark")
    theme.apply(app, "light")
    assert app.styleSheet() == worn


def test_the_first_style_sheet_can_wait_until_the_window_is_built(
    app: QApplication, another: theme.Theme
) -> None:
    window = QWidget()
    another.wear("dark", 100, sheet_later=True)
    assert app.palette().color(QPalette.ColorRole.Window).name().upper() == DARK.window
    assert app.styleSheet() == ""
    another.wear("light", 100)
    assert app.styleSheet() == "", "it waits, whatever is chosen meanwhile"
    another.put_sheet_on(window)
    assert LIGHT.base in window.styleSheet()
    another.wear("dark", 100, sheet_later=True)
    assert DARK.base in window.styleSheet(), "only the first one waits"
    assert app.styleSheet() == ""
    Shiboken.delete(window)


def test_a_window_takes_the_sheet_over_from_the_application_for_as_long_as_it_lives(
    app: QApplication, another: theme.Theme
) -> None:
    window = QWidget()
    another.wear("dark", 100)
    assert DARK.base in app.styleSheet()
    another.put_sheet_on(window)
    assert (app.styleSheet(), DARK.base in window.styleSheet()) == ("", True)
    Shiboken.delete(window)
    another.wear("dark", 100)
    assert DARK.base in app.styleSheet(), "nobody wears it any more"


def test_what_is_built_outside_of_the_window_is_dressed_once_when_it_comes_in(
    app: QApplication, another: theme.Theme
) -> None:
    class Leaf(QLabel):
        dressed = 0

        def changeEvent(self, event: QEvent) -> None:
            self.dressed += event.type() == QEvent.Type.StyleChange

    window = QWidget()
    another.wear("light", 100, sheet_later=True)
    another.put_sheet_on(window)
    leaf = Leaf("words")
    inner: QWidget = leaf
    for _ in range(5):
        outer = QWidget()
        inner.setParent(outer)
        inner = outer
    theme.qualify(leaf, role="error")
    assert leaf.dressed == 0
    inner.setParent(window)
    assert leaf.dressed == 1
    leaf.ensurePolished()
    assert leaf.palette().color(QPalette.ColorRole.WindowText).name().upper() == LIGHT.error
    Shiboken.delete(window)


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_a_radio_button_is_seen_before_it_is_chosen(app: QApplication, show: Show, tokens: Tokens) -> None:
    theme.apply(app, tokens.name)
    radio = QRadioButton("nothing more")
    # With the focus, or under the mouse, its ring wears the accent.
    radio.setEnabled(False)
    show(radio, 140, 26)
    assert is_painted(radio, tokens.strong_border)
    assert not is_painted(radio, tokens.muted)
    radio.setChecked(True)
    assert is_painted(radio, tokens.muted)
    theme.apply(app, "light")


def is_painted(widget: QWidget, colour: str) -> bool:
    """Whether a pixel of the middle row, at the left, has a colour, or nearly: round lines are smoothed."""
    picture, wanted = widget.grab().toImage(), QColor(colour)
    found = (picture.pixelColor(x, widget.height() // 2) for x in range(20))
    return any(
        max(abs(a - b) for a, b in zip(each.getRgb(), wanted.getRgb(), strict=True)) <= 30 for each in found
    )
