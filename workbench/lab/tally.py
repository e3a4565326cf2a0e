"""A transcript that keeps figures instead of octets: what the Lab's servers record into.

A service may run for weeks and be sent gigabytes; its side of a conversation is recorded by whoever talks to it. The
figures answer what a client can't know: how much of what it sent has really been read (a send that returned says only
that its own system took the octets).
"""

from collections.abc import Sequence

from workbench.transcript.recorder import Channel, Range, Transcript


class Tally(Transcript):
    """Counts octets in both directions over all channels, seen from the server: received is what it has read."""

    def __init__(self) -> None:
        super().__init__()
        self.octets_received = 0
        self.octets_sent = 0

    def open(self, title: str, layer: str) -> Channel:
        """A channel that counts into this tally."""
        return _TallyChannel(self, layer)


class _TallyChannel(Channel):
    def __init__(self, tally: Tally, layer: str) -> None:
        super().__init__(tally, 0, layer)
        self._tally = tally

    def sent(self, data: bytes, *, layer: str = "", secret: Sequence[Range] = ()) -> int:
        self._tally.octets_sent += len(data)
        return 0

    def received(self, data: bytes, *, layer: str = "", secret: Sequence[Range] = ()) -> int:
        self._tally.octets_received += len(data)
        return 0

    def fact(self, name: str, **values: object) -> int:
        return 0

    def key(self, line: str) -> None:
        return

    def named(
        self,
        *,
        local: str | None = None,
        peer: str | None = None,
        title: str | None = None,
        layer: str | None = None,
    ) -> None:
        return
