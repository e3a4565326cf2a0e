"""Framings and streams that the tests of framings share."""

from workbench.formats.framing.catalogue import read_framing
from workbench.formats.framing.design_text import read_design
from workbench.formats.framing.values import Framing

DESIGN = "magic: u8 = 0x7E\nsize: u16le\nbody: octets[size]\nlast: i8 = -1\n"
SPECS = (
    "close",
    "lf",
    "crlf",
    "line",
    "nul",
    "marker:--",
    "backslash",
    "dots",
    "slip",
    "cobs",
    "chosen",
    "length:1",
    "length:2:little",
    "length:4",
    "length:8",
    "digits:3",
    "varint",
    "netstring",
    "lf+base64",
    "nul+yenc",
    "length:2+percent",
    "crlf+quoted-printable",
    "lf+hex",
)
TROUBLE = b"ab012\\\n\r.\0\1\2\3\xc0\xdb\xdc\xdd-:,=%~\xff"
"""Octets that mean something to one of the framings."""


def framings() -> dict[str, Framing]:
    """All of them, and a design."""
    return {**{spec: read_framing(spec) for spec in SPECS}, "design": read_design(DESIGN)}
