"""Capture files: the blocks of pcapng, as octets.

Source: draft-ietf-opsawg-pcapng, sections 4.1 (section header), 4.2 (interface), 4.3 (enhanced packet), 4.7 (secrets).
Everything is little-endian; the section header says so. One interface stands for all packets: bare IP without a link
layer, times in nanoseconds.
"""

import struct

LINKTYPE_RAW = 101
"""Packets begin with their IPv4 or IPv6 header (tcpdump.org, link-layer header types)."""
TLS_KEY_LOG = 0x544C534B
"""Type of secrets: lines as NSS and SSLKEYLOGFILE write them."""
MAX_OPTION = 0xFFFF
"""Octets of one option."""

_SECTION, _INTERFACE, _PACKET, _SECRETS = 0x0A0D0D0A, 1, 6, 10
_BYTE_ORDER = 0x1A2B3C4D
_LENGTH_UNKNOWN = 0xFFFF_FFFF_FFFF_FFFF
_COMMENT, _APPLICATION, _NAME, _RESOLUTION = 1, 4, 2, 9
_NANOSECONDS = b"\x09"
_END_OF_OPTIONS = b"\0\0\0\0"
_WORD = struct.Struct("<I")
_PACKET_HEAD = struct.Struct("<IIIIIII")


def section(application: str, comment: str = "") -> bytes:
    """The block that begins a file: who wrote it, and what a reader should know of it."""
    body = struct.pack("<IHHQ", _BYTE_ORDER, 1, 0, _LENGTH_UNKNOWN)
    return _block(_SECTION, body + _options((_COMMENT, comment), (_APPLICATION, application)))


def interface(name: str) -> bytes:
    """The interface that all packets of the section came through; packets of any size are whole."""
    body = struct.pack("<HHI", LINKTYPE_RAW, 0, 0)
    options = _option(_NAME, name.encode()[:MAX_OPTION]) + _option(_RESOLUTION, _NANOSECONDS)
    return _block(_INTERFACE, body + options + _END_OF_OPTIONS)


def packet(data: bytes, time_ns: int, comment: str = "") -> bytes:
    """One packet.

    Args:
        data: from its IP header on.
        time_ns: nanoseconds since 1970, 0 or more.
        comment: for people who look at this packet.
    """
    size = len(data)
    options = _options((_COMMENT, comment)) if comment else b""
    total = _PACKET_HEAD.size + size + -size % 4 + len(options) + _WORD.size
    head = _PACKET_HEAD.pack(
        _PACKET, total, 0, time_ns >> 32 & 0xFFFF_FFFF, time_ns & 0xFFFF_FFFF, size, size
    )
    return b"".join((head, data, bytes(-size % 4), options, _WORD.pack(total)))


def tls_secrets(key_log: bytes) -> bytes:
    """The key log of TLS sessions; a reader wants it before the packets that it opens."""
    return _block(_SECRETS, struct.pack("<II", TLS_KEY_LOG, len(key_log)) + _padded(key_log))


def _block(kind: int, body: bytes) -> bytes:
    total = len(body) + 3 * _WORD.size
    return struct.pack("<II", kind, total) + body + _WORD.pack(total)


def _options(*options: tuple[int, str]) -> bytes:
    """The options that say something, and their end; b"" where none does."""
    told = b"".join(_option(code, _cut(text)) for code, text in options if text)
    return told + _END_OF_OPTIONS if told else b""


def _option(code: int, value: bytes) -> bytes:
    return struct.pack("<HH", code, len(value)) + _padded(value)


def _cut(text: str) -> bytes:
    """As UTF-8, no longer than an option may be, never in the middle of a character."""
    return text.encode("utf-8", "backslashreplace")[:MAX_OPTION].decode("utf-8", "ignore").encode()


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
