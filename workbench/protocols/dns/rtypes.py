"""What each record type is for, and the parts of its data: one sentence and the RFC's section for each.

PARTS is a table that two things read: the walk that finds the octets of every part, and the tests, which compare each
part with dnspython's.
"""

from typing import Literal, NamedTuple

Shape = Literal["number", "name", "ipv4", "ipv6", "text", "texts", "tag", "rest", "type", "time", "duration"]


class Part(NamedTuple):
    """One part of a record's data. octets: of a number or a fixed piece; 0 where the shape says it."""

    name: str
    shape: Shape
    octets: int = 0
    text: str = ""


class Kind(NamedTuple):
    """One record type. text: a sentence; source: the RFC's section; parts: () where the data are shown whole."""

    text: str
    source: str
    parts: tuple[Part, ...] = ()


def _number(name: str, octets: int, text: str) -> Part:
    return Part(name, "number", octets, text)


def _name(name: str, text: str) -> Part:
    return Part(name, "name", 0, text)


def _rest(name: str, text: str) -> Part:
    return Part(name, "rest", 0, text)


_ALGORITHM = _number("algorithm", 1, "which kind of key and signature")
_KEY = (
    _number("flags", 2, "256: signs records; 257: signs keys"),
    _number("protocol", 1, "always 3"),
    _ALGORITHM,
    _rest("public key", "what signatures are checked with"),
)
_DIGEST = (
    _number("key tag", 2, "a short number to find the key by"),
    _ALGORITHM,
    _number("digest type", 1, "which hash"),
    _rest("digest", "the hash of the child's key"),
)
_SERVICE = (
    _number("priority", 2, "lowest first; 0 is an alias"),
    _name("target", "who serves; the root means the owner itself"),
    _rest("parameters", "how to reach it: ALPN, port, address hints"),
)
_TEXTS = (Part("text", "texts", 0, "a string of at most 255 octets"),)

