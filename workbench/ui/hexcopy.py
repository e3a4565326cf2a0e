"""The ways in which selected octets leave a hex view as text."""

from collections.abc import Callable
from typing import NamedTuple

COPY_LIMIT = 1 << 20
"""Octets. Making the text stops the window for some 20 ms then; whoever needs more exports a file."""

ESCAPED_LIMIT = 1 << 15
"""The same for the format that looks at every character on its own."""

PYTHON_LINE = 32
C_LINE = 12


class CopyFormat(NamedTuple):
    """One way: its id, what a menu says, the function, and how many octets it takes at most."""

    id: str
    title: str
    write: Callable[[bytes], str]
    limit: int = COPY_LIMIT


def as_hex(data: bytes) -> str:
    """`de ad be ef`, as parse_hex reads it."""
    return data.hex(" ")


def as_text(data: bytes) -> str:
    """The characters, read as UTF-8; what is no UTF-8 as backslash and hex."""
    return data.decode("utf-8", "backslashreplace")


def as_python(data: bytes) -> str:
    """A bytes literal that evaluates to the same octets; in parentheses when it takes more than one line."""
    if len(data) <= PYTHON_LINE:
        return repr(data)
    lines = [repr(data[at : at + PYTHON_LINE]) for at in range(0, len(data), PYTHON_LINE)]
    return "(\n" + "\n".join(f"    {line}" for line in lines) + "\n)"


def as_c_array(data: bytes) -> str:
    """A C definition with its length; one NUL where there is nothing, as ISO C has no empty arrays."""
    shown = data or b"\0"
    lines = [
        "    0x" + shown[at : at + C_LINE].hex(" ").replace(" ", ", 0x")
        for at in range(0, len(shown), C_LINE)
    ]
    return f"static const unsigned char data[{len(shown)}] = {{\n" + ",\n".join(lines) + "\n};"


def as_escaped(data: bytes) -> str:
    r"""Text with \r, \n, \xHH, as the byte editor and the terminal read it."""
    # Loaded when asked for: a view that only shows needs no parser.
    from workbench.formats.payload import write_payload

    return write_payload(data)


FORMATS = (
    CopyFormat("hex", "Copy as hex", as_hex),
    CopyFormat("text", "Copy as text", as_text),
    CopyFormat("escaped", "Copy with escapes", as_escaped, ESCAPED_LIMIT),
    CopyFormat("python", "Copy as Python literal", as_python),
    CopyFormat("c", "Copy as C array", as_c_array),
)


def named(format_id: str) -> CopyFormat:
    """The format of that id. Raises KeyError when there is none."""
    return _BY_ID[format_id]


_BY_ID = {each.id: each for each in FORMATS}
