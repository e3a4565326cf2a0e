"""IP packets made from what they carry: IPv4 or IPv6 around TCP or UDP, checksums right.

For captures of conversations that this program recorded above the system: it never saw the packets, only octets and
their order, so these are packets that could have carried them.
"""

import struct
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

MAX_TCP_PAYLOAD = 65_535 - 20 - 20
"""Octets of one segment without options: the length field of IPv4 counts both headers (RFC 791 section 3.1)."""
MAX_UDP_PAYLOAD = 65_535 - 8
"""Octets of one datagram in IPv6, which does not count its own header (RFC 8200 section 3); IPv4 holds 20 less."""

_HOPS = 64
_DONT_FRAGMENT = 0x4000
_TCP, _UDP = 6, 17
_WINDOW = 0xFFFF
_TCP_HEAD = struct.Struct("!HHIIBBH")
_SCALE = bytes([1, 3, 3, 14])
"""In a SYN: windows are counted in units of 2**14 octets (RFC 7323 section 2.2), so that ours never are full."""


class Flags:
    """The control bits of TCP that are used here (RFC 9293 section 3.1); plain numbers, as an IntFlag is slow."""

    FIN = 1
    SYN = 2
    RST = 4
    PSH = 8
    ACK = 16


class Endpoint(NamedTuple):
    """One side: the address in network order, 4 or 16 octets, and the port."""

    address: bytes
    port: int


class Pair(NamedTuple):
    """Where packets of one way come from and go to; both of one family."""

    source: Endpoint
    to: Endpoint

    @property
    def back(self) -> "Pair":
        """The other way."""
        return Pair(self.to, self.source)


def read_endpoint(text: str) -> Endpoint | None:
    """The endpoint that "127.0.0.1:80" or "[fe80::1%eth0]:80" spells; None for what is no IP address and port.

    The zone is left out: a packet does not carry it.
    """
    host, colon, port = text.rpartition(":")
    if not colon or not port.isascii() or not port.isdecimal() or int(port) > 0xFFFF:
        return None
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1].partition("%")[0]
    try:
        address: IPv4Address | IPv6Address = ip_address(host)
    except ValueError:
        return None
    return Endpoint(address.packed, int(port))


def tcp_packet(pair: Pair, sequence: int, acknowledged: int, flags: int, payload: bytes = b"") -> bytes:
    """One segment in its packet.

    Args:
        sequence, acknowledged: any numbers; they are taken modulo 2**32 (RFC 9293 section 3.4).
        payload: at most MAX_TCP_PAYLOAD octets.
    """
    options = _SCALE if flags & Flags.SYN else b""
    header = _TCP_HEAD.pack(
        pair.source.port,
        pair.to.port,
        sequence & 0xFFFF_FFFF,
        acknowledged & 0xFFFF_FFFF if flags & Flags.ACK else 0,
        (20 + len(options)) << 2,
        flags,
        _WINDOW,
    )
    # The last four octets are the checksum and the urgent pointer, which counts nothing.
    head = header + b"\0\0\0\0" + options
    checksum = _checksum(_pseudo_header(pair, _TCP, len(head) + len(payload)), head, payload)
    return _in_ip(pair, _TCP, header + checksum.to_bytes(2, "big") + b"\0\0" + options, payload)


def udp_packet(pair: Pair, payload: bytes) -> bytes:
    """One datagram in its packet (RFC 768); at most MAX_UDP_PAYLOAD octets, in IPv4 20 less."""
    size = 8 + len(payload)
    header = struct.pack("!HHH", pair.source.port, pair.to.port, size)
    # Zero would mean that there is none.
    checksum = _checksum(_pseudo_header(pair, _UDP, size), header, payload) or 0xFFFF
    return _in_ip(pair, _UDP, header + checksum.to_bytes(2, "big"), payload)


def _in_ip(pair: Pair, protocol: int, header: bytes, payload: bytes) -> bytes:
    source, to = pair.source.address, pair.to.address
    size = len(header) + len(payload)
    if len(source) == 16:
        head = struct.pack("!IHBB", 6 << 28, size, protocol, _HOPS)
        return b"".join((head, source, to, header, payload))
    head = struct.pack("!BBHHHBB", 0x45, 0, 20 + size, 0, _DONT_FRAGMENT, _HOPS, protocol)
    checksum = _checksum(head, source, to)
    return b"".join((head, checksum.to_bytes(2, "big"), source, to, header, payload))


def _pseudo_header(pair: Pair, protocol: int, length: int) -> bytes:
    """What a checksum covers beside the segment: RFC 9293 section 3.1, RFC 8200 section 8.1."""
    addresses = pair.source.address + pair.to.address
    if len(addresses) == 32:
        return addresses + struct.pack("!II", length, protocol)
    return addresses + struct.pack("!HH", protocol, length)


def _checksum(before: bytes, head: bytes, data: bytes) -> int:
    """The Internet checksum (RFC 1071) over the three, of which only the last may be of odd length.

    Adding 16-bit words with end-around carry is reckoning modulo 65,535, and a row of words is one long number in
    base 65,536, which is 1 there: one division does it all. A sum of zero can't be, as headers are not zero, so
    remainder 0 stands for the sum 0xFFFF, whose complement is 0.
    """
    words = int.from_bytes(data, "big")
    if len(data) % 2:
        words <<= 8
    return -(int.from_bytes(before, "big") + int.from_bytes(head, "big") + words) % 0xFFFF
