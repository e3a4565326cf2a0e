"""The scripts of "Copy as" run without the workbench and print the same body on every level."""

import asyncio
import shlex
import sys

import pytest

from tests.lab.houses import serving
from workbench.errors import LocalMisuse
from workbench.formats.target import parse_target
from workbench.protocols.gopher.address import read_address
from workbench.protocols.gopher.client import fetch
from workbench.protocols.gopher.code import curl, python
from workbench.protocols.gopher.values import Request
from workbench.transcript.recorder import Transcript


async def printed(*argv: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *argv, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await asyncio.wait_for(process.communicate(), 20)
    assert err == b""
    return out


async def test_every_level_prints_the_same_octets():
    transcript = Transcript()
    async with serving("gopher") as served:
        request = read_address(f"gopher://{served.host}:{served.port}/0/readme")
        answer = await fetch(request, transcript)
        scripts = [python(request, level) for level in (1, 2, 3, 4)]
        bodies = await asyncio.gather(*(printed(sys.executable, "-I", "-c", script) for script in scripts))
    assert set(bodies) == {answer.body}
    assert all("workbench" not in script for script in scripts)
    assert len(set(scripts)) == 4
    transcript.close()


@pytest.mark.real("curl")
async def test_curl_takes_the_same_from_the_lab():
    transcript = Transcript()
    async with serving("gopher") as served:
        request = read_address(f"gopher://{served.host}:{served.port}/9/octets.bin")
        answer = await fetch(request, transcript)
        assert await printed(*shlex.split(curl(request))) == answer.body
    transcript.close()


def test_what_cannot_be_asked_cannot_be_copied():
    with pytest.raises(LocalMisuse):
        python(Request(parse_target("127.0.0.1:70"), "a\nb"))
    with pytest.raises(LocalMisuse):
        curl(Request(parse_target("127.0.0.1:70"), "a\nb"))
