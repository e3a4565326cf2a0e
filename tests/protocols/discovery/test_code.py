"""The scripts of "Copy as" run without the workbench, say the same octets and find the same peers."""

import asyncio
import sys

import pytest

from tests.kit.ports import free_port
from tests.lab.houses import serving
from workbench.formats.target import Target
from workbench.protocols.discovery.client import carry_out
from workbench.protocols.discovery.code import python
from workbench.protocols.discovery.reach import Place, place_of
from workbench.protocols.discovery.values import Identity, Plan
from workbench.transcript.recorder import Transcript

GROUP = "239.255.1.1"


async def hosts_printed(script: str, count: int) -> set[str]:
    """From whom the script heard, until there are so many; then it is ended."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", script, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    hosts: set[str] = set()
    try:
        while len(hosts) < count:
            line = await asyncio.wait_for(process.stdout.readline(), 15)
            assert line, "the script ended before"
            hosts.add(line.decode().split()[0])
    finally:
        process.kill()
        await process.communicate()
    return hosts


async def printed(script: str) -> list[str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", script, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await asyncio.wait_for(process.communicate(), 20)
    assert err == b""
    return out.decode().splitlines()


@pytest.mark.parametrize(
    ("language", "preset"),
    [("mdns", "search"), ("mdns", "discover"), ("ssdp", "search"), ("ssdp", "discover")],
)
async def test_a_script_finds_the_machines_of_the_lab(language: str, preset: str):
    async with serving(language) as served:
        place = place_of(served.host, served.port)
        plan = Plan(language, preset, Target("udp", served.host, served.port), for_s=15)  # type: ignore[arg-type]
        script = python(plan, place)
        assert await hosts_printed(script, 2) == {"127.0.0.21", "127.0.0.22"}
    assert "workbench." not in script


@pytest.mark.parametrize("language", ["mdns", "ssdp", "group"])
async def test_a_script_announces_and_says_goodbye(language: str):
    place = place_of(GROUP, free_port())
    target = Target("udp", GROUP, place.port)
    identity = Identity("anvil", {"mdns": "_x._tcp", "ssdp": "urn:x", "group": ""}[language], 631)
    plan = Plan(language, "announce", target, for_s=0.2, times=(0.0,), identity=identity)  # type: ignore[arg-type]
    transcript = Transcript()
    gone: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def tell(found) -> None:
        if found.joined and not started.done():
            started.set_result(None)
        if found.gone and not gone.done():
            gone.set_result(found.gone[0].state)

    started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    listening = asyncio.create_task(
        carry_out(Plan(language, "discover", target, for_s=None, times=(0.0,)), transcript, tell=tell)  # type: ignore[arg-type]
    )
    await started
    assert await printed(python(plan, place)) == []
    assert await asyncio.wait_for(gone, 5) == "left"
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    transcript.close()


def test_scripts_for_ipv6_and_without_a_goodbye_are_python():
    place = Place("ff11::1", 5007, "lo", "::1", "")
    for language in ("mdns", "ssdp", "group"):
        for preset in ("search", "announce", "discover"):
            plan = Plan(language, preset, Target("udp", "ff11::1", 5007), for_s=None, goodbye=False)  # type: ignore[arg-type]
            script = python(plan, place)
            compile(script, "script", "exec")
            assert "IPV6_MULTICAST_IF" in script
            assert ("IPV6_JOIN_GROUP" in script) == (
                preset == "discover" or (language, preset) == ("mdns", "announce")
            )
