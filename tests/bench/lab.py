"""The Lab: how soon it is ready, and how many short conversations a second it holds."""

import asyncio
import os
import shutil
import socket
import time
from collections.abc import Sequence
from contextlib import suppress

from tests.bench.children import LOOPBACK, Children, resident_mib
from tests.bench.figures import Budget, Figure, median
from tests.kit.ports import free_port
from workbench.lab.supervisor import Lab
from workbench.settings import places

NAME = "lab"
STARTS = 10
CONNECTS = 3000
OF_PEER = 300
"""Connections of a peer that starts a process for each."""
ROUNDS = 3
UP_WITHIN_S = 5.0
WORD = b"x" * 64


def measure(children: Children) -> list[Figure]:
    """Ready with echo; then one connection after the other, each with one echo, beside ncat and socat."""
    ready, rates, resident = asyncio.run(_ours(children))
    figures = [
        Figure(
            NAME,
            "Lab from its start to a ready echo",
            median(ready),
            "s",
            Budget(0.15),
            note=f"median of {STARTS}, least {min(ready):.3f} s",
        ),
        Figure(
            NAME,
            "resident, the Lab's process with echo",
            resident,
            "MiB",
            Budget(30),
            note=f"after {ROUNDS * CONNECTS:,} connections",
        ),
    ]
    for number, (peer, command) in enumerate(_peers()):
        theirs = _rate_of(children, command) if command else None
        figures.append(
            Figure(
                NAME,
                "connections a second, one echo each",
                max(rates),
                "/s",
                Budget(5000, 8000) if not number else Budget(),
                more_is_better=True,
                peer=peer,
                theirs=theirs,
                note=f"one after the other; best of {ROUNDS} rounds of {CONNECTS:,}; a peer's of {OF_PEER}",
            )
        )
    return figures


async def _ours(children: Children) -> tuple[list[float], list[float], float]:
    where = places(children.environ)
    # The Lab's process gets our environment: compiled modules are used there too.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    ready: list[float] = []
    rates: list[float] = []
    resident = 0.0
    for number in range(STARTS + 1):
        lab = Lab(where, join=False)
        try:
            began = time.perf_counter()
            address = await lab.start("echo")
            ready.append(time.perf_counter() - began)
            if number == STARTS:
                port = address.target.port
                assert port is not None
                rates = [await asyncio.to_thread(connects_a_second, port, CONNECTS) for _ in range(ROUNDS)]
                assert lab.pid is not None
                resident = resident_mib(lab.pid)
        finally:
            await lab.aclose()
    return ready[1:], rates, resident


def connects_a_second(port: int, count: int) -> float:
    """Connect, send a word, read it back, close; so often."""
    began = time.perf_counter()
    for _ in range(count):
        with socket.create_connection((LOOPBACK, port), timeout=UP_WITHIN_S) as connection:
            connection.sendall(WORD)
            left = len(WORD)
            while left:
                got = len(connection.recv(left))
                if not got:
                    raise RuntimeError(f"port {port} closed before its echo")
                left -= got
    return count / (time.perf_counter() - began)


def _peers() -> list[tuple[str, Sequence[str]]]:
    port = str(free_port())
    ncat, socat, cat = (shutil.which(name) for name in ("ncat", "socat", "cat"))
    return [
        ("ncat -lk -e cat", [ncat, "-l", LOOPBACK, port, "-k", "-e", cat] if ncat and cat else []),
        ("socat fork", [socat, f"TCP-LISTEN:{port},bind={LOOPBACK},fork,reuseaddr", "PIPE"] if socat else []),
    ]


def _rate_of(children: Children, command: Sequence[str]) -> float | None:
    port = next(
        int(word) for word in " ".join(command).replace(":", " ").replace(",", " ").split() if word.isdigit()
    )
    child = children.start(command)
    try:
        _wait_until_up(port)
        rates = []
        for _ in range(ROUNDS):
            # A peer that resets one of so many connections loses that round; seen with ncat.
            with suppress(ConnectionError):
                rates.append(connects_a_second(port, OF_PEER))
        return max(rates, default=None)
    finally:
        children.end(child)


def _wait_until_up(port: int) -> None:
    deadline = time.monotonic() + UP_WITHIN_S
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=0.2):
            return
        time.sleep(0.01)
    raise RuntimeError(f"nobody listens at port {port}")
