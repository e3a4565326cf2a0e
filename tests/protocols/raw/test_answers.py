"""Octets of several streams as one, and where two of them part."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.protocols.raw import answers as module
from workbench.protocols.raw.answers import Answers, answers, first_difference
from workbench.transcript.recorder import Transcript


def said(transcript: Transcript, clear: bytes, protected: bytes | None) -> Answers:
    channel = transcript.open("talk", "tcp")
    channel.received(clear)
    if protected is None:
        return answers(transcript, channel.number, "tcp")
    channel.received(b"records")
    channel.received(protected, layer="tls")
    return answers(transcript, channel.number, "tcp", len(clear))


@given(st.binary(max_size=20), st.binary(max_size=20), st.integers(0, 45), st.integers(0, 45))
def test_it_reads_as_if_it_were_one(clear: bytes, protected: bytes, start: int, stop: int):
    transcript = Transcript()
    both = said(transcript, clear, protected)
    whole = clear + protected
    assert len(both) == len(whole)
    assert both.read(start, stop) == whole[start : max(start, stop)]
    transcript.close()


@pytest.mark.parametrize(
    ("mine", "yours", "offset"),
    [
        ((b"220 hi", b"250 ok"), (b"220 hi", b"250 ok"), None),
        ((b"220 hi", b"250 ok"), (b"220 hi250 ok", None), None),
        ((b"220 hi", b"250 ok"), (b"220 hi", b"250 OK"), 10),
        ((b"220 hi", b"250 ok"), (b"220 h", b""), 5),
        ((b"", b""), (b"", None), None),
    ],
)
@pytest.mark.parametrize("piece", [1, 7, 256 * 1024])
def test_the_first_octet_that_differs_is_found(monkeypatch: pytest.MonkeyPatch, mine, yours, offset, piece):
    monkeypatch.setattr(module, "PIECE", piece)
    left, right = Transcript(), Transcript()
    assert asyncio.run(first_difference(said(left, *mine), said(right, *yours))) == offset
    left.close()
    right.close()
