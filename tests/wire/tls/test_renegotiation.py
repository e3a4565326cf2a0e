"""A client that negotiates again and again in TLS 1.2 is told no, and costs no second handshake."""

import asyncio

from OpenSSL import SSL

from tests.wire.tls.sides import server, sides
from workbench.wire.stream import Stream
from workbench.wire.tls.handshake import start_tls


async def pump(client: SSL.Connection, stream: Stream) -> None:
    """Send what the client has to say."""
    try:
        while True:
            await stream.send(client.bio_read(65536))
    except SSL.WantReadError:
        return


async def test_a_client_that_negotiates_again_is_refused():
    # Straight from the library: our own client never asks for this.
    client = SSL.Connection(SSL.Context(SSL.TLS_CLIENT_METHOD), None)
    client.set_connect_state()
    async with sides() as joined:
        serving = asyncio.create_task(start_tls(joined.right, server(max_version="1.2")))
        while True:
            try:
                client.do_handshake()
                break
            except SSL.WantReadError:
                await pump(client, joined.left)
                client.bio_write(await joined.left.read())
        await pump(client, joined.left)
        theirs = await serving
        assert client.renegotiate()
        try:
            client.do_handshake()
        except SSL.WantReadError:
            await pump(client, joined.left)
        reading = asyncio.create_task(theirs.read())
        answer = await joined.left.read()
        assert len(answer) < 100, (
            "a refusal is one alert, a second handshake would be a flight of certificates"
        )
        names = [e.values["alert"] for e in joined.transcript.events() if e.name == "tls.alert"]
        assert "no_renegotiation" in names
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await theirs.aclose()
