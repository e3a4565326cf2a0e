"""The palette's search."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.ui.fuzzy import score

WORDS = st.text(st.characters(categories=("Ll", "Lu", "Nd")), min_size=1, max_size=8)


def test_words_are_found_in_any_order() -> None:
    assert score("python copy", "Copy as Python") > 0
    assert score("copy python", "Copy as Python") == score("python copy", "Copy as Python")


def test_every_word_must_be_found() -> None:
    assert score("copy ruby", "Copy as Python") == 0


def test_a_word_is_better_than_its_beginning_than_its_inside_than_scattered_letters() -> None:
    line = "Copy as Python"
    assert score("copy", line) > score("cop", line) > score("opy", line) > score("cpy", line) > 0


def test_scattered_letters_begin_at_the_beginning_of_a_word() -> None:
    assert score("cpy", "Copy as Python") > 0
    assert score("oa", "Copy as Python") == 0
    assert score("pyz", "Copy as Python") == 0


def test_case_and_spaces_do_not_matter() -> None:
    assert score("  COPY ", "copy as python") == score("copy", "Copy as Python")


def test_an_empty_search_fits_everything_equally() -> None:
    assert score("", "anything") == score("  ", "") == 1


def test_what_is_said_beside_a_line_is_found_by_words_and_worth_less_than_the_line() -> None:
    line, beside = "Connect or listen", "talk dial serve"
    assert score("talk", line) == 0
    assert score("talk", line, beside) > score("tal", line, beside) > 0
    assert score("alk", line, beside) == 0, "no letters inside of words"
    assert score("tlk", line, beside) == 0, "nor scattered ones"
    assert score("listen", line, beside) == score("listen", line)
    assert score("liste", line) > score("talk", line, beside)
    assert score("talk listen", line, beside) > score("talk dial", line, beside)
    # A whole word beside is more than letters inside of a word of the line.
    assert score("ip", "Page Addresses", "ip") > score("ip", "Page Scripts") > score("ip", "x", "ipv6")


def test_the_fewer_words_are_beside_a_line_the_more_they_mean() -> None:
    many = " ".join(f"word{number}" for number in range(200))
    assert score("talk", "a", "talk") > score("talk", "a", f"talk {many}") > score("alk", "talk")


@given(st.lists(WORDS, min_size=1, max_size=5))
def test_a_line_is_found_by_its_own_words(words: list[str]) -> None:
    assert score(" ".join(reversed(words)), " ".join(words)) > 0


@given(st.text(max_size=20), st.text(max_size=40))
def test_any_text_has_a_score(words: str, line: str) -> None:
    assert score(words, line) >= 0
