"""The same over TLS, plaintext and records both kept: 64 MiB and 1 GiB, beside ncat and socat."""

import shutil
from typing import Any

from tests.bench import certificates
from tests.bench.children import LOOPBACK, Children
from tests.bench.figures import Budget, Figure, median
from tests.bench.receive import CLIENT, LARGE, SMALL, into_a_file

NAME = "tls"
RUNS, LARGE_RUNS = 5, 2
TIME = Budget(0.4, 0.15)
RATE = Budget(200, 500)
RESIDENT = Budget(150)


def measure(children: Children) -> list[Figure]:
    """The engine on both loops."""
    files = certificates.files(children)
    port = str(children.server("source", str(SMALL), files.chain, files.key))
    ncat, socat = shutil.which("ncat"), shutil.which("socat")
    peers = {
        "ncat --ssl": [ncat, "--recv-only", "--ssl", LOOPBACK, port] if ncat else [],
        "socat OPENSSL": [socat, "-u", f"OPENSSL:{LOOPBACK}:{port},verify=0", "-"] if socat else [],
    }
    theirs = {peer: into_a_file(children, command, runs=RUNS) for peer, command in peers.items()}
    figures = []
    for loop, title in (("asyncio", "asyncio"), ("qt", "the window's loop")):
        told = children.document(
            CLIENT, loop, port, str(SMALL), str(RUNS), files.authority, QT_QPA_PLATFORM="offscreen"
        )
        for number, (peer, took) in enumerate(theirs.items()):
            figures.append(
                Figure(
                    NAME,
                    f"64 MiB received over TLS, {title}",
                    median(told["seconds"]),
                    "s",
                    Budget() if number else TIME,
                    peer=f"{peer} into a file",
                    theirs=took,
                    note="" if number else _note(told["seconds"]),
                )
            )
        figures.append(Figure(NAME, f"resident at most over TLS, {title}", told["peak_mib"], "MiB", RESIDENT))
    return figures if children.is_quick else [*figures, *_large(children, files)]


def _large(children: Children, files: certificates.Files) -> list[Figure]:
    port = str(children.server("source", str(LARGE), files.chain, files.key))
    told: Any = children.document(CLIENT, "asyncio", port, str(LARGE), str(LARGE_RUNS), files.authority)
    took = told["seconds"]
    return [
        Figure(
            NAME, "1 GiB over TLS", 1024 / median(took), "MiB/s", RATE, more_is_better=True, note=_note(took)
        ),
        Figure(NAME, "resident at most, 1 GiB over TLS", told["peak_mib"], "MiB", RESIDENT),
    ]


def _note(took: list[float]) -> str:
    return f"median of {len(took)}, least {min(took):.3f} s; SHA-256 equal; verified, records kept too"
