"""A conversation of 1 GiB in the window's hex view: 200 jumps, a scroll, and the memory that takes."""

from tests.bench import screen
from tests.bench.beats import beats
from tests.bench.children import Children
from tests.bench.figures import Budget, Figure, median, percentile

NAME = "hexview"
JUMPS = 200
SCROLL_S, QUICK_SCROLL_S = 10, 2
JUMP = Budget(50)
MEMORY = Budget(64)


def measure(children: Children) -> list[Figure]:
    """In the real window."""
    seconds = QUICK_SCROLL_S if children.is_quick else SCROLL_S
    told = children.document(
        "tests.bench.hexview_client", str(JUMPS), str(seconds), **screen.environ(children)
    )
    jumps = told["jumps_ms"]
    return [
        Figure(
            NAME,
            f"a jump in 1 GiB, longest of {JUMPS}",
            max(jumps),
            "ms",
            JUMP,
            note=f"until it is painted; median {median(jumps):.1f} ms, p99 {percentile(jumps, 99):.1f} ms; "
            f"{screen.words(children)}",
        ),
        *beats(NAME, f"a scroll of {seconds} s through 1 GiB", told["gaps_ms"]),
        Figure(
            NAME,
            "memory up by 1 GiB, jumps and scroll",
            told["resident_mib"] - told["before_mib"],
            "MiB",
            MEMORY,
            note=f"{told['before_mib']:.0f} MiB before; at most {told['peak_mib']:.0f} MiB",
        ),
    ]
