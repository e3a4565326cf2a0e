"""Conversations for the tests of the dock: small ones with a bit of everything, and any that Hypothesis thinks of."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from hypothesis import strategies as st

from tests.kit.turned_clock import TurnedClock
from workbench.transcript.recorder import Transcript
from workbench.transcript.render import Explainer

happenings = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["sent", "received"]), st.binary(max_size=40)),
        st.tuples(st.sampled_from(["sent", "received"]), st.text("ab\r\né€", max_size=30).map(str.encode)),
        st.tuples(st.just("fact"), st.just(b"")),
        st.tuples(st.just("udp"), st.sampled_from([b"", b"x", b"line\nline\n"])),
    ),
    max_size=40,
)


class Talk(NamedTuple):
    """What a panel hands the dock."""

    transcript: Transcript
    explain: Explainer | None = None
    title: str = "lab:echo"
    copies: tuple[tuple[str, Callable[[], str]], ...] = ()


def recorded(happened: list[tuple[str, bytes]]) -> Transcript:
    """A transcript of one TCP and one UDP channel."""
    transcript = Transcript(clock=TurnedClock())
    tcp, udp = transcript.open("a", "tcp"), transcript.open("b", "udp")
    for what, data in happened:
        if what == "fact":
            tcp.fact("something", word="said")
        elif what == "udp":
            udp.received(data)
        else:
            getattr(tcp, what)(data)
    return transcript


def echo(exchanges: int = 3) -> Transcript:
    """A fact, lines sent and echoed in two reads each, a secret, and the end."""
    clock = TurnedClock()
    transcript = Transcript(clock=clock)
    channel = transcript.open("lab:echo", "tcp")
    channel.fact("connect.complete", local="127.0.0.1:50000", address="127.0.0.1:7")
    for number in range(exchanges):
        clock.advance_ns(1_500_000)
        line = f"hello {number}\r\n".encode()
        channel.sent(line)
        clock.advance_ns(100_000)
        channel.received(line[:3])
        channel.received(line[3:])
    channel.sent(b"PASS hunter2\r\n", secret=[(5, 12)])
    channel.fact("end", kind="FIN", by="peer", sentence="the peer has finished")
    return transcript


def pings(count: int) -> Transcript:
    """Many small events, quickly made."""
    transcript = Transcript(clock=TurnedClock())
    channel = transcript.open("pings", "tcp")
    for _ in range(count // 2):
        channel.sent(b"ping\r\n")
        channel.received(b"pong\r\n")
    return transcript


async def until(holds: Callable[[], object]) -> None:
    """Turn the loop until something holds; the test's own limit ends it otherwise."""
    while True:
        if holds():
            return
        await asyncio.sleep(0.001)
