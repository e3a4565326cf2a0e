"""A search through 1 GiB by the window's filter: plain text, a regular expression, and one that never ends."""

from tests.bench import screen
from tests.bench.beats import beats
from tests.bench.children import Children
from tests.bench.figures import Budget, Figure

NAME = "search"
SEARCHES = (
    ("plain text", "text", "needle in the hay", Budget(2, 1)),
    ("a regular expression", "regex", "need[a-z]+ in .* hay", Budget()),
    ("a regular expression that explodes", "regex", "(a+)+$", Budget()),
)
EXPLODING_S = 5
"""It would go on for minutes: so long the window is watched."""


def measure(children: Children) -> list[Figure]:
    """In the real window; nothing is found but in the last event."""
    figures = []
    for title, mode, words, budget in SEARCHES:
        seconds = EXPLODING_S if "explodes" in title else 60
        told = children.document(
            "tests.bench.searching_client", mode, words, str(seconds), **screen.environ(children)
        )
        what = f"search of 1 GiB for {title}"
        if "explodes" not in title:
            figures.append(
                Figure(NAME, what, told["seconds"], "s", budget, note=f"{words!r}; {screen.words(children)}")
            )
        figures += beats(NAME, what, told["gaps_ms"])
    return figures
