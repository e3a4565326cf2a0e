"""What is received, kept as a hex dump in a file: ours with direction, time and offsets, beside ncat's and socat's."""

import shutil
from collections.abc import Sequence

from tests.bench.children import LOOPBACK, Children
from tests.bench.figures import Budget, Figure, median

NAME = "hexlog"
MIB = 1024 * 1024
LARGE, SMALL = 32, 4
"""MiB: ours takes seconds for as much as socat takes a minute for."""
RUNS = 2
RATE = Budget(64 / 3.5)
"""64 MiB in 3.5 s."""


def measure(children: Children) -> list[Figure]:
    """MiB a second, from connecting to the whole dump in a file."""
    mebibytes = SMALL if children.is_quick else LARGE
    told = children.document(
        "tests.bench.hexlog_client", str(children.server("source", str(mebibytes * MIB))), str(RUNS)
    )
    ours = mebibytes / median(told["seconds"])
    port = str(children.server("source", str(SMALL * MIB)))
    figures = []
    for number, (peer, command) in enumerate(_peers(children, port)):
        took = children.seconds(command) if command else None
        figures.append(
            Figure(
                NAME,
                "received into a hex dump",
                ours,
                "MiB/s",
                Budget() if number else RATE,
                more_is_better=True,
                peer=peer,
                theirs=SMALL / took if took else None,
                note=f"{mebibytes} MiB, median of {RUNS}; a peer's {SMALL} MiB, once, its start-up included",
            )
        )
    return figures


def _peers(children: Children, port: str) -> list[tuple[str, Sequence[str]]]:
    ncat, socat = shutil.which("ncat"), shutil.which("socat")
    dump = children.folder / "dump"
    address = f"TCP:{LOOPBACK}:{port}"
    return [
        ("ncat -x", [ncat, "--recv-only", "-x", str(dump), LOOPBACK, port] if ncat else []),
        ("socat -x", [socat, "-x", "-u", address, "/dev/null"] if socat else []),
        ("socat -v", [socat, "-v", "-u", address, "/dev/null"] if socat else []),
    ]