KINDS: dict[str, Kind] = {
    "A": Kind("the IPv4 address of a host", "RFC 1035 3.4.1", (Part("address", "ipv4", 4, "four octets"),)),
    "NS": Kind(
        "a server that holds this zone",
        "RFC 1035 3.3.11",
        (_name("server", "its name, which needs an address"),),
    ),
    "CNAME": Kind(
        "this name is an alias of another one",
        "RFC 1035 3.3.1",
        (_name("canonical name", "where to look on"),),
    ),
    "SOA": Kind(
        "the start of a zone: who keeps it, and how long others may rely on it",
        "RFC 1035 3.3.13",
        (
            _name("primary server", "where the zone is kept"),
            _name("mailbox", "who to write to: the first dot stands for @"),
            _number("serial", 4, "grows with each change of the zone"),
            Part("refresh", "duration", 4, "how often other servers look for a change"),
            Part("retry", "duration", 4, "how soon they try again"),
            Part("expire", "duration", 4, "after which they answer no more"),
            Part("minimum", "duration", 4, "how long it is remembered that a name does not exist (RFC 2308)"),
        ),
    ),
    "PTR": Kind(
        "the name that an address claims", "RFC 1035 3.3.12", (_name("name", "a claim, not a proof"),)
    ),
    "HINFO": Kind(
        "machine and system; today the short answer to ANY",
        "RFC 8482 4.2",
        (Part("CPU", "text", 0, "the machine"), Part("OS", "text", 0, "the system")),
    ),
    "MX": Kind(
        "where mail for this name is delivered",
        "RFC 1035 3.3.9",
        (_number("preference", 2, "the lowest is tried first"), _name("exchange", "the mail server's name")),
    ),
    "TXT": Kind("text, in strings", "RFC 1035 3.3.14", _TEXTS),
    "SPF": Kind("who may send mail; given up for TXT", "RFC 7208 3.1", _TEXTS),
    "RP": Kind(
        "who is responsible",
        "RFC 1183 2.2",
        (_name("mailbox", "the first dot stands for @"), _name("text", "where a TXT record says more")),
    ),
    "AFSDB": Kind(
        "a server of a distributed file system",
        "RFC 1183 1",
        (_number("subtype", 2, "1: AFS, 2: DCE"), _name("server", "its name")),
    ),
    "AAAA": Kind(
        "the IPv6 address of a host", "RFC 3596 2.2", (Part("address", "ipv6", 16, "sixteen octets"),)
    ),
    "LOC": Kind("a place on the earth", "RFC 1876 2"),
    "SRV": Kind(
        "where a service is: host and port",
        "RFC 2782",
        (
            _number("priority", 2, "the lowest is tried first"),
            _number("weight", 2, "the share among equals"),
            _number("port", 2, "where it listens"),
            _name("target", "the host's name; the root: there is no such service"),
        ),
    ),
    "NAPTR": Kind(
        "a rule that rewrites a name into the next question",
        "RFC 3403 4.1",
        (
            _number("order", 2, "the lowest first"),
            _number("preference", 2, "among equals the lowest first"),
            Part("flags", "text", 0, "what comes out"),
            Part("service", "text", 0, "what it is for"),
            Part("regexp", "text", 0, "how to rewrite"),
            _name("replacement", "or what to replace it by"),
        ),
    ),
    "KX": Kind(
        "who exchanges keys for this name",
        "RFC 2230 3",
        (_number("preference", 2, "the lowest first"), _name("exchanger", "its name")),
    ),
    "CERT": Kind(
        "a certificate",
        "RFC 4398 2",
        (
            _number("kind", 2, "1: X.509, 3: OpenPGP"),
            _number("key tag", 2, "a short number"),
            _ALGORITHM,
            _rest("certificate", "its octets"),
        ),
    ),
    "DNAME": Kind(
        "all names below this one stand below another one",
        "RFC 6672 2.1",
        (_name("target", "where they stand"),),
    ),
    "DS": Kind("the parent zone vouches for this key of the child", "RFC 4034 5.1", _DIGEST),
    "SSHFP": Kind(
        "the fingerprint of a host's SSH key",
        "RFC 4255 3.1",
        (_ALGORITHM, _number("hash", 1, "1: SHA-1, 2: SHA-256"), _rest("fingerprint", "the hash")),
    ),
    "IPSECKEY": Kind("a key for IPsec", "RFC 4025 2"),
    "RRSIG": Kind(
        "the signature of a set of records",
        "RFC 4034 3.1",
        (
            Part("type covered", "type", 2, "which records it signs"),
            _ALGORITHM,
            _number("labels", 1, "fewer than the name has: it comes from a wildcard"),
            Part("original TTL", "duration", 4, "the TTL that was signed"),
            Part("expires", "time", 4, "not valid after"),
            Part("begins", "time", 4, "not valid before"),
            _number("key tag", 2, "a short number to find the key by"),
            _name("signer", "the zone whose key signed"),
            _rest("signature", "its octets"),
        ),
    ),
    "NSEC": Kind(
        "the next name of the zone: between the two there is nothing",
        "RFC 4034 4.1",
        (_name("next name", "in the order of names"), _rest("types", "which types this name has, as bits")),
    ),
    "DNSKEY": Kind("a key of the zone", "RFC 4034 2.1", _KEY),
    "DHCID": Kind("which DHCP client has this name", "RFC 4701 3"),
    "NSEC3": Kind("the next hashed name of the zone: between the two there is nothing", "RFC 5155 3.1"),
    "NSEC3PARAM": Kind("how the zone's names are hashed", "RFC 5155 4.1"),
    "TLSA": Kind(
        "which certificate a TLS server has",
        "RFC 6698 2.1",
        (
            _number("usage", 1, "whose certificate: 3 is the server's own"),
            _number("selector", 1, "0: all of it, 1: its key"),
            _number("matching", 1, "0: itself, 1: SHA-256, 2: SHA-512"),
            _rest("data", "certificate, key or hash"),
        ),
    ),
    "SMIMEA": Kind("which certificate signs somebody's mail", "RFC 8162 2"),
    "HIP": Kind("the identity of a host", "RFC 8005 5"),
    "CDS": Kind("the DS record that the child wants", "RFC 7344 3.1", _DIGEST),
    "CDNSKEY": Kind("the key that the child wants to be vouched for", "RFC 7344 3.2", _KEY),
    "OPENPGPKEY": Kind("somebody's OpenPGP key", "RFC 7929 2"),
    "CSYNC": Kind("what the parent should copy from the child", "RFC 7477 2.1"),
    "ZONEMD": Kind("the digest of the whole zone", "RFC 8976 2"),
    "SVCB": Kind("how a service is reached", "RFC 9460 2", _SERVICE),
    "HTTPS": Kind("how a web site is reached", "RFC 9460 9", _SERVICE),
    "URI": Kind("a URI for a service", "RFC 7553 4"),
    "CAA": Kind(
        "which authorities may issue certificates for this name",
        "RFC 8659 4.1",
        (
            _number("flags", 1, "128: who does not understand it must not issue"),
            Part("tag", "tag", 0, "issue, issuewild, iodef ..."),
            _rest("value", "the authority, or where to report"),
        ),
    ),
    "OPT": Kind("no record: it carries EDNS, what both sides can do beyond 1987", "RFC 6891 6.1.1"),
    "ANY": Kind(
        "a question for whatever the server has at hand; often answered with almost nothing", "RFC 8482"
    ),
    "AXFR": Kind("a question for the whole zone, by TCP", "RFC 5936"),
    "IXFR": Kind("a question for what changed in the zone", "RFC 1995"),
    "APL": Kind("lists of address ranges", "RFC 3123 4"),
    "EUI48": Kind("an address of a network card", "RFC 7043 3"),
    "EUI64": Kind("a long address of a network card", "RFC 7043 4"),
    "NID": Kind("half of an identifier-locator address", "RFC 6742 2.1"),
    "L32": Kind("a locator for IPv4", "RFC 6742 2.2"),
    "L64": Kind("a locator for IPv6", "RFC 6742 2.3"),
    "LP": Kind("where the locators stand", "RFC 6742 2.4"),
    "TKEY": Kind("how a shared key is agreed on", "RFC 2930 2"),
    "TSIG": Kind("the signature of this message by a shared key", "RFC 8945 4.2"),
    "MINFO": Kind("who looks after a mailing list", "RFC 1035 3.3.7"),
    "MB": Kind("a mailbox; never came into use", "RFC 1035 3.3.3", (_name("host", "who has the mailbox"),)),
    "MG": Kind(
        "a member of a mail group; never came into use", "RFC 1035 3.3.6", (_name("member", "a mailbox"),)
    ),
    "MR": Kind(
        "a new name of a mailbox; never came into use", "RFC 1035 3.3.8", (_name("mailbox", "the new name"),)
    ),
    "MD": Kind("a mail destination; replaced by MX", "RFC 1035 3.3.4"),
    "MF": Kind("a mail forwarder; replaced by MX", "RFC 1035 3.3.5"),
    "NULL": Kind("anything; for experiments", "RFC 1035 3.3.10"),
    "WKS": Kind("well-known services of a host; replaced by trying", "RFC 1035 3.4.2"),
    "DLV": Kind("a key vouched for elsewhere; given up", "RFC 4431", _DIGEST),
}

UNKNOWN = Kind("a type that is shown as its octets: its layout is not known here", "RFC 3597 5")


def kind_of(type_: str) -> Kind:
    """What a record type is for; UNKNOWN for one without a line here."""
    return KINDS.get(type_, UNKNOWN)


COMMON = (
    "A",
    "AAAA",
    "CNAME",
    "MX",
    "NS",
    "PTR",
    "SOA",
    "SRV",
    "TXT",
    "CAA",
    "DNSKEY",
    "DS",
    "HTTPS",
    "TLSA",
    "ANY",
)
"""What most questions are for, in the order in which a list offers them."""
