"""What a first opening costs the window: of each panel, of each page in a panel, of settings, diagnostics and help."""

from collections.abc import Mapping, Sequence

from tests.bench import screen
from tests.bench.children import Children
from tests.bench.figures import Budget, Figure, median

NAME = "opening"
RUNS = 3
LONGEST = Budget(200, 50)
"""The heartbeat's limit; the aim is what the heaviest job may cost."""
CLIENT = "tests.bench.opening_client"


def measure(children: Children) -> list[Figure]:
    """In the real window, one opening after another; a new process for each run, which finds nobody's session."""
    homes = [str(children.folder / f"opening-{number}") for number in range(RUNS + 1)]
    told = [children.document(CLIENT, **screen.environ(children), WORKBENCH_HOME=home) for home in homes]
    runs = told[1:]  # the first was for the compiled modules
    kinds = (("panel", "a panel"), ("page", "a page in a panel"), ("own", "settings, diagnostics or help"))
    return [_figure(f"first opening of {words}", [run[kind] for run in runs]) for kind, words in kinds]


def _figure(what: str, runs: Sequence[Mapping[str, float]]) -> Figure:
    """The worst of them all; each counts with the median of its runs."""
    longest = {name: median([run[name] for run in runs]) for name in runs[0]}
    slowest = max(longest, key=lambda name: longest[name])
    note = f"{slowest}, the slowest of {len(longest)}; median {median(list(longest.values())):.0f} ms"
    return Figure(NAME, f"{what}, longest block of the loop", longest[slowest], "ms", LONGEST, note=note)
