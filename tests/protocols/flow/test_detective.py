"""The detective, told every kind of wait; no socket, no clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.protocols.flow.detective import judge
from workbench.protocols.flow.values import Arc, EndLook

NOW_S = 100.0


def end(name: str, **known) -> EndLook:
    return EndLook(name, **known)


def reading(name: str, since_s: float = 97.0, **known) -> EndLook:
    return EndLook(name, reading_since_s=since_s, **{"unread": 0, "unsent": 0, **known})


def writing(name: str, since_s: float = 97.0, **known) -> EndLook:
    return EndLook(name, writing_since_s=since_s, **{"unread": 8192, "unsent": 16384, **known})


def test_two_readers_are_a_circle():
    found = judge(NOW_S, reading("a"), reading("b", 98.5))
    assert (found.kind, found.is_cycle, found.for_s) == ("read/read", True, 1.5)
    assert found.arcs == (Arc("a", "b", "octets"), Arc("b", "a", "octets"))
    assert "agree who speaks first" in found.ways_out


def test_a_missing_line_end_is_named_and_is_the_first_way_out():
    found = judge(NOW_S, reading("a", last_sent=b"HELLO"), reading("b", awaits="line"))
    assert "the last that a sent has no line end" in found.sentence
    assert found.ways_out[0] == "send the end of the line"
    ended = judge(NOW_S, reading("a", last_sent=b"HELLO\n"), reading("b", awaits="line"))
    assert "no line end" not in ended.sentence


def test_two_writers_are_a_circle_with_the_queues_named():
    found = judge(NOW_S, writing("a"), writing("b", 99.0))
    assert (found.kind, found.is_cycle, found.for_s) == ("write/write", True, 1.0)
    assert found.arcs == (Arc("a", "b", "room"), Arc("b", "a", "room"))
    assert "a: 16.0 KiB to send, 8.0 KiB unread" in found.sentence
    assert "start reading" in found.ways_out


@pytest.mark.parametrize("turned", [False, True])
def test_a_writer_and_one_who_does_not_read_are_no_circle(turned):
    ends = (writing("a"), end("b", unread=8192))
    found = judge(NOW_S, *(reversed(ends) if turned else ends))
    assert (found.kind, found.is_cycle) == ("not reading", False)
    assert found.sentence == "a waits for room, and b does not read; 8.0 KiB wait in its system"
    assert found.ways_out[0] == "let b read"


def test_a_question_that_nobody_reads_is_told_from_silence():
    found = judge(NOW_S, reading("a"), end("b", unread=12))
    assert found.kind == "not reading"
    assert "b has not read the question: 12 B wait in its system" in found.sentence
    assert judge(NOW_S, reading("a"), end("b", unread=0)).kind == "idle"


def test_a_writer_whose_peer_reads_moves():
    assert judge(NOW_S, writing("a"), reading("b", unread=100)).kind == "moving"
    assert judge(NOW_S, writing("a", both := 99.9), reading("b", both)).kind == "moving"


@pytest.mark.parametrize(("since_s", "kind"), [(99.5, "moving"), (99.0, "read/read"), (98.0, "read/read")])
def test_patience_decides_what_is_a_stall(since_s, kind):
    assert judge(NOW_S, reading("a", since_s), reading("b", since_s)).kind == kind


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({}, "nothing came for 3 s; nothing was sent either"),
        (
            {"last_sent": b"line\r\nHELO"},
            "the last that was sent has no line end (4 octets after the last one)",
        ),
        ({"last_sent": b"HELO\n"}, "ends in LF alone"),
        ({"last_sent": b"HELO\r\n"}, "confirmed it"),
        ({"last_sent": b"HELO", "is_answered": True}, "perhaps that was all"),
        ({"last_sent": b"HELO\r\n", "unsent": 6}, "6 B of what was sent are not even confirmed"),
    ],
)
def test_with_one_end_in_sight_only_what_is_known_there_is_said(known, words):
    found = judge(NOW_S, reading("you", **known))
    assert found.kind == "silence"
    assert found.sentence.startswith("you waits to read")
    assert words in found.sentence
    assert not found.is_cycle
    assert found.arcs == (Arc("you", "the peer", "octets"),)


def test_one_writer_in_sight_is_blocked_and_told_what_it_neglects():
    found = judge(NOW_S, writing("a"))
    assert found.kind == "blocked"
    assert "16.0 KiB are not confirmed, and 8.0 KiB of the peer’s wait here unread" in found.sentence
    assert judge(NOW_S, writing("a", 99.9)).kind == "moving"
    assert judge(NOW_S, end("a")).kind == "nothing"


def test_an_end_is_no_stall():
    over = end("a", is_over=True, reading_since_s=0.0)
    assert judge(NOW_S, over).kind == judge(NOW_S, over, end("b", is_over=True)).kind == "over"
    assert judge(NOW_S, over, reading("b")).kind == "idle"


SINCE = st.none() | st.floats(0, NOW_S)
LOOKS = st.builds(
    EndLook,
    st.just("x"),
    SINCE,
    SINCE,
    st.none() | st.integers(0, 2**31),
    st.none() | st.integers(0, 2**31),
    st.binary(max_size=8),
    st.sampled_from(["", "line"]),
    st.booleans(),
    st.booleans(),
)


@given(LOOKS, st.none() | LOOKS)
def test_whatever_is_seen_has_a_sentence_and_circles_are_closed(here, there):
    found = judge(NOW_S, here, there)
    assert found.sentence
    assert found.for_s >= 0
    assert found.is_cycle == (len(found.arcs) == 2 and all(arc.what != "nothing" for arc in found.arcs))
    if found.kind == "write/write":
        assert here.reading_since_s is None
