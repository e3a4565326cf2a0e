"""The framings by name, as people write them: "lf", "length:4:big", "digits:4", "marker:--", "lf+base64".

NAME[:WIDTH[:ORDER]][+ENCODING]. A marker is written like a payload (\\r \\n \\xHH), or in hexadecimal behind "hex:".
"""

from typing import Final, NamedTuple

from workbench.formats.framing.chosen import Chosen
from workbench.formats.framing.encodings import ENCODINGS, Encoded
from workbench.formats.framing.escapes import Backslashed, DotStuffed
from workbench.formats.framing.lengths import WIDTHS, Digits, LengthPrefix, Netstring, Varint
from workbench.formats.framing.markers import MAX_MARKER, Marked, UntilClose, name_of
from workbench.formats.framing.serial import Cobs, Slip
from workbench.formats.framing.values import Framing
from workbench.formats.payload import parse_hex, parse_payload
from workbench.formats.place import mistake

MAX_WIDTH: Final = 20
"""Digits of a length: 2**64 - 1 has as many."""
MAX_SPEC: Final = 1000


class Kind(NamedTuple):
    """One kind: how it is written, and what it is."""

    id: str
    written: str
    title: str
    what: str


KINDS: Final = (
    Kind("close", "close", "Until close", "closing the connection ends the message"),
    Kind("lf", "lf", "Lines, LF", "LF ends each message"),
    Kind("crlf", "crlf", "Lines, CR LF", "CR LF ends each message; a bare LF does not"),
    Kind("line", "line", "Lines, either end", "LF ends each message, and a CR before it belongs to the end"),
    Kind("nul", "nul", "NUL", "an octet 0 ends each message"),
    Kind("marker", "marker:OCTETS", "Marker", "any octets that you choose end each message"),
    Kind(
        "backslash",
        "backslash",
        "Lines with backslash",
        "a line end within a message stands behind a backslash",
    ),
    Kind(
        "dots", "dots", "Dots (SMTP)", "a line that is a dot ends each message; dots are doubled (RFC 5321)"
    ),
    Kind("slip", "slip", "SLIP", "END around each packet, ESC before what looks like it (RFC 1055)"),
    Kind("cobs", "cobs", "COBS", "zero ends each packet; zeros within it become counts"),
    Kind(
        "chosen",
        "chosen",
        "Chosen marker",
        "a marker that does not occur in the message is sent ahead (MIME)",
    ),
    Kind("length", "length:OCTETS:ORDER", "Length, octets", "1, 2, 4 or 8 octets ahead, big or little"),
    Kind("digits", "digits:N", "Length, digits", "ASCII digits with leading zeros ahead"),
    Kind("varint", "varint", "Length, varint", "7 bits an octet ahead, as long as needed"),
    Kind("netstring", "netstring", "Netstring", "5:hello, digits ahead and a comma behind"),
)
PLAIN: Final[dict[str, Framing]] = {
    "close": UntilClose(),
    "lf": Marked(b"\n", "Lines, LF"),
    "crlf": Marked(b"\r\n", "Lines, CR LF"),
    "line": Marked(b"\n", "Lines, either end", tolerant=True),
    "nul": Marked(b"\0", "NUL"),
    "backslash": Backslashed(),
    "dots": DotStuffed(),
    "slip": Slip(),
    "cobs": Cobs(),
    "chosen": Chosen(),
    "varint": Varint(),
    "netstring": Netstring(),
}
WRITTEN: Final = ", ".join(kind.written for kind in KINDS)


def read_framing(text: str) -> Framing:
    """The framing that a text names.

    Raises: LocalMisuse with the place of the mistake.
    """
    if len(text) > MAX_SPEC:
        raise mistake(text, MAX_SPEC, len(text), "this is too long for a framing", f"write one of: {WRITTEN}")
    name, plus, encoding = text.partition("+") if not text.startswith("marker:") else text.rpartition("+")
    if text.startswith("marker:") and encoding not in ENCODINGS:
        # The + is part of the marker.
        name, plus, encoding = text, "", ""
    framing = _read_plain(text, name)
    if not plus:
        return framing
    if encoding not in ENCODINGS:
        start = len(name) + 1
        advice = "behind the + stands one of: " + ", ".join(ENCODINGS)
        raise mistake(text, start, len(text), f"{encoding!r} is no encoding", advice)
    return Encoded(framing, ENCODINGS[encoding])


def _read_plain(text: str, spec: str) -> Framing:
    name, colon, rest = spec.partition(":")
    if name in PLAIN:
        if colon:
            raise mistake(text, len(name), len(spec), f"{name} takes nothing behind it", f"write {name}")
        return PLAIN[name]
    if name == "marker":
        marker = _read_marker(text, rest)
        return Marked(marker, f"Marker {name_of(marker)}")
    if name == "digits":
        what = f"of digits there are 1 to {MAX_WIDTH}"
        return Digits(_read_width(text, spec, rest, range(1, MAX_WIDTH + 1), what))
    if name == "length":
        return _read_length(text, spec, rest)
    raise mistake(text, 0, len(name), f"{name!r} is no framing", f"write one of: {WRITTEN}")


def _read_length(text: str, spec: str, rest: str) -> LengthPrefix:
    width, colon, order = rest.partition(":")
    octets = _read_width(text, spec, width, WIDTHS, "a length has 1, 2, 4 or 8 octets")
    if colon and order not in ("big", "little"):
        start = len(spec) - len(order)
        raise mistake(text, start, len(spec), f"{order!r} is no order of octets", "write big or little")
    return LengthPrefix(octets, "little" if order == "little" else "big")


def _read_width(text: str, spec: str, written: str, allowed: range | tuple[int, ...], what: str) -> int:
    number = (
        int(written) if written.isascii() and written.isdecimal() and len(written) < 4 else 4 * (not written)
    )
    if number not in allowed:
        start = spec.index(":") + 1 if ":" in spec else len(spec)
        raise mistake(text, start, start + len(written), what, f"write one of: {WRITTEN}")
    return number


def _read_marker(text: str, written: str) -> bytes:
    start = len("marker:")
    if written.startswith("hex:"):
        marker = parse_hex(written.removeprefix("hex:"))
    else:
        marker = parse_payload(written)
    if not 1 <= len(marker) <= MAX_MARKER:
        what = f"a marker has 1 to {MAX_MARKER} octets, not {len(marker)}"
        raise mistake(text, start, len(text), what, "write it like marker:-- or marker:\\r\\n.\\r\\n")
    return marker
