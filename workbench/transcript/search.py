"""Which events a person wants to see: by direction, channel, size, text, octets or a regular expression.

A person's regular expression can take exponential time, and `re` holds the interpreter's lock while it does: the
package `regex` gives up after a time limit instead. An event that it gave up on is counted, not silently left out.
"""

import time
from typing import NamedTuple

from workbench.formats.pattern import compile_pattern
from workbench.formats.payload import parse_hex
from workbench.formats.textfind import finder
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.transcript.redact import shown

SLICE_NS = 5_000_000
"""One slice of searching: the window's loop must turn again within 8 ms."""
PIECE = 256 * 1024
"""Octets looked at between two looks at the clock."""
OVERLAP = 4096
"""A match that begins in one piece and ends in the next is found up to this length."""


class Filter(NamedTuple):
    """What to keep; every field that says something must hold.

    text is compared without regard to case, with octets as UTF-8 and with a fact's words; hex is octets ("0d 0a");
    regex is a pattern over octets. Sizes are octets, inclusive. facts: whether facts pass (a direction, sizes or hex
    leave them out anyway). layer: only octets of this one, such as "tls" for what TLS protects; "" for all.
    """

    direction: Direction | None = None
    text: str = ""
    hex: str = ""
    regex: str = ""
    channel: int | None = None
    min_size: int | None = None
    max_size: int | None = None
    facts: bool = True
    layer: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether everything passes."""
        return self == Filter()


class Search:
    """Goes through a transcript once, in slices; new events are picked up by further steps.

    Args:
        transcript: searched from its beginning.
        wanted: what to keep.

    Raises: LocalMisuse for hex or a pattern that does not parse, with its place.
    """

    def __init__(self, transcript: Transcript, wanted: Filter) -> None:
        self._transcript = transcript
        self._wanted = wanted
        self._text = wanted.text.casefold()
        self._has_text = finder(self._text)
        self._octets = parse_hex(wanted.hex) if wanted.hex.strip() else b""
        self._pattern = compile_pattern(wanted.regex) if wanted.regex else None
        self._masked = bool(self._text or self._octets or self._pattern)
        self._piece_at = 0
        self.place = 0
        self.gave_up: list[int] = []

    @property
    def is_complete(self) -> bool:
        """Whether every event recorded so far was looked at."""
        return self.place >= len(self._transcript)

    def step(self, budget_ns: int = SLICE_NS) -> list[int]:
        """Look on for about `budget_ns` nanoseconds; the indexes found, ascending."""
        found: list[int] = []
        stop_ns = time.monotonic_ns() + budget_ns
        while not self.is_complete:
            for event in self._transcript.events(self.place, self.place + 64):
                verdict = self._event(event, stop_ns)
                if verdict is None:
                    return found
                self.place = event.index + 1
                self._piece_at = 0
                if verdict:
                    found.append(event.index)
                # After each one: a pattern may take its whole time limit on every event.
                if time.monotonic_ns() >= stop_ns:
                    return found
        return found

    def _event(self, event: Event, stop_ns: int) -> bool | None:
        """Whether an event passes; None when the time ran out in the middle of a large one."""
        wanted = self._wanted
        if wanted.channel is not None and event.channel != wanted.channel:
            return False
        if event.kind == "fact":
            return self._fact(event)
        if wanted.direction is not None and event.direction is not wanted.direction:
            return False
        if wanted.layer and event.layer != wanted.layer:
            return False
        if wanted.min_size is not None and event.size < wanted.min_size:
            return False
        if wanted.max_size is not None and event.size > wanted.max_size:
            return False
        return self._contents(event, stop_ns) if self._masked else True

    def _fact(self, event: Event) -> bool:
        wanted = self._wanted
        sized = wanted.min_size is not None or wanted.max_size is not None
        if not wanted.facts or sized or self._octets or (wanted.direction not in (None, Direction.NONE)):
            return False
        words = f"{event.name} {' '.join(map(str, event.values.values()))}"
        if self._text and self._text not in words.casefold():
            return False
        return self._pattern is None or self._matches(words.encode(errors="backslashreplace"), event.index)

    def _contents(self, event: Event, stop_ns: int) -> bool | None:
        while True:
            start = self._piece_at
            data = shown(self._transcript, event, max(0, start - OVERLAP), start + PIECE)
            if (
                (not self._text or self._has_text(data))
                and (not self._octets or self._octets in data)
                and (self._pattern is None or self._matches(data, event.index))
            ):
                return True
            self._piece_at = start + PIECE
            if self._piece_at >= event.size:
                return False
            if time.monotonic_ns() >= stop_ns:
                return None

    def _matches(self, data: bytes, index: int) -> bool:
        assert self._pattern is not None
        try:
            return self._pattern.search(data, timeout=SLICE_NS / 1e9) is not None
        except TimeoutError:
            if index not in self.gave_up[-1:]:
                self.gave_up.append(index)
            return False
