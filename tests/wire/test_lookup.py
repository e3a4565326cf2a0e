"""getaddrinfo with all its arguments, and the layers of IPv6 (workbench.wire.ipv6_layers), beside the system's own."""

import errno
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LinkLost, LocalMisuse, WorkbenchError
from workbench.transcript.recorder import Transcript
from workbench.wire.addresses import has_ipv6_loopback
from workbench.wire.interfaces import Interface, OwnAddress
from workbench.wire.ipv6_layers import THIS, Layer, Machine, look_at_layers
from workbench.wire.lookup import FAMILIES, FLAGS, KINDS, PROTOCOLS, Asked, Result, connectable, look_up

needs_v6 = pytest.mark.skipif(not has_ipv6_loopback(), reason="this machine has no ::1")


async def found(asked: Asked) -> tuple[Result, ...]:
    transcript = Transcript()
    try:
        results = await look_up(asked, transcript.open("x", "system"))
        assert [event.name for event in transcript.events()] == ["lookup.started", "lookup.complete"]
        return results
    finally:
        transcript.close()


async def failure(asked: Asked) -> tuple[WorkbenchError, list[str]]:
    transcript = Transcript()
    with pytest.raises(WorkbenchError) as caught:
        await look_up(asked, transcript.open("x", "system"))
    names = [event.name for event in transcript.events()]
    transcript.close()
    return caught.value, names


@pytest.mark.covers("C5.26")
async def test_every_result_is_a_tuple_with_its_symbols():
    assert await found(Asked("127.0.0.1", "http")) == (
        Result("AF_INET", "SOCK_STREAM", "IPPROTO_TCP", "", ("127.0.0.1", 80)),
    )
    several = await found(Asked("127.0.0.1", "80", kind="any"))
    system = socket.getaddrinfo("127.0.0.1", 80)
    assert [(r.family, r.kind, r.place) for r in several] == [
        (socket.AddressFamily(f).name, socket.SocketKind(k).name, place) for f, k, _, _, place in system
    ]
    assert len({r.kind for r in several}) > 1
    assert "a stream by TCP, to 127.0.0.1:80: host and port" in several[0].card


@needs_v6
@pytest.mark.covers("C5.26")
async def test_an_ipv6_address_has_four_parts():
    (result,) = await found(Asked("::1", "80"))
    assert result.family == "AF_INET6"
    assert result.place == ("::1", 80, 0, 0)
    assert result.text == "[::1]:80"
    assert "host, port, flow and zone" in result.card
    assert connectable(result).sockaddr == ("::1", 80, 0, 0)


async def test_the_official_name_is_told_on_request():
    (first, *_) = await found(Asked("localhost", "", flags=("AI_CANONNAME",)))
    assert first.canonical == "localhost"
    (wild, *_) = await found(Asked("", "80", "AF_INET", flags=("AI_PASSIVE",)))
    assert wild.place == ("0.0.0.0", 80)


@pytest.mark.covers("C5.25")
async def test_who_knows_ipv4_only_fails_where_the_address_is_of_ipv6():
    error, names = await failure(Asked("::1", "80", "AF_INET"))
    assert isinstance(error, LinkLost)
    assert error.errno_name == "EAI_ADDRFAMILY"
    assert error.stage == "resolve"
    assert names == ["lookup.started", "lookup.failed"]
    (served,) = await found(Asked("::1", "80", "AF_UNSPEC"))
    assert served.family == "AF_INET6"


@pytest.mark.parametrize(
    ("asked", "symbol"),
    [
        (Asked("127.0.0.1", "nosuch"), "EAI_SERVICE"),
        (Asked("localhost", "80", flags=("AI_NUMERICHOST",)), "EAI_NONAME"),
        (Asked("127.0.0.1", "http", flags=("AI_NUMERICSERV",)), "EAI_NONAME"),
        (Asked("127.0.0.1", "80", kind="SOCK_STREAM", protocol="IPPROTO_UDP"), "EAI_SERVICE"),
    ],
)
async def test_errors_have_their_symbols(asked: Asked, symbol: str):
    error, _ = await failure(asked)
    assert error.errno_name in (symbol, "EAI_SOCKTYPE")


