"""One plain sentence and its document for each method, each registered status and the usual header fields of HTTP."""
# ruff: noqa: E501 - one name is one line, so that the lists read as lists

from typing import NamedTuple


class Sentence(NamedTuple):
    """What it means, and the document that says so."""

    text: str
    source: str


class Status(NamedTuple):
    """A status. words: as the registry calls it."""

    words: str
    text: str
    source: str


_10 = "RFC 9110 "
_11 = "RFC 9111 "
_12 = "RFC 9112 "
_FETCH = "WHATWG Fetch"

# fmt: off
METHODS: dict[str, Sentence] = {
    "GET": Sentence("asks for what stands at the address; changes nothing", _10 + "9.3.1"),
    "HEAD": Sentence("asks for the head of the answer alone", _10 + "9.3.2"),
    "POST": Sentence("hands the body over to be worked on; asking twice may do it twice", _10 + "9.3.3"),
    "PUT": Sentence("puts the body in place of what stands at the address", _10 + "9.3.4"),
    "DELETE": Sentence("asks to take away what stands at the address", _10 + "9.3.5"),
    "CONNECT": Sentence("asks a proxy for a tunnel to somebody else", _10 + "9.3.6"),
    "OPTIONS": Sentence("asks what can be done there", _10 + "9.3.7"),
    "TRACE": Sentence("asks to get the request back as it arrived", _10 + "9.3.8"),
    "PATCH": Sentence("changes a part of what stands at the address", "RFC 5789 2"),
    "PROPFIND": Sentence("asks for the properties of a resource (WebDAV)", "RFC 4918 9.1"),
    "PROPPATCH": Sentence("sets properties of a resource (WebDAV)", "RFC 4918 9.2"),
    "MKCOL": Sentence("makes a collection (WebDAV)", "RFC 4918 9.3"),
    "COPY": Sentence("copies a resource (WebDAV)", "RFC 4918 9.8"),
    "MOVE": Sentence("moves a resource (WebDAV)", "RFC 4918 9.9"),
    "LOCK": Sentence("locks a resource against others (WebDAV)", "RFC 4918 9.10"),
    "UNLOCK": Sentence("gives a lock back (WebDAV)", "RFC 4918 9.11"),
    "REPORT": Sentence("asks for a report on a resource (WebDAV)", "RFC 3253 3.6"),
    "SEARCH": Sentence("searches on the server (WebDAV)", "RFC 5323 2"),
}

