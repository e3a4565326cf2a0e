"""The services of the Lab: one line each. Nothing of a service is imported before it is started."""
# ruff: noqa: E501 - one service is one line, so that the list reads as a list

from typing import NamedTuple

from workbench.errors import LocalMisuse
from workbench.lab.group_switches import MDNS, SSDP
from workbench.lab.line_switches import GOPHER, TELNET, WEBSOCKET
from workbench.lab.switches import TCP_SWITCHES as TCP
from workbench.lab.switches import UDP_SWITCHES as UDP
from workbench.lab.switches import Switch, near

_S = "workbench.lab.services."
_LIE = (
    Switch(
        "lie_by_s", "count", 0, "seconds to add to the time; negative: the past", low=-(2**32), high=2**32
    ),
)
_TIME = (
    *_LIE,
    Switch(
        "fixed_s", "count", None, "a clock that stands still, in seconds since 1970", low=-(2**31), high=2**33
    ),
    Switch("octets", "count", 4, "octets of the answer; four are right", low=0, high=8),
)
_SLOW_TEXT = "One octet a second: is this slow, or has it stopped?\r\n"
_SLOW = (
    Switch("interval_ms", "count", 1000, "milliseconds before each octet", high=600_000),
    Switch("text", "text", _SLOW_TEXT, "what it sends without being asked"),
)
_TICKER = (Switch("interval_ms", "count", 1000, "milliseconds between two lines", low=1, high=600_000),)
_TRANSFORM = Switch(
    "transform",
    "choice",
    "none",
    "what happens to letters",
    choices=("none", "upper", "lower", "swapcase", "rot13"),
)
_READS = Switch("reads", "choice", "all", "whether it reads at all", choices=("all", "nothing"))
_LIMIT = Switch("limit", "count", None, "octets to send, then FIN", high=2**40)
_CHAT = (
    Switch(
        "queue_lines", "count", 100, "lines that wait for a slow member; more are dropped", low=1, high=10_000
    ),
    Switch("hear_yourself", "flag", False, "also send a line to the one who said it"),
)
_GREETING = Switch(
    "greeting", "text", "this is the Lab; HELP tells what I understand", "behind +OK in the first line"
)
_AFTER = Switch("after", "count", 1, "octets to read before the reset", high=2**30)
_TOTAL = Switch("total", "count", 2**30, "octets to send", high=2**40)
_TLS = (
    Switch("version", "choice", "any", "the one version of TLS it speaks", choices=("any", "1.2", "1.3")),
    Switch(
        "certificate",
        "choice",
        "none",
        "what is wrong with its certificate",
        choices=("none", "expired", "not-yet", "wrong-name", "self-signed", "unknown-authority"),
    ),
    Switch("alpn", "text", "", "protocols it speaks, with commas between them"),
    Switch("truncate", "flag", False, "end without close_notify, as an attacker could make it end"),
)
_SHOWN = tuple(switch for switch in _TLS if switch.name != "certificate")
_CLIENT = (
    Switch("ask", "choice", "require", "whether the client needs one", choices=("require", "ask", "no")),
    Switch("accept", "choice", "lab", "whose certificates it accepts", choices=("lab", "any")),
)
_PROXY = (
    Switch("user", "text", "", "the name that a client must log in with; empty: no login"),
    Switch("password", "text", "", "the password that goes with it"),
    Switch(
        "lie",
        "choice",
        "none",
        "how it breaks its own protocol",
        choices=("none", "wrong-version", "truncated", "endless", "silent"),
    ),
)
_DNS = (
    *(switch for switch in UDP if switch.name != "delay_ms"),
    Switch(
        "says",
        "choice",
        "truth",
        "what every answer says instead",
        choices=("truth", "servfail", "refused", "formerr", "notimp", "nothing", "garbage", "loop"),
    ),
    Switch(
        "forge",
        "choice",
        "none",
        "a forged answer by UDP comes first, and this is wrong in it",
        choices=("none", "id", "question", "source"),
    ),
    Switch("truncate", "flag", False, "cut every answer by UDP off, so that the client asks again by TCP"),
)
_FTP = (
    *(switch for switch in TCP if switch.name in ("delay_ms", "connections", "backlog")),
    Switch("mlsd", "flag", True, "whether it has MLSD and MLST; without them only LIST is left"),
    Switch("epsv", "flag", True, "whether it has EPSV; without it only PASV is left"),
    Switch("pasv_address", "text", "", "an address to name in answers to PASV instead of its own"),
    Switch(
        "tls", "choice", "offered", "whether there is TLS (AUTH TLS)", choices=("offered", "required", "none")
    ),
    Switch(
        "cut_data_after", "count", None, "end data connections after so many octets were sent", high=2**40
    ),
    Switch("cut_reply", "choice", "426", "what it says then", choices=("426", "226", "nothing")),
    Switch("names", "choice", "plain", "what names are in its listings", choices=("plain", "hostile")),
)
_WEB = (
    Switch(
        "says",
        "choice",
        "truth",
        "how every answer is wrong; /wrong/NAME asks for one",
        choices=(
            "truth",
            "truncated",
            "overlong",
            "no-last-chunk",
            "bad-chunk",
            "two-lengths",
            "length-and-chunks",
            "bare-lf",
            "folded",
            "space-before-colon",
            "nul",
            "bad-status",
            "many-fields",
            "half-head",
            "endless-head",
            "endless-body",
            "informational",
            "http-0.9",
            "another-protocol",
            "nothing",
            "silent",
            "reset",
        ),
    ),
    Switch(
        "ranges",
        "choice",
        "right",
        "how /file is given to who asks for the rest of it; /file?ranges=NAME asks for one",
        choices=(
            "right",
            "ignored",
            "no-validator",
            "weak",
            "date",
            "changed",
            "mixed",
            "wrong-start",
            "wrong-end",
            "other-length",
            "short",
            "refused",
            "several",
            "unasked",
        ),
    ),
    Switch("busy", "count", 0, "so many visitors of /file are told to come again later (503)", high=1000),
)
_SQL = (
    Switch(
        "state",
        "choice",
        "whole",
        "what is wrong with the file",
        choices=("whole", "locked", "cut", "garbage"),
    ),
    Switch("readings", "count", 2_000, "rows of its largest table", high=5_000_000),
)
_MAIL = (
    *TCP,
    Switch(
        "tls",
        "choice",
        "offered",
        "whether there is TLS; hidden: not in the list, as if somebody took it out; implicit: from the first octet on",
        choices=("offered", "required", "none", "hidden", "implicit"),
    ),
    *(switch for switch in _TLS if switch.name == "certificate"),
)
_MECHANISMS = Switch(
    "mechanisms", "text", "PLAIN LOGIN CRAM-MD5", "how one can log in by SASL, with blanks between"
)
_SMTP = (
    *_MAIL,
    _MECHANISMS,
    Switch("ehlo", "flag", True, "whether it knows EHLO; without it there are no extensions"),
    Switch("size", "count", None, "octets of the largest letter", high=2**30),
    Switch("8bitmime", "flag", True, "whether it takes letters with octets above 127"),
    Switch("smtputf8", "flag", True, "whether it takes addresses beyond ASCII"),
    Switch("login", "flag", False, "whether it takes letters only from who has logged in"),
    Switch("refuse", "text", "", "recipients to refuse, with commas between; * is everybody"),
    Switch("greylist", "flag", False, "refuse each recipient the first time, for now"),
    Switch(
        "after_dot",
        "choice",
        "accept",
        "what it does at the end of a letter; drop, reset and silent have taken it all the same",
        choices=("accept", "refuse", "drop", "reset", "silent"),
    ),
    Switch(
        "lie",
        "choice",
        "none",
        "how it breaks its protocol",
        choices=("none", "garbage", "endless", "wrong-code"),
    ),
)
_IMAP = (
    *_MAIL,
    _MECHANISMS,
    Switch(
        "lie",
        "choice",
        "none",
        "how it breaks its protocol",
        choices=("none", "garbage", "endless", "huge-literal", "vanishing"),
    ),
)
_POP = (
    *_MAIL,
    Switch("apop", "flag", False, "whether its greeting has the stamp that APOP needs"),
    Switch("uidl", "flag", True, "whether it has UIDL: names of letters that last"),
    Switch("top", "flag", True, "whether it has TOP: the beginning of a letter"),
    Switch(
        "lie",
        "choice",
        "none",
        "how it breaks its protocol",
        choices=("none", "garbage", "endless", "unstuffed"),
    ),
)
_MACHINES = Switch("machines", "count", 3, "how many machines there are", low=1, high=10)
_LINES = Switch("lines", "count", 100_000, "lines to send", high=10_000_000)

