"""Addresses taken apart, beside the standard library and the C library; with workbench.formats.address_kinds."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.formats.address_kinds import blocks, kind_of
from workbench.formats.notation import bits_text, canonical_text, inspect_address, legacy_ipv4


@pytest.mark.covers("C5.24")
@pytest.mark.parametrize("text", ["127.1", "0x7f000001", "2130706433", "0177.0.0.1"])
def test_old_notations_are_read_as_the_c_library_reads_them_and_warned_of(text: str):
    found = inspect_address(text)
    assert found.canonical == "127.0.0.1"
    assert found.is_ambiguous
    assert found.warnings[0].startswith("ambiguous notation")
    resolved = socket.getaddrinfo(text, None, type=socket.SOCK_STREAM)[0][4][0]
    assert found.canonical == resolved


@pytest.mark.covers("C5.24")
def test_an_ipv6_address_is_written_canonically_and_with_every_digit():
    found = inspect_address("0:0::1")
    assert found.canonical == "::1"
    assert found.expanded == "0000:0000:0000:0000:0000:0000:0000:0001"
    assert found.bits.replace(" ", "") == "0" * 127 + "1"
    assert (found.kind.word, found.kind.scope) == ("loopback", "machine")
    assert found.reverse == "1." + "0." * 31 + "ip6.arpa"
    assert not found.is_ambiguous
    assert "not the canonical notation" in found.warnings[0]
    assert inspect_address("::1").warnings == ()
    assert inspect_address("[::1]").canonical == "::1"


def test_a_leading_zero_means_two_addresses():
    found = inspect_address("010.0.0.1")
    assert found.canonical == "8.0.0.1"
    assert found.others[0].startswith("10.0.0.1")


@pytest.mark.parametrize(
    ("text", "word", "scope"),
    [
        ("0.0.0.0", "unspecified", "none"),
        ("10.255.0.1", "private", "site"),
        ("172.31.255.255", "private", "site"),
        ("172.32.0.0", "global", "global"),
        ("100.64.0.1", "carrier NAT", "site"),
        ("127.9.9.9", "loopback", "machine"),
        ("169.254.1.1", "link-local", "link"),
        ("192.0.2.7", "documentation", "none"),
        ("224.0.0.251", "multicast", "link"),
        ("239.1.2.3", "multicast", "site"),
        ("233.1.2.3", "multicast", "global"),
        ("255.255.255.255", "broadcast", "link"),
        ("8.8.8.8", "global", "global"),
        ("::", "unspecified", "none"),
        ("fe80::1%eth0", "link-local", "link"),
        ("fd12::1", "unique local", "site"),
        ("2001:db8::1", "documentation", "none"),
        ("3fff::1", "documentation", "none"),
        ("ff02::1%1", "multicast", "link"),
        ("ff0e::1", "multicast", "global"),
        ("2a00::1", "global", "global"),
        ("4000::1", "unassigned", "none"),
    ],
)
def test_what_an_address_is_for(text: str, word: str, scope: str):
    kind = inspect_address(text).kind
    assert (kind.word, kind.scope) == (word, scope)
    assert kind.what
    assert kind.source.startswith("RFC ")


@given(st.ip_addresses())
def test_the_smallest_block_decides_as_a_search_through_all_of_them(address: IPv4Address | IPv6Address):
    holding = [
        (ip_network(text).prefixlen, kind)
        for text, kind in blocks()
        if ip_network(text).version == address.version and address in ip_network(text)
    ]
    found = kind_of(address)
    if holding:
        assert found.word == max(holding, key=lambda pair: pair[0])[1].word
    else:
        assert found.word in ("global", "unassigned")
    # The standard library's tables say the same of what both know.
    assert address.is_loopback == (found.word == "loopback") or getattr(address, "ipv4_mapped", None)
    assert address.is_multicast == (found.word == "multicast")


@pytest.mark.parametrize(
    ("text", "what", "value"),
    [
        ("::ffff:192.0.2.1", "the IPv4 peer", "192.0.2.1"),
        ("64:ff9b::c000:201", "the IPv4 server behind it", "192.0.2.1"),
        ("2002:c000:204::1", "the router's IPv4 address", "192.0.2.4"),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "the client's translated address", "192.0.2.45:40000"),
        ("fe80::5efe:c000:201%1", "the IPv4 address of ISATAP", "192.0.2.1"),
        ("fe80::fc:ff:fe00:1%eth0", "the interface's hardware address", "02:fc:00:00:00:01"),
    ],
)
def test_what_stands_inside(text: str, what: str, value: str):
    assert (what, value) in [(hidden.what, hidden.value) for hidden in inspect_address(text).hidden]


@pytest.mark.parametrize(
    ("text", "network", "last", "size"),
    [
        ("192.168.1.10/24", "192.168.1.0/24", "192.168.1.255", 256),
        ("192.168.1.10/255.255.255.0", "192.168.1.0/24", "192.168.1.255", 256),
        ("10.0.0.1/32", "10.0.0.1/32", "10.0.0.1", 1),
        ("0.0.0.0/0", "0.0.0.0/0", "255.255.255.255", 2**32),
        ("2001:db8::5/64", "2001:db8::/64", "2001:db8::ffff:ffff:ffff:ffff", 2**64),
    ],
)
def test_a_prefix_is_a_network(text: str, network: str, last: str, size: int):
    found = inspect_address(text)
    assert (found.network, found.last, found.size) == (network, last, size)
    assert found.network == str(ip_network(text, strict=False))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", (0, 0)),
        ("hello", (0, 5)),
        ("1.2.3.4.5", (0, 9)),
        ("256.1.1.1", (0, 3)),
        ("1.2.3.", (5, 6)),
        ("::1::", (3, 5)),
        ("fe80::1%", (8, 8)),
        ("[::1", (0, 1)),
        ("[1.2.3.4]", (1, 8)),
        ("10.0.0.1/33", (9, 11)),
        ("10.0.0.1/", (9, 9)),
        ("10.0.0.1/255.0.255.0", (9, 20)),
        ("::1/129", (4, 7)),
        ("0x1ffffffff", (0, 11)),
        ("9" * 300, (200, 300)),
    ],
)
def test_a_mistake_has_its_place(text: str, place: tuple[int, int]):
    with pytest.raises(LocalMisuse) as caught:
        inspect_address(text)
    assert (caught.value.start, caught.value.end) == place


@given(st.text(alphabet="0123456789abcdefxX.:%/[]", max_size=24))
def test_any_text_is_an_address_or_a_mistake_within_it(text: str):
    try:
        found = inspect_address(text)
    except LocalMisuse as misuse:
        place = misuse.start, misuse.end
    else:
        assert ip_address(found.canonical.partition("%")[0]) == found.address
        return
    assert place[0] is not None
    assert place[1] is not None
    assert 0 <= place[0] <= place[1] <= len(text)


@given(st.text(alphabet="0123456789abcdefx.", min_size=1, max_size=18))
def test_the_old_notations_are_inet_atons(text: str):
    try:
        known = IPv4Address(socket.inet_aton(text))
    except OSError:
        known = None
    ours = legacy_ipv4(text)
    # glibc takes an octal number whose digits overflow; we take none that has no meaning.
    assert ours == known or ours is None


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "1.2",
        "1.2.3",
        "0x10",
        "010",
        "0x7f.1",
        "127.0.1",
        "1.0x20304",
        "0",
        "00",
        "0xffffffff",
        "037777777777",
    ],
)
def test_what_inet_aton_takes_is_taken(text: str):
    assert legacy_ipv4(text) == IPv4Address(socket.inet_aton(text))


@given(st.ip_addresses())
def test_bits_and_text_are_the_address(address: IPv4Address | IPv6Address):
    assert int(bits_text(address).replace(" ", ""), 2) == int(address)
    assert ip_address(canonical_text(address)) == address
    assert inspect_address(canonical_text(address)).address == address
