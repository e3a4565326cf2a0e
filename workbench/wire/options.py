"""Socket options as a declared table: read and set on any socket of ours, what the system granted put on record.

What is asked for is not always what is given: Linux doubles buffer sizes and cuts them at a limit. So the value is read
back after every set, and that one counts.
"""
# ruff: noqa: E501 - one option is one line, so that the list reads as a list

import socket
import struct
from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple

from workbench.errors import LinkLost, LocalMisuse, WorkbenchError
from workbench.transcript.recorder import Channel
from workbench.wire.faults import translated

Kind = Literal["flag", "count", "linger"]
Value = int | None
"""A flag is 0 or 1; None is LINGER switched off."""

_LINGER = struct.Struct("ii")
_TCP, _SOCKET, _IP, _IPV6 = (
    socket.IPPROTO_TCP,
    socket.SOL_SOCKET,
    socket.IPPROTO_IP,
    socket.IPPROTO_IPV6,
)
_MAX = 2**31 - 1


class Option(NamedTuple):
    """One thing that the system can be asked to do with a socket.

    kind: "flag" (0, 1), "count" (low to high), "linger" (seconds, or None for off). level, number: as setsockopt takes
    them; None where this system has it not. v6: what takes their place on an IPv6 socket.
    unit: of the value, "" for flags. what: one sentence for a person. source: the document.
    early: only before the socket is bound or connected does it say anything.
    """

    name: str
    kind: Kind
    level: int
    number: int | None
    unit: str
    what: str
    source: str
    low: int = 0
    high: int = _MAX
    v6: tuple[int, int] | None = None
    early: bool = False


class Setting(NamedTuple):
    """An option and the value that is asked for."""

    option: Option
    value: Value

    def __str__(self) -> str:
        return f"{self.option.name}={value_text(self.value)}"


def _number(name: str) -> int | None:
    return getattr(socket, name, None)


# fmt: off
OPTIONS: Final[tuple[Option, ...]] = (
    Option("NODELAY", "flag", _TCP, _number("TCP_NODELAY"), "", "small segments are sent at once, without waiting for acknowledgements (Nagle's algorithm off)", "RFC 9293 3.7.4"),
    Option("KEEPALIVE", "flag", _SOCKET, _number("SO_KEEPALIVE"), "", "an idle connection is probed, so that a dead peer is noticed", "RFC 9293 3.8.4"),
    Option("KEEPIDLE", "count", _TCP, _number("TCP_KEEPIDLE"), "s", "idle time before the first probe", "tcp(7)", 1, 32767),
    Option("KEEPINTVL", "count", _TCP, _number("TCP_KEEPINTVL"), "s", "time between two probes", "tcp(7)", 1, 32767),
    Option("KEEPCNT", "count", _TCP, _number("TCP_KEEPCNT"), "probes", "unanswered probes after which the connection is given up", "tcp(7)", 1, 127),
    Option("USER_TIMEOUT", "count", _TCP, _number("TCP_USER_TIMEOUT"), "ms", "how long octets may wait to be acknowledged, or for room at the peer, before the connection is given up; 0 leaves it to the system", "RFC 5482"),
    Option("REUSEADDR", "flag", _SOCKET, _number("SO_REUSEADDR"), "", "an address whose old connections are in TIME_WAIT may be bound again", "socket(7)", early=True),
    Option("REUSEPORT", "flag", _SOCKET, _number("SO_REUSEPORT"), "", "several sockets of one user may share a port; the system deals connections out", "socket(7)", early=True),
    Option("LINGER", "linger", _SOCKET, _number("SO_LINGER"), "s", "closing waits so long for what is unsent; 0 resets the connection; off closes in the background", "socket(7)", 0, 32767),
    Option("SNDBUF", "count", _SOCKET, _number("SO_SNDBUF"), "B", "room for what is sent and not acknowledged; Linux doubles what is asked, up to net.core.wmem_max", "socket(7)", 1),
    Option("RCVBUF", "count", _SOCKET, _number("SO_RCVBUF"), "B", "room for what arrived and nobody read; Linux doubles what is asked, up to net.core.rmem_max", "socket(7)", 1),
    Option("BROADCAST", "flag", _SOCKET, _number("SO_BROADCAST"), "", "datagrams may go to a broadcast address", "socket(7)"),
    Option("V6ONLY", "flag", _IPV6, _number("IPV6_V6ONLY"), "", "an IPv6 socket hears IPv6 only, not IPv4 as ::ffff:a.b.c.d", "RFC 3493 5.3", early=True),
    Option("TTL", "count", _IP, _number("IP_TTL"), "hops", "routers that a packet may pass before it is thrown away", "RFC 791 3.2", 1, 255, (_IPV6, socket.IPV6_UNICAST_HOPS)),
    Option("MULTICAST_TTL", "count", _IP, _number("IP_MULTICAST_TTL"), "hops", "routers that a datagram to a group may pass; 1 stays on this network, 0 on this machine", "RFC 1112 6.1", 0, 255, (_IPV6, socket.IPV6_MULTICAST_HOPS)),
    Option("MULTICAST_LOOP", "flag", _IP, _number("IP_MULTICAST_LOOP"), "", "this machine hears its own datagrams to a group", "RFC 1112 7.1", v6=(_IPV6, socket.IPV6_MULTICAST_LOOP)),
)
# fmt: on
BY_NAME: Final[Mapping[str, Option]] = {option.name: option for option in OPTIONS}

_YES, _NO = ("1", "on", "yes"), ("0", "off", "no")


