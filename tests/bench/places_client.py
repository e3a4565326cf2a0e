"""The reader of tests.bench.places: python -m tests.bench.places_client EVENTS SIZE PLACES, prints JSON."""

import os
import random
import sys
import time

from tests.bench.children import resident_mib, say
from tests.bench.filling import opened
from tests.bench.servers import block

PAGE = 50
"""Events that a tall window shows."""
SHOWN = 200
"""Octets of each that a line shows."""


def main() -> None:
    """Record, look at random places, print."""
    events, size, places = map(int, sys.argv[1:])
    transcript, channel = opened()
    data = block()
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    before_mib = resident_mib(os.getpid())
    began = time.perf_counter()
    for _ in range(events // len(pieces)):
        for piece in pieces:
            channel.received(piece)
    recorded_s = time.perf_counter() - began
    chosen = random.Random(16)
    took_ms = []
    for _ in range(places):
        first = chosen.randrange(len(transcript) - PAGE)
        began = time.perf_counter()
        page = [transcript.data(event, 0, SHOWN) for event in transcript.events(first, first + PAGE)]
        took_ms.append((time.perf_counter() - began) * 1000)
        # The first two events are facts.
        if page[PAGE - 1] != pieces[(first + PAGE - 3) % len(pieces)][:SHOWN]:
            raise RuntimeError(f"event {first + PAGE - 1} is another one")
    say(
        {
            "took_ms": took_ms,
            "recorded_s": recorded_s,
            "before_mib": before_mib,
            "resident_mib": resident_mib(os.getpid()),
        }
    )
    transcript.close()


if __name__ == "__main__":
    main()
