"""Selecting octets by keys, as values."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.ui.hexselect import Selection, Step, between, word_around


def moved(selection: Selection, step: Step, extend: bool = False, size: int = 100) -> Selection:
    return selection.moved(step, extend=extend, size=size, columns=16, page=2)


def test_the_first_key_points_at_the_first_octet() -> None:
    assert moved(Selection(), Step.DOWN) == Selection(0, 0)
    assert moved(Selection(), Step.LAST) == Selection(99, 99)
    assert Selection().range == (0, 0)


def test_moving_selects_one_octet_and_shift_extends_from_the_anchor() -> None:
    at = Selection().at(20)
    assert at.range == (20, 21)
    grown = moved(moved(at, Step.RIGHT, extend=True), Step.DOWN, extend=True)
    assert grown.range == (20, 38)
    shrunk = moved(moved(grown, Step.UP, extend=True), Step.UP, extend=True)
    assert shrunk.range == (5, 21)


def test_up_and_down_keep_the_column() -> None:
    assert moved(Selection().at(20), Step.UP).cursor == 4
    assert moved(Selection().at(4), Step.UP).cursor == 4
    assert moved(Selection().at(20), Step.PAGE_DOWN).cursor == 52
    assert moved(Selection().at(60), Step.PAGE_DOWN).cursor == 92
    assert moved(Selection().at(90), Step.DOWN).cursor == 99
    assert moved(Selection().at(99), Step.DOWN).cursor == 99
    assert moved(Selection().at(20), Step.PAGE_UP).cursor == 4


def test_home_and_end_stay_in_the_row_and_with_control_go_to_the_ends() -> None:
    assert moved(Selection().at(20), Step.ROW_START).cursor == 16
    assert moved(Selection().at(20), Step.ROW_END).cursor == 31
    assert moved(Selection().at(97), Step.ROW_END).cursor == 99
    assert moved(Selection().at(20), Step.LAST).cursor == 99
    assert moved(Selection().at(20), Step.FIRST).cursor == 0


def test_a_range_is_selected_from_its_start() -> None:
    assert between(5, 9).range == (5, 9)
    assert between(5, 5).range == (5, 5)
    assert between(5, 9).at(12, extend=True).range == (5, 13)
    assert between(7, 7).at(9, extend=True).range == (7, 10)


def test_a_selection_beyond_the_end_is_none() -> None:
    assert Selection(3, 8).within(9) == Selection(3, 8)
    assert Selection(3, 8).within(8) == Selection()


@given(
    st.lists(st.tuples(st.sampled_from(Step), st.booleans()), max_size=30),
    st.integers(1, 300),
    st.sampled_from([8, 16, 24, 32]),
    st.integers(1, 20),
)
def test_keys_never_leave_what_there_is(
    keys: list[tuple[Step, bool]], size: int, columns: int, page: int
) -> None:
    selection = Selection()
    for step, extend in keys:
        selection = selection.moved(step, extend=extend, size=size, columns=columns, page=page)
        start, stop = selection.range
        assert 0 <= start < stop <= size
        assert selection.cursor in (start, stop - 1)


def test_nothing_moves_where_there_is_nothing() -> None:
    assert moved(Selection(), Step.DOWN, size=0) == Selection()


def test_a_word_is_a_run_of_one_kind() -> None:
    text = b"GET /index-a.html\r\n\x80\x81"
    for place, expected in (
        (1, b"GET"),
        (3, b" "),
        (4, b"/"),
        (7, b"index-a"),
        (17, b"\r\n"),
        (20, b"\x80\x81"),
    ):
        back, forth = word_around(text[:place], text[place:])
        assert text[place - back : place + forth] == expected
