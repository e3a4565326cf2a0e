"""The zones of the Lab's name server and what they say to a question (RFC 1034 section 4.3.2)."""

from collections.abc import Iterable
from typing import NamedTuple

import dns.flags
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.zone

from workbench import assets

FOLDER = "lab/zones"
MAX_ALIASES = 8
SILENT = dns.name.from_text("silent.test.")
"""Questions about names below it are never answered."""
BROKEN = dns.name.from_text("broken.test.")
"""A zone that is served, but whose data could not be loaded: SERVFAIL."""

Sets = list[dns.rrset.RRset]


class Findings(NamedTuple):
    """What goes into an answer."""

    rcode: dns.rcode.Rcode
    is_authoritative: bool
    answer: Sets
    authority: Sets
    additional: Sets


def _refusal(rcode: dns.rcode.Rcode) -> Findings:
    return Findings(rcode, False, [], [], [])


class Zones:
    """Several zones; made by load_zones()."""

    def __init__(self, zones: Iterable[dns.zone.Zone]) -> None:
        self._zones = {zone.origin: zone for zone in zones}

    def find(self, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> Findings:
        """What a server in charge of these zones says about a name, aliases followed as far as they stay here."""
        answer: Sets = []
        for _ in range(MAX_ALIASES):
            zone = self._zone_of(name)
            if zone is None:
                # The end of a chain that leads elsewhere is no refusal: the alias was the answer.
                return Findings(dns.rcode.NOERROR, True, answer, [], []) if answer else self._outside(name)
            cut = self._cut(zone, name)
            if cut is not None:
                return Findings(dns.rcode.NOERROR, bool(answer), answer, [cut], self._glue(zone, cut))
            if not self._exists(zone, name):
                return Findings(dns.rcode.NXDOMAIN, True, answer, [self._soa(zone)], [])
            found = self._sets(zone, name, kind)
            if found:
                return Findings(dns.rcode.NOERROR, True, [*answer, *found], [], self._addresses(found))
            alias = self._set(zone, name, dns.rdatatype.CNAME)
            if alias is None:
                return Findings(dns.rcode.NOERROR, True, answer, [self._soa(zone)], [])
            answer.append(alias)
            name = alias[0].target
            if any(rrset.name == name for rrset in answer):
                break
        return Findings(dns.rcode.NOERROR, True, answer, [], [])

    def _outside(self, name: dns.name.Name) -> Findings:
        return _refusal(dns.rcode.SERVFAIL if name.is_subdomain(BROKEN) else dns.rcode.REFUSED)

    def _zone_of(self, name: dns.name.Name) -> dns.zone.Zone | None:
        """The zone with the longest origin that the name is in."""
        while True:
            if (zone := self._zones.get(name)) is not None:
                return zone
            if name == dns.name.root:
                return None
            name = name.parent()

    def _cut(self, zone: dns.zone.Zone, name: dns.name.Name) -> dns.rrset.RRset | None:
        """The NS records of a zone below ours that the name is in, if there is one."""
        origin = zone.origin
        assert origin is not None
        for depth in range(len(origin) + 1, len(name) + 1):
            servers = self._set(zone, name.split(depth)[1], dns.rdatatype.NS)
            if servers is not None:
                return servers
        return None

    def _exists(self, zone: dns.zone.Zone, name: dns.name.Name) -> bool:
        """Whether there is this name, or one below it: an empty one between two dots exists, too (RFC 8020)."""
        return any(known.is_subdomain(name) for known in zone.nodes)

    def _sets(self, zone: dns.zone.Zone, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> Sets:
        if kind == dns.rdatatype.ANY:
            # RFC 8482 section 4.2: who asks for everything gets almost nothing.
            minimal = dns.rdata.from_text("IN", "HINFO", '"RFC8482" ""')
            return [dns.rrset.from_rdata(name, 3600, minimal)] if zone.get_node(name) is not None else []
        found = self._set(zone, name, kind)
        return [found] if found is not None else []

    def _set(
        self, zone: dns.zone.Zone, name: dns.name.Name, kind: dns.rdatatype.RdataType
    ) -> dns.rrset.RRset | None:
        return zone.get_rrset(name, kind) if name.is_subdomain(zone.origin or dns.name.root) else None

    def _soa(self, zone: dns.zone.Zone) -> dns.rrset.RRset:
        origin = zone.origin
        assert origin is not None
        found = zone.find_rrset(origin, dns.rdatatype.SOA)
        # RFC 2308 section 3: with a negative answer its TTL is how long "there is nothing" may be kept.
        return dns.rrset.from_rdata(found.name, min(found.ttl, found[0].minimum), found[0])

    def _addresses(self, sets: Sets) -> Sets:
        """The addresses of mail servers and name servers, as far as these zones have them."""
        hosts = [
            host
            for rrset in sets
            for rdata in rrset
            if (
                host := getattr(rdata, "exchange", None)
                or (rrset.rdtype == dns.rdatatype.NS and rdata.target)
            )
        ]
        found: Sets = []
        for host in hosts:
            zone = self._zone_of(host)
            kinds = (dns.rdatatype.A, dns.rdatatype.AAAA) if zone is not None else ()
            found += [rrset for kind in kinds if zone and (rrset := self._set(zone, host, kind)) is not None]
        return found

    def _glue(self, zone: dns.zone.Zone, servers: dns.rrset.RRset) -> Sets:
        found = [self._set(zone, rdata.target, dns.rdatatype.A) for rdata in servers]
        return [rrset for rrset in found if rrset is not None]


def load_zones() -> Zones:
    """The zones of resources/lab/zones. Raises: LocalFault: a file is missing."""
    return Zones(_load(name) for name in assets.names(FOLDER, ".zone"))


def _load(name: str) -> dns.zone.Zone:
    origin = name.rpartition("/")[2].removesuffix(".zone") + "."
    return dns.zone.from_text(assets.read_text(name), origin=origin, relativize=False)
