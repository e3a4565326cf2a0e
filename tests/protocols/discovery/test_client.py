"""Plans carried out on the loopback interface: the Lab's groups, our own heralds, the standard library's sockets.

Nothing here leaves loopback: the kit's hook fails a test that sends to a group by another interface.
"""

import asyncio
import contextlib
import itertools
import socket
import struct
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace

import pytest

from tests.kit.ports import free_port
from tests.lab.houses import Served, serving
from workbench.errors import LinkLost, LocalFault, LocalMisuse, TooSlow
from workbench.formats.target import Target, parse_target
from workbench.protocols.discovery import client, mdns, ssdp
from workbench.protocols.discovery.client import carry_out, require_somebody
from workbench.protocols.discovery.mdns import META, Question
from workbench.protocols.discovery.values import Found, Identity, Plan
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction

GROUP = "239.255.1.1"
LO = socket.inet_aton("127.0.0.1")


@pytest.fixture
def transcript() -> Iterator[Transcript]:
    transcript = Transcript()
    yield transcript
    transcript.close()


async def until(plan: Plan, transcript: Transcript, holds: Callable[[Found], object]) -> Found:
    """Carry a plan out until what was found is as wanted; then it is cancelled."""
    seen: asyncio.Future[Found] = asyncio.get_running_loop().create_future()

    def tell(found: Found) -> None:
        if holds(found) and not seen.done():
            seen.set_result(found)

    going = asyncio.create_task(carry_out(replace(plan, for_s=None), transcript, tell=tell))
    await asyncio.wait((going, seen), return_when=asyncio.FIRST_COMPLETED)
    if going.done():
        going.result()
    going.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await going
    return await seen


def at(served: Served) -> Target:
    return Target("udp", served.host, served.port)


def names(found: Found) -> list[str]:
    return sorted(peer.name for peer in found.present)


def facts(transcript: Transcript, name: str) -> list[dict]:
    return [dict(event.values) for event in transcript.events() if event.name == name]


class Outsider:
    """A member of a group on loopback, by the standard library alone."""

    def __init__(self, group: str, port: int) -> None:
        self.place = (group, port)
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, LO)
        self.sock.bind(self.place)
        self.sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(group) + LO)
        self.sock.setblocking(False)

    async def heard(self) -> tuple[bytes, tuple[str, int]]:
        loop = asyncio.get_running_loop()
        return await asyncio.wait_for(loop.sock_recvfrom(self.sock, 9000), 5)

    def say(self, data: bytes) -> None:
        self.sock.sendto(data, self.place)

    def tell(self, data: bytes, to: tuple[str, int]) -> None:
        self.sock.sendto(data, to)


@contextlib.asynccontextmanager
async def outsider(port: int = 0) -> AsyncIterator[Outsider]:
    made = Outsider(GROUP, port or free_port())
    try:
        yield made
    finally:
        made.sock.close()


# ---- the three presets in a plain group


@pytest.mark.covers("C5.22")
async def test_a_search_lists_who_answers_with_address_and_age(transcript: Transcript):
    async with outsider() as other:
        plan = Plan("group", "search", Target("udp", *other.place), what="anybody?")
        going = asyncio.create_task(until(plan, transcript, lambda found: found.peers))
        question, source = await other.heard()
        other.tell(b"I am here", source)
        found = await going
    assert question == b"anybody?"
    assert source[0] == "127.0.0.1"
    (peer,) = found.peers
    assert (peer.name, peer.addresses, peer.how, peer.state) == (
        "I am here",
        ("127.0.0.1",),
        "answer",
        "here",
    )
    assert 0 <= peer.heard_s <= found.now_s
    assert facts(transcript, "discovery.found")[0]["peer"] == "I am here"


