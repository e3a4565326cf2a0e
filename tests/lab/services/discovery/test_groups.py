"""The Lab's groups, asked by the standard library's sockets and read by dnspython and http.client.

The machines of lab:mdns and lab:ssdp stand in workbench.lab.services.discovery.members, what they say in
workbench.lab.services.discovery.mdns and workbench.lab.services.discovery.ssdp, their switches in
workbench.lab.group_switches.
"""

import http.client
import io
import socket

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rdatatype
import pytest

from tests.lab.houses import Served, serving
from workbench.jobs.offload import in_thread

LO = socket.inet_aton("127.0.0.1")
SEARCH = (
    b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: %s\r\n\r\n'
)
META = "_services._dns-sd._udp.local."


def query(name: str, kind: str) -> dns.message.QueryMessage:
    message = dns.message.make_query(name, kind)
    message.flags = 0
    return message


def heard(place: tuple[str, int], data: bytes, count: int, wait_s: float = 5.0) -> list[tuple[bytes, str]]:
    """What comes back to a port of our own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, LO)
        sock.settimeout(wait_s)
        sock.sendto(data, place)
        return [(octets, source[0]) for octets, source in (sock.recvfrom(9000) for _ in range(count))]


def in_group(place: tuple[str, int], data: bytes, count: int, wait_s: float = 5.0) -> list[tuple[bytes, str]]:
    """What is said in the group, by others than us."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(place)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(place[0]) + LO)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, LO)
        sock.settimeout(wait_s)
        if data:
            sock.sendto(data, place)
        found: list[tuple[bytes, str]] = []
        while len(found) < count:
            octets, source = sock.recvfrom(9000)
            if octets != data:
                found.append((octets, source[0]))
        return found


def at(served: Served) -> tuple[str, int]:
    return served.host, served.port


def types(data: bytes) -> list[str]:
    # The bits above the class are no class of dnspython's.
    return [dns.rdatatype.to_text(rrset.rdtype) for rrset in dns.message.from_wire(data).answer]


async def test_each_machine_answers_a_one_shot_question_alone_by_its_own_address():
    async with serving("mdns") as served:
        asked = query(META, "PTR")
        answers = await in_thread(heard, at(served), asked.to_wire(), 2)
    assert sorted(source for _, source in answers) == ["127.0.0.21", "127.0.0.22"]
    for data, _ in answers:
        message = dns.message.from_wire(data)
        assert message.id == asked.id
        assert message.question == asked.question
        assert message.flags & dns.flags.AA
        assert sorted(types(data)) == ["A", "PTR", "PTR", "SRV", "TXT"]
        assert {rrset.ttl for rrset in message.answer} == {10}


async def test_who_asks_in_the_group_is_answered_in_the_group_and_only_what_was_asked():
    async with serving("mdns", additional=False) as served:
        asked = query("_http._tcp.local.", "PTR").to_wire()
        ((data, source),) = await in_thread(in_group, at(served), asked, 1)
    message = dns.message.from_wire(data)
    assert source == "127.0.0.22"
    assert str(message.answer[0][0].target) == "Book\\032shelf._http._tcp.local."
    assert len(message.answer) == 1


async def test_after_so_many_answers_a_machine_says_goodbye_and_is_silent():
    async with serving("mdns", goodbye_after=1) as served:
        asked = query("_http._tcp.local.", "PTR").to_wire()
        said = await in_thread(in_group, at(served), asked, 2)
        # Each record has four octets of time to live behind type and class.
        assert b"\0\x0c\0\1\0\0\0\x78" in said[0][0]
        assert b"\0\x0c\0\1\0\0\0\0" in said[1][0]
        with pytest.raises(TimeoutError):
            await in_thread(heard, at(served), asked, 1, 0.1)


async def test_announcements_come_by_themselves():
    for name in ("mdns", "ssdp"):
        async with serving(name, announce_ms=20) as served:
            said = await in_thread(in_group, at(served), b"", 8)
        assert {source for _, source in said} == {"127.0.0.21", "127.0.0.22"}


@pytest.mark.parametrize(("lie", "count"), [("other-name", 2), ("goodbye", 2), ("garbage", 2)])
async def test_the_third_machine_lies_on_request(lie: str, count: int):
    async with serving("mdns", lie=lie) as served:
        asked = query("_ipp._tcp.local.", "PTR").to_wire()
        answers = {source: data for data, source in await in_thread(heard, at(served), asked, count)}
    said = answers["127.0.0.23"]
    if lie == "garbage":
        with pytest.raises(dns.exception.DNSException):
            dns.message.from_wire(said)
    elif lie == "goodbye":
        assert {rrset.ttl for rrset in dns.message.from_wire(said).answer} == {0}
    else:
        assert b"mallory" in said
        assert b"Anvil printer" in said


async def test_a_search_is_answered_alone_once_for_each_name():
    async with serving("ssdp") as served:
        answers = await in_thread(heard, at(served), SEARCH % b"ssdp:all", 6)
        root = await in_thread(heard, at(served), SEARCH % b"upnp:rootdevice", 2)
        with pytest.raises(TimeoutError):
            await in_thread(heard, at(served), SEARCH % b"urn:nothing", 1, 0.1)
    fields = [http.client.parse_headers(io.BytesIO(data.partition(b"\r\n")[2])) for data, _ in answers]
    assert {field["CACHE-CONTROL"] for field in fields} == {"max-age=1800"}
    assert len({field["USN"] for field in fields}) == 6
    assert {field["LOCATION"] for field in fields} == {
        "http://127.0.0.21:8200/description.xml",
        "http://127.0.0.22:631/description.xml",
    }
    assert all(b"ST: upnp:rootdevice\r\n" in data for data, _ in root)


@pytest.mark.parametrize(
    ("lie", "words"), [("location", b"http://127.0.0.99"), ("no-name", b"ST: upnp"), ("garbage", b"no field")]
)
async def test_the_third_device_lies_on_request(lie: str, words: bytes):
    async with serving("ssdp", lie=lie) as served:
        answers = await in_thread(heard, at(served), SEARCH % b"ssdp:all", 9 if lie == "location" else 7)
    said = [data for data, source in answers if source == "127.0.0.23"]
    assert said
    assert all(words in data for data in said)


async def test_silence_delay_and_copies_are_switches_of_them():
    async with serving("ssdp", drop_first=1, copies=2, delay_ms=1) as served:
        with pytest.raises(TimeoutError):
            await in_thread(heard, at(served), SEARCH % b"upnp:rootdevice", 1, 0.1)
        assert len(await in_thread(heard, at(served), SEARCH % b"upnp:rootdevice", 4)) == 4
        assert served.figures.seen == 2


@pytest.mark.parametrize("name", ["mdns", "ssdp"])
@pytest.mark.parametrize("data", [b"", b"garbage", bytes(12)])
async def test_octets_that_are_no_question_are_met_with_silence(name: str, data: bytes):
    async with serving(name) as served:
        with pytest.raises(TimeoutError):
            await in_thread(heard, at(served), data, 1, 0.05)
