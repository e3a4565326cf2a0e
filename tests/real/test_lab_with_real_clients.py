"""ncat and socat talk to the Lab: what we call a server is one for programs that never heard of us."""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest

from workbench.lab.supervisor import Lab
from workbench.settings.places import Places

LIMIT_S = 90.0
NCAT = "ncat"
SOCAT = "socat"

ncat = pytest.mark.real(NCAT)
socat = pytest.mark.real(SOCAT)


class Done(NamedTuple):
    """What a program left."""

    status: int
    out: bytes
    err: bytes


@contextlib.asynccontextmanager
async def a_lab(home: Path) -> AsyncIterator[Lab]:
    lab = Lab(Places(*(home / name for name in Places._fields)))
    try:
        yield lab
    finally:
        await lab.aclose()


async def run(*command: str, given: bytes = b"") -> Done:
    """Run a program to its end, with `given` on its input."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
    try:
        async with asyncio.timeout(LIMIT_S):
            out, err = await process.communicate(given)
    except BaseException:
        process.kill()
        await process.wait()
        raise
    assert process.returncode is not None
    return Done(process.returncode, out, err)


@contextlib.asynccontextmanager
async def started(*command: str) -> AsyncIterator[tuple[asyncio.StreamWriter, asyncio.StreamReader]]:
    """A program that runs meanwhile: its input and its output."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdin, process.stdout
    finally:
        process.kill()
        await process.communicate()


async def where(lab: Lab, name: str, **switches: object) -> tuple[str, str]:
    target = (await lab.start(name, **switches)).target
    return target.host, str(target.port)


@ncat
async def test_ncat_gets_its_octets_back_after_it_has_finished(own_home: Path):
    data = bytes(range(256)) * 4096
    async with a_lab(own_home) as lab:
        done = await run(NCAT, *await where(lab, "echo"), given=data)
        assert hashlib.sha256(done.out).digest() == hashlib.sha256(data).digest()


@ncat
async def test_ncat_is_told_the_day_and_a_lie_about_the_second(own_home: Path):
    async with a_lab(own_home) as lab:
        done = await run(NCAT, "--recv-only", *await where(lab, "daytime"))
        assert done.out.endswith(b"-UTC\r\n")
        done = await run(NCAT, "--recv-only", *await where(lab, "time", fixed_s=0))
        assert done.out == bytes.fromhex("83aa7e80")


@ncat
async def test_ncat_has_a_dialogue_with_the_greeter(own_home: Path):
    async with a_lab(own_home) as lab:
        done = await run(NCAT, *await where(lab, "greet"), given=b"HELLO ncat\nADD 40 2\nQUIT\n")
        assert done.out.split(b"\r\n")[1:] == [b"+OK hello, ncat", b"+OK 42", b"+OK goodbye, ncat", b""]


@ncat
async def test_ncat_sees_the_reset(own_home: Path):
    async with a_lab(own_home) as lab:
        done = await run(NCAT, *await where(lab, "resetting"), given=b"x")
        assert b"reset by peer" in done.err.lower()
        assert done.status == 1


@ncat
async def test_ncat_comes_by_ipv6_too(own_home: Path):
    async with a_lab(own_home) as lab:
        also = (await lab.start("echo")).also
        if also is None:
            pytest.skip("this machine has no ::1")
        done = await run(NCAT, "-6", also.host, str(also.port), given=b"six")
        assert done.out == b"six"


@ncat
async def test_ncat_gets_its_datagram_back(own_home: Path):
    async with (
        a_lab(own_home) as lab,
        started(NCAT, "-u", *await where(lab, "udp-echo")) as (say, hear),
    ):
        say.write(b"datagram")
        async with asyncio.timeout(LIMIT_S):
            assert await hear.readexactly(8) == b"datagram"


@socat
async def test_socat_gets_its_octets_back_after_it_has_finished(own_home: Path):
    data = bytes(range(256)) * 4096
    async with a_lab(own_home) as lab:
        host, port = await where(lab, "echo")
        done = await run(SOCAT, "-t", "5", "-", f"TCP:{host}:{port}", given=data)
        assert done.status == 0
        assert hashlib.sha256(done.out).digest() == hashlib.sha256(data).digest()


@socat
async def test_socat_asks_the_time_with_a_datagram(own_home: Path):
    async with a_lab(own_home) as lab:
        host, port = await where(lab, "udp-time", fixed_s=0)
        async with started(SOCAT, "-", f"UDP:{host}:{port}") as (say, hear), asyncio.timeout(LIMIT_S):
            say.write(b"?")
            assert await hear.readexactly(4) == bytes.fromhex("83aa7e80")


@socat
async def test_socat_sends_a_datagram_of_no_octets(own_home: Path):
    async with a_lab(own_home) as lab:
        host, port = await where(lab, "udp-time", fixed_s=0)
        command = (SOCAT, "-t", str(LIMIT_S), "-", f"UDP:{host}:{port},shut-null")
        async with started(*command) as (say, hear), asyncio.timeout(LIMIT_S):
            say.close()
            assert await hear.readexactly(4) == bytes.fromhex("83aa7e80")


@socat
async def test_socat_reads_the_cut_and_its_exact_place(own_home: Path):
    async with a_lab(own_home) as lab:
        host, port = await where(lab, "chargen", cut_after=1000)
        done = await run(SOCAT, "-u", f"TCP:{host}:{port}", "-")
        assert (done.status, len(done.out)) == (0, 1000)


@ncat
@socat
async def test_two_strangers_meet_in_the_chat(own_home: Path):
    async with a_lab(own_home) as lab:
        host, port = await where(lab, "chat")
        async with started(NCAT, host, port) as (say, hear), asyncio.timeout(LIMIT_S):
            await hear.readline()
            say.write(b"nora\n")
            assert await hear.readline() == b"* hello nora; nobody else is here\r\n"
            done = await run(SOCAT, "-", f"TCP:{host}:{port}", given=b"sam\nhello from socat\n/quit\n")
            assert b"* hello sam; here are nora" in done.out
            said = [await hear.readline() for _ in range(3)]
            assert said == [b"* sam joins\r\n", b"sam: hello from socat\r\n", b"* sam leaves\r\n"]
