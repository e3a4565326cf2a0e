"""100 MB by HTTP, all of it recorded, beside `curl --trace`, which records it too, and curl that records nothing."""

import shutil
import subprocess
from pathlib import Path

from tests.bench.beats import beats
from tests.bench.children import LOOPBACK, PYTHON, Children
from tests.bench.figures import Budget, Figure, median
from tests.bench.servers import digest

NAME = "web"
OCTETS = 100 * 1024 * 1024
RUNS = 3
TIME = Budget(2.0)
CLIENT = "tests.bench.web_client"


def measure(children: Children) -> list[Figure]:
    """On both loops; the heartbeat is the window's."""
    port = str(_server(children))
    told = {
        how: children.document(
            CLIENT, how, port, str(RUNS), str(children.folder), digest(OCTETS), QT_QPA_PLATFORM="offscreen"
        )
        for how in ("asyncio", "qt")
    }
    theirs = _curl(children, port)
    figures = []
    for how, title in (("asyncio", "asyncio"), ("qt", "the window's loop")):
        took = told[how]["seconds"]
        note = f"median of {RUNS}, least {min(took):.2f} s; SHA-256 equal, recorded whole"
        figures += [
            Figure(
                NAME,
                f"100 MiB by HTTP, recorded, {title}",
                median(took),
                "s",
                TIME if peer.endswith("--trace") else Budget(),
                peer=peer,
                theirs=seconds,
                note=note if peer.endswith("--trace") else "",
            )
            for peer, seconds in theirs
        ]
    figures += beats(NAME, "100 MiB by HTTP", told["qt"]["gaps_ms"])
    figures.append(
        Figure(NAME, "resident at most, 100 MiB by HTTP, asyncio", told["asyncio"]["peak_mib"], "MiB")
    )
    return figures


def _server(children: Children) -> int:
    child = children.start([PYTHON, "-m", "tests.bench.web_server", str(OCTETS)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    return int(child.stdout.readline())


def _curl(children: Children, port: str) -> list[tuple[str, float | None]]:
    curl = shutil.which("curl")
    url = f"http://{LOOPBACK}:{port}/"
    trace, place = children.folder / "trace", children.folder / "got"
    if curl is None:
        return [("curl --trace", None), ("curl -o", None)]
    traced = [curl, "-s", "--trace", str(trace), "-o", str(place), url]
    # Its trace is four times as large as what it traces, and takes ten seconds: once is enough.
    found = [("curl --trace", _seconds(children, traced, place))]
    trace.unlink()
    plain = median([_seconds(children, [curl, "-s", "-o", str(place), url], place) for _ in range(RUNS)])
    return [*found, ("curl -o", plain)]


def _seconds(children: Children, command: list[str], place: Path) -> float:
    took = children.seconds(command)
    if place.stat().st_size != OCTETS:
        raise RuntimeError(f"{command[0]} wrote {place.stat().st_size} octets of {OCTETS}")
    place.unlink()
    return took