def parse_setting(text: str) -> Setting:
    """Read "NODELAY=1", "LINGER=off", "RCVBUF=65536"; names in any case.

    Raises: LocalMisuse with the place of the mistake.
    """
    name, equals, value = text.partition("=")
    option = BY_NAME.get(name.strip().upper())
    if option is None:
        known = ", ".join(BY_NAME)
        raise LocalMisuse(
            f'there is no socket option "{name[:40]}"',
            text=text,
            start=0,
            end=len(name),
            advice=f"there are {known}",
        )
    place = len(name) + len(equals)
    try:
        return Setting(option, checked(option, _read(option, value.strip().lower())))
    except LocalMisuse as misuse:
        raise LocalMisuse(
            misuse.what, text=text, start=place, end=len(text), advice=misuse.advice
        ) from misuse


def checked(option: Option, value: Value) -> Value:
    """The value, if the option can have it. Raises: LocalMisuse."""
    if value is None and option.kind == "linger":
        return None
    high = 1 if option.kind == "flag" else option.high
    if value is None or not option.low <= value <= high:
        raise _wrong(option)
    return int(value)


def value_text(value: Value) -> str:
    """As a person types it: "1", "off"."""
    return "off" if value is None else str(value)


class Options:
    """The options of one socket, as `stream.options`.

    Args:
        sock: the owner closes it.
        channel: where every set is recorded, with what was granted.
    """

    def __init__(self, sock: socket.socket, channel: Channel) -> None:
        self._sock = sock
        self._channel = channel

    def read(self) -> dict[str, Value]:
        """Every option that this kind of socket has, with its value now; {} once the socket is closed."""
        values: dict[str, Value] = {}
        for option in OPTIONS:
            try:
                values[option.name] = _get(self._sock, option)
            except OSError:
                # Not every socket has every option (a Unix socket no TTL): then it has no value to show.
                continue
        return values

    def set(self, name: str, value: Value) -> Value:
        """Ask for a value, and return what the system granted.

        Raises: LocalMisuse: no such option or value, or none for this kind of socket; LocalFault: not permitted.
        """
        option = BY_NAME.get(name.upper())
        if option is None:
            raise LocalMisuse(
                f'there is no socket option "{name[:40]}"', advice=f"there are {', '.join(BY_NAME)}"
            )
        apply(self._sock, (Setting(option, checked(option, value)),))
        return self.record((Setting(option, value),))[option.name]

    def record(self, settings: Iterable[Setting]) -> dict[str, Value]:
        """Put on record what became of settings that were applied; returns what was granted, by name."""
        granted = {}
        for setting in settings:
            option = setting.option
            value = granted[option.name] = _get(self._sock, option)
            self._channel.fact(
                "option.set", option=option.name, asked=setting.value, granted=value, unit=option.unit
            )
        return granted


def apply(sock: socket.socket, settings: Iterable[Setting]) -> None:
    """Set them on a socket, in order, without a record (there may be none yet).

    Raises: LocalMisuse: not for this kind of socket, or too late; LocalFault: not permitted.
    """
    for setting in settings:
        option = setting.option
        try:
            level, number = _place(sock, option)
            if option.kind == "linger":
                seconds = setting.value
                sock.setsockopt(level, number, _LINGER.pack(seconds is not None, seconds or 0))
            else:
                sock.setsockopt(level, number, int(setting.value or 0))
        except OSError as error:
            raise _refused(setting, error) from error


def _place(sock: socket.socket, option: Option) -> tuple[int, int]:
    if option.v6 is not None and sock.family == socket.AF_INET6:
        return option.v6
    if option.number is None:
        raise OSError(92, "not on this system")
    if option.level == _IPV6 and sock.family != socket.AF_INET6:
        raise OSError(92, "IPv6 only")
    return option.level, option.number


def _get(sock: socket.socket, option: Option) -> Value:
    level, number = _place(sock, option)
    if option.kind == "linger":
        is_on, seconds = _LINGER.unpack(sock.getsockopt(level, number, _LINGER.size))
        return int(seconds) if is_on else None
    value = sock.getsockopt(level, number)
    # Some systems answer a flag with its bit's own value.
    return int(value != 0) if option.kind == "flag" else value


def _read(option: Option, text: str) -> Value:
    if option.kind == "flag":
        if text in _YES:
            return 1
        if text in _NO:
            return 0
    elif option.kind == "linger" and text == "off":
        return None
    elif text.isascii() and text.isdigit() and len(text) <= 10:
        return int(text)
    raise _wrong(option)


def _wrong(option: Option) -> LocalMisuse:
    if option.kind == "flag":
        values = "0 or 1"
    else:
        off = "off, or " if option.kind == "linger" else ""
        unit = f" {option.unit}" if option.unit else ""
        values = f"{off}a whole number from {option.low} to {option.high}{unit}"
    return LocalMisuse(f"{option.name} takes {values}", advice=f"{option.name}: {option.what}")


def _refused(setting: Setting, error: OSError) -> WorkbenchError:
    option = setting.option
    failure = translated(error, "bind", where=str(setting))
    if failure.errno_name in ("ENOPROTOOPT", "ENOTSUP", "EINVAL", "EAFNOSUPPORT") or isinstance(
        failure, LinkLost
    ):
        when = "; it has to be asked for before the socket is bound" if option.early else ""
        return LocalMisuse(
            f"{setting}: this socket does not take it{when}", advice=f"{option.name}: {option.what}"
        )
    return failure
