"""Text in octets, in whatever case: the quick way finds what the plain one does."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.formats.textfind import MAX_PLACES, finder

LETTERS = st.text("aAbBzZ.01 ", max_size=6)


@given(
    text=LETTERS,
    before=st.lists(LETTERS, max_size=40),
    after=st.lists(LETTERS, max_size=10),
    is_there=st.booleans(),
)
def test_it_finds_what_folding_everything_finds(
    text: str, before: list[str], after: list[str], is_there: bool
):
    hay = "".join((*before, text.swapcase() if is_there else "", *after))
    wanted = text.casefold()
    assert finder(wanted)(hay.encode()) == (wanted in hay.casefold())


@pytest.mark.parametrize("often", [0, 1, MAX_PLACES - 1, MAX_PLACES, MAX_PLACES + 1, 5000])
@pytest.mark.parametrize("gap", [0, 500])
def test_however_often_its_letters_stand_elsewhere_it_is_found(often: int, gap: int):
    noise = (b"Q" + b"." * gap) * often
    look = finder("the quick fox")
    assert not look(noise)
    assert look(noise + b"The QUICK fox")
    assert look(b"The QUICK fox" + noise)
    assert look(noise + b"the quick fo" + b"THE QUICK FOX" + noise)


def test_at_either_edge_and_of_one_letter():
    for text in ("k", "ok", "no k"):
        look = finder(text)
        assert look(text.upper().encode())
        assert look(b"." * 9000 + text.encode())
        assert look(text.encode() + b"." * 9000)
        assert not look(text.encode()[:-1] + b"." * 9000)
    assert finder("")(b"")


def test_every_printable_character_is_itself():
    for character in string.printable:
        wanted = character.casefold()
        assert finder(wanted)(b"--" * 3000 + character.encode() + b"--") is True


@pytest.mark.parametrize(
    ("text", "said"), [("kelvin", "\u212aelvin"), ("fix", "\ufb01x"), ("strasse", "stra\u00dfe")]
)
def test_other_characters_that_fold_to_it_count(text: str, said: str):
    assert finder(text)(said.encode())
    assert not finder(text)(said.encode("utf-16-le"))
