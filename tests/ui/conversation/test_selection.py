"""Selections as values, against sets of numbers."""

from hypothesis import given
from hypothesis import strategies as st

from tests.ui.conversation.conversations import echo
from workbench.ui.conversation.filtering import FilterForm, Filtering
from workbench.ui.conversation.rows import Rows
from workbench.ui.conversation.selection import (
    EventSelection,
    OctetSelection,
    Spot,
    event_pieces,
    octet_pieces,
)

clicks = st.lists(
    st.tuples(st.sampled_from(["only", "extended", "toggled"]), st.integers(0, 12)), max_size=15
)


@given(clicks)
def test_clicks_select_what_sets_would(clicked):
    selection, expected, anchor = EventSelection(), set(), None
    for way, index in clicked:
        selection = getattr(selection, way)(index)
        if way == "only" or (way == "extended" and anchor is None):
            expected, anchor = {index}, index
        elif way == "extended":
            expected = set(range(min(anchor, index), max(anchor, index) + 1))
        else:
            expected ^= {index}
            anchor = index
        assert {number for number in range(14) if number in selection} == expected
        assert selection.current == index
        ends = [end for part in selection.ranges for end in part]
        assert ends == sorted(set(ends))


def test_everything_is_one_range_however_many():
    selection = EventSelection().everything(16_000_000)
    assert selection.ranges == ((0, 16_000_000),)
    assert 15_999_999 in selection
    assert 16_000_000 not in selection


def test_hidden_events_are_not_meant():
    transcript = echo()
    filtering = Filtering(transcript)
    filtering.apply(FilterForm(words="hello"))
    filtering.step()
    selection = EventSelection().only(1).extended(6)
    assert [piece.event.index for piece in event_pieces(filtering.rows, selection)] == [1, 4]
    filtering.close()
    transcript.close()


def test_octets_between_two_spots_leave_facts_out():
    transcript = echo(1)
    rows = Rows(transcript)
    selection = OctetSelection().moved(Spot(3, 2)).moved(Spot(0, 0), extend=True)
    pieces = [(piece.event.index, piece.start, piece.stop) for piece in octet_pieces(rows, selection)]
    assert pieces == [(1, 0, 9), (2, 0, 3), (3, 0, 2)]
    assert list(octet_pieces(rows, OctetSelection().moved(Spot(1, 1)))) == []
    transcript.close()
