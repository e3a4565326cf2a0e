"""Addresses of services: what JSON shows is read back as it was."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import PeerMisbehaved
from workbench.formats.target import Target
from workbench.lab.address import (
    Running,
    ServiceAddress,
    address,
    running_from_dict,
    running_from_values,
    service_address_from_dict,
)

ports = st.integers(0, 65535)
addresses = st.builds(
    lambda transport, host, port, also, switches: ServiceAddress(
        "echo",
        Target(transport, host, port),
        transport,
        "a note",
        "echo#1",
        switches,
        Target(transport, "::1", also) if also is not None else None,
    ),
    st.sampled_from(["tcp", "udp"]),
    st.sampled_from(["127.0.0.1", "127.0.0.2", "::1"]),
    ports,
    st.none() | ports,
    st.dictionaries(
        st.text(max_size=9), st.none() | st.booleans() | st.integers() | st.text(max_size=9), max_size=3
    ),
)
figures = st.integers(0, 2**62)


@given(addresses)
def test_an_address_survives_json(one: ServiceAddress):
    assert service_address_from_dict(json.loads(json.dumps(one.as_dict()))) == one


@given(st.lists(st.builds(Running, addresses, figures, figures, figures, figures), max_size=3))
def test_what_runs_survives_json(running: list[Running]):
    shown = json.loads(json.dumps({"services": [one.as_dict() for one in running]}))
    assert running_from_values(shown) == running


def test_an_address_is_shown_as_a_person_types_it():
    assert address(Target("udp", "127.0.0.1", 7)) == "127.0.0.1:7"
    assert address(Target("tcp", "::1", 7)) == "[::1]:7"


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"name": 7},
        {"address": None},
        {"address": "127.0.0.1"},
        {"address": "127.0.0.1:seven"},
        {"address": "127.0.0.1:²"},
        {"address": "127.0.0.1:123456"},
        {"transport": "sctp"},
        {"instance": []},
    ],
)
def test_what_is_no_address_is_the_labs_fault(wrong: dict[str, object]):
    shown: dict[str, object] = {
        "name": "echo",
        "address": "127.0.0.1:7",
        "transport": "tcp",
        "note": "",
        "instance": "echo",
    }
    with pytest.raises(PeerMisbehaved):
        service_address_from_dict({**shown, **wrong} if wrong else {})


@pytest.mark.parametrize("services", [7, [7], {"a": 1}, "echo"])
def test_what_is_no_list_of_services_is_the_labs_fault(services: object):
    with pytest.raises(PeerMisbehaved, match="in an unknown way"):
        running_from_values({"services": services})


def test_figures_that_are_none_are_nought():
    shown = ServiceAddress("echo", Target("tcp", "127.0.0.1", 7), "tcp").as_dict()
    running = running_from_dict({**shown, "clients": "many", "octets_sent": 5})
    assert (running.clients, running.octets_sent) == (0, 5)
