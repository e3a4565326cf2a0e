"""Groups on the loopback interface: joined, left, spoken to, asked who is in them (by mDNS with dnspython)."""

import contextlib
import select
import socket
import struct
import time

import dns.exception
import dns.message
import dns.name
import dns.rdatatype

from .steps import tell
from .streams import family_of

IP_MULTICAST_ALL = 49  # of Linux; while it is on, a socket hears the groups that any program has joined


def member_request(group):
    """What setsockopt takes for a group on loopback: level, option to join, option to leave, structure."""
    if ":" in group:
        request = socket.inet_pton(socket.AF_INET6, group) + struct.pack("@I", socket.if_nametoindex("lo"))
        return socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, socket.IPV6_LEAVE_GROUP, request
    request = socket.inet_aton(group) + socket.inet_aton("127.0.0.1")
    return socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.IP_DROP_MEMBERSHIP, request


def join_group(sock, group):
    level, add, _, request = member_request(group)
    sock.setsockopt(level, add, request)
    if level == socket.IPPROTO_IP:
        with contextlib.suppress(OSError):
            sock.setsockopt(level, IP_MULTICAST_ALL, 0)
    tell(f"it hears {group}")


def leave_group(sock, group):
    level, _, drop, request = member_request(group)
    sock.setsockopt(level, drop, request)
    tell(f"it hears {group} no more")


def by_loopback(sock):
    """Have a socket send to groups by the loopback interface."""
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, socket.if_nametoindex("lo"))
    else:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))


def send_to_group(group, port, data):
    with socket.socket(family_of(group), socket.SOCK_DGRAM) as sock:
        by_loopback(sock)
        sock.sendto(data, (group, port))
    tell("the system took it")


class Discovered:
    """Who is in a group, by mDNS: asked once and again after a second, and listened to."""

    def __init__(self, to, what="", until_gone=0, until_found=0, timeout_s=5.0):
        self.what, self.sent = what, 0
        self.known, self.left, self.hosts, self.wrong, self.strange = {}, {}, {}, [], []
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as member:
            # mDNS speaks and hears on one port, that of the group.
            member.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            member.bind(to)
            level, add, _, request = member_request(to[0])
            member.setsockopt(level, add, request)
            by_loopback(member)
            self.listen(member, to, until_gone, until_found, timeout_s)
        tell(f"{self.present or 'nobody'}; gone: {self.gone or 'nobody'}")

    def listen(self, member, to, until_gone, until_found, timeout_s):
        question = self.question()
        began = time.monotonic()
        while (passed := time.monotonic() - began) < timeout_s:
            if passed >= self.sent and self.sent < 2:
                member.sendto(question, to)
                self.sent += 1
            if select.select([member], [], [], 0.05)[0]:
                data, source = member.recvfrom(9000)
                if data != question:
                    self.take(data, source[0])
            placed = sum(bool(self.addresses_of(name)) for name in self.known)
            wanted = until_gone or until_found
            if wanted and len(self.leavers()) >= until_gone and placed >= until_found:
                return

    def leavers(self):
        """Those who said goodbye, and whom nobody took back within a second."""
        return [name for name in self.known if time.monotonic() >= self.left.get(name, time.monotonic() + 1)]

    def addresses_of(self, name):
        return self.hosts.get(self.known[name][1], set())

    present = property(lambda self: ", ".join(sorted(set(self.known) - set(self.leavers()))))
    gone = property(lambda self: ", ".join(sorted(self.leavers())))
    found = property(lambda self: len(self.known))
    addresses = property(
        lambda self: ", ".join(sorted(a for name in self.known for a in self.addresses_of(name)))
    )
    faults = property(lambda self: "; ".join(dict.fromkeys(self.wrong)))
    odd = property(lambda self: "; ".join(dict.fromkeys(self.strange)))

    def question(self):
        name = f"{self.what}.local." if self.what else "_services._dns-sd._udp.local."
        query = dns.message.make_query(name, "PTR", use_edns=False)
        query.id = query.flags = 0
        return query.to_wire()

    def take(self, data, source):
        try:
            message = dns.message.from_wire(data)
        except dns.exception.DNSException as error:
            self.strange.append(f"no message: {error}")
            return
        if not message.flags & 0x8000:
            return
        for rrset in (*message.answer, *message.authority, *message.additional):
            for item in rrset:
                self.record(rrset, item, source)

    def record(self, rrset, item, source):
        # Above the class stands a bit of mDNS's own, with which dnspython leaves the data as octets.
        kind, octets = rrset.rdtype, getattr(item, "data", b"")
        first = rrset.name.labels[0].decode()
        if kind == dns.rdatatype.PTR and not first.startswith("_services"):
            name = item.target.labels[0].decode()
            teller, host = self.known.get(name, (source, None))
            if rrset.ttl == 0:
                if teller != source:
                    self.strange.append(f"a goodbye for {name}, which another host had announced")
                self.left.setdefault(name, time.monotonic() + 1)
            else:
                self.known[name] = (source, host)
                self.left.pop(name, None)
        elif kind == dns.rdatatype.SRV and rrset.ttl and first in self.known:
            host = dns.name.from_wire(octets, 6)[0] if octets else item.target
            before = self.known[first][1]
            if before not in (None, host):
                self.wrong.append(f"{first} is claimed by two hosts")
            self.known[first] = (self.known[first][0], host)
        elif kind == dns.rdatatype.A and rrset.ttl:
            address = socket.inet_ntoa(octets) if octets else item.address
            self.hosts.setdefault(rrset.name, set()).add(address)
