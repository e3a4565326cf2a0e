"""Places in a text survive the way to Qt and back."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.ui.places import characters_to_units, units_to_characters


def test_a_character_outside_the_first_plane_is_two_units() -> None:
    assert characters_to_units("a😀b", 2) == 3
    assert units_to_characters("a😀b", 3) == 2


@given(st.text(max_size=30), st.integers(0, 30))
def test_there_and_back(text: str, at: int) -> None:
    at = min(at, len(text))
    assert units_to_characters(text, characters_to_units(text, at)) == at
