"""One sentence for every datagram of discovery, each kind of record and field, and every fact that we record."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from workbench.errors import PeerMisbehaved
from workbench.formats.charset import visible
from workbench.formats.quantity import count
from workbench.protocols.discovery import mdns, ssdp
from workbench.protocols.discovery.mdns import META, Message, shown
from workbench.protocols.discovery.ssdp import ALIVE, BYEBYE, UDA, UPDATE, Head
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.transcript.render import Explanation
from workbench.wire import explain as wire

Values = Mapping[str, object]
MAX_LISTED: Final = 4
MAX_NAME: Final = 60


class Term(NamedTuple):
    """What a word of the two languages means, and where that is said."""

    text: str
    source: str


TERMS: Final[dict[str, Term]] = {
    "PTR": Term("leads from a type of service to the services of it", "RFC 6763 4.1"),
    "SRV": Term("host and port of one service", "RFC 6763 5"),
    "TXT": Term("what else a service tells, as name=value", "RFC 6763 6"),
    "A": Term("the IPv4 address of a host", "RFC 6762 6"),
    "AAAA": Term("the IPv6 address of a host", "RFC 6762 6"),
    "NSEC": Term("which records of this name there are not", "RFC 6762 6.1"),
    "_services._dns-sd._udp": Term("the question which types of services there are", "RFC 6763 9"),
    "known answers": Term("what one who asks knows already: need not be repeated", "RFC 6762 7.1"),
    "unicast": Term("the answer may come to the one who asks alone", "RFC 6762 5.4"),
    "flush": Term("this record takes the place of older ones", "RFC 6762 10.2"),
    "goodbye": Term("a record with no time to live: its owner leaves", "RFC 6762 10.1"),
    "one-shot": Term("a question from any port; its answers come back alone", "RFC 6762 5.1"),
    "HOST": Term("the group and its port", UDA + "1.2.2"),
    "MAN": Term('always "ssdp:discover", in quotation marks', UDA + "1.3.2"),
    "MX": Term("seconds over which answers are to be spread", UDA + "1.3.2"),
    "ST": Term("what is searched; in an answer, what was found", UDA + "1.3.2"),
    "NT": Term("what this announcement is about", UDA + "1.2.2"),
    "NTS": Term("whether somebody is there, leaves, or has changed", UDA + "1.2.2"),
    "USN": Term("the unique name of a device, and what it is there", UDA + "1.2.2"),
    "LOCATION": Term("where the device describes itself", UDA + "1.2.2"),
    "CACHE-CONTROL": Term("for how many seconds this is good", UDA + "1.2.2"),
    "SERVER": Term("the device's system and product", UDA + "1.2.2"),
    "DATE": Term("when the answer was made", UDA + "1.3.3"),
    "EXT": Term("empty; it says that MAN was understood", UDA + "1.3.3"),
    "BOOTID.UPNP.ORG": Term("grows each time the device joins the network anew", UDA + "1.2.2"),
    "NEXTBOOTID.UPNP.ORG": Term("the BOOTID that will count from now on", UDA + "1.2.4"),
    "CONFIGID.UPNP.ORG": Term("another number means another description", UDA + "1.2.2"),
    "SEARCHPORT.UPNP.ORG": Term("where the device hears searches for itself alone", UDA + "1.2.2"),
}
"""The words of both languages; a test walks the fields of the standard's messages."""


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """What an event means; for what lies below as the wire explains it."""
    if event.kind == "fact":
        known = FACTS.get(event.name)
        return known(event.values) if known is not None else wire.explain(transcript, event)
    data = transcript.data(event, 0, mdns.MAX_MESSAGE)
    who = "we" if event.direction is Direction.SENT else "they"
    if data.startswith((b"M-SEARCH", b"NOTIFY", b"HTTP/")):
        return _ssdp(data)
    if len(data) >= 12 and data[2] & 0x78 == 0 and (data[4] == data[6] == data[8] == data[10] == 0):
        return _mdns(data, who)
    text = visible(data[:200].decode("utf-8", "replace"))
    return Explanation(text or "(nothing)", "a datagram to a plain group, or an answer to one", "RFC 1112")


