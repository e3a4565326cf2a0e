"""What six transports give to each need: the whole table behind the advice of transports.py, a reason in each cell.

The first is chosen where several do: they stand in the order of how many systems have them.
"""

from typing import Final, Literal, NamedTuple

Mark = Literal["yes", "partly", "no"]


class Need(NamedTuple):
    """Something that a conversation may need. id: as the terminal takes it; title: to tick; what: an example."""

    id: str
    title: str
    what: str


class Cell(NamedTuple):
    """What one transport does about one need. source: the document that decides."""

    mark: Mark
    why: str
    source: str


class Candidate(NamedTuple):
    """A transport. what: in a sentence; lab: a service of the Lab to try it with, "" where the workbench has none."""

    id: str
    name: str
    what: str
    source: str
    lab: str
    cells: dict[str, Cell]


NEEDS: Final = (
    Need("integrity", "Nothing may be lost or changed", "a file, an order, a letter"),
    Need("ordered", "It arrives in the order in which it was sent", "a text, a film from a file"),
    Need("dialogue", "More than one question and answer", "a login, then commands"),
    Need("large", "More data than fits into one packet", "downloads, backups"),
    Need(
        "small", "Little data: a packet there, a packet back", "what time is it, what address has this name"
    ),
    Need("messages", "Each message stays a message", "nobody has to find out where one ends"),
    Need("quick", "No delay before the first octet", "a single question"),
    Need("fresh", "What comes late is worthless: better lost", "sound and pictures as they happen, games"),
    Need("many", "To many at once", "who is there? (broadcast, multicast)"),
    Need("stateless", "Very many clients, and none is remembered", "name servers, time servers"),
    Need("private", "Nobody on the way reads or changes it", "passwords, and nearly everything else"),
    Need("browser", "A page in a browser takes part", "chats, boards that several edit"),
    Need("streams", "Several things at once, none waits for another", "the parts of a page"),
    Need("moving", "It outlives a change of address", "a telephone leaves the house"),
    Need("everywhere", "It works through old routers, on every system", "customers with any equipment"),
)
"""What can be ticked, the book's criteria first."""

