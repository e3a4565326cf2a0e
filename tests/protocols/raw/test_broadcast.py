"""Whom an address means, how often everybody may be asked, and whom nobody may answer."""

import asyncio
import socket
import sys

import pytest

from tests.kit.ports import OWN_GROUP
from workbench.errors import LocalFault, LocalMisuse, WorkbenchError
from workbench.formats.target import parse_target
from workbench.protocols.raw.broadcast import (
    MOST_PER_S,
    PER_S,
    Limiter,
    check_answer,
    reach,
    stays_here,
)
from workbench.transcript.recorder import Transcript
from workbench.wire.addresses import Address
from workbench.wire.broadcasts import LOOPBACK_BROADCAST, Network
from workbench.wire.datagram import open_datagram


@pytest.mark.parametrize(
    ("host", "whom"),
    [
        ("127.0.0.1", "one"),
        (LOOPBACK_BROADCAST, "broadcast"),
        ("255.255.255.255", "broadcast"),
        ("192.0.2.255", "broadcast"),
        ("192.0.2.254", "one"),
        ("239.255.1.1", "group"),
        ("ff02::fb%lo", "group"),
        ("::1", "one"),
        ("a.name", "one"),
    ],
)
def test_whom_an_address_means(host, whom):
    assert reach(host, lambda: (Network("lo", LOOPBACK_BROADCAST), Network("eth0", "192.0.2.255"))) == whom


def test_what_stays_on_this_machine_and_what_does_not():
    assert stays_here("127.255.255.255")
    assert stays_here("::1")
    assert not any(map(stays_here, ("255.255.255.255", "239.255.1.1", "192.0.2.1", "a.name")))


@pytest.mark.covers("C5.23")
def test_a_thousand_a_second_pass_at_the_rate_and_the_rest_is_counted():
    at = 0.0
    limiter = Limiter(lambda: at)
    for number in range(3000):
        at = number / 1000
        limiter.take()
    # A burst as large as a second's, and then so many a second.
    assert PER_S * 3 <= limiter.passed <= PER_S * 4
    assert limiter.dropped == 3000 - limiter.passed
    # The ceiling can't be asked away, nor can the total.
    assert Limiter(lambda: at, 1e9).per_s == MOST_PER_S
    few = Limiter(lambda: at, 50, most=3)
    assert [few.take() for _ in range(5)] == [True, True, True, False, False]


@pytest.mark.covers("C5.23")
@pytest.mark.parametrize("host", [LOOPBACK_BROADCAST, "255.255.255.255", "239.255.1.1", "ff02::1"])
def test_an_answer_to_everybody_is_refused_with_the_reason(host):
    with pytest.raises(LocalMisuse, match="never to everybody") as caught:
        check_answer(host)
    assert "question to all the others" in caught.value.advice
    check_answer("127.0.0.1")


@pytest.mark.covers("C5.21")
async def test_without_the_option_the_system_refuses():
    transcript = Transcript()
    sock = await open_datagram(transcript, local=parse_target("127.0.0.1:0", listening=True))
    place = Address(socket.AF_INET, (LOOPBACK_BROADCAST, 9))
    sock.know(place)
    with pytest.raises(WorkbenchError) as caught:
        await sock.send(b"who is there?", place.text)
    assert caught.value.errno_name == "EACCES"
    assert not isinstance(caught.value, LocalMisuse) or isinstance(caught.value, LocalFault)
    await sock.aclose()
    transcript.close()


SAY = """
import socket, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
    sock.sendto(sys.argv[2].encode(), (sys.argv[3], int(sys.argv[1])))
"""


async def test_a_group_on_loopback_is_heard_while_joined():
    transcript = Transcript()
    hears = await open_datagram(transcript, local=parse_target("0.0.0.0:0", listening=True))
    _, _, port = hears.address.rpartition(":")

    async def say(text: str) -> None:
        # In a process of its own, since whatever sends to a group from here looks as if it left this machine.
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", SAY, port, text, OWN_GROUP)
        assert await process.wait() == 0

    hears.membership.join(OWN_GROUP, "127.0.0.1")
    await say("in")
    assert (await hears.receive(timeout_s=15)).data == b"in"
    hears.membership.leave(OWN_GROUP, "127.0.0.1")
    await say("out")
    # Behind it something that is heard in any case.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"mark", ("127.0.0.1", int(port)))
    assert (await hears.receive(timeout_s=15)).data == b"mark"
    await hears.aclose()
    transcript.close()


async def test_groups_are_sent_to_by_an_interface_of_ours_and_no_other():
    transcript = Transcript()
    says = await open_datagram(transcript, local=parse_target("127.0.0.1:0", listening=True))
    says.membership.send_by("127.0.0.1")
    with pytest.raises(LocalMisuse, match="no network interface"):
        says.membership.send_by("nowhere")
    await says.aclose()
    transcript.close()
