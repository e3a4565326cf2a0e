"""Transcripts of any size, as if they had been received: for what is done with them afterwards."""

import asyncio

from tests.bench.servers import block
from workbench.transcript.recorder import Channel, Transcript

MIB = 1024 * 1024
READ = 256 * 1024
"""Octets of one event: what the wire reads at once."""
LINE = b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! 0123456789 GET /index.html HTTP/1.1\r\n"
"""What makes a bad regular expression explode, and looks like text."""


def opened(title: str = "bench") -> tuple[Transcript, Channel]:
    """An empty transcript with one connection."""
    transcript = Transcript()
    channel = transcript.open(title, "tcp")
    channel.named(local="127.0.0.1:50000", peer="127.0.0.1:7")
    channel.fact("connect.started", address="127.0.0.1:7")
    channel.fact("connect.complete", address="127.0.0.1:7")
    return transcript, channel


async def fill(channel: Channel, octets: int, *, event: int = READ, text: bool = False) -> None:
    """Receive so many octets in events of one size; others get their turn after each mebibyte."""
    data = (LINE * (MIB // len(LINE) + 1))[:MIB] if text else block()
    pieces = [data[start : start + event] for start in range(0, MIB, event)]
    for _ in range(octets // MIB):
        for piece in pieces:
            channel.received(piece)
        await asyncio.sleep(0)
