"""The client of tests.bench.echo: python -m tests.bench.echo_client bare|asyncio|qt PORT ROUNDS [AUTHORITY].

With the file of an authority it is TLS. Prints JSON.
"""

import socket
import sys
import time
from pathlib import Path

from tests.bench.children import LOOPBACK, say
from tests.bench.engines import run_on
from tests.bench.figures import percentile

WARM_UP = 300
WORD = b"x" * 64


def bare(port: int, rounds: int, authority: str) -> list[float]:
    """A blocking socket of the standard library and nothing else; milliseconds a round."""
    took: list[float] = []
    with socket.create_connection((LOOPBACK, port)) as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = plain
        if authority:
            import ssl

            context = ssl.create_default_context(cafile=authority)
            connection = context.wrap_socket(plain, server_hostname=LOOPBACK)
        for _ in range(rounds):
            began = time.perf_counter()
            connection.sendall(WORD)
            left = len(WORD)
            while left:
                left -= len(connection.recv(left))
            took.append((time.perf_counter() - began) * 1000)
        connection.close()
    return took


async def through_stream(port: int, rounds: int, authority: str) -> list[float]:
    """The same through the wire, recorded."""
    from workbench.formats.target import parse_target
    from workbench.transcript.recorder import Transcript
    from workbench.wire.dial import dial

    transcript = Transcript()
    took: list[float] = []
    stream = await dial(parse_target(f"{LOOPBACK}:{port}"), transcript)
    if authority:
        from workbench.wire.tls.handshake import start_tls
        from workbench.wire.tls.setup import client_setup
        from workbench.wire.tls.values import TlsOptions, Trust

        trust = Trust(system=False, certificates=Path(authority).read_bytes())
        stream = await start_tls(stream, client_setup(TlsOptions(server_name=LOOPBACK, trust=trust)))
    async with stream:
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
    authority = sys.argv[4] if len(sys.argv) > 4 else ""
    took: list[float] = []
    if client == "bare":
        took += bare(port, rounds, authority)
    else:

        async def measured() -> None:
            took.extend(await through_stream(port, rounds, authority))

        run_on(client, measured)
    took = took[WARM_UP:]
    say({f"p{percent}_ms": percentile(took, percent) for percent in (50, 99)})


if __name__ == "__main__":
    main()
