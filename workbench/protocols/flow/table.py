"""Linux's table of TCP connections (/proc/net/tcp): what waits at an end, whichever program has it.

Each line: number, local and remote address in hexadecimal, state, tx_queue:rx_queue (proc(5)). Addresses are written
as 32-bit words of the machine's own order.
"""

import ipaddress
import struct
import sys
from typing import NamedTuple

from workbench.wire.tcpinfo import STATES

MAX_TABLE = 4 * 1024 * 1024
"""Octets: some 25,000 connections; reading more would be felt in the window."""
PLACES = ("/proc/net/tcp", "/proc/net/tcp6")


class Entry(NamedTuple):
    """One end of a connection. unsent: handed over and not confirmed; unread: arrived, and nobody has read them."""

    local: str
    remote: str
    state: str
    unsent: int
    unread: int


def _entry(fields: list[str]) -> Entry | None:
    try:
        unsent, _, unread = fields[4].partition(":")
        state = int(fields[3], 16)
        return Entry(
            _address(fields[1]),
            _address(fields[2]),
            STATES.get(state, f"state {state}"),
            int(unsent, 16),
            int(unread, 16),
        )
    except (IndexError, ValueError):
        return None


def _address(text: str) -> str:
    host, _, port = text.partition(":")
    raw = bytes.fromhex(host)
    if len(raw) not in (4, 16):
        raise ValueError(host)
    words = struct.unpack(f">{len(raw) // 4}I", raw)
    packed = struct.pack(f"={len(words)}I", *words)
    address = ipaddress.ip_address(packed)
    if address.version == 6 and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    name = f"[{address}]" if address.version == 6 else str(address)
    return f"{name}:{int(port, 16)}"


def find_entry(text: str, local: str, remote: str) -> Entry | None:
    """The entry of these two ends in a table; None where it is not.

    Looked for as the kernel spells it: to take thousands of lines apart for one of them would be felt in the window.
    """
    for ours, theirs in zip(_spelled(local), _spelled(remote), strict=True):
        at = text.find(f": {ours} {theirs} ")
        if at >= 0:
            start = text.rfind("\n", 0, at) + 1
            stop = text.find("\n", at)
            return _entry(text[start : stop if stop >= 0 else len(text)].split(maxsplit=5))
    return None


def _spelled(place: str) -> tuple[str, str]:
    """HOST:PORT as the kernel writes it, as it is and, of IPv4, mapped into IPv6. Raises: ValueError."""
    host, _, port = place.rpartition(":")
    address = ipaddress.ip_address(host.removeprefix("[").removesuffix("]").partition("%")[0])
    mapped = address if address.version == 6 else ipaddress.IPv6Address(f"::ffff:{address}")
    return _words(address.packed, int(port)), _words(mapped.packed, int(port))


def _words(packed: bytes, port: int) -> str:
    words = struct.unpack(f"={len(packed) // 4}I", packed)
    return "".join(f"{word:08X}" for word in words) + f":{port:04X}"


def read_entry(local: str, remote: str) -> Entry | None:
    """The end of a connection that has this address as its own; None: not of this machine, or not told."""
    if not sys.platform.startswith("linux"):
        return None
    for place in PLACES:
        try:
            with open(place, encoding="ascii") as file:
                entry = find_entry(file.read(MAX_TABLE), local, remote)
        except (OSError, ValueError):
            continue
        if entry is not None:
            return entry
    return None