_TCP: Final = {
    "integrity": Cell("yes", "what is lost is sent again; a checksum covers every octet", "RFC 9293 3.8"),
    "ordered": Cell("yes", "octets are numbered, and handed over in that order", "RFC 9293 3.4"),
    "dialogue": Cell("yes", "a connection stays open for as many as you like", "RFC 9293 2.2"),
    "large": Cell("yes", "a stream has no size; windows and congestion set the pace", "RFC 9293 3.8"),
    "small": Cell("partly", "three packets set it up, and some more end it", "RFC 9293 3.5"),
    "messages": Cell("no", "reads don't match writes: mark the end of a message yourself", "RFC 9293 2.2"),
    "quick": Cell("no", "one round trip passes before the first octet", "RFC 9293 3.5"),
    "fresh": Cell("no", "a lost segment holds back all that came behind it", "RFC 9293 3.8"),
    "many": Cell("no", "a connection has two ends", "RFC 1122 4.2.3.10"),
    "stateless": Cell("no", "the server's system keeps state for each connection", "RFC 9293 3.3.1"),
    "private": Cell("partly", "with TLS above it", "RFC 8446 1"),
    "browser": Cell("partly", "HTTP rides on it; a page gets no connection of its own", "RFC 9112 1"),
    "streams": Cell("partly", "by several connections, each with its own set-up", "RFC 9293 3.4"),
    "moving": Cell("no", "addresses and ports are the name of the connection", "RFC 9293 3.4"),
    "everywhere": Cell("yes", "every system has it, every router knows it", "RFC 9293 1"),
}
_UDP: Final = {
    "integrity": Cell("no", "what is lost stays lost; what arrives has a checksum", "RFC 8085 3.3"),
    "ordered": Cell("no", "datagrams overtake each other, or come twice", "RFC 8085 3.3"),
    "dialogue": Cell(
        "partly", "your program matches answers with questions, and asks again", "RFC 8085 3.1.1"
    ),
    "large": Cell("no", "at most 65,507 octets: divide, number and pace it yourself", "RFC 8085 3.2"),
    "small": Cell("yes", "one datagram there, one back", "RFC 768"),
    "messages": Cell("yes", "a datagram is handed over whole, and alone", "RFC 768"),
    "quick": Cell("yes", "nothing is set up: the first packet holds the question", "RFC 768"),
    "fresh": Cell("yes", "nothing waits for what was lost", "RFC 8085 3.3"),
    "many": Cell("yes", "one datagram reaches a whole network, or a group", "RFC 8085 4"),
    "stateless": Cell("yes", "one socket serves everybody, and remembers nobody", "RFC 768"),
    "private": Cell("no", "in clear; that is what DTLS and QUIC add", "RFC 8085 6"),
    "browser": Cell("no", "a page gets no datagrams of its own", "RFC 8835 3.4"),
    "streams": Cell(
        "partly", "no datagram waits for another; what belongs together is for you", "RFC 8085 3.3"
    ),
    "moving": Cell(
        "partly", "there is no connection to lose: know your client again yourself", "RFC 8085 3.5"
    ),
    "everywhere": Cell("partly", "every system has it; some firewalls let little of it pass", "RFC 8085 3.5"),
}
_WEBSOCKET: Final = {
    "integrity": Cell("yes", "it rides on TCP", "RFC 6455 1.5"),
    "ordered": Cell("yes", "it rides on TCP", "RFC 6455 1.5"),
    "dialogue": Cell("yes", "both sides may speak at any time", "RFC 6455 1.1"),
    "large": Cell("yes", "a message may come in fragments of any number", "RFC 6455 5.4"),
    "small": Cell("no", "TCP's set-up and a request by HTTP come first", "RFC 6455 4.1"),
    "messages": Cell("yes", "frames say where a message ends", "RFC 6455 5.2"),
    "quick": Cell("no", "a round trip for TCP, one for HTTP, one for TLS", "RFC 6455 4.1"),
    "fresh": Cell("no", "it rides on TCP, which holds back what came behind a loss", "RFC 6455 1.5"),
    "many": Cell("no", "a connection has two ends", "RFC 6455 1.5"),
    "stateless": Cell("no", "a connection for each client", "RFC 6455 1.5"),
    "private": Cell("partly", "with TLS below it: wss", "RFC 6455 10.6"),
    "browser": Cell("yes", "a page opens one by itself", "RFC 6455 1.6"),
    "streams": Cell("no", "one message at a time: a long one holds up the rest", "RFC 6455 5.4"),
    "moving": Cell("no", "it ends with its TCP connection", "RFC 6455 7.1.5"),
    "everywhere": Cell(
        "yes", "to what stands between it looks like the Web, at the Web's ports", "RFC 6455 1.7"
    ),
}
_QUIC: Final = {
    "integrity": Cell("yes", "what is lost is sent again; every packet is sealed", "RFC 9000 13.3"),
    "ordered": Cell("yes", "within each stream", "RFC 9000 2.2"),
    "dialogue": Cell("yes", "a stream for each question, all in one connection", "RFC 9000 2"),
    "large": Cell("yes", "streams with windows, as TCP has them", "RFC 9000 4"),
    "small": Cell("partly", "a handshake of at least 1,200 octets comes first", "RFC 9000 14.1"),
    "messages": Cell("partly", "a stream for each, or the extension for datagrams", "RFC 9221 5"),
    "quick": Cell("partly", "one round trip, keys and all; none to a server it knows", "RFC 9001 4.6"),
    "fresh": Cell("partly", "with the extension for datagrams", "RFC 9221 5"),
    "many": Cell("no", "a connection has two ends", "RFC 9000 5"),
    "stateless": Cell("no", "the server keeps state and keys for each connection", "RFC 9000 5"),
    "private": Cell("yes", "TLS 1.3 is a part of it: none is in clear", "RFC 9001 3"),
    "browser": Cell(
        "partly", "as HTTP/3 or WebTransport; a page gets no connection of its own", "RFC 9114 3"
    ),
    "streams": Cell("yes", "a lost packet holds back its own streams alone", "RFC 9000 2.2"),
    "moving": Cell("yes", "numbers of its own name the connection, not the addresses", "RFC 9000 9"),
    "everywhere": Cell("partly", "by UDP, which some networks block; a library brings it", "RFC 9308 2"),
}
_DTLS: Final = {
    "integrity": Cell("partly", "what arrives is unchanged; what is lost stays lost", "RFC 9147 3"),
    "ordered": Cell("no", "numbers keep repetitions out, and put nothing in order", "RFC 9147 4.5.1"),
    "dialogue": Cell("partly", "your program matches answers with questions, and asks again", "RFC 9147 3"),
    "large": Cell("no", "a record fits into a datagram: divide it yourself", "RFC 9147 4.4"),
    "small": Cell("partly", "a packet there and one back, after a handshake", "RFC 9147 5"),
    "messages": Cell("yes", "a record is handed over whole, and alone", "RFC 9147 4"),
    "quick": Cell("no", "the handshake takes a round trip, with a cookie two", "RFC 9147 5.1"),
    "fresh": Cell("yes", "nothing waits for what was lost", "RFC 9147 3"),
    "many": Cell("no", "keys are agreed on by two", "RFC 9147 5"),
    "stateless": Cell("no", "keys for each client; the cookie alone needs no memory", "RFC 9147 5.1"),
    "private": Cell("yes", "TLS for datagrams", "RFC 9147 3"),
    "browser": Cell("partly", "below WebRTC; a page gets none of its own", "RFC 8831 5"),
    "streams": Cell("partly", "no record waits for another; what belongs together is for you", "RFC 9147 3"),
    "moving": Cell("partly", "with a number for the connection, which both must offer", "RFC 9147 9"),
    "everywhere": Cell("partly", "by UDP, which some networks block; a library brings it", "RFC 8085 3.5"),
}
_SCTP: Final = {
    "integrity": Cell("yes", "what is lost is sent again; a CRC covers each packet", "RFC 9260 6.8"),
    "ordered": Cell("yes", "within each stream, or not at all where you say so", "RFC 9260 6.6"),
    "dialogue": Cell("yes", "an association stays open for as many as you like", "RFC 9260 6"),
    "large": Cell("yes", "long messages are divided and joined for you", "RFC 9260 6.9"),
    "small": Cell("partly", "four packets set it up", "RFC 9260 5.1"),
    "messages": Cell("yes", "a message is handed over whole", "RFC 9260 6.9"),
    "quick": Cell("no", "one round trip before the first octet, for a cookie", "RFC 9260 5.1"),
    "fresh": Cell("partly", "with the extension that gives up what is late", "RFC 3758 3"),
    "many": Cell("no", "an association has two ends, if with several addresses", "RFC 9260 5"),
    "stateless": Cell("no", "state for each association; the cookie alone needs no memory", "RFC 9260 5.1"),
    "private": Cell("partly", "with DTLS above it, which few do", "RFC 6083 1"),
    "browser": Cell("partly", "inside DTLS, as WebRTC's channels for data", "RFC 8831 5"),
    "streams": Cell("yes", "a lost message holds back its own stream alone", "RFC 9260 6.5"),
    "moving": Cell("partly", "several addresses from the start; new ones by an extension", "RFC 9260 6.4"),
    "everywhere": Cell("no", "home routers don't translate it, and many systems lack it", "RFC 6951 1"),
}

CANDIDATES: Final = (
    Candidate("tcp", "TCP", "a stream of octets that is repaired on the way", "RFC 9293", "lab:echo", _TCP),
    Candidate("udp", "UDP", "single messages, and no promise", "RFC 768", "lab:udp-echo", _UDP),
    Candidate(
        "websocket", "WebSocket", "messages over TCP, begun as a request by HTTP", "RFC 6455", "", _WEBSOCKET
    ),
    Candidate("quic", "QUIC", "many streams over UDP, with TLS 1.3 built in", "RFC 9000", "", _QUIC),
    Candidate("dtls", "DTLS", "UDP's messages, sealed as TLS seals", "RFC 9147", "", _DTLS),
    Candidate(
        "sctp", "SCTP", "messages in several streams, between several addresses", "RFC 9260", "", _SCTP
    ),
)
"""In the order of how many systems have them."""
