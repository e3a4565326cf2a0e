"""By which interface: loopback unless somebody says otherwise, and what leaves asks for agreement."""

import pytest

from workbench.errors import LinkLost, LocalMisuse
from workbench.protocols.discovery import reach
from workbench.protocols.discovery.reach import check_agreement, interfaces, place_of
from workbench.wire.interfaces import Interface, OwnAddress

LO = Interface(1, "lo", ("UP", "LOOPBACK"), addresses=(OwnAddress("127.0.0.1", 8), OwnAddress("::1", 128)))
NET = Interface(2, "net0", ("UP",), addresses=(OwnAddress("192.0.2.7", 24), OwnAddress("fd00::7", 64)))
DOWN = Interface(3, "net1", (), addresses=())
OFF = Interface(4, "net2", ("BROADCAST",), addresses=(OwnAddress("192.0.2.8", 24),))


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "read_interfaces", lambda: (NET, LO, DOWN, OFF))


def test_without_a_word_it_is_loopback_and_nothing_leaves():
    for group, interface, own in (("239.255.1.1", "127.0.0.1", "127.0.0.1"), ("ff11::1", "lo", "::1")):
        place = place_of(group, 5007)
        assert (place.interface, place.own, place.leaves) == (interface, own, "")
        check_agreement(place, agreed=False)
    assert place_of("239.255.1.1", 5007).text == "239.255.1.1:5007"
    assert place_of("ff11::1", 5007).text == "[ff11::1]:5007"


@pytest.mark.parametrize(
    ("group", "interface", "as_given"),
    [
        ("239.255.1.1", "net0", "192.0.2.7"),
        ("239.255.1.1", "192.0.2.7", "192.0.2.7"),
        ("ff12::1", "net0", "net0"),
        ("ff12::1", "fd00::7", "net0"),
    ],
)
def test_another_interface_leaves_the_machine_and_asks_for_agreement(
    group: str, interface: str, as_given: str
):
    place = place_of(group, 5007, interface)
    assert place.interface == as_given
    assert group in place.leaves
    with pytest.raises(LocalMisuse, match="this leaves the machine"):
        check_agreement(place, agreed=False)
    check_agreement(place, agreed=True)


def test_loopback_by_name_and_the_scope_of_an_interface_stay():
    for interface in ("lo", "127.0.0.1", "127.0.0.5"):
        assert place_of("239.255.1.1", 5007, interface).leaves == ""
    assert place_of("ff12::1", 5007, "lo").leaves == ""
    assert place_of("ff01::1", 5007, "net0").leaves == ""
    assert place_of("ff11::1", 5007, "net0").leaves == ""


@pytest.mark.parametrize("interface", ["nonsense", "net1", "fd00::9", "::2"])
def test_an_interface_that_there_is_not_is_told_with_its_place(interface: str):
    with pytest.raises(LocalMisuse, match="no network interface") as wrong:
        place_of("ff12::1", 5007, interface)
    assert wrong.value.caret().endswith("^")


def test_what_is_no_group_is_no_place():
    with pytest.raises(LocalMisuse, match="no address of a group"):
        place_of("127.0.0.1", 5007)


def test_the_choices_begin_with_loopback_and_are_those_that_are_up():
    assert interfaces() == (("lo", "127.0.0.1"), ("net0", "192.0.2.7"))


def test_a_system_that_tells_nothing_has_loopback(monkeypatch: pytest.MonkeyPatch):
    def nothing() -> None:
        raise LinkLost("no netlink")

    monkeypatch.setattr(reach, "read_interfaces", nothing)
    assert interfaces() == (("lo", "127.0.0.1"),)
    assert place_of("239.255.1.1", 5007).own == "127.0.0.1"
