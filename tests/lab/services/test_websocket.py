"""The Lab's WebSocket echo (RFC 6455), with octets written by hand: right answers, and each of its lies."""

import pytest

from tests.lab.houses import Client, client_of, serving

ASK = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
ACCEPT = b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"  # RFC 6455 section 1.3
HELLO = bytes.fromhex("818537fa213d7f9f4d5158")  # section 5.7, a client's masked "Hello"
CLOSE = bytes.fromhex("888237fa213d3412")  # 1000 under the same mask


async def head(client: Client) -> bytes:
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += await client.line()
    return answer


async def test_it_agrees_echoes_and_closes():
    async with serving("websocket") as served, client_of(served) as client:
        await client.send(ASK)
        answer = await head(client)
        assert answer.startswith(b"HTTP/1.1 101 ")
        assert ACCEPT in answer
        await client.send(HELLO)
        assert await client.exactly(7) == bytes.fromhex("810548656c6c6f")
        await client.send(CLOSE)
        assert await client.rest() == bytes.fromhex("880203e8")


async def test_request_and_first_frame_may_come_together_and_cut_anywhere():
    for cut in (1, 50, len(ASK) - 1, len(ASK) + 1, len(ASK) + 7):
        data = ASK + HELLO + CLOSE
        async with serving("websocket") as served, client_of(served) as client:
            await client.send(data[:cut])
            await client.send(data[cut:])
            await head(client)
            assert await client.rest() == bytes.fromhex("810548656c6c6f880203e8")


@pytest.mark.parametrize(
    ("switches", "frames"),
    [
        ({"fragment": 2}, "01024865 00026c6c 80016f"),
        ({"ping": True}, "89106265666f726520616e20616e73776572 810548656c6c6f"),
        ({"lie": "reserved-opcode"}, "83066f70636f6465"),
        ({"lie": "reserved-bits"}, "c10462697473"),
        ({"lie": "huge"}, "827f1000000000000000"),
    ],
)
async def test_answers_can_be_cut_into_frames_and_be_wrong(switches: dict, frames: str):
    wanted = bytes.fromhex(frames)
    async with serving("websocket", **switches) as served, client_of(served) as client:
        await client.send(ASK + HELLO)
        await head(client)
        assert await client.exactly(len(wanted)) == wanted


@pytest.mark.parametrize(
    ("data", "status"), [(b"GET / HTTP/1.1\r\n\r\n", b"426"), (b"what?\r\n\r\n", b"400")]
)
async def test_who_does_not_ask_for_websocket_is_told_so(data: bytes, status: bytes):
    async with serving("websocket") as served, client_of(served) as client:
        await client.send(data)
        assert (await client.rest()).split(b" ")[1] == status


async def test_an_unmasked_frame_is_answered_by_a_close():
    async with serving("websocket") as served, client_of(served) as client:
        await client.send(ASK + bytes.fromhex("810548656c6c6f"))
        await head(client)
        assert await client.rest() == bytes.fromhex("880203ea")


async def test_a_head_without_an_end_is_not_kept_for_ever():
    async with serving("websocket") as served, client_of(served) as client:
        await client.send(b"x" * 40_000)
        assert await client.rest() == b""
