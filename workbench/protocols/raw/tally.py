"""What passed in a conversation so far: octets and SHA-256 of both sides, counted as they pass."""

import hashlib
from collections.abc import Callable

from workbench.protocols.raw.values import Expectation

Sink = Callable[[bytes], None]
"""Takes received octets, in order; called on the loop. What it raises ends the conversation."""


class Tally:
    """One conversation's figures. Whoever makes it can read them also when the conversation failed.

    Args:
        expect: what is awaited. sink: where received octets go besides.

    Attributes: matched: whether what is awaited was seen; None where nothing is.
    """

    def __init__(self, expect: Expectation | None = None, sink: Sink | None = None) -> None:
        self._expect = expect
        self._sink = sink
        self._sent_digest = hashlib.sha256()
        self._received_digest = hashlib.sha256()
        self.sent = 0
        self.received = 0
        self.matched: bool | None = None if expect is None else False

    def gave(self, data: bytes) -> None:
        """Count octets that were sent."""
        self.sent += len(data)
        self._sent_digest.update(data)

    def take(self, data: bytes) -> bool:
        """Count received octets and hand them on; True when the conversation may stop.

        Raises: what the sink raises, and the expectation.
        """
        self.received += len(data)
        self._received_digest.update(data)
        if self._sink is not None:
            self._sink(data)
        if self._expect is not None and self._expect.feed(data):
            self.matched = True
        return bool(self.matched)

    @property
    def sent_sha256(self) -> str:
        """Of all that was sent, hexadecimal."""
        return self._sent_digest.hexdigest()

    @property
    def received_sha256(self) -> str:
        """Of all that was received, hexadecimal."""
        return self._received_digest.hexdigest()
