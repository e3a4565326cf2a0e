"""Messages that tests share, made by dnspython: another program's idea of the same octets."""

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset

NAME = "www.lab.test."


def response(
    *records: str, name: str = NAME, kind: str = "A", number: int = 0x1234, rcode: str = "NOERROR"
) -> bytes:
    """A response with these records, each "OWNER TTL TYPE DATA", in its answer section."""
    return build(*records, name=name, kind=kind, number=number, rcode=rcode).to_wire(max_size=65535)


def build(
    *records: str,
    name: str = NAME,
    kind: str = "A",
    number: int = 0x1234,
    rcode: str = "NOERROR",
    authority: tuple[str, ...] = (),
    additional: tuple[str, ...] = (),
    flags: int = 0,
    edns: bool = True,
) -> dns.message.Message:
    """The same as dnspython's message."""
    query = dns.message.make_query(name, kind, id=number, use_edns=0 if edns else False)
    message = dns.message.make_response(query)
    message.set_rcode(dns.rcode.from_text(rcode))
    message.flags |= flags
    for section, texts in (
        (message.answer, records),
        (message.authority, authority),
        (message.additional, additional),
    ):
        section.extend(map(rrset, texts))
    return message


def rrset(text: str) -> dns.rrset.RRset:
    """A set of one record."""
    owner, ttl, kind, data = text.split(" ", 3)
    return dns.rrset.from_text(owner, int(ttl), "IN", kind, data)


SOA = "lab.test. 300 SOA ns1.lab.test. people.lab.test. 1 21600 3600 1728000 600"
SAMPLES = (
    "lab.test. 300 A 192.0.2.1",
    "lab.test. 300 AAAA 2001:db8::1",
    "lab.test. 300 NS ns1.lab.test.",
    "lab.test. 300 CNAME www.lab.test.",
    SOA,
    "lab.test. 300 PTR www.lab.test.",
    'lab.test. 300 HINFO "CPU" "OS"',
    "lab.test. 300 MX 10 mail.lab.test.",
    'lab.test. 300 TXT "two" "strings"',
    "lab.test. 300 RP people.lab.test. text.lab.test.",
    "lab.test. 300 AFSDB 1 afs.lab.test.",
    "lab.test. 300 LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m",
    "lab.test. 300 SRV 0 5 443 www.lab.test.",
    'lab.test. 300 NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@lab.test!" .',
    "lab.test. 300 KX 10 kx.lab.test.",
    "lab.test. 300 CERT 1 12345 8 AQIDBA==",
    "lab.test. 300 DNAME other.test.",
    "lab.test. 300 DS 12345 13 2 " + "ab" * 32,
    "lab.test. 300 SSHFP 4 2 " + "cd" * 32,
    "lab.test. 300 RRSIG A 13 2 300 20300101000000 20200101000000 12345 lab.test. AQIDBA==",
    "lab.test. 300 NSEC next.lab.test. A MX RRSIG",
    "lab.test. 300 DNSKEY 257 3 13 AQIDBA==",
    "lab.test. 300 NSEC3 1 0 0 - 2t7b4g4vsa5smi47k61mv5bv1a22bojr A RRSIG",
    "lab.test. 300 NSEC3PARAM 1 0 0 -",
    "lab.test. 300 TLSA 3 1 1 " + "ef" * 32,
    "lab.test. 300 SMIMEA 3 1 1 " + "ef" * 32,
    "lab.test. 300 CDS 12345 13 2 " + "ab" * 32,
    "lab.test. 300 CDNSKEY 257 3 13 AQIDBA==",
    "lab.test. 300 OPENPGPKEY AQIDBA==",
    "lab.test. 300 CSYNC 66 3 A NS",
    "lab.test. 300 ZONEMD 1 1 1 " + "ab" * 48,
    "lab.test. 300 SVCB 1 svc.lab.test. alpn=h2 port=8443",
    "lab.test. 300 HTTPS 1 . alpn=h2,http/1.1",
    'lab.test. 300 URI 10 1 "https://www.lab.test/"',
    'lab.test. 300 CAA 0 issue "ca.lab.test"',
    "lab.test. 300 APL 1:192.0.2.0/24",
    "lab.test. 300 EUI48 00-00-5e-00-53-2a",
    r"lab.test. 300 TYPE65280 \# 3 010203",
)
"""One record of every type whose data we take apart, and some that we show whole."""
