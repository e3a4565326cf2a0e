"""The bundled ports are ports, and those of the operating system."""

import socket

import pytest

from workbench.formats.ports import MAX_PORT, MIN_PORT, SCHEME_PORTS, SERVICE_PORTS


def test_every_port_is_one() -> None:
    assert all(MIN_PORT <= port <= MAX_PORT for port in SERVICE_PORTS.values())
    assert SCHEME_PORTS.items() <= SERVICE_PORTS.items()


@pytest.mark.parametrize(
    "name", ["echo", "discard", "daytime", "time", "smtp", "http", "https", "gopher", "whois"]
)
def test_the_bundled_ports_are_the_systems(name: str) -> None:
    try:
        known = socket.getservbyname(name, "tcp")
    except OSError:
        pytest.skip(f"this machine's /etc/services does not list {name}")
    assert SERVICE_PORTS[name] == known
