"""The name server: one set of zones behind UDP and TCP on the same port, and the switches that bend its answers."""

import asyncio
from collections.abc import Sequence
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rrset

from workbench.clock import SYSTEM, Clock
from workbench.errors import WorkbenchError
from workbench.formats.target import Target
from workbench.lab.guest import Guest
from workbench.lab.service import TcpService
from workbench.lab.services.dns.zones import SILENT, load_zones
from workbench.lab.switches import Turned
from workbench.lab.tally import Tally
from workbench.lab.udp_service import UdpService
from workbench.wire.datagram import Datagram, Received, open_datagram

OUR_UDP_SIZE = 1232
SMALLEST_UDP = 512
"""RFC 1035 section 4.2.1: who says nothing takes so much."""
LARGEST = 65_535
IDLE_S = 10.0
"""A client that asks nothing more leaves; RFC 7766 section 6.2.3 wants some seconds."""
GARBAGE = bytes(range(0x40, 0x80)) * 2
FORGED_ADDRESS = "203.0.113.66"

_RCODES = {
    "servfail": dns.rcode.SERVFAIL,
    "refused": dns.rcode.REFUSED,
    "formerr": dns.rcode.FORMERR,
    "notimp": dns.rcode.NOTIMP,
}


class Dns(UdpService):
    """Answers from the zones of resources/lab/zones.

    By UDP here, by TCP in `streams`, whose sockets have the same port.
    """

    takes_streams = True

    def __init__(self, turned: Turned, *, clock: Clock = SYSTEM, own: set[int] | None = None) -> None:
        super().__init__(turned, clock=clock, own=own)
        self.zones = load_zones()
        self.streams = _Streams(turned, self)

    @property
    def open_now(self) -> int:
        """Clients that are connected by TCP."""
        return self.streams.open_now

    async def serve(self, pairs: Sequence[Any]) -> None:
        """Answer by both transports until cancelled; then every socket is closed.

        Args:
            pairs: registry.Pair, a datagram socket and a listener on the same port.
        """
        try:
            async with asyncio.TaskGroup() as work:
                work.create_task(super().serve([pair.datagram for pair in pairs]), name="dns by UDP")
                work.create_task(self.streams.serve([pair.listener for pair in pairs]), name="dns by TCP")
        finally:
            for pair in pairs:
                await pair.aclose()

    def answer(self, received: Received) -> bytes | None:
        """The answer to one datagram, cut off where it is larger than the client takes."""
        query = _read(received.data)
        if query is None or isinstance(query, bytes):
            return query
        limit = min(max(query.payload, SMALLEST_UDP), OUR_UDP_SIZE) if query.edns >= 0 else SMALLEST_UDP
        return self.reply(query, 0 if self.turned.flag("truncate") else limit)

    async def _send(self, datagram: Datagram, answer: bytes, source: str) -> None:
        """A forged answer is the quicker one, as an attacker's must be."""
        how = self.turned.text("forge")
        forged = _forged(answer) if how != "none" else None
        if forged is not None and how == "source":
            await _send_from_elsewhere(forged, source)
        elif forged is not None:
            await super()._send(datagram, _bent(forged, how), source)
        await super()._send(datagram, answer, source)

    def reply(self, query: dns.message.Message, limit: int) -> bytes | None:
        """The octets of the answer, at most `limit` of them (0: cut off in any case); None for none."""
        says = self.turned.text("says")
        question = query.question[0] if query.question else None
        if says == "nothing" or (question is not None and question.name.is_subdomain(SILENT)):
            return None
        if says == "garbage":
            return query.id.to_bytes(2, "big") + b"\x81\x80" + GARBAGE
        if says == "loop":
            return _looping(query)
        response = dns.message.make_response(query, recursion_available=False, our_payload=OUR_UDP_SIZE)
        if query.edns >= 0:
            # RFC 3225 section 3: DO comes back as it was asked.
            response.ednsflags |= query.ednsflags & dns.flags.DO
        if says in _RCODES:
            response.set_rcode(_RCODES[says])
        elif query.opcode() != dns.opcode.QUERY:
            response.set_rcode(dns.rcode.NOTIMP)
        elif question is None:
            response.set_rcode(dns.rcode.FORMERR)
        else:
            self._fill(response, question)
        return _written(response, limit)

    def _fill(self, response: dns.message.Message, question: dns.rrset.RRset) -> None:
        found = self.zones.find(question.name, question.rdtype)
        response.set_rcode(found.rcode)
        if found.is_authoritative:
            response.flags |= dns.flags.AA
        response.answer.extend(found.answer)
        response.authority.extend(found.authority)
        response.additional.extend(found.additional)


