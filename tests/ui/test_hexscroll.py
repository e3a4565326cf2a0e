"""Rows on a bar that cannot count that far."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.ui.hexscroll import BAR_LIMIT, RowScroll

ROWS = st.integers(0, 2**50)


def scroll(rows: int, page: int = 20, top: int = 0) -> RowScroll:
    made = RowScroll()
    made.resize(rows, page)
    made.move_to(top)
    return made


def test_short_views_count_rows_one_to_one() -> None:
    made = scroll(100, top=30)
    assert (made.bar_maximum, made.bar_value) == (80, 30)
    made.move_to_bar(45)
    assert made.top == 45


def test_what_fits_does_not_scroll() -> None:
    made = scroll(10)
    made.move_to(5)
    assert (made.top, made.bar_maximum) == (0, 0)
    assert made.is_at_end


@given(ROWS, st.integers(0, 200), ROWS)
def test_the_bar_s_numbers_fit_into_an_int_and_tell_the_ends(rows: int, page: int, top: int) -> None:
    made = scroll(rows, page, top)
    assert 0 <= made.bar_value <= made.bar_maximum <= BAR_LIMIT < 2**31
    assert (made.bar_value == 0) == (made.top == 0)
    assert (made.bar_value == made.bar_maximum) == made.is_at_end


@given(st.integers(2**31, 2**50), st.integers(0, BAR_LIMIT))
def test_the_bar_s_ends_are_the_view_s_ends(rows: int, value: int) -> None:
    made = scroll(rows, top=rows // 3)
    made.move_to_bar(value)
    assert 0 <= made.top <= made.last_top
    made.move_to_bar(0)
    assert made.top == 0
    made.move_to_bar(BAR_LIMIT)
    assert made.is_at_end


def test_a_step_by_a_row_in_a_huge_view_is_not_undone_by_the_bar() -> None:
    made = scroll(2**40, top=1000)
    made.move_to(made.top + 1)
    made.move_to_bar(made.bar_value)
    assert made.top == 1001


@given(st.integers(1, 2**45), st.integers(1, 100), st.integers(0, 2**45), st.integers(0, 2**45))
def test_revealing_a_row_shows_it_and_moves_no_further_than_needed(
    rows: int, page: int, top: int, wanted: int
) -> None:
    made = scroll(rows, page, top)
    wanted = min(wanted, rows - 1)
    before = made.top
    made.reveal(wanted)
    assert made.top <= wanted < made.top + page
    if before <= wanted < before + page:
        assert made.top == before


def test_fewer_rows_pull_the_view_back() -> None:
    made = scroll(100, top=80)
    made.resize(50, 20)
    assert made.top == 30
