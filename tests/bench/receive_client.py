"""The client of tests.bench.receive: python -m tests.bench.receive_client HOW PORT OCTETS RUNS [AUTHORITY].

HOW: asyncio or qt; with "-paired" each run is followed by one through a store that keeps nothing; with "-hashing" the
consumer hashes; with "-following" the real window shows it in hex, and the heartbeat is taken. With the file of an
authority it is TLS, and the records are kept beside the plaintext. Prints JSON.
"""

import hashlib
import os
import socket
import sys
import time
from pathlib import Path
from typing import Any

from tests.bench.children import resident_mib, say
from tests.bench.engines import ASYNCIO, QT, run_on
from tests.bench.servers import digest
from workbench.formats.target import parse_target
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.dial import dial
from workbench.wire.stream import Stream

HASHED_AT_ONCE = 1024 * 1024


class Nowhere:
    """A channel that keeps nothing: the same Stream without its transcript."""

    is_behind = False

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

    def __init__(self, how: str, port: int, octets: int, runs: int, authority: str = "") -> None:
        self.loop, *words = how.split("-")
        self.is_paired = "paired" in words
        self.is_hashing = "hashing" in words
        self.is_following = "following" in words
        self.port = port
        self.octets = octets
        self.digest = digest(octets)
        self.runs = runs
        self.layer = "tls" if authority else "tcp"
        self.setup: Any = None
        if authority:
            from workbench.wire.tls.setup import client_setup
            from workbench.wire.tls.values import TlsOptions, Trust

            trust = Trust(system=False, certificates=Path(authority).read_bytes())
            self.setup = client_setup(TlsOptions(server_name="127.0.0.1", trust=trust))
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
        from tests.bench.real_window import RealWindow

        async with RealWindow() as window:
            for _ in range(self.runs):
                transcript = Transcript()
                window.show(transcript)
                window.pulse.start()
                self.seconds.append(await self._receive(transcript, window))
                await window.until_shown()
                window.pulse.stop()
                self._check(transcript)
                if len(window.hex.provider) != self.octets or not window.hex.is_following:
                    raise RuntimeError(
                        f"the window shows {len(window.hex.provider)} octets, following: {window.hex.is_following}"
                    )
                window.show(None)
                transcript.close()
            self.gaps_ms = window.pulse.all_ms

    async def _receive(self, transcript: Transcript | None, window: Any = None) -> float:
        found = hashlib.sha256()
        is_chosen = window is None
        began = time.perf_counter()
        async with await self._opened(transcript) as stream:
            while data := await stream.read():
                is_chosen = is_chosen or window.choose(self.layer)
                if self.is_hashing:
                    found.update(data)
        took_s = time.perf_counter() - began
        if self.is_hashing and found.hexdigest() != self.digest:
            raise RuntimeError("what arrived is not what was sent")
        return took_s

    async def _opened(self, transcript: Transcript | None) -> Stream:
        if transcript is None:
            sock = socket.create_connection(("127.0.0.1", self.port))
            sock.setblocking(False)
            return Stream(sock, Nowhere())  # type: ignore[arg-type]  # of a channel's shape
        stream = await dial(parse_target(f"127.0.0.1:{self.port}"), transcript)
        if self.setup is None:
            return stream
        from workbench.wire.tls.handshake import start_tls

        return await start_tls(stream, self.setup)

    def _check(self, transcript: Transcript) -> None:
        """What was recorded is what was sent; read back as a view reads it."""
        stream = transcript.stream(0, Direction.RECEIVED, self.layer)
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
    how, port, octets, runs, *authority = sys.argv[1:]
    client = Client(how, int(port), int(octets), int(runs), *authority)
    assert client.loop in (ASYNCIO, QT)
    run_on(client.loop, client.main)
    say(client.told())


if __name__ == "__main__":
    main()
