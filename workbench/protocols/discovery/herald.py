"""Heralds: what each language says to a group of who one is, how it answers who asks, and its goodbye. No socket.

`herald_for` chooses by the plan, and refuses what can't be said before anything is sent.
"""

import uuid
from dataclasses import replace
from typing import Final, NamedTuple, Protocol

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.discovery import mdns, ssdp
from workbench.protocols.discovery.machine import GOODBYE, text_for_group
from workbench.protocols.discovery.values import Identity, Plan

LEGACY_TTL: Final = 10
"""Seconds: RFC 6762 section 6.7, for who asks from another port and hears no goodbye."""


class Reply(NamedTuple):
    """What is said to who asked. alone: to that one, by the socket that heard the question."""

    data: bytes
    alone: bool


class Herald(Protocol):
    """Who says to a group who one is."""

    def announce(self) -> tuple[bytes, ...]:
        """The datagrams that say so."""
        ...

    def answer(self, data: bytes, source: str) -> tuple[Reply, ...]:
        """What is said to who asks; () for what is no question to us, or can't be read."""
        ...

    def goodbye(self) -> tuple[bytes, ...]:
        """The datagrams that take it back."""
        ...


class Service:
    """A service by mDNS.

    Args:
        identity: who. where: the address that is told. port: of the group. host: its name, else made of the service's.
        brief: answer what is asked, and bring nothing along.

    Raises: LocalMisuse: a name or a type that can't be.
    """

    def __init__(
        self, identity: Identity, where: str, port: int, host: str = "", *, brief: bool = False
    ) -> None:
        kind = mdns.service_type(identity.type or "_http._tcp")
        name, own = mdns.instance(identity.name, kind), mdns.host_name(host or identity.name)
        if not 1 <= identity.port <= 65535:
            raise LocalMisuse(f"a port is a number from 1 to 65535, not {identity.port}")
        lives_s = identity.lives_s
        self.port = port
        self._is_brief = brief
        self.records = (
            mdns.ptr(kind, name, lives_s),
            mdns.srv(name, identity.port, own, lives_s),
            mdns.txt(name, identity.txt, lives_s),
            mdns.address(own, where, lives_s),
            mdns.ptr(mdns.META, kind, lives_s),
        )

    def announce(self) -> tuple[bytes, ...]:
        """All records in one answer that nobody asked for (RFC 6762 section 8.3)."""
        return (mdns.write_answer(self.records),)

    def answer(self, data: bytes, source: str) -> tuple[Reply, ...]:
        """All records, if one of them is asked for and not known already (sections 6 and 7.1)."""
        try:
            message = mdns.read(data)
        except PeerMisbehaved:
            return ()
        wanted = () if message.is_response else self.wanted(message)
        if not wanted:
            return ()
        along = () if self._is_brief else self.records[:-1]
        records = (*wanted, *(record for record in along if record not in wanted))
        if int(source.rpartition(":")[2]) != self.port:
            plain = tuple(record._replace(flush=False, ttl=min(record.ttl, LEGACY_TTL)) for record in records)
            return (Reply(mdns.write_answer(plain, message.number, message.questions), True),)
        return (Reply(mdns.write_answer(records), False),)

    def wanted(self, message: mdns.Message) -> tuple[mdns.Record, ...]:
        """Those that a question asks for, without those that the one who asks knows well enough."""
        known = {record.key: record.ttl for record in message.records if record.data is not None}
        asked = {(question.name, question.type) for question in message.questions}
        return tuple(
            record
            for record in self.records
            if ((record.name, record.type) in asked or (record.name, "ANY") in asked)
            and known.get(record.key, 0) * 2 < record.ttl
        )

    def goodbye(self) -> tuple[bytes, ...]:
        """Each record with a TTL of 0; but for the type, which may be somebody else's too."""
        return (mdns.write_answer([record._replace(ttl=0) for record in self.records[:-1]]),)


class Device:
    """A device by SSDP.

    Args:
        where: the address that LOCATION leads to, unless the identity has one. host: of the group, as HOST says it.

    Raises: LocalMisuse: what can't stand in a field.
    """

    def __init__(self, identity: Identity, where: str, host: str) -> None:
        shown = f"[{where}]" if ":" in where else where
        location = identity.location or f"http://{shown}:{identity.port}/description.xml"
        self.identity = replace(identity, location=location)
        self.device = f"uuid:{uuid.uuid5(uuid.NAMESPACE_DNS, identity.name)}"
        self.names = ssdp.names_of(self.device, identity.type)
        self._host = host
        self._hello = self._notify(ssdp.ALIVE)

    def _notify(self, says: str) -> tuple[bytes, ...]:
        return tuple(
            ssdp.write_notify(self._host, kind, name, self.identity, says=says) for kind, name in self.names
        )

    def announce(self) -> tuple[bytes, ...]:
        """One for each of its names."""
        return self._hello

    def answer(self, data: bytes, _source: str) -> tuple[Reply, ...]:
        """One for each name that was searched."""
        try:
            head = ssdp.read(data)
        except PeerMisbehaved:
            return ()
        if head.kind != "search" or head.first("MAN") != '"ssdp:discover"':
            return ()
        wanted = head.first("ST")
        return tuple(
            Reply(ssdp.write_answer(kind, name, self.identity), True)
            for kind, name in self.names
            if wanted in (ssdp.ALL, kind)
        )

    def goodbye(self) -> tuple[bytes, ...]:
        """One for each of its names."""
        return self._notify(ssdp.BYEBYE)


class Neighbour:
    """A name that is said to a plain group."""

    def __init__(self, identity: Identity) -> None:
        self._name = text_for_group(identity.name)

    def announce(self) -> tuple[bytes, ...]:
        """The name."""
        return (self._name,)

    def answer(self, data: bytes, _source: str) -> tuple[Reply, ...]:
        """The name, to who says anything that ends with a question mark."""
        return (Reply(self._name, True),) if data.rstrip().endswith(b"?") else ()

    def goodbye(self) -> tuple[bytes, ...]:
        """The name, and that this was it."""
        return (self._name + f" {GOODBYE}".encode(),)


def herald_for(plan: Plan, where: str, host: str, port: int) -> Herald:
    """Who announces in this language, from this address. Raises: LocalMisuse: what is to be said can't be."""
    if plan.language == "mdns":
        return Service(plan.identity, where, port)
    if plan.language == "ssdp":
        return Device(plan.identity, where, host)
    return Neighbour(plan.identity)
