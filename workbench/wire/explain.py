"""One plain sentence for everything that happens to a connection below its protocol."""

from collections.abc import Callable, Mapping

from workbench.formats.quantity import octets
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Event
from workbench.transcript.render import Explanation, preview
from workbench.wire.explain_addresses import ADDRESS_FACTS
from workbench.wire.options import BY_NAME
from workbench.wire.tls.explain import TLS_FACTS

Values = Mapping[str, object]

TCP = "RFC 9293"
UDP = "RFC 768"
UNIX = "unix(7)"


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """What a fact of the wire means; for octets their preview. None for facts of other rooms."""
    if event.kind == "bytes":
        return _octets(transcript, event)
    known = FACTS.get(event.name)
    return known(event.values) if known is not None else None


def _octets(transcript: Transcript, event: Event) -> Explanation:
    if event.layer == "udp":
        if not event.size:
            return Explanation(
                "(empty datagram)", "a datagram of zero octets is a message too, not an end", UDP
            )
        return Explanation(preview(transcript, event), "")
    if event.layer == "tls":
        return Explanation(preview(transcript, event), "inside TLS: what the records carry", "RFC 8446 5.2")
    if event.layer == "proxy":
        return Explanation(preview(transcript, event), "with the proxy, before the way to the peer is open")
    if record := _RECORDS.get(transcript.data(event, 0, 2)):
        # As text they would be noise, and letters of all the world's scripts by chance.
        octets = transcript.data(event, 0, RECORD_OCTETS)
        more = " …" if event.size > RECORD_OCTETS else ""
        return Explanation(octets.hex(" ") + more, f"a TLS record: {record}", "RFC 8446 5.1")
    return Explanation(preview(transcript, event), "")


RECORD_OCTETS = 24
"""Of a TLS record shown: its header, and as much behind it as a line holds."""
_RECORDS = {
    b"\x14\x03": "change of ciphers",
    b"\x15\x03": "alert",
    b"\x16\x03": "handshake",
    b"\x17\x03": "application data, encrypted",
}
"""By the first two octets: the type, and the first half of a version that has been 3 since SSL 3."""


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _resolve_started(v: Values) -> Explanation:
    return Explanation(
        f"resolve {v['host']} …", "asks the system which addresses the name has", "RFC 1123 2.1"
    )


def _resolve_complete(v: Values) -> Explanation:
    found = v["addresses"]
    several = isinstance(found, list) and len(found) > 1
    text = "in the order in which they will be tried" if several else "the only address"
    return Explanation(f"resolve {v['host']}: {_listed(found)}", text, "RFC 6724")


def _resolve_numeric(v: Values) -> Explanation:
    return Explanation(f"address {v['host']}", "a number already: no name server was asked")


def _resolve_failed(v: Values) -> Explanation:
    return Explanation(
        f"resolve {v['host']} failed {v['errno']}".rstrip(), str(v["sentence"]), "RFC 1123 2.1"
    )


def _target(v: Values) -> Explanation:
    return Explanation(f"{v['asked']} is {v['leads_to']}", "a server or a relay of the Lab, on this machine")


def _is_unix(address: object) -> bool:
    return str(address).startswith("unix:")


def _connect_started(v: Values) -> Explanation:
    if _is_unix(v["address"]):
        return Explanation(f"connect {v['address']} …", "asks who listens on this socket file", UNIX)
    return Explanation(f"connect {v['address']} …", "asks for a connection (SYN)", f"{TCP} 3.5")


def _connect_complete(v: Values) -> Explanation:
    if _is_unix(v["address"]):
        return Explanation(
            f"connected {v['address']}", "through a file of this machine: no network, no port", UNIX
        )
    return Explanation(
        f"connected {v['local']} → {v['address']}",
        "both sides agreed (SYN, SYN-ACK, ACK); our port was chosen by the system",
        f"{TCP} 3.5",
    )


def _connect_failed(v: Values) -> Explanation:
    source = UNIX if _is_unix(v["address"]) else f"{TCP} 3.5.2"
    return Explanation(f"connect {v['address']} failed {v['errno']}".rstrip(), str(v["sentence"]), source)


