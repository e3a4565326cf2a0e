"""Local or routed: leading bits, beside the standard library's networks."""

from ipaddress import IPv4Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.formats.subnet import compare


@pytest.mark.covers("C1.13")
def test_the_prefix_decides_between_the_link_and_a_router():
    near = compare("192.168.1.10", 24, "192.168.1.200")
    assert near.is_direct
    assert near.own_bits[: near.marked] == near.target_bits[: near.marked] == "11000000 10101000 00000001"
    assert "asked for directly" in near.sentence
    far = compare("192.168.1.10", 24, "192.168.2.1")
    assert not far.is_direct
    assert far.equal == 22
    assert far.sentence == "bit 23 of 24 differs: 192.168.2.1 is reached through a router"
    assert far.own_bits[: far.marked] != far.target_bits[: far.marked]


@given(st.ip_addresses(v=4), st.ip_addresses(v=4), st.integers(0, 32))
def test_ipv4_as_the_standard_library_judges_it(own: IPv4Address, target: IPv4Address, prefix: int):
    found = compare(str(own), prefix, str(target))
    assert found.is_direct == (target in ip_network((own, prefix), strict=False))
    assert found.own_bits[: found.marked].replace(" ", "") == f"{int(own):032b}"[:prefix]


@given(st.ip_addresses(v=6), st.ip_addresses(v=6), st.integers(0, 128))
def test_ipv6_too(own: object, target: object, prefix: int):
    found = compare(f"{own}%eth0", prefix, str(target))
    assert found.is_direct == (ip_address(str(target)) in ip_network((str(own), prefix), strict=False))
    assert len(found.own_bits[: found.marked].replace(" ", "")) == prefix


@pytest.mark.parametrize(
    ("own", "prefix", "target"), [("10.0.0.1", 8, "::1"), ("10.0.0.1", 33, "10.0.0.2"), ("x", 8, "10.0.0.1")]
)
def test_what_can_not_be_compared(own: str, prefix: int, target: str):
    with pytest.raises(LocalMisuse):
        compare(own, prefix, target)
