"""The SOCKS5 proxy, spoken to by plain sockets and by octets written by hand."""

import socket

import pytest

from tests.kit.ports import free_port
from tests.kit.scripted_peer import scripted_peer
from tests.lab.houses import client_of, serving

HELLO, NO_LOGIN = b"\x05\x01\x00", b"\x05\x00"


def ask(port: int, host: bytes = b"\x7f\x00\x00\x01", command: int = 1) -> bytes:
    return bytes((5, command, 0, 1)) + host + port.to_bytes(2, "big")


async def test_it_leads_to_a_server_and_each_half_ends_by_itself():
    with scripted_peer([("expect", b"question"), ("wait_eof",), ("send", b"answer")]) as peer:
        async with serving("proxy-socks5") as served, client_of(served) as client:
            await client.send(HELLO)
            assert await client.exactly(2) == NO_LOGIN
            # A name this time: localhost is one that needs no name server.
            await client.send(b"\x05\x01\x00\x03\x09localhost" + peer.port.to_bytes(2, "big") + b"question")
            reply = await client.exactly(10)
            assert reply[:4] == b"\x05\x00\x00\x01"
            assert reply[4:8] == socket.inet_aton("127.0.0.1")
            client.finish()
            assert await client.rest() == b"answer"


async def test_it_says_why_not():
    port = free_port()
    cases = [
        (ask(port), 5),
        (ask(80, socket.inet_aton("192.0.2.1")), 2),
        (b"\x05\x01\x00\x03\x09evil.test\x00\x50", 2),
        (ask(port, command=2), 7),
    ]
    async with serving("proxy-socks5") as served:
        for request, code in cases:
            async with client_of(served) as client:
                await client.send(HELLO + request)
                assert (await client.exactly(12))[3] == code
                assert await client.rest() == b""


@pytest.mark.parametrize(("password", "answer"), [(b"secret", b"\x01\x00"), (b"wrong", b"\x01\x01")])
async def test_it_asks_for_a_login_when_told_to(password: bytes, answer: bytes):
    async with serving("proxy-socks5", user="me", password="secret") as served:
        async with client_of(served) as client:
            await client.send(HELLO)
            assert await client.rest() == b"\x05\xff"
        async with client_of(served) as client:
            await client.send(b"\x05\x01\x02")
            assert await client.exactly(2) == b"\x05\x02"
            await client.send(b"\x01\x02me" + bytes((len(password),)) + password)
            assert await client.exactly(2) == answer


@pytest.mark.parametrize(
    ("lie", "answer"), [("wrong-version", b"\x04"), ("truncated", b"\x05"), ("endless", b"\x05\x63")]
)
async def test_it_lies_when_told_to(lie: str, answer: bytes):
    async with serving("proxy-socks5", lie=lie) as served, client_of(served) as client:
        await client.send(HELLO + ask(9))
        assert (await client.rest())[2:].startswith(answer)


@pytest.mark.parametrize(
    "junk", [b"GET / HTTP/1.0\r\n\r\n", b"\x05", b"\x05\x00", b"\x05\x01\x00\x05\x01\x00\x09\x00"]
)
async def test_junk_ends_the_conversation_and_nothing_else(junk: bytes):
    async with serving("proxy-socks5") as served:
        async with client_of(served) as client:
            await client.send(junk)
            client.finish()
            await client.rest()
        async with client_of(served) as client:
            await client.send(HELLO)
            assert await client.exactly(2) == NO_LOGIN


async def test_a_server_that_resets_is_heard_by_the_client():
    with scripted_peer([("expect", b"x"), ("reset",)]) as peer:
        async with serving("proxy-socks5") as served, client_of(served) as client:
            await client.send(HELLO + ask(peer.port))
            await client.exactly(12)
            await client.send(b"x")
            with pytest.raises(ConnectionResetError):
                await client.rest()
