"""The client of tests.bench.receive: python -m tests.bench.receive_client HOW PORT SHA256 RUNS, prints JSON.

HOW: asyncio or qt; with "-paired" each run is followed by one through a store that keeps nothing; with "-hashing" the
consumer hashes; with "-following" the window's Conversation shows it in its hex form, and the heartbeat is taken.
"""

import hashlib
import json
import os
import socket
import sys
import time
from typing import Any

from tests.bench.children import resident_mib
from tests.bench.engines import ASYNCIO, QT, run_on
from workbench.formats.target import parse_target
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.dial import dial
from workbench.wire.stream import Stream

HASHED_AT_ONCE = 1024 * 1024


class Nowhere:
    """A channel that keeps nothing: the same Stream without its transcript."""

    def received(self, _data: bytes, **_more: object) -> int:
        """Drop octets."""
        return 0

    sent = received

    def fact(self, _name: str, **_values: object) -> int:
        """Drop a fact."""
        return 0

    def named(self, **_names: object) -> None:
        """Drop a name."""


class Client:
    """Receives everything, as often as asked, and notes how long each time took."""

    def __init__(self, how: str, port: int, digest: str, runs: int) -> None:
        self.loop, *words = how.split("-")
        self.is_paired = "paired" in words
        self.is_hashing = "hashing" in words
        self.is_following = "following" in words
        self.port = port
        self.digest = digest
        self.runs = runs
        self.seconds: list[float] = []
        self.seconds_off: list[float] = []
        self.gaps_ms: list[float] = []

    async def main(self) -> None:
        """All runs."""
        if self.is_following:
            await self._follow()
            return
        for _ in range(self.runs):
            transcript = Transcript()
            self.seconds.append(await self._receive(transcript))
            self._check(transcript)
            transcript.close()
            if self.is_paired:
                self.seconds_off.append(await self._receive(None))

    async def _follow(self) -> None:
        from tests.bench.follower import Follower

        follower = Follower()
        await follower.open()
        for _ in range(self.runs):
            transcript = Transcript()
            follower.show(transcript)
            follower.pulse.start()
            self.seconds.append(await self._receive(transcript))
            await follower.until_shown()
            follower.pulse.stop()
            self.gaps_ms += follower.gaps_ms
            self._check(transcript)
            follower.show(None)
            transcript.close()
        await follower.close()

    async def _receive(self, transcript: Transcript | None) -> float:
        found = hashlib.sha256()
        began = time.perf_counter()
        async with await self._opened(transcript) as stream:
            while data := await stream.read():
                if self.is_hashing:
                    found.update(data)
        took_s = time.perf_counter() - began
        if self.is_hashing and found.hexdigest() != self.digest:
            raise RuntimeError("what arrived is not what was sent")
        return took_s

    async def _opened(self, transcript: Transcript | None) -> Stream:
        if transcript is not None:
            return await dial(parse_target(f"127.0.0.1:{self.port}"), transcript)
        sock = socket.create_connection(("127.0.0.1", self.port))
        sock.setblocking(False)
        return Stream(sock, Nowhere())  # type: ignore[arg-type]  # of a channel's shape

    def _check(self, transcript: Transcript) -> None:
        """What was recorded is what was sent; read back as a view reads it."""
        stream = transcript.stream(0, Direction.RECEIVED, "tcp")
        found = hashlib.sha256()
        for start in range(0, len(stream), HASHED_AT_ONCE):
            found.update(stream.read(start, start + HASHED_AT_ONCE))
        if found.hexdigest() != self.digest:
            raise RuntimeError(f"what was recorded ({len(stream)} octets) is not what was sent")

    def told(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "seconds": self.seconds,
            "seconds_off": self.seconds_off,
            "gaps_ms": self.gaps_ms,
            "peak_mib": resident_mib(os.getpid(), "VmHWM"),
        }


def main() -> None:
    """Measure and print."""
    how, port, digest, runs = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    client = Client(how, port, digest, runs)
    assert client.loop in (ASYNCIO, QT)
    run_on(client.loop, client.main)
    print(json.dumps(client.told()))


if __name__ == "__main__":
    main()
