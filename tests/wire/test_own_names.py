"""A machine's own names: every way, what it led to, and a warning where it is of use to nobody else."""

import socket

import pytest

from workbench.errors import LinkLost
from workbench.wire.interfaces import Interface, OwnAddress
from workbench.wire.own_names import own_names, reach_of

LO = Interface(1, "lo", ("UP", "LOOPBACK"), 65536, addresses=(OwnAddress("127.0.0.1", 8),))
ETH = Interface(2, "eth0", ("UP",), 1500, addresses=(OwnAddress("10.1.2.3", 24),))


class System:
    """What a system says of itself."""

    def __init__(self) -> None:
        self.name = "vm"
        self.hosts: dict[str, tuple[str, list[str], list[str]]] = {"vm": ("localhost", [], ["127.0.0.1"])}
        self.led: tuple[str, ...] = ("127.0.0.1",)
        self.way = "10.1.2.3"

    def gethostbyaddr(self, name):
        if name not in self.hosts:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return self.hosts[name]

    def getaddrinfo(self, name, port, type=0):
        if not self.led:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET, type, 6, "", (each, 0)) for each in self.led]


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch):
    made = System()
    where = "workbench.wire.own_names"
    monkeypatch.setattr(f"{where}.socket.gethostname", lambda: made.name)
    monkeypatch.setattr(f"{where}.socket.gethostbyaddr", made.gethostbyaddr)
    monkeypatch.setattr(f"{where}.socket.getaddrinfo", made.getaddrinfo)
    monkeypatch.setattr(f"{where}.read_interfaces", lambda: (LO, ETH))

    def way(target: str) -> str:
        if ":" in target or not made.way:
            raise OSError(101, "Network is unreachable")
        return made.way

    monkeypatch.setattr(f"{where}.source_for", way)
    return made


def test_a_name_that_leads_to_the_loopback_is_warned_of_with_its_derivation(system: System):
    found = own_names()
    assert (found.name, found.full, found.reach) == ("vm", "localhost", "this machine")
    derived = next(step for step in found.steps if step.call.startswith("getfqdn"))
    assert derived.why.startswith("vm leads to 127.0.0.1, and that to localhost")
    assert any("the loopback: every other machine would call itself" in each for each in found.warnings)
    assert any("getfqdn says localhost" in each for each in found.warnings)
    # The best that could be told to others stands first.
    assert found.candidates == (("10.1.2.3", "this site"), ("127.0.0.1", "this machine"))
    assert any("somebody translates it" in each for each in found.warnings)


def test_a_machine_of_the_whole_internet_is_warned_of_nothing(system: System):
    system.hosts = {"vm": ("vm", ["vm.example.net"], ["8.8.8.8"])}
    system.led, system.way = ("8.8.8.8",), "8.8.8.8"
    found = own_names()
    assert (found.full, found.reach, found.warnings) == ("vm.example.net", "everybody", ())
    assert "the first with a dot" in found.steps[1].why


def test_a_name_that_leads_nowhere_and_a_machine_without_a_way_are_answers_not_failures(system: System):
    system.hosts, system.led, system.way = {}, (), ""
    found = own_names()
    assert (found.full, found.reach) == ("vm", "")
    symbols = {step.call.partition("(")[0]: step.errno for step in found.steps}
    assert symbols["getaddrinfo"] == "EAI_NONAME"
    assert symbols["connect a UDP socket "] == "ENETUNREACH"
    assert any("leads nowhere" in each for each in found.warnings)
    assert any("no way outside" in each for each in found.warnings)


def test_a_system_that_does_not_tell_its_interfaces_is_an_answer_too(
    system: System, monkeypatch: pytest.MonkeyPatch
):
    def untold():
        raise LinkLost("no", errno_name="EPERM")

    monkeypatch.setattr("workbench.wire.own_names.read_interfaces", untold)
    step = next(step for step in own_names().steps if step.call == "interfaces")
    assert (step.told, step.errno) == ((), "EPERM")


def test_this_machine_answers_by_itself():
    found = own_names(outside=(("IPv4", "127.0.0.9"),))
    assert found.name == socket.gethostname()
    # The trick, too, gives the loopback where the other one is on it.
    assert (found.steps[-1].told, found.steps[-1].reach) == (("127.0.0.1",), "this machine")
    assert found.full == socket.getfqdn(found.name)
    given = own_names("localhost")
    assert (given.name, given.reach) == ("localhost", "this machine")
    assert all(step.call != "interfaces" for step in given.steps)


def test_who_may_use_an_address_goes_by_its_scope():
    reaches = {
        "127.0.1.1": "this machine",
        "::1": "this machine",
        "169.254.1.1": "this link",
        "fe80::1%eth0": "this link",
        "10.0.0.1": "this site",
        "100.64.0.1": "this site",
        "8.8.8.8": "everybody",
        "192.0.2.1": "nobody",
        "vm": "",
    }
    assert {text: reach_of(text) for text in reaches} == reaches
