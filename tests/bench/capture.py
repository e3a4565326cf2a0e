"""Saving a conversation as a capture (pcapng): how many octets, and how many small events a second."""

from tests.bench.children import Children
from tests.bench.figures import Budget, Figure, median

NAME = "capture"
RUNS = 3
RATE, EVENTS = Budget(150), Budget(70_000)


def measure(children: Children) -> list[Figure]:
    """Into a file, checksums and all."""
    large = children.document("tests.bench.capture_client", str(16 * 1024), str(256), str(RUNS))
    small = children.document("tests.bench.capture_client", "64", str(16), str(RUNS))
    return [
        Figure(
            NAME,
            "pcapng of events of 16 KiB",
            256 / median(large["seconds"]),
            "MiB/s",
            RATE,
            more_is_better=True,
            note=f"256 MiB; median of {RUNS}",
        ),
        Figure(
            NAME,
            "pcapng of events of 64 octets",
            small["events"] / median(small["seconds"]),
            "/s",
            EVENTS,
            more_is_better=True,
            note=f"{small['events']:,} events; median of {RUNS}",
        ),
    ]
