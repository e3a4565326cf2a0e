"""Finders: what each language asks a group, and what it makes of what comes. No socket, no clock.

A finder keeps a list of peers. `finder_for` chooses by the plan, and refuses what can't be asked.
"""

from typing import Final, Protocol

from workbench.errors import LocalMisuse
from workbench.formats.charset import visible
from workbench.formats.target import parse_target
from workbench.protocols.discovery import mdns, ssdp
from workbench.protocols.discovery.browser import Browser
from workbench.protocols.discovery.values import How, Peer, Plan, Txt

MAX_PEERS: Final = 500
MAX_TEXT: Final = 1024
"""Octets of what is said to a plain group."""
GOODBYE: Final = "goodbye"
"""The word that our plain groups end with, behind the name."""
WAIT_S: Final = 1
"""MX: the smallest; who answers spreads its answer over so many seconds."""
_FIELDS: Final = (
    "LOCATION",
    "SERVER",
    "CACHE-CONTROL",
    "BOOTID.UPNP.ORG",
    "CONFIGID.UPNP.ORG",
    "SEARCHPORT.UPNP.ORG",
)


class Finder(Protocol):
    """Who asks a group and keeps a list."""

    def ask(self, now_s: float) -> tuple[bytes, ...]:
        """The question, for each of the plan's times."""
        ...

    def follow(self, now_s: float) -> tuple[bytes, ...]:
        """What came up since and is to be asked too."""
        ...

    def receive(self, data: bytes, source: str, now_s: float, *, to_us: bool = True) -> str:
        """Take a datagram; returns what is odd about it. Raises: PeerMisbehaved: it can't be read.

        Args:
            to_us: it came to the socket that asks, not to the group.
        """
        ...

    def peers(self, now_s: float) -> tuple[Peer, ...]:
        """All that were found, those that have left too."""
        ...


# ---- finders


class Devices:
    """Devices by SSDP: one with several unique names (USN), of its root and of what it is, is one peer.

    Args:
        what: the search target. host: of the group and its port, as HOST says it.
    """

    def __init__(self, what: str, host: str) -> None:
        self._what = what or ssdp.ALL
        self._search = ssdp.write_search(host, self._what, WAIT_S)
        self._peers: dict[str, Peer] = {}

    def ask(self, _now_s: float) -> tuple[bytes, ...]:
        """The same search each time."""
        return (self._search,)

    def follow(self, _now_s: float) -> tuple[bytes, ...]:
        """An answer has all that there is to know."""
        return ()

    def receive(self, data: bytes, source: str, now_s: float, *, to_us: bool = True) -> str:
        """Take an answer or an announcement."""
        head = ssdp.read(data)
        if head.kind == "search":
            return ""
        is_answer = head.kind == "answer"
        kind = head.first("ST" if is_answer else "NT")
        says = head.first("NTS")
        if not is_answer and self._what not in (ssdp.ALL, kind):
            return ""
        key = head.first("USN").partition("::")[0] or f"{source} {kind}"
        known = self._peers.get(key)
        if says == ssdp.BYEBYE and not is_answer:
            if known is None:
                return "a goodbye of somebody who never was there"
            self._peers[key] = known._replace(state="left", heard_s=now_s, lives_s=None)
            return "" if _host(source) == _host(known.source) else "a goodbye that came from another host"
        if known is None and len(self._peers) >= MAX_PEERS:
            return f"more than {MAX_PEERS} devices; this one is left out"
        host, port = _place(head.first("LOCATION"))
        faults = tuple(self._faults(head, is_answer, kind, host, source))
        self._peers[key] = Peer(
            key,
            key.removeprefix("uuid:"),
            known.kind if known is not None and kind in (ssdp.ROOT, key) else kind,
            "",
            (host,) if host else (),
            port,
            source,
            "answer" if is_answer else "announcement",
            known.first_s if known is not None else now_s,
            now_s,
            float(head.lives_s) if head.lives_s is not None else None,
            "here",
            tuple(Txt(name, head.first(name)) for name in _FIELDS if head.first(name)),
            faults,
        )
        return ""

    def _faults(self, head: ssdp.Head, is_answer: bool, kind: str, host: str, source: str) -> list[str]:
        faults = [
            f"no {name}: it must be there"
            for name in ("USN", "LOCATION", "ST" if is_answer else "NT")
            if not head.first(name)
        ]
        if head.lives_s is None:
            faults.append("no max-age: nobody knows how long this is good")
        if is_answer and self._what not in (ssdp.ALL, kind):
            faults.append(f"an answer to {kind or 'nothing'}, which was not asked for")
        if host and host != _host(source):
            faults.append(f"its LOCATION leads to {host}, and it speaks from {_host(source)}")
        return faults

    def peers(self, now_s: float) -> tuple[Peer, ...]:
        """Every device; one that was not heard again in time has expired."""
        return tuple(_aged(peer, now_s) for peer in self._peers.values())


