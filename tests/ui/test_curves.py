"""The chart of curves: figures said in words, marks of their own shape, a cross where there is no figure."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from workbench.ui import theme
from workbench.ui.curves import Curve, Curves


def test_the_figures_are_said_in_words_and_painted(show: Callable[..., QWidget]) -> None:
    chart = Curves("Time by number", "sockets", "µs")
    show(chart, 500, 300)
    assert chart.grab().toImage().pixelColor(5, 5) == theme.colour("base")
    chart.show_curves(
        [
            Curve("poll", ((4, 1.0), (100, 20.0))),
            Curve("select", ((4, 1.2), (100, None))),
            Curve("epoll", ((4, 0.5), (100, 0.6))),
            Curve("kqueue", ((4, 0.5), (100, 0.6))),
        ]
    )
    assert "poll: 1 µs at 4, 20 µs at 100" in chart.accessibleDescription()
    assert "select: 1.2 µs at 4, none at 100" in chart.accessibleDescription()
    picture = chart.grab().toImage()
    seen = {
        picture.pixelColor(x, y).name()
        for x in range(0, picture.width(), 2)
        for y in range(0, picture.height(), 2)
    }
    assert {theme.colour(role).name() for role in ("accent", "warning", "good")} <= seen


def test_nothing_to_show_is_painted_too(show: Callable[..., QWidget]) -> None:
    chart = Curves("Time by number", "sockets", "µs")
    show(chart, 60, 40)
    chart.show_curves([Curve("poll", ((4, None),))])
    chart.grab()
    chart.show_curves([Curve("poll", ((4, 1.0),))])
    chart.grab()
