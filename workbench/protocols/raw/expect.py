"""Awaiting octets or a pattern in a stream that may be cut anywhere."""

from workbench.errors import LocalMisuse
from workbench.formats.pattern import TOO_EXPENSIVE, compile_pattern

REMEMBERED = 64 * 1024
"""Octets a pattern can look back over: what is longer is no marker that a person waits for."""
PATTERN_TIMEOUT_S = 0.05
"""A person's pattern may not hold the loop longer than this for one piece."""


class ExpectOctets:
    """Awaits exact octets."""

    def __init__(self, wanted: bytes) -> None:
        if not wanted:
            raise LocalMisuse("nothing to expect: the text is empty")
        self._wanted = wanted
        self._tail = b""

    def feed(self, data: bytes) -> bool:
        """Take the next octets; True once the wanted ones were seen."""
        window = self._tail + data
        self._tail = window[-(len(self._wanted) - 1) :] if len(self._wanted) > 1 else b""
        return self._wanted in window


class ExpectPattern:
    """Awaits a regular expression over octets; a match may span up to REMEMBERED octets."""

    def __init__(self, pattern: str) -> None:
        self._pattern = compile_pattern(pattern)
        self._text = pattern
        self._window = b""

    def feed(self, data: bytes) -> bool:
        """Take the next octets; True once the pattern matches.

        Raises: LocalMisuse when the pattern takes too long: it has too many ways to match.
        """
        self._window = (self._window + data)[-max(REMEMBERED, len(data)) :]
        try:
            found = self._pattern.search(self._window, timeout=PATTERN_TIMEOUT_S) is not None
        except TimeoutError as error:
            raise LocalMisuse(
                "this pattern takes too long on what the peer sent",
                text=self._text,
                start=0,
                end=len(self._text),
                advice=TOO_EXPENSIVE,
            ) from error
        self._window = self._window[-REMEMBERED:]
        return found
