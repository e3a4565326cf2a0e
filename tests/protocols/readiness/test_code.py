"""The scripts run by themselves, and hear what a server sends."""

import asyncio
import sys

import pytest

from tests.kit.scripted_peer import scripted_peer
from workbench.errors import LocalMisuse
from workbench.formats.target import Target
from workbench.protocols.readiness.code import client_script
from workbench.protocols.readiness.engines import engines

HERE = tuple(name for name, info in engines().items() if info.make is not None)


@pytest.mark.parametrize("engine", HERE)
async def test_the_script_prints_what_comes_and_how_it_ended(engine):
    with scripted_peer([("send", b"one\ntwo\n"), ("finish",)]) as peer:
        script = client_script(engine, Target("tcp", "127.0.0.1", peer.port))
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            script,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, errors = await asyncio.wait_for(process.communicate(), 15)
    assert out == b"one\ntwo\n"
    assert b"end: FIN" in errors
    assert process.returncode == 0


def test_nothing_is_written_for_a_place_that_a_script_can_not_reach():
    with pytest.raises(LocalMisuse):
        client_script("poll", Target("lab", "ticker", None))
    with pytest.raises(LocalMisuse):
        client_script("guess", Target("tcp", "127.0.0.1", 1))
