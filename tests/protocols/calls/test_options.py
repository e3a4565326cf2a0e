"""Socket options: all of them named, their values in both forms, and what each of the book-keeping seven does.

The list of what they mean is workbench.protocols.calls.optionlist.
"""

import json
import os
import socket
import struct
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.protocols.calls.desks import PAIR, answers, desk_with
from workbench.protocols.calls.optionlist import KNOWN
from workbench.protocols.calls.options import LEVEL_OF, all_options, read_option, value_text
from workbench.protocols.calls.presets import PRESETS

LINUX = sys.platform.startswith("linux")
linux_only = pytest.mark.skipif(not LINUX, reason="the option is Linux's own")
OPTIONS = {option.name: option for option in all_options()}


@pytest.mark.covers("C3.5")
def test_every_option_that_python_names_is_listed_in_order_and_those_it_lacks_are_marked():
    so = [name for name, option in OPTIONS.items() if name.startswith("SO_") and option.is_here]
    assert len(so) >= 20
    assert so == sorted(so)
    named = {name for name in vars(socket) if name.startswith(tuple(f"{prefix}_" for prefix in LEVEL_OF))}
    assert {name for name in named if "_J1939_" not in name and "_VM_" not in name} - set(OPTIONS) <= {
        *("IP_DEFAULT_MULTICAST_LOOP", "IP_DEFAULT_MULTICAST_TTL", "IP_MAX_MEMBERSHIPS", "IPV6_RTHDR_TYPE_0")
    }
    assert {option.level for option in OPTIONS.values()} == set(LEVEL_OF.values())
    elsewhere = OPTIONS["SO_EXCLUSIVEADDRUSE"] if not hasattr(socket, "SO_EXCLUSIVEADDRUSE") else None
    assert elsewhere is None or (elsewhere.is_here, elsewhere.missing[:7]) == (False, "Windows")


@pytest.mark.covers("C3.5")
def test_a_constant_that_a_system_lacks_is_marked_with_the_reason():
    poor = SimpleNamespace(**{name: value for name, value in vars(socket).items() if name != "SO_KEEPALIVE"})
    option = next(each for each in all_options(poor) if each.name == "SO_KEEPALIVE")
    assert (option.is_here, option.number) == (False, None)
    assert "has no name for it" in option.missing
    assert read_option(None, option).error == "missing"  # type: ignore[arg-type]  # no socket is asked


@pytest.mark.skipif(not LINUX, reason="another system has names of its own")
def test_everything_here_is_explained():
    assert [name for name, option in OPTIONS.items() if option.is_here and not option.source] == []
    assert set(KNOWN) <= set(OPTIONS)


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_every_value_can_be_read_in_both_forms(kind: int):
    with socket.socket(socket.AF_INET, kind) as sock:
        readings = {name: read_option(sock, option) for name, option in OPTIONS.items()}
        assert readings["SO_TYPE"].number == kind
        assert struct.unpack("i", readings["SO_TYPE"].octets) == (kind,)
        assert value_text(OPTIONS["SO_BROADCAST"], readings["SO_BROADCAST"]) == "off"
        assert value_text(OPTIONS["SO_LINGER"], readings["SO_LINGER"]) == "0, 0"
        assert readings["IPV6_V6ONLY"].error
        assert bool(readings["TCP_NODELAY"].error) == (kind == socket.SOCK_DGRAM)
        texts = [value_text(OPTIONS[name], reading) for name, reading in readings.items()]
        assert sum(bool(text) for text in texts) > 20


@linux_only
@pytest.mark.covers("C3.2")
async def test_options_are_set_and_read_by_level_and_name_and_a_difference_is_marked():
    async with desk_with("a = socket") as desk:
        outcome = await desk.type("a.setsockopt SOL_SOCKET SO_RCVBUF 10000")
        assert outcome.remark == "differs: it reads back 20000"
        assert await answers(desk, "a.getsockopt SOL_SOCKET SO_RCVBUF") == ["20000"]
        # A number is no struct of two.
        assert await answers(desk, "a.setsockopt SOL_SOCKET SO_LINGER 1") == ["EINVAL"]
        assert (await desk.type("a.setsockopt SOL_SOCKET SO_LINGER 1,5")).is_ok
        on = struct.pack("ii", 1, 5)
        assert await answers(
            desk, "a.getsockopt SOL_SOCKET SO_LINGER 8", "a.getsockopt SOL_SOCKET SO_LINGER"
        ) == [
            repr(on),
            "1",
        ]
        assert await answers(desk, "a.setsockopt SOL_SOCKET SO_TYPE 1") == ["ENOPROTOOPT"]
        assert "can only be read" in desk.outcomes[-1].sentence
        facts = [event.values for event in desk.transcript.events() if event.name == "call.option"]
        assert [(each["option"], each["differs"]) for each in facts] == [
            ("SO_RCVBUF", True),
            ("SO_LINGER", False),
        ]


