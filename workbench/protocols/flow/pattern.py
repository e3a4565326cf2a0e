"""Octets that say their own place: lines of sixteen, each with the number of its first octet in decimal."""

LINE = 16


def pattern(start: int, stop: int) -> bytes:
    """The octets of this part of the endless text."""
    first, last = start // LINE, (stop + LINE - 1) // LINE
    text = b"".join(b"%015d\n" % (line * LINE) for line in range(first, last))
    return text[start - first * LINE : stop - first * LINE]
