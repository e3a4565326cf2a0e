"""getaddrinfo with all that it can be asked: six arguments by symbol, and its answers as tuples with their symbols.

What `resolve` does for every connection, opened up: one name gives several tuples, for each family and each kind of
socket one, in the system's order of preference (RFC 6724); a program that takes the first alone gambles.
"""

import asyncio
import socket
from typing import Final, NamedTuple

from workbench.errors import LinkLost, LocalMisuse, TooSlow
from workbench.formats.errno_words import symbol_of
from workbench.formats.inet import is_digits
from workbench.formats.ports import MAX_PORT
from workbench.formats.quantity import duration_s
from workbench.jobs.offload import in_thread
from workbench.transcript.recorder import Channel
from workbench.wire.addresses import Address, address_text
from workbench.wire.faults import translated

FAMILIES: Final = ("AF_UNSPEC", "AF_INET", "AF_INET6")
KINDS: Final = ("any", "SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW")
PROTOCOLS: Final = ("any", "IPPROTO_TCP", "IPPROTO_UDP")


class Flag(NamedTuple):
    """A flag of getaddrinfo and what it asks for."""

    name: str
    what: str


FLAGS: Final = (
    Flag("AI_PASSIVE", "no host means all addresses, for a listener; else the loopback"),
    Flag("AI_CANONNAME", "tell the official name with the first result"),
    Flag("AI_NUMERICHOST", "the host must be an address: nobody is asked"),
    Flag("AI_NUMERICSERV", "the port must be a number: no table is read"),
    Flag("AI_ADDRCONFIG", "only families of which this machine has an address beside the loopback"),
    Flag("AI_V4MAPPED", "of IPv6: where there is none, IPv4 addresses as ::ffff:a.b.c.d"),
    Flag("AI_ALL", "with AI_V4MAPPED: both, not only in need"),
)


class Asked(NamedTuple):
    """The six arguments, by symbol. host, port: "" for None."""

    host: str = ""
    port: str = ""
    family: str = "AF_UNSPEC"
    kind: str = "SOCK_STREAM"
    protocol: str = "any"
    flags: tuple[str, ...] = ()

    @property
    def call(self) -> str:
        """The arguments as Python writes them."""
        told = [
            repr(self.host) if self.host else "None",
            self.port if is_digits(self.port) else repr(self.port),
        ]
        if not self.port:
            told[1] = "None"
        told += [f"family={self.family}"] if self.family != "AF_UNSPEC" else []
        told += [f"type={self.kind}"] if self.kind != "any" else []
        told += [f"proto={self.protocol}"] if self.protocol != "any" else []
        told += [f"flags={' | '.join(self.flags)}"] if self.flags else []
        return ", ".join(told)


class Result(NamedTuple):
    """One tuple: symbols of family, type and protocol, the canonical name, and the address as socket calls take it."""

    family: str
    kind: str
    protocol: str
    canonical: str
    place: tuple[object, ...]

    @property
    def text(self) -> str:
        """The address as a person types it."""
        return address_text(self.place)

    @property
    def card(self) -> str:
        """All of it as one sentence."""
        of = {"AF_INET": "IPv4", "AF_INET6": "IPv6"}.get(self.family, self.family)
        what = {"SOCK_STREAM": "a stream", "SOCK_DGRAM": "datagrams", "SOCK_RAW": "packets made by hand"}
        by = {"IPPROTO_TCP": " by TCP", "IPPROTO_UDP": " by UDP"}.get(self.protocol, "")
        parts = "host, port, flow and zone" if len(self.place) == 4 else "host and port"
        name = f"; its official name is {self.canonical}" if self.canonical else ""
        return f"{of}, {what.get(self.kind, self.kind)}{by}, to {self.text}: {parts}{name}"