_XMLRPC = (
    Switch(
        "tells",
        "choice",
        "all",
        "what it tells of its methods (introspection)",
        choices=("all", "no-signatures", "nothing"),
    ),
    Switch("multicall", "flag", True, "whether several calls may come in one request"),
    Switch(
        "says",
        "choice",
        "truth",
        "how every answer is wrong",
        choices=(
            "truth",
            "html",
            "not-xml",
            "cut",
            "empty",
            "bad-int",
            "two-values",
            "boolean-7",
            "odd-fault",
            "deep",
            "bomb",
            "file",
            "http-500",
            "http-404",
        ),
    ),
)


class ServiceInfo(NamedTuple):
    """One service: what the Lab needs to start it and a person to choose it.

    transport: "tcp", "udp", "unix", or "file": nobody listens, whoever wants it opens it. book_port: the port that the standard gives it; None where there is none.
    entry: "module:Class". teaches: one sentence. source: the document, or "" for our own inventions.
    """

    name: str
    title: str
    transport: str
    book_port: int | None
    entry: str
    switches: tuple[Switch, ...]
    teaches: str
    source: str = ""

    def as_dict(self) -> dict[str, object]:
        """What JSON shows of it."""
        return {
            "name": self.name,
            "title": self.title,
            "transport": self.transport,
            "book_port": self.book_port,
            "teaches": self.teaches,
            "source": self.source,
            "switches": [switch.as_dict() for switch in self.switches],
        }


