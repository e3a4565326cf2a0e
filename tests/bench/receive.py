"""64 MiB and 1 GiB into the transcript: how long, in how much memory; and what recording costs."""

import shutil
from collections.abc import Sequence
from typing import Any

from tests.bench.children import ANY_CODE, LOOPBACK, Children
from tests.bench.figures import Budget, Figure, median

NAME = "receive"
MIB = 1024 * 1024
SMALL, LARGE = 64 * MIB, 1024 * MIB
RUNS, LARGE_RUNS = 9, 2

TIME = Budget(0.2, 0.08)
RESIDENT = Budget(150)


def measure(children: Children) -> list[Figure]:
    """The engine on both loops, recording on against off; beside ncat, socat and Packet Sender."""
    port = str(children.server("source", str(SMALL)))
    told = {
        how: children.document(CLIENT, how, port, str(SMALL), str(RUNS), QT_QPA_PLATFORM="offscreen")
        for how in ("asyncio-paired", "asyncio-paired-hashing", "qt")
    }
    peers = {peer: into_a_file(children, command) for peer, command in _peers(port)}
    figures = [*_times(told, peers), *_costs(told, "64 MiB")]
    figures.append(_packet_sender(children, port, figures[0].ours))
    if not children.is_quick:
        figures += _large(children)
    return figures


CLIENT = "tests.bench.receive_client"


def _times(told: dict[str, Any], peers: dict[str, float | None]) -> list[Figure]:
    figures = []
    for how, title in (("asyncio-paired", "asyncio"), ("qt", "the window's loop")):
        found = told[how]
        note = f"median of {len(found['seconds'])}, least {min(found['seconds']):.3f} s; SHA-256 equal"
        for peer, theirs in peers.items():
            is_first = peer == next(iter(peers))
            figures.append(
                Figure(
                    NAME,
                    f"64 MiB received, {title}",
                    median(found["seconds"]),
                    "s",
                    TIME if is_first else Budget(),
                    peer=f"{peer} into a file",
                    theirs=theirs,
                    note=note if is_first else "",
                )
            )
        figures.append(Figure(NAME, f"resident at most, {title}", found["peak_mib"], "MiB", RESIDENT))
    figures.append(against("64 MiB received, against ncat", figures[0].ours, peers["ncat"], NAME))
    return figures


def against(what: str, ours: float | None, theirs: float | None, measurement: str) -> Figure:
    """No slower than ncat."""
    ratio = ours / theirs if ours and theirs else None
    note = "time by ncat's time, its start-up included" if theirs else "ncat is not installed"
    return Figure(measurement, what, ratio, "x", Budget(1.0), note=note)


def _costs(told: dict[str, Any], size: str) -> list[Figure]:
    """Speed with the transcript by speed without, in turns on the same loop."""
    least = 0.75 if size == "64 MiB" else 0.5
    figures = []
    for how, title, budget in (
        ("asyncio-paired", "a consumer that drops", Budget(least)),
        ("asyncio-paired-hashing", "a consumer that hashes", Budget(least, 0.9)),
    ):
        on, off = told[how]["seconds"], told[how]["seconds_off"]
        figures.append(
            Figure(
                NAME,
                f"speed with the transcript by speed without, {size}, {title}",
                median([without / with_it for without, with_it in zip(off, on, strict=True)]),
                "x",
                budget,
                more_is_better=True,
                note=f"{median(on):.3f} s by {median(off):.3f} s, in turns; median of {len(on)} pairs",
            )
        )
    return figures


def _large(children: Children) -> list[Figure]:
    port = str(children.server("source", str(LARGE)))
    told = {
        how: children.document(CLIENT, how, port, str(LARGE), str(LARGE_RUNS))
        for how in ("asyncio-paired", "asyncio-paired-hashing")
    }
    took, ncat = told["asyncio-paired"]["seconds"], dict(_peers(port))["ncat"]
    theirs = into_a_file(children, ncat, LARGE, 1)
    return [
        Figure(
            NAME,
            "1 GiB received, asyncio",
            median(took),
            "s",
            peer="ncat into a file",
            theirs=theirs,
            note=f"median of {LARGE_RUNS}, least {min(took):.2f} s; SHA-256 equal",
        ),
        Figure(NAME, "resident at most, 1 GiB, asyncio", told["asyncio-paired"]["peak_mib"], "MiB", RESIDENT),
        *_costs(told, "1 GiB"),
    ]


def _peers(port: str) -> list[tuple[str, Sequence[str]]]:
    ncat, socat = shutil.which("ncat"), shutil.which("socat")
    return [
        ("ncat", [ncat, "--recv-only", LOOPBACK, port] if ncat else []),
        ("socat", [socat, "-u", f"TCP:{LOOPBACK}:{port}", "-"] if socat else []),
    ]


def into_a_file(
    children: Children, command: Sequence[str], octets: int = SMALL, runs: int = RUNS
) -> float | None:
    """Seconds of a peer that writes what it receives into a file; None when it is not installed."""
    if not command:
        return None
    file = children.folder / "received"
    took = [children.seconds(command, into=file) for _ in range(runs)]
    if file.stat().st_size != octets:
        raise RuntimeError(f"{command[0]} received {file.stat().st_size} octets of {octets}")
    file.unlink()
    return median(took)


def _packet_sender(children: Children, port: str, ours: float | None) -> Figure:
    """Its terminal face prints what arrives within the time it is told to listen, in hexadecimal digits."""
    command = shutil.which("packetsender")
    note = theirs = None
    if command is not None:
        file = children.folder / "packets"
        listening = [command, "-q", "-t", "-w", "3000", "-a", LOOPBACK, port, "x"]
        theirs = children.seconds(listening, into=file, codes=ANY_CODE)
        printed = file.read_bytes()
        got = (len(printed) - printed.count(b" ") - printed.count(b"\n")) // 2
        note = f"of one run; Packet Sender printed {100 * got / SMALL:.2f} % of the octets"
        file.unlink()
    return Figure(
        NAME,
        "64 MiB received, asyncio",
        ours,
        "s",
        peer="Packet Sender -w 3000, as hex into a file",
        theirs=theirs,
        note=note or "",
    )