def _connect_dropped(v: Values) -> Explanation:
    return Explanation(
        f"attempt {v['address']} dropped",
        "another address was quicker, or nobody waits any more",
        "RFC 8305 5",
    )


def _bind_complete(v: Values) -> Explanation:
    return Explanation(f"calls from {v['address']}", "this address of ours was asked for", f"{TCP} 3.9.1")


def _bind_failed(v: Values) -> Explanation:
    return Explanation(f"bind {v['address']} failed {v['errno']}".rstrip(), str(v["sentence"]))


def _peer_credentials(v: Values) -> Explanation:
    return Explanation(
        f"peer: process {v['pid']}, user {v['uid']}, group {v['gid']}",
        "the system's own word, noted when the connection was made",
        UNIX,
    )


def _option_set(v: Values) -> Explanation:
    granted, asked = ("off" if value is None else str(value) for value in (v["granted"], v["asked"]))
    unit = f" {v['unit']}" if v["unit"] else ""
    option = BY_NAME.get(str(v["option"]))
    differs = "" if granted == asked else f"{asked}{unit} were asked for; "
    return Explanation(
        f"{v['option']} = {granted}{unit}",
        f"{differs}{option.what if option is not None else ''}",
        option.source if option is not None else "",
    )


def _proxy_started(v: Values) -> Explanation:
    how = "a CONNECT of HTTP" if v["kind"] == "http" else "SOCKS5"
    login = ", with a login" if v["login"] else ""
    return Explanation(
        f"proxy {v['proxy']}: {v['target']} …",
        f"asks for a way there by {how}{login}",
        "RFC 9110 9.3.6" if v["kind"] == "http" else "RFC 1928",
    )


def _proxy_complete(v: Values) -> Explanation:
    bound = f"; the proxy calls from {v['bound']}" if v["bound"] else ""
    return Explanation(
        f"proxy {v['proxy']} leads to {v['target']}", f"from here on every octet goes there and back{bound}"
    )


def _proxy_failed(v: Values) -> Explanation:
    return Explanation(f"proxy {v['proxy']} leads not to {v['target']}", str(v["sentence"]))


def _listen_complete(v: Values) -> Explanation:
    source = UNIX if _is_unix(v["address"]) else f"{TCP} 3.9.1"
    return Explanation(
        f"listening on {v['address']}",
        f"up to {v['backlog']} connections may wait until we accept them",
        source,
    )


def _listen_closed(v: Values) -> Explanation:
    return Explanation(f"{v['address']} closed", "new connections are refused; those accepted live on")


def _accept_complete(v: Values) -> Explanation:
    if _is_unix(v["local"]):
        return Explanation(f"accepted {v['peer']}", "a connection of its own, through the same file", UNIX)
    return Explanation(
        f"accepted {v['peer']}", "a connection of its own, on the same port of ours", f"{TCP} 3.5"
    )


def _accept_failed(v: Values) -> Explanation:
    return Explanation(f"accept failed {v['errno']}", "the client was gone again before we looked")


def _finish_sent(_v: Values) -> Explanation:
    return Explanation("finished", "we send no more (FIN); the peer still may", f"{TCP} 3.6")


def _finish_failed(v: Values) -> Explanation:
    return Explanation(f"finish failed {v['errno']}", "there was no connection left to finish", f"{TCP} 3.6")


def _reset_sent(_v: Values) -> Explanation:
    return Explanation("reset", "we reset the connection (RST)", f"{TCP} 3.5.3")


def _urgent_sent(v: Values) -> Explanation:
    return Explanation(
        f"urgent octet {v['octet']}", "sent with the urgent pointer on it (MSG_OOB)", f"{TCP} 3.8.5"
    )


def _urgent_received(v: Values) -> Explanation:
    return Explanation(
        f"urgent octet {v['octet']}", "read beside the stream (MSG_OOB): it is no part of it", f"{TCP} 3.8.5"
    )


def _end(v: Values) -> Explanation:
    source = f"{TCP} 3.5.3" if v["kind"] == "RST" else f"{TCP} 3.6" if v["kind"] == "FIN" else ""
    return Explanation(f"end: {v['kind']}", str(v["sentence"]), source)