@pytest.mark.covers("C5.22")
async def test_an_announcement_comes_at_its_times_and_ends_with_a_goodbye(transcript: Transcript):
    async with outsider() as other:
        identity = Identity("anvil")
        plan = Plan(
            "group", "announce", Target("udp", *other.place), for_s=0.5, times=(0, 0.25), identity=identity
        )
        loop = asyncio.get_running_loop()
        going = asyncio.create_task(carry_out(plan, transcript))
        said, at_s = [], []
        for _ in range(3):
            said.append((await other.heard())[0])
            at_s.append(loop.time())
        found = await going
    assert said == [b"anvil", b"anvil", b"anvil goodbye"]
    assert at_s[1] - at_s[0] >= 0.2
    assert found.sent == 2
    assert facts(transcript, "multicast.left")


@pytest.mark.covers("C5.22")
async def test_discovery_hears_who_speaks_by_itself_and_a_goodbye_takes_it_away(transcript: Transcript):
    async with outsider() as other:
        plan = Plan("group", "discover", Target("udp", *other.place))
        going = asyncio.create_task(until(plan, transcript, lambda found: found.gone))
        await other.heard()
        other.say(b"bellows")
        other.say(b"bellows goodbye")
        found = await going
    assert found.joined == GROUP
    assert found.present == ()
    assert [(peer.name, peer.how, peer.state) for peer in found.gone] == [("bellows", "announcement", "left")]


@pytest.mark.parametrize(("language", "what"), [("mdns", "_x._tcp"), ("ssdp", "urn:x"), ("group", "")])
async def test_one_of_ours_announces_and_another_finds_it(language: str, what: str, transcript: Transcript):
    place = Target("udp", GROUP, free_port())
    herald = Plan(language, "announce", place, for_s=None, identity=Identity("anvil", what, 631))  # type: ignore[arg-type]
    said = asyncio.Event()
    other = Transcript()
    announcing = asyncio.create_task(carry_out(herald, other, tell=lambda found: found.sent and said.set()))
    await said.wait()
    search = Plan(language, "search", place)  # type: ignore[arg-type]  # of LANGUAGES
    listen = replace(search, preset="discover")
    found = await until(search, transcript, lambda found: found.peers)
    gone = asyncio.create_task(until(listen, transcript, lambda found: found.gone))
    heard = await until(listen, transcript, lambda found: found.peers)
    announcing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await announcing
    assert found.peers[0].state == heard.peers[0].state == "here"
    # Who was cancelled said goodbye all the same.
    assert (await gone).gone[0].state == "left"
    other.close()


# ---- mDNS


@pytest.mark.covers("C5.22")
@pytest.mark.parametrize("preset", ["search", "discover"])
@pytest.mark.parametrize("additional", [True, False])
async def test_services_of_the_lab_are_resolved(preset: str, additional: bool, transcript: Transcript):
    async with serving("mdns", additional=additional) as served:
        plan = Plan("mdns", preset, at(served))  # type: ignore[arg-type]  # of PRESETS
        found = await until(
            plan,
            transcript,
            lambda found: len(found.peers) == 2 and all(peer.addresses and peer.told for peer in found.peers),
        )
    assert [(p.name, p.kind, p.host, p.addresses, p.port) for p in sorted(found.peers)] == [
        ("Anvil printer", "_ipp._tcp", "anvil.local", ("127.0.0.21",), 631),
        ("Book shelf", "_http._tcp", "shelf.local", ("127.0.0.22",), 8080),
    ]
    assert not found.oddities
    # Once, and then what was not brought along: the types, the services, the hosts.
    assert found.sent <= (2 if additional else 5)
    assert bool(found.joined) == (preset == "discover")


async def test_only_the_wanted_type_is_found(transcript: Transcript):
    async with serving("mdns") as served:
        plan = Plan("mdns", "search", at(served), what="_http._tcp", for_s=0.3, times=(0,))
        found = await carry_out(plan, transcript)
    assert names(found) == ["Book shelf"]


@pytest.mark.covers("C5.22")
async def test_a_goodbye_takes_a_service_of_the_lab_away(transcript: Transcript):
    async with serving("mdns", goodbye_after=1) as served:
        found = await until(Plan("mdns", "discover", at(served)), transcript, lambda found: found.gone)
    assert names(found) == ["Anvil printer"]
    assert [(peer.name, peer.state) for peer in found.gone] == [("Book shelf", "left")]
    assert facts(transcript, "discovery.left")[0]["peer"] == "Book shelf"


