"""Finding values in a transcript: from the step on, on the thing's own channels, and of the program's own octets."""

import pytest

from workbench.experiments.look import as_text, fact, octets_that, sizes_of, text_of, total_of
from workbench.experiments.thing import Made
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction


def made(*channels: int, first: int = 0, stop: int = 0) -> Made:
    return Made("client", "stream", None, None, "", 0, 0, first, stop, lambda: frozenset(channels))


def test_octets_are_those_of_its_channels_since_its_step() -> None:
    transcript = Transcript()
    ours, other = transcript.open("ours", "tcp"), transcript.open("other", "tcp")
    ours.sent(b"before")
    first = len(transcript)
    ours.sent(b"one ")
    other.sent(b"nobody asked")
    ours.received(b"answer")
    ours.sent(b"two")
    seen = octets_that(Direction.SENT, text_of)(made(ours.number, first=first), transcript)
    assert seen.value == "one two"
    assert seen.event == len(transcript) - 1
    assert octets_that(Direction.SENT, sizes_of)(made(ours.number, first=first), transcript).value == [4, 3]
    assert octets_that(Direction.RECEIVED, text_of)(made(other.number), transcript) == ("", None)
    transcript.close()


def test_under_tls_octets_are_the_plaintext_and_before_it_what_was_in_clear() -> None:
    transcript = Transcript()
    channel = transcript.open("client", "tcp")
    channel.sent(b"STARTTLS\n")
    channel.fact("tls.started", role="client")
    channel.sent(b"a record, much longer than what it holds")
    channel.sent(b"secret", layer="tls")
    seen = octets_that(Direction.SENT, text_of)(made(channel.number), transcript)
    assert seen.value == "STARTTLS\nsecret"
    assert octets_that(Direction.SENT, total_of)(made(channel.number), transcript).value == 15
    transcript.close()


def test_the_newest_fact_of_several_names_counts() -> None:
    transcript = Transcript()
    channel = transcript.open("client", "tcp")
    look = fact("kind", "", "end", "tls.end")
    assert look(made(channel.number), transcript) == ("", None)
    channel.fact("end", kind="FIN")
    channel.fact("tls.end", kind="truncated")
    channel.fact("close", kind="nothing of this")
    assert look(made(channel.number), transcript) == ("truncated", 1)
    transcript.close()


@pytest.mark.parametrize(("data", "text"), [(b"\xc3\xa9", "é"), (b"a\xff", "a\\xff"), (b"", "")])
def test_octets_that_are_no_text_are_escaped(data: bytes, text: str) -> None:
    assert as_text(data) == text
