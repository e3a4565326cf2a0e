"""The client of tests.bench.echo: python -m tests.bench.echo_client bare|asyncio|qt PORT ROUNDS, prints JSON."""

import json
import socket
import sys
import time

from tests.bench.engines import run_on
from tests.bench.figures import percentile

WARM_UP = 300
WORD = b"x" * 64


def bare(port: int, rounds: int) -> list[float]:
    """A blocking socket and nothing else; milliseconds a round."""
    took: list[float] = []
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(rounds):
            began = time.perf_counter()
            connection.sendall(WORD)
            left = len(WORD)
            while left:
                left -= len(connection.recv(left))
            took.append((time.perf_counter() - began) * 1000)
    return took


async def through_stream(port: int, rounds: int) -> list[float]:
    """The same through the wire, recorded."""
    from workbench.formats.target import parse_target
    from workbench.transcript.recorder import Transcript
    from workbench.wire.dial import dial

    transcript = Transcript()
    took: list[float] = []
    async with await dial(parse_target(f"127.0.0.1:{port}"), transcript) as stream:
        for _ in range(rounds):
            began = time.perf_counter()
            await stream.send(WORD)
            await stream.read_exactly(len(WORD))
            took.append((time.perf_counter() - began) * 1000)
    assert len(transcript) > 2 * rounds
    transcript.close()
    return took


def main() -> None:
    """Measure and print."""
    client, port, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) + WARM_UP
    took: list[float] = []
    if client == "bare":
        took += bare(port, rounds)
    else:

        async def measured() -> None:
            took.extend(await through_stream(port, rounds))

        run_on(client, measured)
    took = took[WARM_UP:]
    print(json.dumps({f"p{percent}_ms": percentile(took, percent) for percent in (50, 99)}))


if __name__ == "__main__":
    main()