STATUSES: dict[int, Status] = {
    100: Status("Continue", "go on: send the body", _10 + "15.2.1"),
    101: Status("Switching Protocols", "another protocol follows on this connection", _10 + "15.2.2"),
    102: Status("Processing", "the work takes long and goes on (given up)", "RFC 2518 10.1"),
    103: Status("Early Hints", "fields that the real answer will have: begin to load", "RFC 8297 2"),
    104: Status("Upload Resumption Supported", "an upload can be taken up again", "draft-ietf-httpbis-resumable-upload"),
    200: Status("OK", "here it is", _10 + "15.3.1"),
    201: Status("Created", "something new was made, at Location", _10 + "15.3.2"),
    202: Status("Accepted", "taken, not done yet, perhaps never", _10 + "15.3.3"),
    203: Status("Non-Authoritative Information", "a proxy on the way changed the answer", _10 + "15.3.4"),
    204: Status("No Content", "done, and there is no body", _10 + "15.3.5"),
    205: Status("Reset Content", "done: empty the form", _10 + "15.3.6"),
    206: Status("Partial Content", "the part that Range asked for", _10 + "15.3.7"),
    207: Status("Multi-Status", "a status for each of several resources (WebDAV)", "RFC 4918 11.1"),
    208: Status("Already Reported", "told before in this answer (WebDAV)", "RFC 5842 7.1"),
    226: Status("IM Used", "the difference to what you have", "RFC 3229 10.4.1"),
    300: Status("Multiple Choices", "there are several: choose", _10 + "15.4.1"),
    301: Status("Moved Permanently", "it stands at Location now, for good; POST becomes GET with most clients", _10 + "15.4.2"),
    302: Status("Found", "it stands at Location for now; POST becomes GET with most clients", _10 + "15.4.3"),
    303: Status("See Other", "the answer is fetched from Location, by GET", _10 + "15.4.4"),
    304: Status("Not Modified", "what you have is still right; no body", _10 + "15.4.5"),
    305: Status("Use Proxy", "go through this proxy (given up: dangerous)", _10 + "15.4.6"),
    306: Status("(Unused)", "once meant another proxy; reserved", _10 + "15.4.7"),
    307: Status("Temporary Redirect", "the same request, at Location for now", _10 + "15.4.8"),
    308: Status("Permanent Redirect", "the same request, at Location for good", _10 + "15.4.9"),
    400: Status("Bad Request", "the server could not read the request", _10 + "15.5.1"),
    401: Status("Unauthorized", "log in: WWW-Authenticate says how", _10 + "15.5.2"),
    402: Status("Payment Required", "reserved", _10 + "15.5.3"),
    403: Status("Forbidden", "understood, and refused; a login changes nothing", _10 + "15.5.4"),
    404: Status("Not Found", "there is nothing at this address, or nobody shall know", _10 + "15.5.5"),
    405: Status("Method Not Allowed", "not with this method; Allow lists those that work", _10 + "15.5.6"),
    406: Status("Not Acceptable", "not in a form that Accept allows", _10 + "15.5.7"),
    407: Status("Proxy Authentication Required", "the proxy wants a login", _10 + "15.5.8"),
    408: Status("Request Timeout", "the request did not come in time", _10 + "15.5.9"),
    409: Status("Conflict", "it does not fit how things stand now", _10 + "15.5.10"),
    410: Status("Gone", "it was here, and will not come back", _10 + "15.5.11"),
    411: Status("Length Required", "the body needs a Content-Length", _10 + "15.5.12"),
    412: Status("Precondition Failed", "a condition of the request does not hold", _10 + "15.5.13"),
    413: Status("Content Too Large", "the body is more than the server takes", _10 + "15.5.14"),
    414: Status("URI Too Long", "the address is more than the server reads", _10 + "15.5.15"),
    415: Status("Unsupported Media Type", "the body is of a kind that is not taken", _10 + "15.5.16"),
    416: Status("Range Not Satisfiable", "there is no such range", _10 + "15.5.17"),
    417: Status("Expectation Failed", "what Expect asks for can't be had", _10 + "15.5.18"),
    418: Status("(Unused)", "a teapot of an April joke; reserved", _10 + "15.5.19"),
    421: Status("Misdirected Request", "this server does not answer for that host", _10 + "15.5.20"),
    422: Status("Unprocessable Content", "read and understood, and it makes no sense", _10 + "15.5.21"),
    423: Status("Locked", "somebody holds a lock on it (WebDAV)", "RFC 4918 11.3"),
    424: Status("Failed Dependency", "another action that this one needs failed (WebDAV)", "RFC 4918 11.4"),
    425: Status("Too Early", "this might be a replay: ask again after the handshake", "RFC 8470 5.2"),
    426: Status("Upgrade Required", "only with the protocol that Upgrade names", _10 + "15.5.22"),
    428: Status("Precondition Required", "the request must have a condition", "RFC 6585 3"),
    429: Status("Too Many Requests", "slow down; Retry-After may say how long", "RFC 6585 4"),
    431: Status("Request Header Fields Too Large", "the head is more than the server reads", "RFC 6585 5"),
    451: Status("Unavailable For Legal Reasons", "somebody's law forbids it", "RFC 7725 3"),
    500: Status("Internal Server Error", "the server failed", _10 + "15.6.1"),
    501: Status("Not Implemented", "the server does not know how", _10 + "15.6.2"),
    502: Status("Bad Gateway", "the server behind this one answered wrongly", _10 + "15.6.3"),
    503: Status("Service Unavailable", "not now: too much to do, or at rest", _10 + "15.6.4"),
    504: Status("Gateway Timeout", "the server behind this one did not answer", _10 + "15.6.5"),
    505: Status("HTTP Version Not Supported", "not in this version of HTTP", _10 + "15.6.6"),
    506: Status("Variant Also Negotiates", "the server's choices lead in a circle", "RFC 2295 8.1"),
    507: Status("Insufficient Storage", "the server has no room (WebDAV)", "RFC 4918 11.5"),
    508: Status("Loop Detected", "the server went in a circle (WebDAV)", "RFC 5842 7.2"),
    510: Status("Not Extended", "the request lacks an extension (given up)", "RFC 2774 7"),
    511: Status("Network Authentication Required", "the network itself wants a login", "RFC 6585 6"),
}
"""Every status in the registry at IANA."""

CLASSES: dict[int, str] = {
    1: "the real answer follows",
    2: "the server says yes",
    3: "the answer is elsewhere",
    4: "the server says no, and means the request",
    5: "the server failed",
}

