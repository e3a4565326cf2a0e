"""Widths in the fixed font are those that Qt would give."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QFontMetricsF

from workbench.ui import theme
from workbench.ui.conversation.fixedtext import FixedText, baseline
from workbench.ui.conversation.pens import Pens


@pytest.fixture
def measure(light: theme.Theme) -> FixedText:
    return FixedText(theme.fixed_font())


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=80), st.integers(20, 600))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_a_cut_text_fits_and_begins_as_the_whole_one(measure: FixedText, text: str, width: int):
    shown = measure.elided(text, width)
    assert measure.of(shown) <= max(width, measure.width)
    assert text.startswith(shown.removesuffix("…"))
    assert shown == text or shown.endswith("…")


def test_wide_characters_are_measured_once_each(measure: FixedText):
    real = QFontMetricsF(measure.font)
    assert measure.of("abc") == pytest.approx(real.horizontalAdvance("abc"), abs=0.2)
    assert measure.is_even("hello → ←")
    assert not measure.is_even("e\u0301")
    assert measure.odd_characters("ab\u0301c") == {"\u0301"}


def test_letters_stand_inside_their_row(measure: FixedText):
    line = baseline(measure.metrics, 24)
    assert measure.metrics.ascent() <= line <= 24 - measure.metrics.descent() + 1


def test_a_pen_is_made_once_a_paint(light: theme.Theme):
    pens = Pens()
    assert pens.pen("sent") is pens.pen("sent")
    assert pens.colour("sent") == theme.colour("sent")
