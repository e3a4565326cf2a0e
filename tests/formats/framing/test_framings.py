"""What every framing must do: the same messages for every cut, limits that hold, and any octets without an accident.

Shown of each of workbench.formats.framing.markers, workbench.formats.framing.escapes, workbench.formats.framing.serial,
workbench.formats.framing.lengths, workbench.formats.framing.chosen, workbench.formats.framing.encodings and
workbench.formats.framing.design, through workbench.formats.framing.decoder and workbench.formats.framing.values.
"""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.framing.samples import TROUBLE, framings
from tests.kit.chop import chop
from workbench.formats.framing.chop import every_way, say
from workbench.formats.framing.values import Framing, join_wires

FRAMINGS = framings()
ALL = pytest.mark.parametrize("framing", FRAMINGS.values(), ids=FRAMINGS.keys())
HOLDS_ANYTHING = (
    "backslash",
    "cobs",
    "chosen",
    "length:4",
    "varint",
    "netstring",
    "lf+base64",
    "nul+yenc",
    "lf+hex",
)
octets = st.lists(st.sampled_from(list(TROUBLE)), max_size=9).map(bytes)


@ALL
@settings(max_examples=25, deadline=None)
@given(stream=octets, limit=st.sampled_from((1, 3, 50)))
def test_any_octets_mean_the_same_however_they_are_cut(framing: Framing, stream: bytes, limit: int):
    whole = say(framing.decoder(limit), stream)
    assert all(len(message.data) <= limit for message in whole.messages)
    for cut in every_way(len(stream)):
        assert say(framing.decoder(limit), stream, cut) == whole


@pytest.mark.parametrize("name", HOLDS_ANYTHING)
@settings(max_examples=25, deadline=None)
@given(messages=st.lists(st.binary(max_size=600), max_size=4))
def test_any_message_comes_back(name: str, messages: list[bytes]):
    framing = FRAMINGS[name]
    wire = join_wires([framing.encode(message) for message in messages])
    for size in (1, 7, 1000):
        decoder = framing.decoder()
        read = [message for piece in chop(wire.data, size) for message in decoder.feed(piece)]
        assert [message.data for message in read] == messages
        assert decoder.broken is None
        assert decoder.finish().word == "complete"


@ALL
def test_marks_cover_the_wire_without_a_gap(framing: Framing):
    for message in (b"", b"abc", b"a.b\r\n.c\xc0"):
        wire = framing.encode(message)
        at = 0
        for mark in wire.marks:
            assert (mark.start, bool(mark.label)) == (at, True)
            at = mark.stop
        assert at == len(wire.data)


@ALL
def test_places_of_messages_follow_each_other(framing: Framing):
    wire = join_wires([framing.encode(message) for message in (b"one", b"two", b"three")])
    said = say(framing.decoder(), wire.data)
    assert said.messages[0].start == 0
    assert said.messages[-1].stop == len(wire.data)
    assert [a.stop for a in said.messages[:-1]] == [b.start for b in said.messages[1:]]


@ALL
def test_half_a_message_is_not_called_whole(framing: Framing):
    if framing.title == "Until close":
        return
    wire = framing.encode(b"hello").data
    decoder = framing.decoder()
    assert decoder.feed(wire[:-1]) == []
    state = decoder.state
    assert state.name
    assert state.awaited == 1
    ending = decoder.finish()
    assert (ending.word, ending.messages) == ("incomplete", ())
    assert "missing" in ending.sentence


@ALL
def test_a_stream_without_end_is_stopped_at_the_limit_and_nothing_is_kept_for_it(framing: Framing):
    decoder = framing.decoder(1000)
    read = []
    for _ in range(4):
        read += decoder.feed(b"5" * 4096)
        assert decoder.state.held <= 1100
    assert all(len(message.data) <= 1000 for message in read)
    broken = decoder.broken
    # A length of one, two or three fives is within the limit: that is a stream of many messages.
    assert (broken is not None) == (
        framing.title not in ("Length, 1 octet", "Length, 3 digits", "Length, varint")
    )
    if broken is not None:
        assert broken.at <= 1001
        assert f"octet {broken.at:,}" in str(broken.error())
        assert decoder.state.name == "broken"
        assert decoder.feed(b"x") == []
        assert decoder.finish().word == "broken"


@pytest.mark.parametrize(
    "name", ["lf", "marker:--", "backslash", "dots", "slip", "cobs", "length:4", "netstring", "lf+base64"]
)
def test_decoding_takes_time_in_proportion(name: str):
    """Ten times the octets in as many single pieces: not a hundred times the work."""

    def spent(size: int) -> float:
        wire = FRAMINGS[name].encode(b"x" * size).data
        decoder = FRAMINGS[name].decoder(10 * size)
        begun = time.process_time()
        for piece in chop(wire, 16):
            decoder.feed(piece)
        return time.process_time() - begun

    small = min(spent(20_000) for _ in range(3))
    assert spent(200_000) < 40 * small + 0.05


@pytest.mark.parametrize("name", ["backslash", "dots", "slip"])
def test_very_many_escapes_are_written_as_few_are(name: str):
    framing = FRAMINGS[name]
    unit = b"\r\n.\\\xc0\xdb\r\n"
    few, many = framing.encode(unit), framing.encode(unit * 2000)
    (message,) = say(framing.decoder(), many.data).messages
    assert message.data == unit * 2000
    assert len(many.marks) < len(few.marks) + 3
