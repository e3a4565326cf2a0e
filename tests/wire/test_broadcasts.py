"""Networks that can be broadcast to: loopback always, the others where the system tells them."""

import ipaddress

from workbench.wire.broadcasts import LOOPBACK_BROADCAST, Network, networks


def test_loopback_comes_first_and_each_has_an_address():
    found = networks()
    assert found[0] == Network("lo", LOOPBACK_BROADCAST)
    assert len(set(found)) == len(found)
    for network in found:
        assert ipaddress.IPv4Address(network.address)
        assert network.interface