# fmt: off
SERVICES: tuple[ServiceInfo, ...] = (
    ServiceInfo("echo", "Echo", "tcp", 7, _S + "echo:Echo", (*TCP, _TRANSFORM), "Every octet you send comes back, in pieces of any size: a stream has no messages.", "RFC 862"),
    ServiceInfo("discard", "Discard", "tcp", 9, _S + "discard:Discard", TCP, "Everything is taken and nothing answered: that a send returned says little.", "RFC 863"),
    ServiceInfo("chargen", "Character generator", "tcp", 19, _S + "chargen:Chargen", (*TCP, _LIMIT), "It sends without end: stop reading, and watch the flow control stop the server.", "RFC 864"),
    ServiceInfo("daytime", "Daytime", "tcp", 13, _S + "daytime:Daytime", (*TCP, *_LIE), "One line, then the server finishes: the end of the stream is the end of the answer.", "RFC 867"),
    ServiceInfo("time", "Time", "tcp", 37, _S + "time_:Time", (*TCP, *_TIME), "Four octets in network order; nothing in them tells whether the server lies.", "RFC 868"),
    ServiceInfo("greet", "Greeter", "tcp", None, _S + "greet:Greet", (*TCP, _GREETING), "The server speaks first; then lines go back and forth, as in most mail protocols."),
    ServiceInfo("chat", "Chat", "tcp", None, _S + "chat:Chat", (*TCP, *_CHAT), "Many clients at once: what one says all others hear, and a slow one holds nobody up."),
    ServiceInfo("silent", "Silent", "tcp", None, _S + "silent:Silent", (*TCP, _READS), "Connected is not answered: only a deadline of your own ends this wait."),
    ServiceInfo("ticker", "Ticker", "tcp", None, _S + "ticker:Ticker", (*TCP, *_TICKER), "The time at intervals, until the client has gone: a server that reads nothing learns of that when it next sends."),
    ServiceInfo("slow", "Slow", "tcp", None, _S + "slow:Slow", (*TCP, *_SLOW), "One octet a second: a deadline for each read never passes, one for the whole does."),
    ServiceInfo("resetting", "Resetting", "tcp", None, _S + "resetting:Resetting", (*TCP, _AFTER), "The connection ends by RST: what was on its way is lost, in both directions.", "RFC 9293 section 3.5.2"),
    ServiceInfo("flood", "Flood", "tcp", None, _S + "flood:Flood", (*TCP, _TOTAL), "A gigabyte without one line end: who reads lines without a bound runs out of memory."),
    ServiceInfo("junk", "Junk", "tcp", None, _S + "junk:Junk", (*TCP, _LINES), "Lines that try to rule your terminal: what a stranger sends is never shown as it came."),
    ServiceInfo("tls-echo", "Echo under TLS", "tcp", None, _S + "tls_echo:TlsEcho", (*TCP, *_TLS), "The same echo, unreadable on the way; its certificate can be wrong in every way that matters.", "RFC 8446"),
    ServiceInfo("tls-client-cert", "TLS with client certificate", "tcp", None, _S + "tls_client_cert:TlsClientCert", (*TCP, *_TLS, *_CLIENT), "Both sides show who they are; in TLS 1.3 the client hears of a refusal only when it reads.", "RFC 8446 section 4.3.2"),
    ServiceInfo("tls-good", "Good certificate", "tcp", None, _S + "tls_certificates:TlsGood", (*TCP, *_SHOWN), "It sends its certificate and the authority's in between; the root you must have yourself.", "RFC 8446 section 4.4.2"),
    ServiceInfo("tls-expired", "Expired certificate", "tcp", None, _S + "tls_certificates:TlsExpired", (*TCP, *_SHOWN), "Yesterday all was well: nothing in the certificate has changed but the date on your clock.", "RFC 5280 section 4.1.2.5"),
    ServiceInfo("tls-wrong-name", "Certificate of another", "tcp", None, _S + "tls_certificates:TlsWrongName", (*TCP, *_SHOWN), "A perfect certificate, for somebody else: who does not compare names trusts everybody who has one.", "RFC 9525"),
    ServiceInfo("tls-self-signed", "Self-signed certificate", "tcp", None, _S + "tls_certificates:TlsSelfSigned", (*TCP, *_SHOWN), "It says who it is, and nobody confirms it: just as encrypted, and just as unknown.", "RFC 5280 section 6.1"),
    ServiceInfo("unix-echo", "Echo by a Unix socket", "unix", None, _S + "echo:Echo", (*TCP, _TRANSFORM), "A file instead of a port: no network, and the system says which process is at the other end.", "unix(7)"),
    ServiceInfo("proxy-http", "HTTP proxy", "tcp", None, _S + "proxy_http:ProxyHttp", (*TCP, *_PROXY), "A CONNECT opens a way to somebody else: who you talk to is not who you are connected to.", "RFC 9110 section 9.3.6"),
    ServiceInfo("proxy-socks5", "SOCKS5 proxy", "tcp", None, _S + "proxy_socks5:ProxySocks5", (*TCP, *_PROXY), "A few octets in advance, then a tunnel for anything; the proxy says in one octet why not.", "RFC 1928"),
    ServiceInfo("udp-echo", "Echo by UDP", "udp", 7, _S + "udp_echo:UdpEcho", UDP, "Each datagram comes back whole or not at all, one of no octets too.", "RFC 862"),
    ServiceInfo("udp-time", "Time by UDP", "udp", 37, _S + "udp_time:UdpTime", (*UDP, *_TIME), "An empty datagram is the question; no answer may mean five different things.", "RFC 868"),
    ServiceInfo("beacon", "Three machines", "udp", None, _S + "beacon:Beacon", (*UDP, _MACHINES), "Ask everybody who is there (a broadcast on loopback): each machine answers you alone, from its own address.", "RFC 919"),
    ServiceInfo("mdns", "Services by mDNS", "udp", None, _S + "discovery.mdns:Mdns", (*UDP, *MDNS), "Ask a group which services there are, without a server of names: whoever is there answers, and nobody proves who it is.", "RFC 6762"),
    ServiceInfo("ssdp", "Devices by SSDP", "udp", None, _S + "discovery.ssdp:Ssdp", (*UDP, *SSDP), "Search a group as UPnP does: each device answers you alone, with an address where it describes itself.", "UPnP Device Architecture"),
    ServiceInfo("dns", "Name server", "udp", 53, _S + "dns.service:Dns", (*TCP, *_DNS), "Names of lab.test and addresses of 192.0.2.0/24, by UDP and TCP; one address claims a name that is not its own.", "RFC 1035"),
    ServiceInfo("sql", "SQLite database", "file", None, _S + "sql.service:Sql", _SQL, "A database without a server: a file with a story in it, yours to read and to ruin until the Lab ends.", "sqlite.org"),
    ServiceInfo("ftp", "FTP server", "tcp", 21, _S + "ftp.service:Ftp", _FTP, "Commands on one connection, each listing and each file on another; read as anonymous, write as the user that it tells.", "RFC 959"),
    ServiceInfo("smtp", "SMTP server", "tcp", 25, _S + "mail.smtp:Smtp", _SMTP, "It takes letters for anna@lab.test and ben@lab.test: the envelope decides who gets one, whatever the header says.", "RFC 5321"),
    ServiceInfo("imap", "IMAP server", "tcp", 143, _S + "mail.imap:Imap", _IMAP, "The mailboxes that lab:smtp fills: folders, numbers that change and UIDs that last, one folder of ten thousand letters.", "RFC 9051"),
    ServiceInfo("pop", "POP3 server", "tcp", 110, _S + "mail.pop:Pop", _POP, "The same INBOX as one list without folders; what nobody deletes stays at the server.", "RFC 1939"),
    ServiceInfo("gopher", "Gopher server", "tcp", 70, _S + "gopher.service:Gopher", (*TCP, *GOPHER), "One line asks and the connection's end is the end: the simplest protocol that is of use.", "RFC 1436"),
    ServiceInfo("telnet", "Telnet server", "tcp", 23, _S + "telnet:Telnet", (*TCP, *TELNET), "Octets from 255 on are commands among the text: who speaks no Telnet sees them as dirt.", "RFC 854"),
    ServiceInfo("websocket", "WebSocket echo", "tcp", None, _S + "websocket:WebSocket", (*TCP, *WEBSOCKET), "It begins as HTTP and goes on in frames: messages with ends, in both directions at once.", "RFC 6455"),
    ServiceInfo("http", "Web server", "tcp", 80, _S + "http.service:Http", (*TCP, *_WEB), "Pages, forms, redirects and a login; and every wrong answer that a client should notice.", "RFC 9110"),
    ServiceInfo("https", "Web server under TLS", "tcp", 443, _S + "http.service:Https", (*TCP, *_TLS, *_WEB), "The same pages, unreadable on the way; only the server's name can be seen, and how much is said.", "RFC 9110 section 4.2.2"),
    ServiceInfo("xmlrpc", "XML-RPC server", "tcp", None, _S + "xmlrpc.service:XmlRpc", (*TCP, *_XMLRPC), "Calls as XML in a POST, values with types, and faults that HTTP knows nothing of.", "XML-RPC specification"),
)
# fmt: on

_BY_NAME = {info.name: info for info in SERVICES}


def find_service(name: str) -> ServiceInfo:
    """The service of this name.

    Raises: LocalMisuse: there is none; the advice lists what may have been meant.
    """
    info = _BY_NAME.get(name)
    if info is None:
        shown = name if len(name) <= 40 else name[:39] + "…"
        raise LocalMisuse(
            f'the Lab has no service "{shown}"',
            text=name,
            start=0,
            end=len(name),
            stage="lab",
            advice=near(name, _BY_NAME),
        )
    return info
