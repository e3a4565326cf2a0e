"""Addresses as values and as text."""

import socket

import pytest

from workbench.wire import addresses
from workbench.wire.addresses import has_ipv6_loopback


def test_it_is_known_whether_this_machine_has_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        assert not has_ipv6_loopback()
    else:
        assert has_ipv6_loopback()


def test_a_python_without_ipv6_has_none(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(addresses.socket, "has_ipv6", False)
    assert not has_ipv6_loopback()
