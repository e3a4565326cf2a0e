"""One echo of 64 octets, there and back, through Stream with the transcript on; beside a bare blocking socket."""

from tests.bench import certificates
from tests.bench.children import Children
from tests.bench.figures import Budget, Figure

NAME = "echo"
ROUNDS = 5000
CLIENTS = {"asyncio": "asyncio", "qt": "the window's loop"}


def measure(children: Children) -> list[Figure]:
    """p50 and p99 on both loops, in plain and over TLS."""
    files = certificates.files(children)
    plain, protected = (children.server("echo"), children.server("echo", files.chain, files.key))
    return [
        *_figures(children, "", plain, [], Budget(0.15, 0.10)),
        *_figures(children, " over TLS", protected, [files.authority], Budget(0.20, 0.12)),
    ]


def _figures(children: Children, how: str, port: int, trusted: list[str], budget: Budget) -> list[Figure]:
    told = {
        client: children.document(
            "tests.bench.echo_client",
            client,
            str(port),
            str(ROUNDS),
            *trusted,
            QT_QPA_PLATFORM="offscreen",
        )
        for client in ("bare", *CLIENTS)
    }
    return [
        Figure(
            NAME,
            f"echo of 64 octets{how}, transcript on, {title}, p{percent}",
            told[client][f"p{percent}_ms"],
            "ms",
            budget if percent == 50 else Budget(),
            peer=f"bare blocking {'ssl' if trusted else 'socket'}",
            theirs=told["bare"][f"p{percent}_ms"],
            note=f"{ROUNDS:,} rounds" if percent == 50 else "",
        )
        for client, title in CLIENTS.items()
        for percent in (50, 99)
    ]