def _close(v: Values) -> Explanation:
    unread = v["unread"]
    if isinstance(unread, int) and unread:
        return Explanation(
            f"closed with {octets(unread)} unread",
            "nobody read them: the system tells the peer with a reset (RST)",
            "RFC 2525 2.17",
        )
    return Explanation("closed", "the socket was given back to the system")


def _unplugged(_v: Values) -> Explanation:
    return Explanation(
        "cable pulled", "what is sent to us is thrown away unread: no answer, no error", "socket(7)"
    )


def _detached(_v: Values) -> Explanation:
    return Explanation(
        "handed over", "a library goes on with this socket by itself: nothing more of it is recorded"
    )


def _datagram_open(v: Values) -> Explanation:
    to = f" → {v['peer']}" if v["peer"] else ""
    size = v["receive_buffer"]
    room = f"; {octets(size)} of room for what arrives" if isinstance(size, int) else ""
    return Explanation(f"UDP socket {v['local']}{to}", f"no connection is made{room}", UDP)


def _datagram_truncated(v: Values) -> Explanation:
    return Explanation(
        f"datagram from {v['source']} cut", "it was larger than the room for it; the rest is lost", UDP
    )


def _datagram_lost(v: Values) -> Explanation:
    return Explanation(
        f"{v['count']} datagrams lost",
        f"nobody read in time and the socket's room was full; {v['total']} since it was opened",
        "socket(7)",
    )


def _multicast_joined(v: Values) -> Explanation:
    on = f" on {v['interface']}" if v["interface"] else ""
    return Explanation(f"joined {v['group']}{on}", "hears what anybody sends to this group", "RFC 1112")


def _multicast_left(v: Values) -> Explanation:
    return Explanation(f"left {v['group']}", "hears this group no more", "RFC 1112")


def _multicast_failed(v: Values) -> Explanation:
    return Explanation(f"join {v['group']} failed {v['errno']}".rstrip(), str(v["sentence"]))


def _fault(v: Values) -> Explanation:
    return Explanation(f"{v['doing']} failed {v['errno']}", str(v.get("sentence", "")))


def _failed(v: Values) -> Explanation:
    what = f"{v.get('stage', '')} failed {v.get('errno', '')}".strip()
    return Explanation(what, str(v.get("what", "")))


FACTS: dict[str, Callable[[Values], Explanation]] = {
    "resolve.started": _resolve_started,
    "resolve.complete": _resolve_complete,
    "resolve.numeric": _resolve_numeric,
    "resolve.failed": _resolve_failed,
    "target": _target,
    "connect.started": _connect_started,
    "connect.complete": _connect_complete,
    "connect.failed": _connect_failed,
    "connect.dropped": _connect_dropped,
    "listen.complete": _listen_complete,
    "listen.failed": _connect_failed,
    "listen.closed": _listen_closed,
    "accept.complete": _accept_complete,
    "accept.failed": _accept_failed,
    "finish.sent": _finish_sent,
    "finish.failed": _finish_failed,
    "reset.sent": _reset_sent,
    "urgent.sent": _urgent_sent,
    "urgent.received": _urgent_received,
    "end": _end,
    "close": _close,
    "unplugged": _unplugged,
    "detached": _detached,
    "datagram.open": _datagram_open,
    "datagram.truncated": _datagram_truncated,
    "datagram.lost": _datagram_lost,
    "multicast.joined": _multicast_joined,
    "multicast.left": _multicast_left,
    "multicast.failed": _multicast_failed,
    "bind.complete": _bind_complete,
    "bind.failed": _bind_failed,
    "peer.credentials": _peer_credentials,
    "option.set": _option_set,
    "proxy.started": _proxy_started,
    "proxy.complete": _proxy_complete,
    "proxy.failed": _proxy_failed,
    "fault": _fault,
    "failed": _failed,
    **TLS_FACTS,
    **ADDRESS_FACTS,
}
"""Every fact that the wire records; a test walks the code for names that are missing here."""
