"""The networks of this machine that can be broadcast to, as the system tells them."""

import fcntl
import socket
import struct
from contextlib import suppress
from typing import Final, NamedTuple

LOOPBACK_BROADCAST: Final = "127.255.255.255"
_SIOCGIFBRDADDR: Final = 0x8919
"""linux/sockios.h"""


class Network(NamedTuple):
    """One interface that can broadcast. address: the one that means everybody there."""

    interface: str
    address: str


def networks() -> tuple[Network, ...]:
    """The networks of this machine that can be broadcast to; loopback first, others where the system tells (Linux)."""
    found = [Network("lo", LOOPBACK_BROADCAST)]
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            with suppress(OSError):
                wish = struct.pack("256s", name.encode()[:15])
                data = fcntl.ioctl(asking.fileno(), _SIOCGIFBRDADDR, wish)
                address = socket.inet_ntoa(data[20:24])
                if address != "0.0.0.0":
                    found.append(Network(name, address))
    return tuple(dict.fromkeys(found))
