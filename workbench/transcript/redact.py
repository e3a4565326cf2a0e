"""Masking secrets: the same length, so that offsets and sizes stay true."""

from collections.abc import Iterable

from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event

MASK = 0x2A
"""An asterisk for each masked octet."""


def masked(data: bytes, secrets: Iterable[tuple[int, int]], start: int = 0) -> bytes:
    """`data` with every secret octet replaced.

    Args:
        data: octets of an event, from place `start` of it on.
        secrets: ranges counted from the event's first octet.
    """
    hidden: bytearray | None = None
    for begin, end in secrets:
        first, last = max(0, begin - start), min(len(data), end - start)
        if first < last:
            hidden = bytearray(data) if hidden is None else hidden
            hidden[first:last] = bytes([MASK]) * (last - first)
    return data if hidden is None else bytes(hidden)


def shown(
    transcript: Transcript,
    event: Event,
    start: int = 0,
    stop: int | None = None,
    *,
    with_secrets: bool = False,
) -> bytes:
    """The octets of an event as views and exports show them: masked unless the person asked for secrets."""
    data = transcript.data(event, start, stop)
    return data if with_secrets else masked(data, transcript.secrets(event), start)


class MaskedBytes:
    """A provider over one stream of a transcript that masks secrets, for the hex view: `len(it)`, `it.read(a, b)`."""

    def __init__(self, transcript: Transcript, channel: int, direction: Direction, layer: str) -> None:
        self._transcript = transcript
        self._which = (channel, direction, layer)
        self._bytes = transcript.stream(channel, direction, layer)

    def __len__(self) -> int:
        return len(self._bytes)

    def read(self, start: int, stop: int) -> bytes:
        """The octets from start to stop, secrets masked."""
        start = max(0, start)
        data = self._bytes.read(start, stop)
        return masked(data, self._transcript.stream_secrets(*self._which), start)
