"""One echo of 64 octets, there and back, through Stream with the transcript on; beside a bare blocking socket."""

import json

from tests.bench.children import Children
from tests.bench.figures import Budget, Figure

NAME = "echo"
ROUNDS = 5000
CLIENTS = {"asyncio": "asyncio", "qt": "the window's loop"}


def measure(children: Children) -> list[Figure]:
    """p50 and p99 on both loops."""
    port = str(children.server("echo"))
    told = {name: _told(children, name, port) for name in ("bare", *CLIENTS)}
    figures = []
    for client, title in CLIENTS.items():
        for percent, budget in ((50, Budget(0.15, 0.10)), (99, Budget())):
            figures.append(
                Figure(
                    NAME,
                    f"echo of 64 octets, transcript on, {title}, p{percent}",
                    told[client][f"p{percent}_ms"],
                    "ms",
                    budget,
                    peer="bare blocking socket",
                    theirs=told["bare"][f"p{percent}_ms"],
                    note=f"{ROUNDS:,} rounds" if percent == 50 else "",
                )
            )
    return figures


def _told(children: Children, client: str, port: str) -> dict[str, float]:
    told: dict[str, float] = json.loads(
        children.document("tests.bench.echo_client", client, port, str(ROUNDS), QT_QPA_PLATFORM="offscreen")
    )
    return told
