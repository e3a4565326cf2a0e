"""A listener that is a preset leaves as a script that says the same, or is refused with the reason."""

import asyncio
import re
import socket
import subprocess
import sys
import time

import pytest

from workbench.errors import LocalMisuse
from workbench.formats.rfc868 import decode_time
from workbench.formats.target import Target, parse_target
from workbench.protocols.raw.code import Recipe, python
from workbench.protocols.raw.code_asyncio import asyncio_script
from workbench.protocols.raw.code_commands import ncat, socat
from workbench.protocols.raw.code_presets import body_of, indented
from workbench.protocols.raw.presets import LIE_S, PRESETS
from workbench.protocols.raw.serve import Reply, Server
from workbench.transcript.recorder import Transcript
from workbench.wire.listen import listen

PLACE = parse_target("127.0.0.1:0", listening=True)
WRITERS = {"blocking": python, "asyncio": asyncio_script}
ENOUGH = 20_000
"""Octets of one that sends without end."""


def listening(preset: str) -> Recipe:
    return Recipe(PLACE, listen=True, reply=Reply("none", preset=preset))


def said(port: int, sends: bytes) -> bytes:
    """What a server says to a client that sends this and finishes."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        try:
            client.sendall(sends)
            client.shutdown(socket.SHUT_WR)
            while len(heard) < ENOUGH and (data := client.recv(ENOUGH - len(heard))):
                heard += data
        except OSError:
            # It closes as soon as it is there: shutting down may come too late.
            pass
    return heard


async def of_ours(preset: str, sends: bytes) -> bytes:
    transcript = Transcript()
    listener = await listen(Target("tcp", "127.0.0.1", 0), transcript)
    server = Server(listener, Reply("none", preset=preset), limit=1)
    serving = asyncio.create_task(server.serve())
    try:
        return await asyncio.to_thread(said, int(listener.address.rpartition(":")[2]), sends)
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await server.aclose()
        transcript.close()


async def of_the_script(script: str, sends: bytes) -> bytes:
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", script], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    try:
        line = await asyncio.to_thread(process.stderr.readline)
        return await asyncio.to_thread(said, int(re.findall(r", (\d+)", line)[0]), sends)
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def alike(preset: str, heard: bytes) -> object:
    """What must be equal: a greeting without the client's port, a time within a few seconds."""
    if preset == "greet":
        return re.sub(rb"127\.0\.0\.1:\d+", b"CLIENT", heard)
    if preset == "lying-time":
        return abs(decode_time(heard) - time.time() - LIE_S) < 5
    return heard


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("preset", [preset.name for preset in PRESETS])
async def test_a_preset_leaves_as_a_script_that_says_the_same(preset: str, writer):
    # What a server closes without reading it would have its last words thrown away.
    sends = {"slow": b"ab", "lying-time": b"", "drop": b""}.get(preset, "grüße\r\n".encode())
    script = writer(listening(preset))
    assert "workbench" not in script
    ours, copied = await of_ours(preset, sends), await of_the_script(script, sends)
    assert alike(preset, copied) == alike(preset, ours)
    assert bool(copied) == (preset not in ("discard", "drop"))


async def test_what_is_no_utf8_is_counted_in_octets_as_ours_does():
    script = python(listening("greet"))
    ours, copied = await of_ours("greet", b"a\xff\r\n"), await of_the_script(script, b"a\xff\r\n")
    assert b"no UTF-8 from octet 1" in copied
    assert alike("greet", copied) == alike("greet", ours)


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
def test_what_no_script_can_say_is_refused_with_the_reason(writer):
    with pytest.raises(LocalMisuse, match="can't be said in a script"):
        writer(listening("a-strangers-own"))
    with pytest.raises(LocalMisuse, match="by UDP this listener answers nothing"):
        writer(listening("upper")._replace(transport="udp"))
    with pytest.raises(LocalMisuse, match="by address"):
        writer(listening("greet")._replace(target=Target("unix", "", None, "/tmp/x")))
    assert "unix" in writer(listening("upper")._replace(target=Target("unix", "", None, "/tmp/x"))).lower()


@pytest.mark.parametrize("writer", [ncat, socat])
def test_commands_refuse_what_they_are_not(writer):
    with pytest.raises(LocalMisuse, match="no such server"):
        writer(listening("upper"))


def test_who_is_no_preset_has_no_body():
    assert body_of(Reply("echo"), is_stream=True) is None
    assert indented("a\nb\n", 2) == "  a\n  b\n"
