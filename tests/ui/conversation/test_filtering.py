"""The filter against a brute-force reading of every event, and its mistakes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.conversation.conversations import echo, happenings, recorded
from workbench.errors import LocalMisuse
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.ui.conversation.filtering import FilterForm, Filtering, Mode, read_size

directions = st.sampled_from([None, Direction.SENT, Direction.RECEIVED])
forms = st.one_of(
    st.tuples(
        directions,
        st.just(Mode.TEXT),
        st.sampled_from(["", "a", "AB", "é", "said"]),
        st.sampled_from([None, 0, 1]),
        st.sampled_from(["", "3", "12 B"]),
        st.sampled_from(["", "0", "20"]),
        st.booleans(),
    ),
    st.tuples(directions, st.just(Mode.HEX), st.sampled_from(["", "0d0a", "c3 a9", "61"])),
    st.tuples(directions, st.just(Mode.REGEX), st.sampled_from([r"a+b", r"\r\n", r"^.$", r"th.ng"])),
).map(lambda fields: FilterForm(*fields))


def passes(transcript: Transcript, event: Event, form: FilterForm) -> bool:
    """The filter in plain words."""
    if form.channel not in (None, event.channel):
        return False
    sized = bool(form.min_size or form.max_size)
    if event.kind == "fact":
        if not form.facts or sized or form.direction is not None or (form.mode is Mode.HEX and form.words):
            return False
        content = f"{event.name} {' '.join(map(str, event.values.values()))}".encode()
    else:
        if form.direction not in (None, event.direction):
            return False
        if form.min_size and event.size < int(form.min_size.rstrip(" B")):
            return False
        if form.max_size and event.size > int(form.max_size):
            return False
        content = transcript.data(event)
    if form.mode is Mode.TEXT:
        return form.words.casefold() in content.decode("utf-8", "replace").casefold()
    if form.mode is Mode.HEX:
        return bytes.fromhex(form.words) in content
    return re.search(form.words.encode(), content) is not None


@given(happenings, forms)
def test_the_filter_finds_what_a_plain_reading_finds(happened, form):
    transcript = recorded(happened)
    filtering = Filtering(transcript)
    assert filtering.apply(form)
    while filtering.step(0):
        pass
    expected = [event.index for event in transcript.events() if passes(transcript, event, form)]
    rows = filtering.rows
    assert [rows.index(row) for row in range(len(rows))] == expected
    assert [event.index for event in rows.events(0, len(rows))] == expected
    for index in range(len(transcript)):
        row = rows.row_of(index)
        assert row == sum(found < index for found in expected)
    filtering.close()
    transcript.close()


def test_later_events_are_filtered_too():
    transcript = recorded([("sent", b"a"), ("received", b"b")])
    filtering = Filtering(transcript)
    filtering.apply(FilterForm(words="b"))
    filtering.step()
    transcript.open("late", "tcp").sent(b"abc")
    assert not filtering.is_complete
    filtering.step()
    assert [event.index for event in filtering.rows.events(0, 9)] == [1, 2]
    assert filtering.count == "2 of 3"
    filtering.close()
    transcript.close()


def test_going_from_match_to_match_goes_around():
    transcript = echo()
    filtering = Filtering(transcript)
    filtering.apply(FilterForm(words="hello", only_matches=False))
    filtering.step()
    assert list(filtering.matches or ()) == [1, 4, 7]
    assert len(filtering.rows) == len(transcript)
    assert filtering.next_match(-1) == 1
    assert filtering.next_match(4) == 7
    assert filtering.next_match(7) == 1
    assert filtering.previous_match(7) == 4
    assert filtering.previous_match(1) == 7
    filtering.close()
    transcript.close()


def test_a_mistake_is_told_with_its_place_and_the_filter_in_force_stays():
    transcript = echo()
    filtering = Filtering(transcript)
    filtering.apply(FilterForm(words="hello"))
    filtering.step()
    before = len(filtering.rows)
    for form, field, start in (
        (FilterForm(mode=Mode.REGEX, words="a(b"), "words", 3),
        (FilterForm(mode=Mode.HEX, words="0d zz"), "words", 3),
        (FilterForm(min_size="many"), "min_size", 0),
        (FilterForm(max_size="3 pounds"), "max_size", 2),
    ):
        assert not filtering.apply(form)
        assert filtering.mistake is not None
        assert filtering.mistake.field == field
        assert filtering.mistake.error.start == start
        assert filtering.remark.endswith("The filter was not applied.")
        assert len(filtering.rows) == before
    filtering.close()
    transcript.close()


def test_a_pattern_that_is_too_expensive_is_told():
    transcript = Transcript()
    channel = transcript.open("a", "tcp")
    channel.received(b"a" * 40 + b"b")
    channel.received(b"aaa")
    filtering = Filtering(transcript)
    filtering.apply(FilterForm(mode=Mode.REGEX, words=r"^(a|aa)+$"))
    while filtering.step():
        pass
    assert filtering.remark == "1 event was too expensive for this pattern and left out."
    assert list(filtering.matches or ()) == [1]
    filtering.close()
    transcript.close()


def test_secrets_are_not_found():
    transcript = echo()
    filtering = Filtering(transcript)
    filtering.apply(FilterForm(words="hunter2"))
    filtering.step()
    assert len(filtering.rows) == 0
    filtering.close()
    transcript.close()


@pytest.mark.parametrize(
    ("text", "size"),
    [("", None), (" 200 ", 200), ("64 KiB", 65536), ("1m", 1 << 20), ("2G", 2 << 30), ("0", 0)],
)
def test_sizes_are_read_with_units(text, size):
    assert read_size(text) == size


@given(st.text(max_size=8))
def test_any_size_is_a_number_or_a_mistake_with_a_place(text):
    mistake = None
    size = None
    try:
        size = read_size(text)
    except LocalMisuse as error:
        mistake = error
    assert size is None or (mistake is None and size >= 0)
    assert mistake is None or 0 <= (mistake.start or 0) <= len(text)