def _ssdp(data: bytes) -> Explanation:
    try:
        head = ssdp.read(data)
    except PeerMisbehaved as error:
        return Explanation("not readable as SSDP", error.what, error.source)
    return _told(head)


def _told(head: Head) -> Explanation:
    name = visible(head.first("USN"))[:MAX_NAME]
    if head.kind == "search":
        what = visible(head.first("ST"))[:MAX_NAME]
        wait = visible(head.first("MX"))[:9] or "?"
        return Explanation(
            f"M-SEARCH {what}", f"who is that? Answers are spread over {wait} s", UDA + "1.3.2"
        )
    if head.kind == "answer":
        place = visible(head.first("LOCATION"))[:MAX_NAME]
        return Explanation(f"here: {name}", f"describes itself at {place or 'no address'}", UDA + "1.3.3")
    said = {
        ALIVE: ("is there", "1.2.2"),
        BYEBYE: ("leaves: what is known of it counts no more", "1.2.3"),
        UPDATE: ("has another address or number from now on", "1.2.4"),
    }
    sentence, section = said.get(head.first("NTS"), ("says something that the standard has not", "1.2"))
    return Explanation(f"NOTIFY {name}", sentence, UDA + section)


def _mdns(data: bytes, who: str) -> Explanation:
    try:
        message = mdns.read(data)
    except PeerMisbehaved as error:
        return Explanation("not readable as mDNS", error.what, error.source.replace(" section", ""))
    return _answered(message) if message.is_response else _asked(message, who)


def _asked(message: Message, who: str) -> Explanation:
    wanted = [f"{_name(question.name)} {question.type}" for question in message.questions]
    what = f"asks {_listed(wanted)}"
    if any(question.name == META for question in message.questions):
        sentence, source = "which types of services are there?", "RFC 6763 9"
    elif any(question.type == "PTR" for question in message.questions):
        sentence, source = "which services of this type are there?", "RFC 6763 4"
    else:
        sentence, source = "where is this service, and what does it tell?", "RFC 6763 5"
    if message.records:
        known = count(len(message.records), "answer")
        return Explanation(
            what, f"{sentence} {known} {who} know already need not be repeated", "RFC 6762 7.1"
        )
    return Explanation(what, sentence, source)


def _answered(message: Message) -> Explanation:
    records = message.records
    gone = [record for record in records if record.ttl == 0]
    shown_ones = [f"{_name(record.name)} {record.type}" for record in gone or records]
    if gone:
        return Explanation(
            f"goodbye: {_listed(shown_ones)}",
            "no time to live: this is not there any more, unless somebody objects within a second",
            "RFC 6762 10.1",
        )
    to_one = " to one who asked from a port of its own" if message.questions else ""
    source = "RFC 6762 6.7" if message.questions else "RFC 6762 6"
    return Explanation(
        f"says {_listed(shown_ones)}", f"{count(len(records), 'record')}{to_one}; nothing proves them", source
    )


def _name(name: mdns.Name) -> str:
    return visible(shown(name))[:MAX_NAME].removesuffix(".local")


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MAX_LISTED} more" if len(names) > MAX_LISTED else ""
    return ", ".join(names[:MAX_LISTED]) + more if names else "nothing"


def _found(v: Values) -> Explanation:
    kind = f" ({v['kind']})" if v["kind"] else ""
    return Explanation(f"found {visible(str(v['peer']))}{kind}", f"heard from {v['source']}")


def _left(v: Values) -> Explanation:
    why = "said goodbye" if v["state"] == "left" else "was not heard again in time"
    return Explanation(f"gone: {visible(str(v['peer']))}", why, "RFC 6762 10")


def _odd(v: Values) -> Explanation:
    return Explanation(
        f"odd, from {v['source']}", visible(str(v["sentence"])), str(v["rule"]).replace(" section", "")
    )


FACTS: Final[dict[str, Callable[[Values], Explanation]]] = {
    "discovery.found": _found,
    "discovery.left": _left,
    "discovery.odd": _odd,
}
"""Every fact that we record; a test walks the code for names that are missing here."""
