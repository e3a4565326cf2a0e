"""This machine's interfaces and ways, beside `ip`."""

import json
import subprocess
import sys

import pytest

from workbench.errors import LinkLost, LocalFault
from workbench.transcript.recorder import Transcript
from workbench.wire.interfaces import (
    Interface,
    OwnAddress,
    own_addresses,
    read_interfaces,
    source_for,
    tells_routes,
    way_to,
)

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells by netlink")


@linux
@pytest.mark.covers("C1.13")
def test_a_target_on_the_loopback_is_left_from_127_0_0_1_and_nothing_is_sent():
    transcript = Transcript()
    way = way_to("127.0.0.9", transcript.open("x", "system"))
    assert (way.source, way.interface, way.router, way.is_local) == ("127.0.0.1", "lo", "", True)
    assert source_for("127.0.0.9") == "127.0.0.1"
    assert [event.name for event in transcript.events()] == ["way.found"]
    transcript.close()


@linux
def test_the_loopback_is_listed_with_its_prefix_flags_and_size():
    transcript = Transcript()
    found = {each.name: each for each in read_interfaces(transcript.open("x", "system"))}
    lo = found["lo"]
    assert {"UP", "LOOPBACK"} <= set(lo.flags)
    assert OwnAddress("127.0.0.1", 8, "host") in lo.addresses
    assert lo.mtu >= 1280
    assert lo.is_up
    assert "lo" in str(transcript[0].values["names"])
    transcript.close()


@linux
@pytest.mark.real("ip")
def test_interfaces_and_addresses_are_those_that_ip_lists():
    listed = json.loads(
        subprocess.run(["ip", "-j", "addr"], capture_output=True, check=True, timeout=60).stdout
    )
    ours = {each.name: each for each in read_interfaces()}
    assert {each["ifname"] for each in listed} == ours.keys()
    for each in listed:
        mine = ours[each["ifname"]]
        assert mine.mtu == each["mtu"]
        assert [str(own) for own in mine.addresses] == [
            f"{info['local']}/{info['prefixlen']}" for info in each.get("addr_info", ())
        ]
        assert set(mine.flags) >= {"UP", "LOOPBACK", "MULTICAST", "BROADCAST"} & set(each["flags"])


@linux
def test_no_way_is_a_failure_that_says_so(monkeypatch: pytest.MonkeyPatch):
    import errno

    def unreachable(_target: str) -> str:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr("workbench.wire.interfaces.source_for", unreachable)
    transcript = Transcript()
    with pytest.raises(LinkLost) as caught:
        way_to("192.0.2.9", transcript.open("x", "system"))
    assert caught.value.errno_name == "ENETUNREACH"
    assert transcript[0].name == "way.missing"
    transcript.close()


def test_elsewhere_names_are_all_there_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("workbench.wire.interfaces.sys.platform", "darwin")
    assert not tells_routes()
    found = read_interfaces()
    assert found
    assert all(each.is_up and not each.addresses for each in found)
    way = way_to("127.0.0.9")
    assert (way.source, way.interface) == ("127.0.0.1", "")


def test_addresses_of_the_loopback_stand_first():
    eth = Interface(2, "eth0", ("UP",), addresses=(OwnAddress("192.0.2.2", 24),))
    lo = Interface(1, "lo", ("UP", "LOOPBACK"), addresses=(OwnAddress("127.0.0.1", 8),))
    assert [own.address for _, own in own_addresses((eth, lo))] == ["127.0.0.1", "192.0.2.2"]
    assert str(OwnAddress("::1", None)) == "::1"


def test_a_system_that_does_not_answer_is_a_fault(monkeypatch: pytest.MonkeyPatch):
    import errno

    def refused() -> None:
        raise OSError(errno.EACCES, "no")

    monkeypatch.setattr("workbench.wire.interfaces._by_netlink", refused)
    monkeypatch.setattr("workbench.wire.interfaces._by_name", refused)
    with pytest.raises(LocalFault):
        read_interfaces()
