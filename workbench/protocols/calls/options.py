"""Every socket option that Python can name, with what it is: level, type, whether it can be set, and what it does.

The names come from this system's socket module; what they mean from optionlist. A name that we know and this system
lacks stays in the table, with the reason.
"""

import socket
import struct
import sys
from typing import Final, Literal, NamedTuple

from workbench.protocols.calls.optionlist import ELSEWHERE, KNOWN
from workbench.wire.options import OPTIONS

Type = Literal["bool", "int", "struct", "string"]
LEVEL_OF: Final = {
    "SO": "SOL_SOCKET",
    "TCP": "IPPROTO_TCP",
    "IP": "IPPROTO_IP",
    "IPV6": "IPPROTO_IPV6",
    "UDP": "IPPROTO_UDP",
}
_LETTERS: Final[dict[str, Type]] = {"b": "bool", "i": "int", "s": "struct", "t": "string"}
_CONSTANTS: Final = (
    "IP_DEFAULT_MULTICAST_LOOP",
    "IP_DEFAULT_MULTICAST_TTL",
    "IP_MAX_MEMBERSHIPS",
    "IPV6_RTHDR_TYPE_0",
    "SO_J1939_",
    "SO_VM_",
)
"""Names of values, and of options of families that are not ours (vehicles, virtual machines)."""
MAX_STRUCT = 256


class OptionInfo(NamedTuple):
    """One option. number: None where this system's Python lacks it, and missing says why. settable: by anybody."""

    name: str
    level: str
    number: int | None
    type: Type
    settable: bool
    what: str
    source: str
    missing: str = ""

    @property
    def is_here(self) -> bool:
        """Whether this system has it."""
        return self.number is not None

    @property
    def level_number(self) -> int:
        """The level, as setsockopt takes it."""
        return int(getattr(socket, self.level))


class Reading(NamedTuple):
    """An option's value now. number: the int form; octets: the buffer form; error: the symbol where it has none."""

    number: int | None
    octets: bytes
    error: str = ""


def all_options(module: object = socket) -> tuple[OptionInfo, ...]:
    """Every option, by level and name; those of this system and those that it lacks. module: a socket module."""
    here = {name for name in vars(module) if _is_option(name)}
    found = [_info(name, module) for name in sorted(here | set(KNOWN) | set(ELSEWHERE), key=_order)]
    return tuple(found)


def _is_option(name: str) -> bool:
    prefix = name.partition("_")[0]
    return prefix in LEVEL_OF and not name.startswith(_CONSTANTS)


def _order(name: str) -> tuple[int, str]:
    return list(LEVEL_OF).index(name.partition("_")[0]), name


def _info(name: str, module: object) -> OptionInfo:
    number = getattr(module, name, None)
    level = LEVEL_OF[name.partition("_")[0]]
    letter, settable, what, source = KNOWN.get(name, ("i", False, "", ""))
    told = next((option for option in OPTIONS if name == option_name(option.name, option.level)), None)
    if told is not None:
        what, source = told.what, told.source
    missing = ""
    if number is None:
        missing = (
            ELSEWHERE.get(name)
            or f"Python {sys.version_info[0]}.{sys.version_info[1]} has no name for it here"
        )
    elif not what:
        what = "this system's Python names it; what it does stands in the system's manual"
    return OptionInfo(
        name,
        level,
        None if number is None else int(number),
        _LETTERS[letter],
        settable,
        what,
        source,
        missing,
    )


def option_name(short: str, level: int) -> str:
    """The full name of an option that the wire knows by a short one: NODELAY at the level of TCP is TCP_NODELAY."""
    prefix = {
        socket.SOL_SOCKET: "SO",
        socket.IPPROTO_TCP: "TCP",
        socket.IPPROTO_IP: "IP",
        socket.IPPROTO_IPV6: "IPV6",
    }
    return f"{prefix.get(level, 'SO')}_{short}"


def read_option(sock: socket.socket, option: OptionInfo) -> Reading:
    """Both forms of an option's value. A socket that has it not, and a number that has no place, say so."""
    import errno

    if option.number is None:
        return Reading(None, b"", "missing")
    try:
        data = sock.getsockopt(option.level_number, option.number, MAX_STRUCT)
    except OSError as error:
        return Reading(None, b"", errno.errorcode.get(error.errno or 0, "error"))
    number = struct.unpack("i", data[:4])[0] if len(data) in (4, 8) else data[0] if len(data) == 1 else None
    return Reading(number, data)


def value_text(option: OptionInfo, reading: Reading) -> str:
    """A value as people read it."""
    if reading.error:
        return ""
    if option.type == "string":
        return reading.octets.rstrip(b"\0").decode("utf-8", "backslashreplace") or "(none)"
    if option.type == "bool" and reading.number is not None:
        return "on" if reading.number else "off"
    if option.type == "int" and reading.number is not None:
        return str(reading.number)
    if len(reading.octets) <= 16 and len(reading.octets) % 4 == 0 and reading.octets:
        return ", ".join(str(each) for each in struct.unpack(f"{len(reading.octets) // 4}i", reading.octets))
    return f"{len(reading.octets)} octets"


def read_back(sock: socket.socket, level: int, option: int, value: int | bytes) -> tuple[str, bool]:
    """What an option reads after it was set, and whether that is something else than what was asked for."""
    try:
        if isinstance(value, bytes):
            back = sock.getsockopt(level, option, max(len(value), 16))
            same = back.rstrip(b"\0") == value.rstrip(b"\0")
            return repr(back), not same
        number = sock.getsockopt(level, option)
        return str(number), number != value
    except OSError:
        return "nothing", True
