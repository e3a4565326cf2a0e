"""Any place of a large transcript: 1 GiB in large events, and 16 million small ones."""

from tests.bench.children import Children
from tests.bench.figures import Budget, Figure, median, percentile

NAME = "places"
PLACES = 20_000
MILLION = 1024 * 1024
LARGE, SMALL, QUICK_SMALL = 4096, 16 * MILLION, MILLION
P99, LONGEST = Budget(16, 8), Budget(50)


def measure(children: Children) -> list[Figure]:
    """A page of 50 events with the beginning of their octets, anywhere."""
    small = QUICK_SMALL if children.is_quick else SMALL
    return [
        *_figures(children, LARGE, 256 * 1024, "1 GiB in 4,096 events"),
        *_figures(children, small, 64, f"{small // MILLION} million events of 64 octets"),
    ]


def _figures(children: Children, events: int, size: int, title: str) -> list[Figure]:
    told = children.document("tests.bench.places_client", str(events), str(size), str(PLACES))
    took = told["took_ms"]
    what = f"50 events at any place, {title}"
    note = f"{PLACES:,} places; median {median(took):.2f} ms"
    return [
        Figure(NAME, f"{what}, p99", percentile(took, 99), "ms", P99, note=note),
        Figure(NAME, f"{what}, longest", max(took), "ms", LONGEST),
        Figure(
            NAME,
            f"memory of {title}",
            told["resident_mib"] - told["before_mib"],
            "MiB",
            note=f"recorded in {told['recorded_s']:.1f} s, {events / told['recorded_s']:,.0f} events/s",
        ),
    ]