class _Streams(TcpService):
    """The same by TCP: two octets with the length before each message (RFC 7766)."""

    def __init__(self, turned: Turned, server: Dns) -> None:
        super().__init__(turned)
        self._server = server

    async def converse(self, guest: Guest) -> None:
        held = bytearray()
        while True:
            async with asyncio.timeout(IDLE_S) as limit:
                try:
                    data = await guest.read()
                except TimeoutError:
                    if limit.expired():
                        return
                    raise
            if not data:
                return
            held += data
            while len(held) >= 2 and len(held) >= (size := 2 + int.from_bytes(held[:2], "big")):
                self._server.seen += 1
                await self._answer(guest, bytes(held[2:size]))
                del held[:size]

    async def _answer(self, guest: Guest, data: bytes) -> None:
        query = _read(data)
        if query is None:
            return
        answer = query if isinstance(query, bytes) else self._server.reply(query, LARGEST)
        if answer is not None:
            await guest.answer(len(answer).to_bytes(2, "big") + answer)


def _read(data: bytes) -> dns.message.Message | bytes | None:
    """The query; or the octets that say that it could not be read; None where nothing may be said (an answer)."""
    if len(data) < 12 or data[2] & 0x80:
        return None
    try:
        query = dns.message.from_wire(data)
    except (dns.exception.DNSException, ValueError):
        # FORMERR with the header alone: the question could not be read, so it can't be repeated.
        return data[:2] + bytes((0x80 | data[2] & 0x79, 0x01)) + bytes(8)
    return query if len(query.question) <= 1 else data[:2] + bytes((0x80 | data[2] & 0x79, 0x01)) + bytes(8)


def _written(response: dns.message.Message, limit: int) -> bytes:
    if limit:
        try:
            return response.to_wire(max_size=limit)
        except dns.exception.TooBig:
            pass
    response.flags |= dns.flags.TC
    for section in (response.answer, response.authority, response.additional):
        section.clear()
    return response.to_wire()


def _looping(query: dns.message.Message) -> bytes:
    """An answer whose owner's name is a pointer to itself: who follows pointers without a bound never ends."""
    wire = bytearray(dns.message.make_response(dns.message.from_wire(query.to_wire())).to_wire())
    end = 12 + len(query.question[0].name.to_wire() or b"") + 4 if query.question else 12
    del wire[end:]
    wire[6:12] = b"\0\1\0\0\0\0"
    return bytes(wire) + (0xC000 | end).to_bytes(2, "big") + b"\0\1\0\1\0\0\1\x2c\0\4\xc0\0\2\1"


def _forged(answer: bytes) -> bytes | None:
    """What a forger would say in this answer's place: an address of their own. None for what is no answer."""
    try:
        right = dns.message.from_wire(answer)
    except (dns.exception.DNSException, ValueError):
        return None
    if not right.question:
        return None
    response = dns.message.Message(right.id)
    response.flags = dns.flags.QR | dns.flags.AA | right.flags & dns.flags.RD
    response.question = right.question
    response.answer = [dns.rrset.from_text(right.question[0].name, 86400, "IN", "A", FORGED_ADDRESS)]
    return response.to_wire()


def _bent(answer: bytes, how: str) -> bytes:
    """The answer with another id, or with another letter in its question."""
    bent = bytearray(answer)
    if how == "id":
        bent[1] ^= 0xFF
    elif len(bent) > 13:
        bent[13] ^= 0x01
    return bytes(bent)


async def _send_from_elsewhere(forged: bytes, client: str) -> None:
    host, _, port = client.rpartition(":")
    target = Target("udp", host.strip("[]"), int(port))
    try:
        async with await open_datagram(Tally(), remote=target) as elsewhere:
            await elsewhere.send(forged)
    except WorkbenchError:
        # The client is gone: a forger would not learn of that either.
        return
