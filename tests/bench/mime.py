"""A large letter taken apart, one of many parts, and an mbox of ten thousand, beside Python's email and mailbox."""

from tests.bench.children import Children
from tests.bench.figures import Budget, Figure, median

NAME = "mime"
RUNS = 2
WHAT = {
    "large": ("a letter with a 25 MB attachment: tree with the octets of every part", Budget(0.4), "email"),
    "decoded": ("the same, contents decoded and hashed", Budget(), "email"),
    "many": ("a letter of 5,000 parts", Budget(0.5), "email"),
    "deep": ("a letter nested 500 levels deep", Budget(0.3), "email"),
    "box": ("an mbox of 10,000 letters: where each begins", Budget(), "mailbox"),
    "rows": ("the same, From, Subject and Date of each decoded", Budget(2), "mailbox"),
}


def measure(children: Children) -> list[Figure]:
    """Without a window; a child of its own, since the library's trees take memory."""
    told = children.document("tests.bench.mime_client", str(children.folder), str(RUNS))
    return [
        Figure(
            NAME,
            what,
            median(told[name]["ours"]),
            "s",
            budget,
            peer=peer,
            theirs=median(told[name]["theirs"]),
            note=f"median of {RUNS}",
        )
        for name, (what, budget, peer) in WHAT.items()
    ]
