"""The HTTP proxy, spoken to by plain sockets."""

import base64
import contextlib
import http.client

import pytest

from tests.kit.ports import free_port
from tests.kit.scripted_peer import scripted_peer
from tests.lab.houses import SOON_S, client_of, serving


def connect(place: str, *fields: bytes) -> bytes:
    return b"\r\n".join([b"CONNECT " + place.encode() + b" HTTP/1.1", *fields, b"", b""])


async def test_it_leads_to_a_server_and_each_half_ends_by_itself():
    with scripted_peer([("expect", b"question"), ("wait_eof",), ("send", b"answer")]) as peer:
        async with serving("proxy-http") as served, client_of(served) as client:
            await client.send(connect(str(peer)))
            assert await client.line() == b"HTTP/1.1 200 Connection established\r\n"
            assert await client.line() == b"\r\n"
            await client.send(b"question")
            client.finish()
            assert await client.rest() == b"answer"


async def test_the_standard_library_goes_through_it():
    import asyncio

    page = b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    ask = b"GET / HTTP/1.1\r\nHost: "
    with scripted_peer([("expect", ask), ("send", page), ("finish",), ("stall",)]) as peer:
        async with serving("proxy-http") as served:

            def fetch() -> bytes:
                connection = http.client.HTTPConnection(served.host, served.port, timeout=SOON_S)
                with contextlib.closing(connection):
                    connection.set_tunnel(peer.host, peer.port)
                    connection.request("GET", "/")
                    with connection.getresponse() as response:
                        return response.read()

            assert await asyncio.to_thread(fetch) == b"hi"


async def test_it_says_why_not():
    port = free_port()
    cases = [
        (connect(f"127.0.0.1:{port}"), b"502"),
        (connect("192.0.2.1:80"), b"403"),
        (connect("evil.test:80"), b"403"),
        (b"GET http://127.0.0.1/ HTTP/1.1\r\n\r\n", b"405"),
        (b"\x05\x01\x00\r\n\r\n", b"400"),
    ]
    async with serving("proxy-http") as served:
        for request, status in cases:
            async with client_of(served) as client:
                await client.send(request)
                assert (await client.rest()).split(b" ")[1] == status


async def test_it_asks_for_a_login_when_told_to():
    token = base64.b64encode(b"me:secret")
    async with serving("proxy-http", user="me", password="secret") as served:
        for field in (b"X: y", b"Proxy-Authorization: Basic " + base64.b64encode(b"me:wrong")):
            async with client_of(served) as client:
                await client.send(connect("192.0.2.1:80", field))
                answer = await client.rest()
                assert b" 407 " in answer
                assert b"Proxy-Authenticate: Basic" in answer
        async with client_of(served) as client:
            await client.send(connect("192.0.2.1:80", b"Proxy-Authorization: Basic " + token))
            assert b" 403 " in await client.rest()


@pytest.mark.parametrize(
    ("lie", "answer"), [("wrong-version", b"HTTP/9.9 200"), ("truncated", b"HTTP/1.1 200 Connection estab")]
)
async def test_it_lies_when_told_to(lie: str, answer: bytes):
    async with serving("proxy-http", lie=lie) as served, client_of(served) as client:
        await client.send(connect("127.0.0.1:9"))
        assert (await client.rest()).startswith(answer)


async def test_it_never_ends_its_header_when_told_to():
    async with serving("proxy-http", lie="endless") as served, client_of(served) as client:
        await client.send(connect("127.0.0.1:9"))
        assert b"\r\n\r\n" not in await client.exactly(100_000)


async def test_a_client_that_sends_no_end_is_answered_within_a_bound():
    async with serving("proxy-http") as served, client_of(served) as client:
        await client.send(b"CONNECT x:1 HTTP/1.1\r\n" + b"X: y\r\n" * 5000)
        client.finish()
        assert b" 405 " in await client.rest()