async def look_up(asked: Asked, channel: Channel, *, timeout_s: float = 30.0) -> tuple[Result, ...]:
    """Ask the system.

    Raises: LocalMisuse: no argument at all, a symbol or port that there is not, a name that is none; Refused: no such
        name; LinkLost: no name server, family or service (EAI_...); TooSlow.
    """
    host, port, numbers = _arguments(asked)
    channel.fact("lookup.started", call=asked.call)
    try:
        async with asyncio.timeout(timeout_s):
            found = await in_thread(socket.getaddrinfo, host, port, *numbers)
    except TimeoutError as error:
        sentence = f"the system's resolver did not answer within {duration_s(timeout_s)}"
        channel.fact("lookup.failed", errno="", sentence=sentence)
        raise TooSlow(sentence, stage="resolve", advice="type the address itself") from error
    except UnicodeError as error:
        sentence = f"{asked.host[:60]!r} is no name: a part of it is empty, or longer than 63 characters"
        channel.fact("lookup.failed", errno="", sentence=sentence)
        raise LocalMisuse(
            sentence, text=asked.host, start=0, end=len(asked.host), source="RFC 1035 section 2.3.4"
        ) from error
    except OSError as error:
        failure = translated(error, "resolve", where=asked.host or "no host")
        channel.fact("lookup.failed", errno=symbol_of(error), sentence=failure.what)
        raise failure from error
    results = tuple(_result(*each) for each in found)
    if not results:
        raise LinkLost("the system answers with an empty list", stage="resolve")
    told = ", ".join(f"{r.text} {_short(r.kind)}" for r in results[:20])
    channel.fact("lookup.complete", results=told, count=len(results))
    return results


def connectable(result: Result) -> Address:
    """What a socket connects to."""
    return Address(socket.AddressFamily[result.family], result.place)


def _arguments(asked: Asked) -> tuple[str | None, str | int | None, tuple[int, int, int, int]]:
    if not asked.host and not asked.port:
        raise LocalMisuse(
            "a host or a port is needed",
            text="",
            start=0,
            end=0,
            advice="with AI_PASSIVE a port alone will do",
        )
    if is_digits(asked.port) and (len(asked.port) > 9 or int(asked.port) > MAX_PORT):
        raise LocalMisuse(
            f"ports end at {MAX_PORT}",
            text=asked.port,
            start=0,
            end=len(asked.port),
            source="RFC 9293 section 3.1",
        )
    if "\0" in asked.host or "\0" in asked.port:
        raise LocalMisuse("NUL can't stand in a name", text=asked.host, start=0, end=len(asked.host))
    flags = 0
    for name in asked.flags:
        flags |= _number(name)
    kind = 0 if asked.kind == "any" else _number(asked.kind)
    protocol = 0 if asked.protocol == "any" else _number(asked.protocol)
    return asked.host or None, asked.port or None, (_number(asked.family), kind, protocol, flags)


def _number(symbol: str) -> int:
    known = (*FAMILIES, *KINDS[1:], *PROTOCOLS[1:], *(flag.name for flag in FLAGS))
    number = getattr(socket, symbol, None) if symbol in known else None
    if number is None:
        raise LocalMisuse(f"this system has no {symbol[:40]}", text=symbol, start=0, end=len(symbol))
    return int(number)


def _result(family: int, kind: int, protocol: int, canonical: str, place: tuple[object, ...]) -> Result:
    return Result(
        _symbol(socket.AddressFamily, family),
        _symbol(socket.SocketKind, kind),
        next((name for name in PROTOCOLS[1:] if getattr(socket, name) == protocol), str(protocol)),
        canonical,
        tuple(place),
    )


def _symbol(enum: type[socket.AddressFamily] | type[socket.SocketKind], number: int) -> str:
    try:
        return enum(number).name
    except ValueError:
        return str(number)


def _short(kind: str) -> str:
    return {"SOCK_STREAM": "TCP", "SOCK_DGRAM": "UDP", "SOCK_RAW": "raw"}.get(kind, kind)
