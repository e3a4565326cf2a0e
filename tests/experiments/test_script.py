"""Cards as programs of their own: they run by plain Python, and say the same endpoints."""

import asyncio
import re
import sys

import pytest

from tests.lab.houses import serving
from workbench.errors import LocalMisuse
from workbench.experiments.card import find_card
from workbench.experiments.script import script_of

ALONE = (
    "half-close",
    "missed-errors",
    "port-still-busy",
    "empty-datagram",
    "taken-over",
    "reset-or-finish",
    "refused-or-silent",
    "udp-tells-late",
    "ticker",
)
"""Quick ones that bring their own servers: streams, datagrams, failures that are meant, a lost connection."""


async def ran(script: str, *argv: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-c",
        script,
        *argv,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await asyncio.wait_for(process.communicate(), 18)
    return process.returncode or 0, out.decode(), errors.decode()


async def test_a_connect_card_runs_by_plain_python_and_prints_its_endpoints() -> None:
    code, out, errors = await ran(script_of(find_card("ephemeral-port")))
    assert (code, errors) == (0, "")
    listening = re.search(r"on 127\.0\.0\.1 (\d+)", out)
    assert listening is not None
    calls = re.findall(r": 127\.0\.0\.1:(\d+) to 127\.0\.0\.1:(\d+)", out)
    assert any(peer == listening[1] for _, peer in calls)
    # Both ends are told, each seen from its own side.
    assert any((peer, local) in calls for local, peer in calls)
    assert "expected: " in out


@pytest.mark.parametrize("card_id", ALONE)
async def test_each_that_can_leave_runs(card_id: str) -> None:
    code, out, errors = await ran(script_of(find_card(card_id)))
    assert code == 0, errors
    assert "which was not expected" not in out


async def test_a_server_of_the_lab_is_told_on_the_command_line() -> None:
    card = find_card("one-at-a-time")
    called = str(card.as_written.services[0].called)
    script = script_of(card)
    code, _, errors = await ran(script)
    assert code == 1
    assert f"{called}=HOST:PORT" in errors
    async with serving("echo", **dict(card.as_written.services[0].switches)) as served:
        code, out, errors = await ran(script, f"{called}={served.host}:{served.port}")
    assert code == 0, errors
    assert f"to {served.host}:{served.port}" in out


def test_a_step_that_is_no_socket_call_is_named() -> None:
    with pytest.raises(LocalMisuse, match=r"no socket call"):
        script_of(find_card("sql-quotes"))


@pytest.mark.parametrize(
    "card_id", ["two-families", "largest-datagram", "letters-and-octets", "one-question"]
)
def test_what_can_leave_is_python_and_not_long(card_id: str) -> None:
    script = script_of(find_card(card_id))
    compile(script, card_id, "exec")
    assert max(map(len, script.splitlines())) < 2000
