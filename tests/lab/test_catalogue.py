"""The catalogue: every line leads to a service that can be started as it is declared."""

import importlib
import inspect

import pytest

from workbench.errors import LocalMisuse
from workbench.formats.target import parse_target
from workbench.lab.catalogue import SERVICES, ServiceInfo, find_service
from workbench.lab.service import TcpService
from workbench.lab.services.sql.service import Sql
from workbench.lab.switches import turn
from workbench.lab.udp_service import UdpService

by_name = pytest.mark.parametrize("info", SERVICES, ids=lambda info: info.name)


@by_name
def test_the_entry_is_a_service_of_the_declared_transport(info: ServiceInfo):
    module, _, name = info.entry.partition(":")
    service = getattr(importlib.import_module(module), name)
    assert issubclass(
        service, {"tcp": TcpService, "unix": TcpService, "udp": UdpService, "file": Sql}[info.transport]
    )
    assert inspect.getdoc(service)


@by_name
def test_the_defaults_are_values_that_could_be_given(info: ServiceInfo):
    turned = turn(info.switches, {switch.name: switch.default for switch in info.switches}, service=info.name)
    assert turned.key() == ()


@by_name
def test_every_switch_has_a_name_of_its_own_and_a_sentence(info: ServiceInfo):
    names = [switch.name for switch in info.switches]
    assert len(set(names)) == len(names)
    assert all(switch.what for switch in info.switches)


@by_name
def test_a_person_learns_what_it_is_for(info: ServiceInfo):
    assert info.teaches.endswith(".")
    assert info.title
    assert info.book_port is None or 0 < info.book_port < 1024
    assert info.book_port is None or info.source.startswith("RFC ")


@by_name
def test_the_name_is_a_target(info: ServiceInfo):
    assert parse_target(f"lab:{info.name}").host == info.name


def test_every_service_of_the_first_slice_is_there():
    names = {info.name for info in SERVICES}
    assert names >= {"echo", "discard", "chargen", "daytime", "time", "greet", "chat", "silent", "slow"}
    assert names >= {"resetting", "flood", "junk", "udp-echo", "udp-time"}


def test_an_unknown_name_is_told_the_nearest():
    with pytest.raises(LocalMisuse, match='the Lab has no service "ehco"') as caught:
        find_service("ehco")
    assert "echo" in caught.value.advice


def test_an_endless_unknown_name_makes_no_endless_sentence():
    with pytest.raises(LocalMisuse) as caught:
        find_service("x" * 10_000)
    assert len(caught.value.what) < 100