class Neighbours:
    """Whoever says anything to a plain group, or answers a question to it: each address is a peer."""

    def __init__(self, what: str) -> None:
        self._what = text_for_group(what or "who is there?")
        self._peers: dict[str, Peer] = {}

    def ask(self, _now_s: float) -> tuple[bytes, ...]:
        """The same question each time."""
        return (self._what,)

    def follow(self, _now_s: float) -> tuple[bytes, ...]:
        """Nothing follows."""
        return ()

    def receive(self, data: bytes, source: str, now_s: float, *, to_us: bool = True) -> str:
        """Take what somebody says; the last word "goodbye" takes the peer away."""
        text = visible(data[:MAX_TEXT].decode("utf-8", "replace").strip())
        known = self._peers.get(source)
        if text.rpartition(" ")[2].lower() == GOODBYE:
            if known is None:
                return "a goodbye of somebody who never was there"
            self._peers[source] = known._replace(state="left", heard_s=now_s)
            return ""
        if known is None and len(self._peers) >= MAX_PEERS:
            return f"more than {MAX_PEERS} peers; this one is left out"
        host, _, port = source.rpartition(":")
        first_s = known.first_s if known is not None else now_s
        how: How = "answer" if to_us else "announcement"
        self._peers[source] = Peer(
            source,
            text,
            "",
            "",
            (host.strip("[]"),),
            int(port),
            source,
            how,
            first_s,
            now_s,
            None,
            "here",
        )
        return ""

    def peers(self, now_s: float) -> tuple[Peer, ...]:
        """All of them; nobody says for how long that is good."""
        return tuple(self._peers.values())


def text_for_group(text: str) -> bytes:
    """What is said to a plain group. Raises: LocalMisuse: too long for one datagram of ours."""
    octets = text.encode("utf-8", "replace")
    if len(octets) > MAX_TEXT:
        raise LocalMisuse(f"at most {MAX_TEXT} octets are said to a group; this is {len(octets)}")
    return octets


def _aged(peer: Peer, now_s: float) -> Peer:
    if peer.state != "here" or peer.lives_s is None:
        return peer
    left_s = peer.heard_s + peer.lives_s - now_s
    return peer._replace(lives_s=max(0.0, left_s), state="here" if left_s > 0 else "expired")


def _place(location: str) -> tuple[str, int | None]:
    """Host and port of a description's address; "" where it is none."""
    try:
        target = parse_target(location)
    except LocalMisuse:
        return "", None
    return (target.host, target.port or 80) if target.scheme in ("http", "https") else ("", None)


def _host(source: str) -> str:
    return source.rpartition(":")[0]


def finder_for(plan: Plan, host: str, port: int, number: int) -> Finder:
    """Who finds in this language. Raises: LocalMisuse: what is searched can't be."""
    if plan.language == "mdns":
        is_member = plan.preset == "discover"
        return Browser(
            mdns.service_type(plan.what), port=port if is_member else None, number=0 if is_member else number
        )
    if plan.language == "ssdp":
        return Devices(plan.what, host)
    return Neighbours(plan.what)
