"""200 MB by FTP to disk, all of it recorded, beside lftp and curl, which record nothing."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.bench.beats import beats
from tests.bench.children import LOOPBACK, PYTHON, Children
from tests.bench.figures import Budget, Figure, median
from tests.bench.servers import PIECE, block, digest

NAME = "transfers"
OCTETS = 200_000_000
RUNS = 5
TIME = Budget(1.5)
CLIENT = "tests.bench.transfers_client"


def measure(children: Children) -> list[Figure]:
    """On both loops; the heartbeat is the window's."""
    folder = children.folder / "ftp"
    folder.mkdir()
    with open(folder / "large", "wb") as file:
        for place in range(0, OCTETS, PIECE):
            file.write(block()[: OCTETS - place])
    port = str(_server(children, folder))
    told = {
        how: children.document(
            CLIENT, how, port, str(RUNS), str(children.folder), digest(OCTETS), QT_QPA_PLATFORM="offscreen"
        )
        for how in ("asyncio", "qt")
    }
    figures = []
    for how, title in (("asyncio", "asyncio"), ("qt", "the window's loop")):
        took = told[how]["seconds"]
        note = f"median of {RUNS}, least {min(took):.2f} s; SHA-256 equal, recorded whole"
        for peer, command in _peers(port, children.folder / "got"):
            figures.append(
                Figure(
                    NAME,
                    f"200 MB by FTP to disk, recorded, {title}",
                    median(took),
                    "s",
                    TIME if peer.startswith("lftp") else Budget(),
                    peer=peer,
                    theirs=_theirs(children, command),
                    note=note if peer.startswith("lftp") else "",
                )
            )
    figures += beats(NAME, "200 MB by FTP", told["qt"]["gaps_ms"])
    figures.append(
        Figure(NAME, "resident at most, 200 MB by FTP, asyncio", told["asyncio"]["peak_mib"], "MiB")
    )
    (folder / "large").unlink()
    return figures


def _server(children: Children, folder: Path) -> int:
    child = children.start([PYTHON, "-m", "tests.bench.ftp_server", str(folder)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    return int(child.stdout.readline())


def _peers(port: str, place: Path) -> list[tuple[str, Sequence[str]]]:
    lftp, curl = shutil.which("lftp"), shutil.which("curl")
    url = f"ftp://{LOOPBACK}:{port}"
    fetching = f"set net:max-retries 1; open {url}; get /large -o {place}"
    return [
        ("lftp get", [lftp, "--norc", "-c", fetching] if lftp else []),
        ("curl -o", [curl, "-s", "-o", str(place), f"{url}/large"] if curl else []),
    ]


def _theirs(children: Children, command: Sequence[str]) -> float | None:
    if not command:
        return None
    place = children.folder / "got"
    took = []
    for _ in range(RUNS):
        took.append(children.seconds(command))
        if place.stat().st_size != OCTETS:
            raise RuntimeError(f"{command[0]} wrote {place.stat().st_size} octets of {OCTETS}")
        place.unlink()
    return median(took)
