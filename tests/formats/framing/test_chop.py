"""The chopper: all cuts of short streams, every place of long ones, and decoders that are wrong are found out."""

import pytest

from workbench.formats.framing.catalogue import read_framing
from workbench.formats.framing.chop import Chopper, ForgetsBetweenReads, every_way, long_ways, pieces, say
from workbench.formats.framing.escapes import BackslashDecoder


def test_every_way_is_every_way():
    ways = set(every_way(5))
    assert len(ways) == 2**4 - 1
    assert all(b"".join(pieces(b"abcde", way)) == b"abcde" for way in ways)
    assert len({tuple(pieces(b"abcde", way)) for way in ways}) == 15
    assert list(every_way(0)) == list(every_way(1)) == []


def test_a_long_stream_is_cut_at_every_place_and_into_single_octets():
    ways = list(long_ways(100))
    assert {(place,) for place in range(1, 100)} <= set(ways)
    assert tuple(range(1, 100)) in ways
    assert len(list(long_ways(10_000))) <= 4096 + 4


@pytest.mark.covers("C5.8")
def test_a_right_decoder_says_the_same_for_every_cut_and_a_forgetful_one_does_not():
    framing = read_framing("lf")
    for stream, tried in ((b"Hel\nlo\n", 64), (b"Hello\n" * 20, 120 - 1 + 4 + 1)):
        report = Chopper(framing.decoder, stream).run()
        assert (report.differs, report.tried, report.planned, report.skipped) == (None, tried, tried, 0)
        forgetful = Chopper(lambda: ForgetsBetweenReads(framing.decoder), stream).run()
        assert forgetful.is_done
        assert forgetful.differs is not None
        cut = forgetful.differs
        assert say(ForgetsBetweenReads(framing.decoder), stream, cut) == forgetful.said != forgetful.whole


class LosesTheBackslash(BackslashDecoder):
    """Forgets, between two reads, that a backslash was the last octet."""

    def _take(self, data: bytes) -> None:
        self._escaped = False
        super()._take(data)


def test_an_escape_cut_in_two_is_found():
    report = Chopper(LosesTheBackslash, b"a\\\nb\n").run()
    assert report.differs == (2,)
    assert [message.data for message in report.whole.messages] == [b"a\nb"]
    assert [message.data for message in report.said.messages] == [b"a", b"b"]


def test_work_is_done_in_slices():
    chopper = Chopper(read_framing("crlf").decoder, b"one\r\ntwo\r\nx")
    seen = [chopper.report.tried]
    while not chopper.report.is_done:
        seen.append(chopper.step(budget_ns=0).tried)
    assert seen == list(range(1, 1025))


@pytest.mark.parametrize("stream", [b"", b"a"])
def test_too_short_to_be_cut(stream: bytes):
    report = Chopper(read_framing("lf").decoder, stream).run()
    assert (report.tried, report.planned, report.differs) == (1, 1, None)
