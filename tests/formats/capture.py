"""Reads capture files and packets again, written from the drafts and RFCs and not from our own writer."""

import ipaddress
import struct
from typing import Any, NamedTuple


class Block(NamedTuple):
    """One block: its type and what stands between its two lengths."""

    kind: int
    body: bytes


class Captured(NamedTuple):
    """One packet of a file: nanoseconds since 1970, its octets, its comment."""

    time_ns: int
    data: bytes
    comment: str


class Packet(NamedTuple):
    """A packet taken apart. flags: letters of TCP's control bits in the order FSRPA; "" for UDP."""

    source: tuple[str, int]
    to: tuple[str, int]
    protocol: str
    sequence: int
    acknowledged: int
    flags: str
    payload: bytes


def blocks(file: bytes) -> list[Block]:
    """All blocks; both lengths must agree and be whole words."""
    found, place = [], 0
    while place < len(file):
        kind, length = struct.unpack_from("<II", file, place)
        assert length % 4 == 0
        assert length >= 12
        assert place + length <= len(file)
        assert struct.unpack_from("<I", file, place + length - 4) == (length,)
        found.append(Block(kind, file[place + 8 : place + length - 4]))
        place += length
    return found


def options(data: bytes) -> dict[int, bytes]:
    """The options of a block by code; they must be ended where there are any."""
    found: dict[int, bytes] = {}
    place = 0
    while place < len(data):
        code, length = struct.unpack_from("<HH", data, place)
        if code == 0:
            assert place + 4 == len(data)
            return found
        found[code] = data[place + 4 : place + 4 + length]
        place += 4 + length + -length % 4
    assert not data, "the options have no end"
    return found


def packets(file: bytes) -> list[Captured]:
    """The packets of a file with one section and one interface, times in nanoseconds."""
    first, second, *rest = blocks(file)
    assert first.kind == 0x0A0D0D0A
    assert struct.unpack_from("<IHHq", first.body) == (0x1A2B3C4D, 1, 0, -1)
    assert second.kind == 1
    assert struct.unpack_from("<HHI", second.body) == (101, 0, 0)
    assert options(second.body[8:])[9] == b"\x09"
    found = []
    for block in rest:
        if block.kind != 6:
            continue
        interface, high, low, kept, size = struct.unpack_from("<IIIII", block.body)
        assert (interface, kept) == (0, size)
        padded = size + -size % 4
        told = options(block.body[20 + padded :])
        found.append(Captured(high << 32 | low, block.body[20 : 20 + size], told.get(1, b"").decode()))
    return found


def secrets(file: bytes) -> list[bytes]:
    """The TLS key logs of a file, which must stand before its packets."""
    found = []
    seen_packet = False
    for kind, body in blocks(file):
        seen_packet = seen_packet or kind == 6
        if kind == 10:
            assert not seen_packet
            what, length = struct.unpack_from("<II", body)
            assert what == 0x544C534B
            found.append(body[8 : 8 + length])
    return found


def taken_apart(data: bytes) -> Packet:
    """A packet, after its lengths and checksums were found right."""
    if data[0] >> 4 == 4:
        assert data[0] == 0x45
        assert struct.unpack_from("!H", data, 2) == (len(data),)
        assert ones_complement_sum(data[:20]) == 0xFFFF
        protocol, addresses, inner = data[9], (data[12:16], data[16:20]), data[20:]
        before = data[12:20] + struct.pack("!BBH", 0, protocol, len(inner))
    else:
        assert data[0] >> 4 == 6
        assert struct.unpack_from("!H", data, 4) == (len(data) - 40,)
        protocol, addresses, inner = data[6], (data[8:24], data[24:40]), data[40:]
        before = data[8:40] + struct.pack("!I3xB", len(inner), protocol)
    assert ones_complement_sum(before + inner) == 0xFFFF
    hosts = [str(ipaddress.ip_address(address)) for address in addresses]
    ports = struct.unpack_from("!HH", inner)
    ends: Any = list(zip(hosts, ports, strict=True))
    if protocol == 17:
        assert struct.unpack_from("!H", inner, 4) == (len(inner),)
        assert inner[6:8] != b"\0\0"
        return Packet(*ends, "udp", 0, 0, "", inner[8:])
    assert protocol == 6
    sequence, acknowledged = struct.unpack_from("!II", inner, 4)
    bits = inner[13]
    flags = "".join(letter for place, letter in enumerate("FSRPA") if bits >> place & 1)
    return Packet(*ends, "tcp", sequence, acknowledged, flags, inner[(inner[12] >> 4) * 4 :])


def ones_complement_sum(data: bytes) -> int:
    """RFC 1071, word by word with the carry added at the end."""
    padded = data + b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total
