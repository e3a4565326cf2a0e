"""The heaviest job of the window: receiving while its hex view follows. How long, how even, in how much memory."""

from typing import Any

from tests.bench import certificates, screen
from tests.bench.beats import beats
from tests.bench.children import Children
from tests.bench.figures import Budget, Figure, median
from tests.bench.receive import CLIENT, LARGE, SMALL

NAME = "following"
RUNS, TLS_RUNS, LARGE_RUNS, LARGE_TLS_RUNS = 24, 12, 3, 1
"""So many that the heartbeat's figures mean something: a tick in 10 ms."""
RESIDENT = Budget(150)


def measure(children: Children) -> list[Figure]:
    """In plain and over TLS, 64 MiB and 1 GiB, in the real window."""
    figures = [
        *_received(children, "64 MiB", SMALL, RUNS, Budget(0.4, 0.15)),
        *_received(children, "64 MiB", SMALL, TLS_RUNS, Budget(), over_tls=True),
    ]
    if not children.is_quick:
        figures += _received(children, "1 GiB", LARGE, LARGE_RUNS, Budget())
        figures += _received(children, "1 GiB", LARGE, LARGE_TLS_RUNS, Budget(), over_tls=True)
    return figures


def _received(
    children: Children, size: str, octets: int, runs: int, budget: Budget, *, over_tls: bool = False
) -> list[Figure]:
    files = certificates.files(children)
    port = str(children.server("source", str(octets), *(files[1:] if over_tls else ())))
    trusted = [files.authority] if over_tls else []
    told: Any = children.document(
        CLIENT, "qt-following", port, str(octets), str(runs), *trusted, **screen.environ(children)
    )
    took = told["seconds"]
    what = f"{size}{' over TLS' if over_tls else ''}"
    return [
        Figure(
            NAME,
            f"{what} received, hex view following",
            median(took),
            "s",
            budget,
            note=f"median of {runs}, least {min(took):.3f} s; SHA-256 equal; {screen.words(children)}",
        ),
        *beats(NAME, f"{what} received, hex view following", told["gaps_ms"]),
        Figure(NAME, f"resident at most, {what}, hex view following", told["peak_mib"], "MiB", RESIDENT),
    ]
