"""A server under TLS on loopback, by Python's own ssl: it shows what it is given, and echoes."""

import asyncio
import contextlib
import ssl
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from workbench.wire.tls.values import Identity


@contextlib.asynccontextmanager
async def showing(identity: Identity) -> AsyncIterator[str]:
    """Yields HOST:PORT of the server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "server.pem")
        path.write_bytes(identity.chain + identity.key)
        context.load_cert_chain(path)

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(1000):
                writer.write(data)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0, ssl=context)
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()

    def refused_is_no_fault(its_loop: asyncio.AbstractEventLoop, told: dict[str, object]) -> None:
        """A client that refuses the certificate ends the handshake by an alert: what these tests are about."""
        if isinstance(told.get("exception"), ssl.SSLError):
            return
        (before or asyncio.AbstractEventLoop.default_exception_handler)(its_loop, told)

    loop.set_exception_handler(refused_is_no_fault)
    try:
        async with server:
            host, port = server.sockets[0].getsockname()
            yield f"{host}:{port}"
    finally:
        loop.set_exception_handler(before)
