"""Cutting octets into pieces: a parser must say the same however the network cut its input."""

from collections.abc import Iterator


def chop(data: bytes, n: int) -> Iterator[bytes]:
    """Yield `data` in pieces of `n` octets, the last one shorter; nothing for no octets.

    Raises:
        ValueError: n is below 1.
    """
    if n < 1:
        raise ValueError(f"a piece has at least one octet, not {n}")
    for start in range(0, len(data), n):
        yield data[start : start + n]


def every_cut(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield `data` as head and tail for each place inside it: len(data) - 1 pairs, neither part empty."""
    for place in range(1, len(data)):
        yield data[:place], data[place:]
