"""Copied scripts run without the workbench and say the same as we do."""

import asyncio
import re
import subprocess
import sys

import pytest

from tests.kit.scripted_peer import scripted_peer
from workbench.formats.target import parse_target
from workbench.protocols.raw.code import LITERAL_WIDTH, Recipe, literal, python
from workbench.protocols.raw.serve import Reply
from workbench.protocols.raw.talk import exchange_datagrams, talk
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction


def start(script: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-I", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finish(process: subprocess.Popen[str]) -> tuple[str, str]:
    try:
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    return out, err


@pytest.mark.parametrize("payload", [b"hello\r\n", bytes(range(256)) * 2, b""])
def test_a_copied_client_sends_the_same_octets_and_tells_the_end(payload):
    with scripted_peer([("expect", payload), ("wait_eof",), ("send", b"bye")]) as peer:
        recipe = Recipe(parse_target(str(peer)), sends=[payload] if payload else [])
        out, err = finish(start(python(recipe)))
        peer.wait()
    assert (out, err) == ("bye", "end: FIN\n")
    assert "workbench" not in python(recipe)


def test_a_copied_client_tells_a_reset():
    with scripted_peer([("expect", b"x"), ("reset",)]) as peer:
        _, err = finish(start(python(Recipe(parse_target(str(peer)), sends=[b"x"], finish=False))))
    assert err == "end: RST\n"


async def listening_address(process: subprocess.Popen[str]) -> str:
    line = await asyncio.to_thread(process.stderr.readline)
    host, port = re.findall(r"'([^']+)', (\d+)", line)[0]
    return f"{host}:{port}"


@pytest.mark.parametrize(
    ("reply", "answer"), [(Reply("echo"), b"hi"), (Reply("text", b"no"), b"no"), (Reply("none"), b"")]
)
async def test_a_copied_listener_answers_by_its_rule(reply, answer):
    recipe = Recipe(parse_target("127.0.0.1:0", listening=True), listen=True, reply=reply)
    process = start(python(recipe))
    try:
        target = parse_target(await listening_address(process))
        transcript = Transcript()
        outcome = await talk(target, transcript, sends=[b"hi"])
        assert transcript.stream(outcome.channel, Direction.RECEIVED, "tcp").read(0, 9) == answer
        transcript.close()
    finally:
        process.terminate()
        await asyncio.to_thread(finish, process)


async def test_copied_datagram_scripts_talk_to_us_and_to_each_other():
    place = parse_target("127.0.0.1:0", listening=True)
    server = start(python(Recipe(place, "udp", listen=True, reply=Reply("echo"))))
    try:
        target = parse_target(await listening_address(server))
        transcript = Transcript()
        outcome = await exchange_datagrams(target, transcript, sends=[b"", b"two"], timeout_s=10)
        assert (outcome.datagrams, outcome.received) == (2, 3)
        client = start(python(Recipe(target, "udp", sends=[b"", b"hello"])))
        assert await asyncio.to_thread(finish, client) == ("hello", "0 octets\n5 octets\n")
        transcript.close()
    finally:
        server.terminate()
        await asyncio.to_thread(finish, server)


def test_long_payloads_become_several_lines_that_mean_the_same():
    data = bytes(range(256))
    assert eval(literal(data)) == data
    assert max(map(len, literal(b"x" * 500).splitlines())) < LITERAL_WIDTH + 20


async def test_copied_scripts_meet_at_a_unix_socket(tmp_path):
    target = parse_target(f"unix:{tmp_path / 's.sock'}", listening=True)
    server = start(python(Recipe(target, listen=True, reply=Reply("echo"))))
    try:
        assert "listening" in await asyncio.to_thread(server.stderr.readline)
        client = start(python(Recipe(target, sends=[b"hello"])))
        assert await asyncio.to_thread(finish, client) == ("hello", "end: FIN\n")
    finally:
        server.kill()
        server.communicate()