@pytest.mark.parametrize(
    ("lie", "words"), [("other-name", "claimed by"), ("goodbye", "another host"), ("garbage", "promises")]
)
async def test_a_liar_is_told_and_stops_nobody(lie: str, words: str, transcript: Transcript):
    async with serving("mdns", lie=lie) as served:
        found = await until(
            Plan("mdns", "discover", at(served)),
            transcript,
            lambda found: len(found.peers) == 2 and any(words in odd.what for odd in found.oddities),
        )
    assert facts(transcript, "discovery.odd")
    if lie == "other-name":
        (printer,) = [peer for peer in found.peers if peer.name == "Anvil printer"]
        assert set(printer.addresses) == {"127.0.0.21", "127.0.0.23"}
        assert printer.faults


async def test_our_own_questions_that_come_back_are_known_and_known_answers_go_along(transcript: Transcript):
    async with outsider() as other:
        plan = Plan("mdns", "discover", Target("udp", *other.place), times=(0, 0.3))
        going = asyncio.create_task(until(plan, transcript, lambda found: found.sent >= 2))
        first, source = await other.heard()
        assert source == ("127.0.0.1", other.place[1])
        assert mdns.read(first).questions == (Question(META, "PTR"),)
        record = mdns.ptr(META, mdns.service_type("_x._tcp"), 100)
        other.say(mdns.write_answer([record]))
        again = b""
        while not (again and mdns.read(again).questions == (Question(META, "PTR"),)):
            again, _ = await other.heard()
            again = b"" if mdns.read(again).is_response else again
        found = await going
    assert mdns.read(again).records[0].key == record.key
    assert found.own >= 1
    assert found.heard == 1


# ---- SSDP


@pytest.mark.covers("C5.22")
async def test_devices_of_the_lab_are_found_and_their_goodbye_heard(transcript: Transcript):
    async with serving("ssdp", goodbye_after=1) as served:
        found = await until(Plan("ssdp", "discover", at(served)), transcript, lambda found: found.gone)
    (shelf,) = found.present
    assert (shelf.addresses, shelf.port, shelf.source) == (("127.0.0.21",), 8200, f"127.0.0.21:{served.port}")
    assert [peer.state for peer in found.gone] == ["left"]


async def test_announcements_of_the_lab_are_heard_without_a_question(transcript: Transcript):
    for language in ("mdns", "ssdp"):
        async with serving(language, announce_ms=50, drop_first=10_000) as served:
            plan = Plan(language, "discover", at(served), times=(3600,))
            found = await until(plan, transcript, lambda found: len(found.peers) == 2)
        assert {peer.how for peer in found.peers} == {"announcement"}
        assert found.sent == 0


@pytest.mark.parametrize(("lie", "words"), [("location", "LOCATION leads"), ("no-name", "no USN")])
async def test_a_device_that_lies_is_listed_with_what_is_wrong(lie: str, words: str, transcript: Transcript):
    async with serving("ssdp", lie=lie) as served:
        found = await until(
            Plan("ssdp", "search", at(served)), transcript, lambda found: len(found.peers) == 3
        )
    (liar,) = [peer for peer in found.peers if peer.faults]
    assert words in liar.faults[0]


async def test_garbage_of_a_device_costs_nothing_else(transcript: Transcript):
    async with serving("ssdp", lie="garbage") as served:
        found = await until(
            Plan("ssdp", "search", at(served)),
            transcript,
            lambda found: found.oddities and len(found.peers) == 2,
        )
    assert "no field" in found.oddities[0].what
    assert found.oddities[0].rule.startswith("UPnP")


# ---- whoever, whatever


async def test_nobody_is_too_slow_for_a_search_and_no_failure_for_who_listens(transcript: Transcript):
    place = Target("udp", GROUP, free_port())
    for preset in ("search", "discover", "announce"):
        plan = Plan("group", preset, place, for_s=0.05, times=(0,))
        found = await carry_out(plan, transcript)
        assert found.peers == ()
        if preset == "search":
            with pytest.raises(TooSlow, match="nobody in the group") as slow:
                require_somebody(found, plan)
            assert slow.value.stage == "receive"
        else:
            require_somebody(found, plan)


