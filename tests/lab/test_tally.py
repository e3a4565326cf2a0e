"""The tally: it counts what passes and keeps nothing of it."""

from workbench.lab.tally import Tally
from workbench.wire.memory import pair


async def test_octets_are_counted_in_both_directions_and_not_kept():
    tally = Tally()
    left, right = pair(tally)
    await left.send(b"hello")
    assert await right.read() == b"hello"
    await right.send(b"you")
    assert await left.read() == b"you"
    await left.aclose()
    await right.aclose()
    assert (tally.octets_sent, tally.octets_received) == (8, 8)
    assert len(tally) == 0
    assert tally.channels == ()
    assert tally.octets_in_memory == 0


def test_a_thousand_channels_leave_no_trace():
    tally = Tally()
    for number in range(1000):
        channel = tally.open(f"client {number}", "tcp")
        channel.named(local="here", peer="there")
        channel.fact("accept.complete")
        channel.received(b"x", secret=((0, 1),))
    assert tally.octets_received == 1000
    assert tally.channels == ()
    assert len(tally) == 0
    tally.close()
