"""A chain of network namespaces, a - b - c - d, where b and c pass packets on: routers without any network."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

TARGET = "10.77.3.2"
"""d, three hops from a."""
HOPS = ["10.77.1.2", "10.77.2.2", TARGET]
_LINKS = (("a", "b", "10.77.1"), ("b", "c", "10.77.2"), ("c", "d", "10.77.3"))


@contextmanager
def chained() -> Iterator[dict[str, str]]:
    """The names of the four; the test is skipped where this machine makes none."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("only root makes network namespaces, with ip of iproute2")
    names = {each: f"nwb-{os.getpid()}-{each}" for each in "abcd"}
    try:
        _build(names)
    except subprocess.CalledProcessError as error:
        _remove(names)
        pytest.skip(
            f"this machine makes no network namespaces: {error.stderr.decode(errors='replace')[:200]}"
        )
    try:
        yield names
    finally:
        _remove(names)


def inside(namespace: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """A program run in one of them."""
    return subprocess.run(
        ["ip", "netns", "exec", namespace, *words], capture_output=True, text=True, timeout=60, check=False
    )


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=60)


def _build(names: dict[str, str]) -> None:
    for name in names.values():
        _ip("netns", "add", name)
        _ip("-n", name, "link", "set", "lo", "up")
        # Several programs ask in a row: a router that answers once in a second only would be silent to one of them.
        _ip("netns", "exec", name, "sh", "-c", "echo 0 > /proc/sys/net/ipv4/icmp_ratemask")
    for near, far, net in _LINKS:
        left, right = f"to-{far}", f"to-{near}"
        _ip(
            "link",
            "add",
            left,
            "netns",
            names[near],
            "type",
            "veth",
            "peer",
            "name",
            right,
            "netns",
            names[far],
        )
        for side, device, host in ((near, left, 1), (far, right, 2)):
            _ip("-n", names[side], "addr", "add", f"{net}.{host}/24", "dev", device)
            _ip("-n", names[side], "link", "set", device, "up")
    for router in "bc":
        _ip("netns", "exec", names[router], "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
    _ip("-n", names["a"], "route", "add", "default", "via", "10.77.1.2")
    _ip("-n", names["b"], "route", "add", "10.77.3.0/24", "via", "10.77.2.2")
    _ip("-n", names["c"], "route", "add", "10.77.1.0/24", "via", "10.77.2.1")
    _ip("-n", names["d"], "route", "add", "default", "via", "10.77.3.1")


def _remove(names: dict[str, str]) -> None:
    for name in names.values():
        subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True, timeout=60)