async def test_nothing_leaves_this_machine_without_agreement(transcript: Transcript):
    plan = Plan("mdns", "search", Target("udp", "224.0.0.251", 5353), interface="192.0.2.77")
    with pytest.raises(LocalMisuse, match="this leaves the machine"):
        await carry_out(plan, transcript)
    assert len(transcript.channels) == 0
    with pytest.raises(LocalFault):
        # Agreed, but there is no such interface here: the socket can't be had.
        await carry_out(replace(plan, agreed=True), transcript)
    assert not [event for event in transcript.events() if event.kind != "fact"]


@pytest.mark.parametrize("times", [(), (0, 0.1), (-1,), tuple(range(61))])
async def test_too_many_or_too_close_times_are_refused_before_anything(
    times: tuple[float, ...], transcript: Transcript
):
    with pytest.raises(LocalMisuse):
        await carry_out(Plan("group", "search", Target("udp", GROUP, 9), times=times), transcript)
    assert len(transcript) == 0


async def test_a_flood_is_read_and_bounded(transcript: Transcript, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(client, "MAX_ODDITIES", 5)
    async with outsider() as other:
        plan = Plan("ssdp", "discover", Target("udp", *other.place))
        going = asyncio.create_task(until(plan, transcript, lambda found: found.heard >= 300))
        await other.heard()
        for number in range(300):
            other.say(b"NOTIFY nonsense %d" % number)
        found = await going
    assert len(found.oddities) == 5
    assert found.peers == ()


async def test_a_question_to_the_group_is_never_sooner_than_the_gap(transcript: Transcript):
    async with serving("mdns", additional=False) as served:
        plan = Plan("mdns", "search", at(served))
        await until(plan, transcript, lambda found: len(found.peers) == 2 and found.sent >= 3)
    times = [event.time_ns for event in transcript.events() if event.direction is Direction.SENT]
    assert len(times) >= 3
    assert all(later - earlier >= 0.19e9 for earlier, later in itertools.pairwise(times))


@pytest.mark.parametrize("group", ["ff01::db8:1", "ff11::db8:1"])
async def test_groups_of_ipv6_are_joined_spoken_to_and_left(group: str, transcript: Transcript):
    reason = _why_no_v6_groups(group)
    if reason:
        pytest.skip(reason)
    place = Target("udp", group, free_port())
    other = Transcript()
    said = asyncio.Event()
    herald = Plan("group", "announce", place, for_s=None, identity=Identity("anvil"))
    announcing = asyncio.create_task(carry_out(herald, other, tell=lambda found: found.sent and said.set()))
    await said.wait()
    found = await until(Plan("group", "search", place), transcript, lambda found: found.peers)
    announcing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await announcing
    assert found.peers[0].name == "anvil"
    assert facts(other, "multicast.left")[0]["group"] == group
    other.close()


def _why_no_v6_groups(group: str) -> str:
    """Whether what is sent to a group by the loopback interface comes back there; else why not."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            number = socket.if_nametoindex("lo")
            sock.bind(("::", 0))
            request = socket.inet_pton(socket.AF_INET6, group) + struct.pack("@I", number)
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, request)
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, number)
            sock.sendto(b"?", (group, sock.getsockname()[1]))
    except OSError as error:
        return f"no way to a group of IPv6 by the loopback interface here: {error}"
    return ""


async def test_where_there_is_no_way_to_a_group_the_failure_has_its_stage(transcript: Transcript):
    group = "ff11::db8:2"
    if not _why_no_v6_groups(group):
        pytest.skip("this system has a way to groups of IPv6 by loopback")
    with pytest.raises(LinkLost) as lost:
        await carry_out(Plan("group", "search", parse_target(f"[{group}]:9"), for_s=1), transcript)
    assert (lost.value.stage, lost.value.errno_name) == ("send", "ENETUNREACH")


def test_a_message_of_ssdp_fits_one_frame():
    assert len(ssdp.write_search("239.255.255.250:1900", "", 1)) < 1472
