"""Colours can be read, in both palettes, wherever words stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ui.tokens import (
    DARK,
    LEAST_CONTRAST,
    LIGHT,
    TINTS,
    Tokens,
    contrast,
    luminance,
    mix,
    text_pairs,
)

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
def test_every_pair_of_words_and_surface_has_enough_contrast(tokens: Tokens) -> None:
    pairs = list(text_pairs(tokens))
    assert len(pairs) > 40
    weak = [
        f"{word} on {surface}: {contrast(a, b):.2f}"
        for word, surface, a, b in pairs
        if contrast(a, b) < LEAST_CONTRAST
    ]
    assert weak == []


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
def test_focus_and_primary_button_stand_out_from_their_surroundings(tokens: Tokens) -> None:
    # WCAG 2.2, 1.4.11: parts of a control that tell its state, 3:1.
    assert contrast(tokens.accent, tokens.window) >= 3
    assert contrast(tokens.accent, tokens.base) >= 3


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
def test_all_tokens_are_colours_but_the_name(tokens: Tokens) -> None:
    for field, value in zip(tokens._fields[1:], tokens[1:], strict=True):
        assert len(value) == 7, field
        assert value.startswith("#")
        int(value[1:], 16)


def test_the_palettes_know_whether_they_are_dark() -> None:
    assert DARK.is_dark
    assert not LIGHT.is_dark


def test_every_tint_differs_from_the_pane_it_lies_on() -> None:
    for tokens in (LIGHT, DARK):
        assert all(tokens.tint(role) != tokens.base for role in TINTS)


def test_known_contrasts_come_out_as_the_guideline_says() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert luminance("#FFFFFF") == pytest.approx(1.0)


@given(COLOURS, COLOURS)
def test_contrast_is_symmetric_and_within_its_range(first: str, second: str) -> None:
    ratio = contrast(first, second)
    assert ratio == contrast(second, first)
    assert 1.0 <= ratio <= 21.0001


@given(COLOURS, COLOURS, st.floats(0, 1))
def test_mixing_stays_between_the_two_colours(ground: str, colour: str, strength: float) -> None:
    mixed = mix(ground, colour, strength)
    for at in (1, 3, 5):
        low, high = sorted((int(ground[at : at + 2], 16), int(colour[at : at + 2], 16)))
        assert low <= int(mixed[at : at + 2], 16) <= high
    assert mix(ground, colour, 0) == ground
    assert mix(ground, colour, 1) == colour
