"""The client of tests.bench.hexlog: python -m tests.bench.hexlog_client PORT RUNS, prints JSON."""

import asyncio
import sys
import tempfile
import time

from tests.bench.children import LOOPBACK, say
from workbench.formats.target import parse_target
from workbench.transcript.export import export
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.dial import dial


async def received(port: str, transcript: Transcript) -> None:
    """Receive all of it."""
    async with await dial(parse_target(f"{LOOPBACK}:{port}"), transcript) as stream:
        while await stream.read():
            pass


def main() -> None:
    """Receive, dump, print."""
    port, runs = sys.argv[1], int(sys.argv[2])
    seconds, sizes = [], []
    for _ in range(runs):
        transcript = Transcript()
        with tempfile.TemporaryFile() as file:
            began = time.perf_counter()
            asyncio.run(received(port, transcript))
            for piece in export(transcript, "hex"):
                file.write(piece)
            file.flush()
            seconds.append(time.perf_counter() - began)
            octets = len(transcript.stream(0, Direction.RECEIVED, "tcp"))
            if file.tell() < 3 * octets:
                raise RuntimeError("the dump is smaller than what was received")
            sizes.append(octets)
        transcript.close()
    say({"seconds": seconds, "octets": sizes})


if __name__ == "__main__":
    main()
