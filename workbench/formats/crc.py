"""Checks over octets: cyclic redundancy checks by their parameters, and the sums of older protocols.

A CRC is known by five parameters (width, polynomial, first value, whether bits are reflected, what is added at the
end); the same name stands for different ones in different books, so each is listed here under a name of its own, and
its value for the nine octets "123456789" stands beside it, by which anybody recognises it.
"""

import zlib
from collections.abc import Callable
from typing import Final, NamedTuple


class Crc(NamedTuple):
    """The parameters of one cyclic redundancy check.

    bits: 8, 16 or 32. polynomial: without its highest term, highest bit first. first: the register before the first
    octet. is_reflected: octets and result run lowest bit first. last: added (exclusive or) to the result.
    check: the value for b"123456789". where: where it is met.
    """

    bits: int
    polynomial: int
    first: int
    is_reflected: bool
    last: int
    check: int
    where: str


CRCS: Final[dict[str, Crc]] = {
    "crc8": Crc(8, 0x07, 0x00, False, 0x00, 0xF4, "SMBus, ATM header"),
    "crc8-maxim": Crc(8, 0x31, 0x00, True, 0x00, 0xA1, "1-Wire"),
    "crc8-j1850": Crc(8, 0x1D, 0xFF, False, 0xFF, 0x4B, "SAE J1850"),
    "crc16-arc": Crc(16, 0x8005, 0x0000, True, 0x0000, 0xBB3D, "LHA, ARC"),
    "crc16-modbus": Crc(16, 0x8005, 0xFFFF, True, 0x0000, 0x4B37, "Modbus RTU; low octet first there"),
    "crc16-usb": Crc(16, 0x8005, 0xFFFF, True, 0xFFFF, 0xB4C8, "USB data"),
    "crc16-ccitt": Crc(16, 0x1021, 0xFFFF, False, 0x0000, 0x29B1, "called CCITT-FALSE in most lists"),
    "crc16-xmodem": Crc(16, 0x1021, 0x0000, False, 0x0000, 0x31C3, "XMODEM, ZMODEM"),
    "crc16-kermit": Crc(16, 0x1021, 0x0000, True, 0x0000, 0x2189, "Kermit, V.41; low octet first there"),
    "crc16-x25": Crc(16, 0x1021, 0xFFFF, True, 0xFFFF, 0x906E, "X.25, HDLC, PPP (RFC 1662)"),
    "crc16-dnp": Crc(16, 0x3D65, 0x0000, True, 0xFFFF, 0xEA82, "DNP3"),
    "crc32": Crc(32, 0x04C11DB7, 0xFFFFFFFF, True, 0xFFFFFFFF, 0xCBF43926, "Ethernet, ZIP, PNG"),
    "crc32c": Crc(32, 0x1EDC6F41, 0xFFFFFFFF, True, 0xFFFFFFFF, 0xE3069283, "iSCSI, SCTP (RFC 9260)"),
    "crc32-bzip2": Crc(32, 0x04C11DB7, 0xFFFFFFFF, False, 0xFFFFFFFF, 0xFC891918, "bzip2, AAL5"),
    "crc32-mpeg2": Crc(32, 0x04C11DB7, 0xFFFFFFFF, False, 0x00000000, 0x0376E6E7, "MPEG-2 sections"),
    "crc32-posix": Crc(32, 0x04C11DB7, 0x00000000, False, 0xFFFFFFFF, 0x765E7680, "cksum without the length"),
}


class Check(NamedTuple):
    """One check that can be computed. octets: how many the value takes; what: for people."""

    octets: int
    compute: Callable[[bytes], int]
    what: str


def crc(name: str, data: bytes) -> int:
    """The cyclic redundancy check of CRCS[name] over `data`."""
    kind = CRCS[name]
    table = _table(kind)
    mask = (1 << kind.bits) - 1
    register = kind.first
    if kind.is_reflected:
        for octet in data:
            register = (register >> 8) ^ table[(register ^ octet) & 0xFF]
    else:
        shift = kind.bits - 8
        for octet in data:
            register = ((register << 8) & mask) ^ table[(register >> shift) ^ octet]
    return register ^ kind.last


_TABLES: dict[Crc, tuple[int, ...]] = {}


def _table(kind: Crc) -> tuple[int, ...]:
    """The register after each of the 256 octets, from an empty one."""
    if kind not in _TABLES:
        _TABLES[kind] = tuple(_one(kind, octet) for octet in range(256))
    return _TABLES[kind]


def _one(kind: Crc, octet: int) -> int:
    if kind.is_reflected:
        polynomial = int(f"{kind.polynomial:0{kind.bits}b}"[::-1], 2)
        register = octet
        for _ in range(8):
            register = (register >> 1) ^ (polynomial if register & 1 else 0)
        return register
    top, mask = 1 << (kind.bits - 1), (1 << kind.bits) - 1
    register = octet << (kind.bits - 8)
    for _ in range(8):
        register = ((register << 1) ^ (kind.polynomial if register & top else 0)) & mask
    return register


def sum8(data: bytes) -> int:
    """The sum of all octets, of which the lowest eight bits stay."""
    return sum(data) & 0xFF


def xor8(data: bytes) -> int:
    """All octets added without carry (NMEA 0183 and many serial lines)."""
    found = 0
    for octet in data:
        found ^= octet
    return found


def lrc(data: bytes) -> int:
    """What makes the sum of all octets zero: Modbus ASCII, Intel HEX."""
    return -sum(data) & 0xFF


def internet_checksum(data: bytes) -> int:
    """The complement of the sum of all 16-bit words with the carry added again. Source: RFC 1071 section 4.1."""
    padded = data + b"\0" * (len(data) % 2)
    total = sum(int.from_bytes(padded[at : at + 2]) for at in range(0, len(padded), 2))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def fletcher16(data: bytes) -> int:
    """Two sums modulo 255, the second one of the first. Source: RFC 1146 appendix I."""
    low = high = 0
    for octet in data:
        low = (low + octet) % 255
        high = (high + low) % 255
    return high << 8 | low


def _crc_of(name: str) -> Callable[[bytes], int]:
    def compute(data: bytes) -> int:
        return crc(name, data)

    return compute


CHECKS: Final[dict[str, Check]] = {
    **{name: Check(kind.bits // 8, _crc_of(name), kind.where) for name, kind in CRCS.items()},
    "sum8": Check(1, sum8, "the sum of all octets"),
    "xor8": Check(1, xor8, "all octets added without carry"),
    "lrc": Check(1, lrc, "what makes the sum zero: Modbus ASCII, Intel HEX"),
    "inet": Check(2, internet_checksum, "IP, TCP, UDP (RFC 1071)"),
    "fletcher16": Check(2, fletcher16, "RFC 1146"),
    "adler32": Check(4, zlib.adler32, "zlib (RFC 1950)"),
}
"""All checks by name."""
