"""Datagrams into the window for three seconds: a listener of the Sockets panel, its conversation followed in hex."""

from tests.bench import screen
from tests.bench.beats import beats
from tests.bench.children import Children
from tests.bench.figures import Budget, Figure

NAME = "datagrams"
SECONDS = 3
FLOODS = ((8_000, 50, Budget(0.6)), (20_000, 0, Budget(0.4)))
"""Datagrams a second, for how long the window stalls in the middle (ms), and the cores it may take."""


def measure(children: Children) -> list[Figure]:
    """None lost, at how much of a core."""
    figures = []
    for rate, stall_ms, cores in FLOODS:
        told = children.document(
            "tests.bench.datagrams_client",
            str(rate),
            str(SECONDS),
            str(stall_ms),
            **screen.environ(children),
        )
        during = f"{rate:,} datagrams/s for {SECONDS} s" + (f", a stall of {stall_ms} ms" if stall_ms else "")
        figures += [
            Figure(
                NAME,
                f"lost of {told['sent']:,}, {during}",
                told["sent"] - told["received"],
                "",
                Budget(0),
                note=f"into the Sockets panel, hex view following; SO_RCVBUF {told['receive_buffer']:,} granted; "
                f"{screen.words(children)}",
            ),
            Figure(NAME, f"cores used, {during}", told["cores"], "cores", cores),
        ]
        if not stall_ms:
            figures += beats(NAME, during, told["gaps_ms"])
    return figures
