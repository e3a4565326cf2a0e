"""Two conversations side by side: where their octets part, channel by channel and direction by direction."""

from typing import NamedTuple

from workbench.transcript.recorder import StreamBytes, Transcript
from workbench.transcript.records import Direction
from workbench.transcript.redact import MaskedBytes

PIECE = 256 * 1024
SHOWN = 16
"""Octets of each side shown from the first difference on."""


class Difference(NamedTuple):
    """Where one stream of `left` and its counterpart in `right` first differ.

    offset: of the first differing octet in the stream. left and right: up to SHOWN octets from there on.
    left_size and right_size: of the whole streams, octets.
    is_secret: whether either side marks that octet as a secret; left and right are masked then.
    """

    channel: int
    direction: Direction
    layer: str
    offset: int
    left: bytes
    right: bytes
    left_size: int
    right_size: int
    is_secret: bool = False

    @property
    def sentence(self) -> str:
        """For people."""
        which = f"channel {self.channel}, {self.direction.value}"
        if self.offset == min(self.left_size, self.right_size):
            return f"{which}: equal for {self.offset} octets, then only one side goes on"
        if self.is_secret:
            return f"{which}: octet {self.offset} differs; it is part of a secret"
        return f"{which}: octet {self.offset} is {self.left[0]:02x} here and {self.right[0]:02x} there"


def compare(left: Transcript, right: Transcript) -> list[Difference]:
    """The first difference of every stream that differs; [] when all octets are equal.

    Channels are matched by number among those that carried octets, so that listeners and failed attempts, which carry
    none, don't shift them.
    """
    ours, theirs = _carrying(left), _carrying(right)
    differences = []
    for place in range(max(len(ours), len(theirs))):
        mine = ours[place] if place < len(ours) else None
        yours = theirs[place] if place < len(theirs) else None
        number = mine if mine is not None else yours
        for layer in dict.fromkeys((*left.layers, *right.layers)):
            for direction in (Direction.SENT, Direction.RECEIVED):
                a = left.stream(mine, direction, layer) if mine is not None else StreamBytes(None)
                b = right.stream(yours, direction, layer) if yours is not None else StreamBytes(None)
                offset = first_difference(a, b)
                if offset is not None and number is not None:
                    differences.append(
                        Difference(
                            number,
                            direction,
                            layer,
                            offset,
                            _shown(left, mine, direction, layer, offset),
                            _shown(right, yours, direction, layer, offset),
                            len(a),
                            len(b),
                            _is_secret(left, mine, direction, layer, offset)
                            or _is_secret(right, yours, direction, layer, offset),
                        )
                    )
    return differences


def _shown(
    transcript: Transcript, channel: int | None, direction: Direction, layer: str, offset: int
) -> bytes:
    """The first octets from a difference on, secrets masked."""
    if channel is None:
        return b""
    return MaskedBytes(transcript, channel, direction, layer).read(offset, offset + SHOWN)


def _is_secret(
    transcript: Transcript, channel: int | None, direction: Direction, layer: str, offset: int
) -> bool:
    if channel is None:
        return False
    return any(start <= offset < stop for start, stop in transcript.stream_secrets(channel, direction, layer))


def _carrying(transcript: Transcript) -> list[int]:
    """Numbers of the channels that carried octets."""
    return [
        info.number
        for info in transcript.channels
        if any(
            len(transcript.stream(info.number, direction, layer))
            for layer in transcript.layers
            for direction in (Direction.SENT, Direction.RECEIVED)
        )
    ]


def first_difference(a: StreamBytes, b: StreamBytes) -> int | None:
    """The offset of the first octet that differs or that only one stream has; None where they are equal."""
    shared = min(len(a), len(b))
    for start in range(0, shared, PIECE):
        stop = min(start + PIECE, shared)
        mine, yours = a.read(start, stop), b.read(start, stop)
        if mine != yours:
            return start + next(i for i, (x, y) in enumerate(zip(mine, yours, strict=True)) if x != y)
    return None if len(a) == len(b) else shared