FIELDS: dict[str, Sentence] = {
    "accept": Sentence("the kinds of content that are welcome", _10 + "12.5.1"),
    "accept-charset": Sentence("the charsets that are welcome (given up)", _10 + "12.5.2"),
    "accept-encoding": Sentence("the codings of content that are understood", _10 + "12.5.3"),
    "accept-language": Sentence("the languages that are welcome", _10 + "12.5.4"),
    "accept-patch": Sentence("the kinds of content that PATCH takes here", "RFC 5789 3.1"),
    "accept-ranges": Sentence("whether parts of it can be asked for", _10 + "14.3"),
    "access-control-allow-credentials": Sentence("whether scripts of other origins may use a login", _FETCH),
    "access-control-allow-headers": Sentence("fields that scripts of other origins may send", _FETCH),
    "access-control-allow-methods": Sentence("methods that scripts of other origins may use", _FETCH),
    "access-control-allow-origin": Sentence("which origins' scripts may read the answer", _FETCH),
    "access-control-expose-headers": Sentence("fields that scripts of other origins may read", _FETCH),
    "access-control-max-age": Sentence("how long a permission for other origins holds", _FETCH),
    "age": Sentence("seconds that the answer has lain in caches", _11 + "5.1"),
    "allow": Sentence("the methods that work here", _10 + "10.2.1"),
    "alt-svc": Sentence("where the same can be had by another protocol", "RFC 7838 3"),
    "authentication-info": Sentence("more about a login that succeeded", _10 + "11.6.3"),
    "authorization": Sentence("the login", _10 + "11.6.2"),
    "cache-control": Sentence("what caches may keep, and for how long", _11 + "5.2"),
    "clear-site-data": Sentence("what the client should forget of this site", "W3C Clear Site Data"),
    "connection": Sentence("what becomes of the connection, and which fields end at the next hop", _10 + "7.6.1"),
    "content-disposition": Sentence("whether to show or to save it, and under which name", "RFC 6266 4"),
    "content-encoding": Sentence("how the content was packed: undo it before reading", _10 + "8.4"),
    "content-language": Sentence("for whom it was written", _10 + "8.5"),
    "content-length": Sentence("octets of the body as it goes over the wire", _10 + "8.6"),
    "content-location": Sentence("the address of exactly this content", _10 + "8.7"),
    "content-md5": Sentence("a checksum of the body (given up)", "RFC 2616 14.15"),
    "content-range": Sentence("which part of the whole this is", _10 + "14.4"),
    "content-security-policy": Sentence("what a page may load and run", "W3C Content Security Policy"),
    "content-type": Sentence("of which kind the content is, and its charset", _10 + "8.3"),
    "cookie": Sentence("what the server gave to be brought back", "RFC 6265 5.4"),
    "cross-origin-opener-policy": Sentence("whether windows of other origins may reach this one", "WHATWG HTML"),
    "cross-origin-resource-policy": Sentence("who may embed the answer", _FETCH),
    "date": Sentence("when the answer was made", _10 + "6.6.1"),
    "digest": Sentence("a checksum of the content (given up)", "RFC 3230 4.3.2"),
    "content-digest": Sentence("a checksum of the content", "RFC 9530 2"),
    "dnt": Sentence("asks not to be followed (given up)", "W3C Tracking Preference Expression"),
    "early-data": Sentence("the request came before the handshake's end", "RFC 8470 5.1"),
    "etag": Sentence("a name for exactly this state of the content", _10 + "8.8.3"),
    "expect": Sentence("what the server should confirm before the body is sent", _10 + "10.1.1"),
    "expect-ct": Sentence("wanted certificates in public logs (given up)", "RFC 9163 2.1"),
    "expires": Sentence("from when on it is stale", _11 + "5.3"),
    "forwarded": Sentence("what proxies on the way know of the client", "RFC 7239 4"),
    "from": Sentence("the mail address of who asks", _10 + "10.1.2"),
    "host": Sentence("who is meant, where one address serves many", _10 + "7.2"),
    "if-match": Sentence("only if the content is still in this state", _10 + "13.1.1"),
    "if-modified-since": Sentence("only if it changed after this time", _10 + "13.1.3"),
    "if-none-match": Sentence("only if the content is in none of these states", _10 + "13.1.2"),
    "if-range": Sentence("the part only if the whole did not change", _10 + "13.1.5"),
    "if-unmodified-since": Sentence("only if it did not change after this time", _10 + "13.1.4"),
    "keep-alive": Sentence("how long the connection is kept, and for how many requests (old)", "RFC 2068 19.7.1"),
    "last-modified": Sentence("when the content changed last", _10 + "8.8.2"),
    "link": Sentence("what else belongs to it, and where it stands", "RFC 8288 3"),
    "location": Sentence("where to go, or where the new thing stands", _10 + "10.2.2"),
    "max-forwards": Sentence("how many hops a TRACE or OPTIONS may go", _10 + "7.6.2"),
    "nel": Sentence("how failures of the network should be reported", "W3C Network Error Logging"),
    "origin": Sentence("whose script asks", "RFC 6454 7"),
    "permissions-policy": Sentence("which powers of the browser a page may use", "W3C Permissions Policy"),
    "pragma": Sentence("no-cache, as it was said before Cache-Control", _11 + "5.4"),
    "priority": Sentence("how urgent it is", "RFC 9218 4"),
    "proxy-authenticate": Sentence("how to log in to the proxy", _10 + "11.7.1"),
    "proxy-authorization": Sentence("the login for the proxy", _10 + "11.7.2"),
    "proxy-connection": Sentence("Connection, misunderstood by old clients", _12 + "C.2.2"),
    "range": Sentence("the part that is asked for", _10 + "14.2"),
    "referer": Sentence("the page that led here (spelled wrongly since 1996)", _10 + "10.1.3"),
    "referrer-policy": Sentence("how much Referer may tell", "W3C Referrer Policy"),
    "refresh": Sentence("a browser goes on to another address after this time", "WHATWG HTML"),
    "retry-after": Sentence("when to ask again", _10 + "10.2.3"),
    "sec-fetch-dest": Sentence("what the browser wants it for", "W3C Fetch Metadata"),
    "sec-fetch-mode": Sentence("how the browser asks", "W3C Fetch Metadata"),
    "sec-fetch-site": Sentence("from which site the browser asks", "W3C Fetch Metadata"),
    "server": Sentence("which program answers", _10 + "10.2.4"),
    "server-timing": Sentence("how long the server took for what", "W3C Server Timing"),
    "set-cookie": Sentence("to be kept and brought back", "RFC 6265 4.1"),
    "sourcemap": Sentence("where the source of a script stands", "ECMA-426"),
    "strict-transport-security": Sentence("come by https from now on", "RFC 6797 6.1"),
    "te": Sentence("transfer codings beside chunked, and trailers, are understood", _10 + "10.1.4"),
    "trailer": Sentence("fields that come behind the body", _10 + "6.6.2"),
    "transfer-encoding": Sentence("how the body is framed on this connection", _12 + "6.1"),
    "upgrade": Sentence("other protocols that could be spoken on this connection", _10 + "7.8"),
    "upgrade-insecure-requests": Sentence("https is welcome", "W3C Upgrade Insecure Requests"),
    "user-agent": Sentence("which program asks", _10 + "10.1.5"),
    "vary": Sentence("the fields of the request on which the answer depends", _10 + "12.5.5"),
    "via": Sentence("the proxies on the way", _10 + "7.6.3"),
    "warning": Sentence("a remark of a cache (given up)", _11 + "5.5"),
    "www-authenticate": Sentence("how to log in", _10 + "11.6.1"),
    "x-content-type-options": Sentence("nosniff: believe Content-Type", _FETCH),
    "x-frame-options": Sentence("who may show it in a frame", "RFC 7034 2.1"),
    "x-forwarded-for": Sentence("the client's address, as a proxy saw it (see Forwarded)", "RFC 7239 1"),
    "x-forwarded-proto": Sentence("http or https, as a proxy was asked (see Forwarded)", "RFC 7239 1"),
    "x-powered-by": Sentence("with what the server was made", ""),
    "x-requested-with": Sentence("a script asks; a custom of libraries", ""),
    "x-xss-protection": Sentence("a filter of old browsers (given up)", ""),
}
"""By name in small letters."""
# fmt: on


def status_words(status: int) -> str:
    """As the registry calls a status; "" for one that is not in it."""
    known = STATUSES.get(status)
    return known.words if known is not None else ""


def of_status(status: int) -> Sentence:
    """What a status means; of one that is not registered, what its class means (RFC 9110 section 15)."""
    known = STATUSES.get(status)
    if known is not None:
        return Sentence(known.text, known.source)
    return Sentence(f"not registered; {CLASSES.get(status // 100, 'of no class')}", "RFC 9110 15")


def of_field(name: str) -> Sentence:
    """What a field means."""
    return FIELDS.get(name.lower(), Sentence("not one of the usual fields", ""))


def of_method(method: str) -> Sentence:
    """What a method means."""
    return METHODS.get(method, Sentence("a method that this list does not have", "RFC 9110 9.1"))
