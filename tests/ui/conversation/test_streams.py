"""Streams, and the way from an octet back to its event."""

from hypothesis import given

from tests.ui.conversation.conversations import happenings, recorded
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.ui.conversation.selection import Spot
from workbench.ui.conversation.streams import (
    MAX_LISTED,
    EventFinder,
    Stream,
    stream_of,
    stream_title,
    streams,
)


@given(happenings)
def test_every_octet_leads_to_its_event(happened):
    transcript = recorded(happened)
    for event in transcript.events():
        for octet in range(event.size):
            finder = EventFinder(transcript, stream_of(event), event.offset + octet)
            while finder.step(0):
                pass
            assert finder.found == Spot(event.index, octet)
    transcript.close()


def test_an_octet_that_is_not_there_leads_nowhere():
    transcript = recorded([("sent", b"abc")])
    finder = EventFinder(transcript, Stream(0, Direction.SENT, "tcp"), 3)
    assert not finder.step()
    assert finder.found is None
    transcript.close()


def test_a_rare_stream_among_many_others_is_found():
    transcript = Transcript()
    loud, rare = transcript.open("loud", "tcp"), transcript.open("rare", "tcp")
    for number in range(3_000):
        loud.sent(b"x")
        if number == 1_234:
            rare.received(b"here")
    finder = EventFinder(transcript, Stream(1, Direction.RECEIVED, "tcp"), 2)
    while finder.step(0):
        pass
    assert finder.found == Spot(1_235, 2)
    transcript.close()


def test_streams_that_carried_nothing_are_not_listed():
    transcript = recorded([("received", b"a"), ("udp", b""), ("udp", b"x")])
    found = streams(transcript)
    assert found == [Stream(0, Direction.RECEIVED, "tcp"), Stream(1, Direction.RECEIVED, "udp")]
    assert stream_title(transcript, found[0]) == "← received tcp · 0 a"
    transcript.close()


def test_thousands_of_streams_are_listed_in_part():
    transcript = Transcript()
    for number in range(MAX_LISTED + 50):
        transcript.open(str(number), "tcp").sent(b"x")
    assert len(streams(transcript)) == MAX_LISTED
    transcript.close()