@pytest.mark.parametrize(
    "asked",
    [
        Asked(),
        Asked("a..b", "1"),
        Asked("a" * 64 + ".test", "1"),
        Asked("h", "70000"),
        Asked("h", "9" * 30),
        Asked("a\0b"),
    ],
)
async def test_what_the_library_would_answer_with_other_errors_is_a_misuse(asked: Asked):
    error, _ = await failure(asked)
    assert isinstance(error, LocalMisuse)


async def test_symbols_that_there_are_not_are_named():
    error, _ = await failure(Asked("localhost", "1", family="AF_APPLETALK"))
    assert "AF_APPLETALK" in error.what


@given(
    st.sampled_from(FAMILIES),
    st.sampled_from(KINDS),
    st.sampled_from(PROTOCOLS),
    st.lists(st.sampled_from([flag.name for flag in FLAGS]), unique=True),
)
def test_the_call_is_written_as_python_takes_it(family: str, kind: str, protocol: str, flags: list[str]):
    call = Asked("127.0.0.1", "80", family, kind, protocol, tuple(flags)).call
    captured = eval(
        f"(lambda *args, **named: (args, named))({call})", {n: getattr(socket, n) for n in dir(socket)}
    )
    assert captured[0] == ("127.0.0.1", 80)
    assert captured[1].get("family", socket.AF_UNSPEC) == getattr(socket, family)
    assert int(captured[1].get("flags", 0)).bit_count() == len(flags)


# The layers of IPv6 -------------------------------------------------------------------------------------------


LO = Interface(1, "lo", ("UP", "LOOPBACK"), addresses=(OwnAddress("127.0.0.1", 8), OwnAddress("::1", 128)))
ETH = Interface(2, "eth0", ("UP",), addresses=(OwnAddress("2001:db8::5", 64),))
LINK = Interface(2, "eth0", ("UP",), addresses=(OwnAddress("fe80::5", 64),))


def no_socket() -> socket.socket:
    raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")


async def layers(machine: Machine, name: str = "") -> dict[str, Layer]:
    transcript = Transcript()
    found = await look_at_layers(transcript.open("x", "system"), name, machine=machine)
    assert sum(event.name == "ipv6.layer" for event in transcript.events()) == len(found)
    transcript.close()
    return {layer.name: layer for layer in found}


@pytest.mark.covers("C5.27")
async def test_each_missing_layer_is_named_by_itself():
    nothing = await layers(Machine(lambda: False, lambda: (LO._replace(addresses=()),), no_socket), "a..b")
    assert {name for name, layer in nothing.items() if not layer.is_there} >= {
        "this Python",
        "this system",
        "an address",
        "loopback",
        "the resolver",
    }
    assert "built without IPv6" in nothing["this Python"].sentence
    assert "switched off" in nothing["this system"].sentence
    assert "no interface has an IPv6 address" in nothing["an address"].sentence
    assert "::1 can't be reached" in nothing["loopback"].sentence
    alone = await layers(Machine(lambda: True, lambda: (LO, ETH), no_socket))
    assert [name for name, layer in alone.items() if not layer.is_there] == ["this system", "loopback"]
    assert alone["the resolver"].word == "not asked"


@needs_v6
@pytest.mark.covers("C5.27")
async def test_what_is_there_is_said_to_be_there():
    found = await layers(THIS._replace(interfaces=lambda: (LO, ETH)), "::1")
    assert [found[name].word for name in ("this Python", "this system", "an address", "loopback")] == [
        "there"
    ] * 4
    assert found["the resolver"].sentence == "::1 is ::1"
    assert found["AI_ADDRCONFIG"].source.startswith("RFC 3493")


async def test_an_address_of_the_link_alone_is_not_enough():
    found = await layers(THIS._replace(interfaces=lambda: (LO, LINK)))
    assert "nobody beyond this link" in found["an address"].sentence
