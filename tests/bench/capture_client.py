"""The writer of tests.bench.capture: python -m tests.bench.capture_client SIZE MEBIBYTES RUNS, prints JSON."""

import asyncio
import sys
import tempfile
import time

from tests.bench.children import say
from tests.bench.filling import MIB, fill, opened
from workbench.transcript.export import export


def main() -> None:
    """Record, save, print."""
    size, mebibytes, runs = map(int, sys.argv[1:])
    transcript, channel = opened()
    asyncio.run(fill(channel, mebibytes * MIB, event=size))
    seconds = []
    for _ in range(runs):
        with tempfile.TemporaryFile() as file:
            began = time.perf_counter()
            for piece in export(transcript, "pcapng"):
                file.write(piece)
            file.flush()
            seconds.append(time.perf_counter() - began)
            if file.tell() < mebibytes * MIB:
                raise RuntimeError("the capture is smaller than what was said")
    say({"seconds": seconds, "events": len(transcript)})
    transcript.close()


if __name__ == "__main__":
    main()
