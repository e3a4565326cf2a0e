"""Browsing by mDNS as a machine: datagrams in, services out, and what is still to be asked. No socket, no clock.

Every record is kept for as long as it says (RFC 6762 section 10); one that says goodbye for one second more, so that
its owner can object (10.1). A type leads to services, a service to a host and a port, a host to addresses: what an
answer did not bring along is asked for, a few times. What two hosts say of one name stands side by side with a word
about it: section 10.2 would have the newer take the older's place, and nothing in a datagram proves who owns a name.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from workbench.protocols.discovery import mdns
from workbench.protocols.discovery.mdns import META, Name, Question, Record
from workbench.protocols.discovery.values import How, Peer, State

MAX_HELD: Final = 1000
"""Records; who sends more forged ones than that gets no more memory of ours."""
MAX_OF_TYPE: Final = 250
"""Services of one type."""
MAX_OF_NAME: Final = 8
"""Records of one type of any other name; two are a quarrel already."""
MAX_QUESTIONS: Final = 30
"""Of one message; more wait for the next."""
TRIES: Final = 3
RETRY_S: Final = 1.0
"""RFC 6762 section 5.2: at least a second between the first two questions, and twice as long from then on."""
GOODBYE_S: Final = 1.0
ANSWERS_S: Final = 3.0
"""What is first heard so soon after a question of ours is taken for its answer."""
_NEEDS: Final = {"SRV": ("SRV", "TXT"), "A": ("A", "AAAA")}


@dataclass(slots=True)
class Held:
    """A record, who said it, and until when it is good."""

    record: Record
    source: str
    first_s: float
    heard_s: float
    until_s: float
    how: How = "answer"
    is_leaving: bool = False

    def state(self, now_s: float) -> State:
        """Whether it is still good."""
        if now_s < self.until_s:
            return "here"
        return "left" if self.is_leaving else "expired"


class Browser:
    """What is known of the services in a group.

    Args:
        wanted: the type of service; META for all of them.
        port: of the group. Where it is given, what does not come from this port is no answer (section 6).
        number: of our questions, where the answers come to us alone (section 6.7).
    """

    def __init__(self, wanted: Name = META, *, port: int | None = None, number: int = 0) -> None:
        self.wanted = wanted
        self._port = port
        self._number = number
        self._held: dict[tuple[Name, str, str], Held] = {}
        self._by_name: dict[tuple[Name, str], list[Held]] = {}
        self._asked: dict[tuple[Name, str], tuple[int, float]] = {}
        self._tidied_s = -RETRY_S
        self._last_asked_s = -ANSWERS_S

    # ---- what is to be sent

    def ask(self, now_s: float) -> tuple[bytes, ...]:
        """The question who is there, with the answers that are known already (section 7.1)."""
        self._last_asked_s = now_s
        known = [self._lasting(held, now_s) for held in self._all(self.wanted, "PTR", now_s)]
        fresh = [record for record in known if record is not None]
        return (mdns.write_query((Question(self.wanted, "PTR"),), fresh, self._number),)

    def follow(self, now_s: float) -> tuple[bytes, ...]:
        """What is still to be asked, as one message; () for nothing."""
        missing = []
        for name, type_ in self._missing(now_s):
            count, last_s = self._asked.get((name, type_), (0, -RETRY_S))
            if count < TRIES and now_s - last_s >= RETRY_S * 2 ** max(0, count - 1):
                self._asked[name, type_] = (count + 1, now_s)
                missing.append(Question(name, type_))
                if len(missing) == MAX_QUESTIONS:
                    break
        if not missing:
            return ()
        self._last_asked_s = now_s
        return (mdns.write_query(missing, (), self._number),)

    # ---- what came

    def receive(self, data: bytes, source: str, now_s: float, *, to_us: bool = True) -> str:
        """Take a datagram; returns what is odd about it, "" for nothing. As machine.Finder.

        Raises: PeerMisbehaved: it can't be read.
        """
        message = mdns.read(data)
        if not message.is_response:
            return ""
        if self._port is not None and int(source.rpartition(":")[2]) != self._port:
            return f"an answer that does not come from port {self._port} counts for nothing"
        if self._port is None and message.number != self._number:
            return "an answer with another number than the question has"
        odd = ""
        for record in message.records:
            if record.data is not None:
                odd = self._take(record, source, now_s) or odd
        return odd

    def _take(self, record: Record, source: str, now_s: float) -> str:
        held = self._held.get(record.key)
        if record.ttl == 0:
            if held is None:
                return "a goodbye of somebody who never was there"
            if held.state(now_s) == "here":
                held.until_s, held.is_leaving = min(held.until_s, now_s + GOODBYE_S), True
            if _host(source) != _host(held.source):
                return f"a goodbye for {mdns.shown(record.name)}, which another host had announced"
            return ""
        if held is None:
            of_name = self._by_name.setdefault((record.name, record.type), [])
            most = MAX_OF_TYPE if record.type == "PTR" else MAX_OF_NAME
            if len(of_name) >= most or (len(self._held) >= MAX_HELD and not self._make_room(now_s)):
                return f"more records than are kept ({most} of a name, {MAX_HELD:,} in all); this one is left out"
            was_asked = now_s - self._last_asked_s < ANSWERS_S
            held = Held(record, source, now_s, now_s, now_s, "answer" if was_asked else "announcement")
            self._held[record.key] = held
            of_name.append(held)
        held.record, held.source, held.heard_s = record, source, now_s
        held.until_s, held.is_leaving = now_s + record.ttl, False
        others = [
            other
            for other in self._all(record.name, record.type, now_s)
            if record.flush and other is not held
        ]
        for other in others:
            if _host(other.source) == _host(source) and now_s - other.heard_s > GOODBYE_S:
                other.until_s = min(other.until_s, now_s + GOODBYE_S)
        rival = next((other for other in others if _host(other.source) != _host(source)), None)
        if rival is not None:
            return f"{mdns.shown(record.name)} is claimed by {_host(rival.source)} too"
        return ""

    def _make_room(self, now_s: float) -> bool:
        """Forget what is no longer good, once a second at most; whether there was any."""
        if now_s - self._tidied_s < RETRY_S:
            return False
        self._tidied_s = now_s
        past = [key for key, held in self._held.items() if held.state(now_s) != "here"]
        for key in past:
            del self._held[key]
            of_name = self._by_name[key[0], key[1]]
            of_name[:] = [held for held in of_name if held.record.key != key]
        return bool(past)

    # ---- what is known

    def peers(self, now_s: float) -> tuple[Peer, ...]:
        """Every service that was heard of, those that have left too."""
        return tuple(
            self._peer(held, now_s)
            for (name, type_, _), held in self._held.items()
            if type_ == "PTR" and name != META
        )

    def _peer(self, held: Held, now_s: float) -> Peer:
        kind, name = held.record.name, held.record.data.target
        places = self._all(name, "SRV", now_s) or self._by_name.get((name, "SRV"), [])[:1]
        texts = self._all(name, "TXT", now_s) or self._by_name.get((name, "TXT"), [])[:1]
        parts = [held, *places, *texts]
        hosts = tuple(place.record.data.target for place in places)
        addresses = [
            each
            for host in hosts
            for each in self._addresses(host, now_s) or self._by_name.get((host, "A"), [])
        ]
        # The service is there as long as its type leads to it, and as long as it is somewhere.
        state = held.state(now_s)
        if state == "here" and places and all(place.state(now_s) != "here" for place in places):
            state = places[0].state(now_s)
        label = name.labels[0].decode("utf-8", "replace") if name.labels else ""
        return Peer(
            f"{mdns.shown(name)}",
            label,
            mdns.shown(kind).removesuffix(".local"),
            ", ".join(mdns.shown(host) for host in dict.fromkeys(hosts)),
            tuple(dict.fromkeys(each.record.data.address for each in addresses)),
            places[0].record.data.port if places else None,
            held.source,
            held.how,
            min(part.first_s for part in parts),
            max(part.heard_s for part in parts),
            max(0.0, held.until_s - now_s) if state == "here" else None,
            state,
            tuple(one for text in texts[:1] for one in mdns.told(text.record.data)),
            tuple(self._faults(held, places)),
        )

    def _faults(self, held: Held, places: list[Held]) -> Iterator[str]:
        kind, name = held.record.name, held.record.data.target
        if not name.is_subdomain(kind) or len(name) != len(kind) + 1:
            yield f"{mdns.shown(name)} is no name of the type {mdns.shown(kind)}"
        claims = sorted({_host(place.source) for place in places if place.record.flush or self._port is None})
        if len(claims) > 1:
            yield f"claimed by {' and by '.join(claims)}: one of them lies, or both took the same name"

    def _missing(self, now_s: float) -> Iterator[tuple[Name, str]]:
        """What is to be known: types lead to services, those to hosts, those to addresses."""
        types: Iterable[Name] = (self.wanted,)
        if self.wanted == META:
            types = [held.record.data.target for held in self._all(META, "PTR", now_s)]
            for kind in types:
                if not self._all(kind, "PTR", now_s):
                    yield kind, "PTR"
        for kind in types:
            for held in self._all(kind, "PTR", now_s):
                yield from self._missing_of(held.record.data.target, now_s)

    def _missing_of(self, name: Name, now_s: float) -> Iterator[tuple[Name, str]]:
        for type_ in _NEEDS["SRV"]:
            if not self._all(name, type_, now_s):
                yield name, type_
        for place in self._all(name, "SRV", now_s):
            if not self._addresses(place.record.data.target, now_s):
                for type_ in _NEEDS["A"]:
                    yield place.record.data.target, type_

    def _addresses(self, host: Name, now_s: float) -> list[Held]:
        return [*self._all(host, "A", now_s), *self._all(host, "AAAA", now_s)]

    def _all(self, name: Name, type_: str, now_s: float) -> list[Held]:
        return [held for held in self._by_name.get((name, type_), ()) if held.state(now_s) == "here"]

    def _lasting(self, held: Held, now_s: float) -> Record | None:
        """The record with the time that is left of it, if that is more than half."""
        left_s = held.until_s - now_s
        return held.record._replace(ttl=int(left_s)) if left_s * 2 > held.record.ttl else None


def _host(source: str) -> str:
    return source.rpartition(":")[0]