@linux_only
@pytest.mark.covers("C3.4")
async def test_device_broadcast_urgent_reuse_and_type_each_have_their_effect():
    async with desk_with("u = socket INET DGRAM") as desk:
        bound = await desk.type('u.setsockopt SOL_SOCKET SO_BINDTODEVICE "lo"')
        if bound.errno != "EPERM":
            assert await answers(desk, "u.getsockopt SOL_SOCKET SO_BINDTODEVICE 16") == ["b'lo\\x00'"]
        send = 'u.sendto "x" 127.255.255.255:9'
        assert await answers(desk, send) == ["EACCES"]
        assert await answers(desk, "u.setsockopt SOL_SOCKET SO_BROADCAST 1", send) == ["None", "1"]
        assert await answers(desk, "u.getsockopt SOL_SOCKET SO_TYPE") == [str(int(socket.SOCK_DGRAM))]
    async with desk_with(*PAIR, "c.setblocking no") as desk:
        # On a stream it is taken, and of no use.
        assert await answers(desk, "b.setsockopt SOL_SOCKET SO_BROADCAST 1") == ["None"]
        await desk.type('b.send "!" OOB')
        ready, urgent = await answers(desk, "c.poll", "c.recv 1 OOB")
        assert "POLLPRI" in ready
        assert "POLLIN" not in ready.split(" | ")
        assert urgent == "b'!'"
        await desk.type("c.setsockopt SOL_SOCKET SO_OOBINLINE 1")
        await desk.type('b.send "!" OOB')
        assert await answers(desk, "c.recv 1 OOB", "c.recv 1") == ["EINVAL", "b'!'"]
    async with desk_with("a = socket", "a.bind 127.0.0.1:0", "b = socket") as desk:
        assert await answers(desk, "b.bind @a") == ["EADDRINUSE"]
        for name in "ab":
            await desk.type(f"{name}.setsockopt SOL_SOCKET SO_REUSEADDR 1")
        assert await answers(desk, "b.bind @a", "a.listen", "b.listen") == ["None", "None", "EADDRINUSE"]


@pytest.mark.parametrize(
    "name", ["BINDTODEVICE", "BROADCAST", "DONTROUTE", "KEEPALIVE", "OOBINLINE", "REUSEADDR", "TYPE"]
)
def test_each_of_the_seven_has_a_story_that_uses_it(name: str):
    story = next(preset for preset in PRESETS if preset.title == f"SO_{name} at work")
    assert any(f"SO_{name}" in line for line in story.lines)


ROUTED = """
import asyncio, json
from workbench.protocols.calls.desk import Desk
from workbench.protocols.calls.presets import PRESETS
from workbench.transcript.recorder import Transcript

async def main():
    desk = Desk(Transcript())
    said = []
    for line in next(preset.lines for preset in PRESETS if preset.id == "dontroute"):
        outcome = await desk.type(line)
        said.append(outcome.errno or outcome.result)
    await desk.aclose()
    print(json.dumps(said[2:]))

asyncio.run(main())
"""


@linux_only
@pytest.mark.covers("C3.4")
def test_without_routes_only_this_network_is_reached():
    # In a process of its own: nothing leaves the machine, which is what is shown, but this process may not even try.
    done = subprocess.run(
        [sys.executable, "-c", ROUTED], capture_output=True, text=True, timeout=60, cwd=os.getcwd()
    )
    assert json.loads(done.stdout) == ["ENETUNREACH", "1"], done.stderr


@linux_only
@pytest.mark.slow  # the system counts in seconds, and two are the least it takes
@pytest.mark.covers("C3.4")
async def test_keep_alive_notices_a_peer_whose_cable_is_pulled():
    lines = next(preset.lines for preset in PRESETS if preset.id == "keepalive")
    async with desk_with(*lines[:-1]) as desk:
        assert await answers(desk, lines[-1]) == ["ETIMEDOUT"]
