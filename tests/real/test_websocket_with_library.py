"""WebSocket beside a library of its own: Debian's python3-websockets, in the system's Python, both ways round."""

import asyncio
import json
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.cli.documents import checked
from tests.kit.cli import run_cli
from tests.lab.houses import serving
from workbench.protocols.websocket.client import open_websocket
from workbench.protocols.websocket.values import Closed, Message
from workbench.transcript.recorder import Transcript

PYTHON = "/usr/bin/python3"

SERVER = """
import asyncio, websockets
async def echo(socket, path="/"):
    async for message in socket:
        if message == "bye":
            await socket.close(4001, "you said bye")
            return
        await socket.send(message)
async def main():
    async with websockets.serve(echo, "127.0.0.1", 0, subprotocols=["chat"], compression=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, input)
asyncio.run(main())
"""

CLIENT = """
import asyncio, json, sys, websockets
async def main():
    told = {}
    async with websockets.connect(sys.argv[1], compression=None) as socket:
        for message in ("gr\\u00fc\\u00dfe", "x" * 70000, b"\\x00\\xff", ""):
            await socket.send(message)
            told.setdefault("same", []).append(await socket.recv() == message)
        await (await socket.ping())
        await socket.send("bye")
        try:
            await socket.recv()
        except websockets.ConnectionClosed as closed:
            told["close"] = [closed.rcvd.code, closed.rcvd.reason]
    print(json.dumps(told))
asyncio.run(main())
"""

pytestmark = [pytest.mark.real(PYTHON)]


@pytest.fixture(autouse=True)
def library() -> None:
    """The library is there, or the test is skipped, or fails where real programs are asked for."""
    known = subprocess.run([PYTHON, "-c", "import websockets"], capture_output=True)
    if known.returncode:
        if os.environ.get("WORKBENCH_REQUIRE_REAL") == "1":
            pytest.fail("python3-websockets is not installed, and --require-real asks for it", pytrace=False)
        pytest.skip("python3-websockets is not installed")


@asynccontextmanager
async def echo_server() -> AsyncIterator[int]:
    process = await asyncio.create_subprocess_exec(
        PYTHON, "-c", SERVER, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield int(await asyncio.wait_for(process.stdout.readline(), 15))
        process.stdin.write(b"\n")
    finally:
        process.stdin.close()
        await asyncio.wait_for(process.wait(), 15)


async def test_our_client_and_its_server_understand_each_other():
    transcript = Transcript()
    async with echo_server() as port:
        client = await open_websocket(f"ws://127.0.0.1:{port}/", transcript, subprotocols=("chat",))
        assert client.agreed.subprotocol == "chat"
        for data, text in (
            ("grüße".encode(), True),
            (b"x" * 70_000, True),
            (bytes(range(256)) * 500, False),
            (b"", True),
        ):
            await client.send(data, text=text, fragment=9_999)
            assert await client.receive() == Message(data, text)
        await client.ping(b"are you there")
        await client.send(b"bye")
        assert await client.receive() == Closed(4001, "you said bye")
        assert "pong" in [frame.name for frame in client.frames]
        await client.aclose()
    transcript.close()


async def test_its_client_and_the_labs_server_understand_each_other():
    for switches in ({}, {"fragment": 1000}, {"ping": True}, {"one_byte": False, "close_code": 4002}):
        async with serving("websocket", **switches) as served:
            process = await asyncio.create_subprocess_exec(
                *(PYTHON, "-c", CLIENT, f"ws://{served.host}:{served.port}/"),
                stdout=asyncio.subprocess.PIPE,
            )
            out, _ = await asyncio.wait_for(process.communicate(), 15)
        told = json.loads(out)
        assert told["same"] == [True] * 4
        assert told["close"] == [switches.get("close_code", 1000), "you said bye"]


async def test_the_verb_talks_to_it():
    async with echo_server() as port:
        done = await asyncio.to_thread(
            run_cli, "socket", "ws", f"ws://127.0.0.1:{port}/", "--send", "hello", "--send", "bye", "--json"
        )
    document = checked(done.json)
    assert document["messages"] == [{"kind": "text", "octets": 5, "text": "hello"}]
    assert document["close"] == {
        "code": 4001,
        "reason": "you said bye",
        "meaning": "private: what it means these two programs know",
    }
