"""64 MiB into the transcript: how long, in how much memory, with which heartbeat; and what recording costs."""

import hashlib
import json
import shutil
from typing import Any

from tests.bench.children import LOOPBACK, Children
from tests.bench.figures import Budget, Figure, median, percentile
from tests.bench.servers import payload

NAME = "receive"
MIB = 64
OCTETS = MIB * 1024 * 1024
RUNS = 7
BEATING_RUNS = 24
"""With the window following: so many that the heartbeat's figures mean something (a tick in 10 ms)."""

TIME = Budget(0.2, 0.08)
FOLLOWING = Budget(0.4, 0.15)
RESIDENT = Budget(150)


def measure(children: Children) -> list[Figure]:
    """The engine on both loops, with the hex view following, recording on against off; beside ncat into a file."""
    port = str(children.server("source", str(OCTETS)))
    digest = hashlib.sha256(payload(OCTETS)).hexdigest()
    told = {
        how: _told(children, how, port, digest, runs)
        for how, runs in (
            ("asyncio-paired", RUNS),
            ("asyncio-paired-hashing", RUNS),
            ("qt", RUNS),
            ("qt-following", BEATING_RUNS),
        )
    }
    ncat = _ncat(children, port)
    return [*_times(told, ncat), *_costs(told), *_beats(told["qt-following"])]


def _times(told: dict[str, Any], ncat: float | None) -> list[Figure]:
    figures = []
    for how, title, budget in (
        ("asyncio-paired", "asyncio", TIME),
        ("qt", "the window's loop", TIME),
        ("qt-following", "the window's loop, hex view following", FOLLOWING),
    ):
        found = told[how]
        note = f"median of {len(found['seconds'])}, least {min(found['seconds']):.3f} s; SHA-256 equal"
        figures.append(
            Figure(
                NAME,
                f"{MIB} MiB received, {title}",
                median(found["seconds"]),
                "s",
                budget,
                peer="ncat into a file",
                theirs=ncat,
                note=note,
            )
        )
        figures.append(Figure(NAME, f"resident at most, {title}", found["peak_mib"], "MiB", RESIDENT))
    figures.append(
        Figure(
            NAME,
            f"{MIB} MiB received, against ncat",
            figures[0].ours / ncat if ncat and figures[0].ours else None,
            "x",
            Budget(1.0),
            note="time by ncat's time, its start-up included",
        )
    )
    return figures


def _costs(told: dict[str, Any]) -> list[Figure]:
    """Speed with the transcript by speed without, in turns on the same loop."""
    return [
        Figure(
            NAME,
            f"speed with the transcript by speed without, {title}",
            median(told[how]["seconds_off"]) / median(told[how]["seconds"]),
            "x",
            budget,
            more_is_better=True,
            note=f"{median(told[how]['seconds']):.3f} s by {median(told[how]['seconds_off']):.3f} s",
        )
        for how, title, budget in (
            ("asyncio-paired", "a consumer that drops", Budget(0.75)),
            ("asyncio-paired-hashing", "a consumer that hashes", Budget(0.75, 0.9)),
        )
    ]


def _beats(found: dict[str, Any]) -> list[Figure]:
    gaps = found["gaps_ms"]
    note = f"while {BEATING_RUNS} x {MIB} MiB are received, hex view following; {len(gaps):,} ticks of 10 ms"
    return [
        Figure(NAME, "heartbeat, longest gap", max(gaps), "ms", Budget(50), note=note),
        Figure(NAME, "heartbeat, p99", percentile(gaps, 99), "ms", Budget(20, 16)),
    ]


def _told(children: Children, how: str, port: str, digest: str, runs: int) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(
        children.document(
            "tests.bench.receive_client", how, port, digest, str(runs), QT_QPA_PLATFORM="offscreen"
        )
    )
    return told


def _ncat(children: Children, port: str) -> float | None:
    ncat = shutil.which("ncat")
    if ncat is None:
        return None
    file = children.folder / "received"
    command = [ncat, "--recv-only", LOOPBACK, port]
    took = [children.seconds(command, into=file) for _ in range(RUNS)]
    if file.stat().st_size != OCTETS:
        raise RuntimeError(f"ncat received {file.stat().st_size} octets of {OCTETS}")
    return median(took)
