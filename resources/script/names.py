"""Questions to name servers (the package dnspython), and what this machine makes of names and addresses."""

import errno
import ipaddress
import select
import socket
import struct
import subprocess
import sys

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.reversename

from .steps import LinkLost, Refused, tell


class Lookup:
    """An answer of a name server."""

    def __init__(self, to, name, type, tcp=False, timeout_s=5.0):
        query = dns.message.make_query(name, type, use_edns=False)
        self.queries, self.truncated, self.transport = 1, False, "tcp" if tcp else "udp"
        try:
            if not tcp:
                answer = dns.query.udp(query, to[0], timeout=timeout_s, port=to[1], ignore_unexpected=True)
                self.truncated = bool(answer.flags & dns.flags.TC)
            if self.truncated:
                self.queries, self.transport = 2, "tcp"
            if self.transport == "tcp":
                answer = dns.query.tcp(query, to[0], timeout=timeout_s, port=to[1])
        except dns.exception.Timeout as error:
            raise TimeoutError("the name server did not answer in time") from error
        self.rcode = dns.rcode.to_text(answer.rcode())
        self.items = [item for rrset in answer.answer for item in rrset if item.rdtype.name == type]
        self.data = ", ".join(sorted(item.to_text() for item in self.items))
        self.records = len(self.items)
        self.outcome = OUTCOMES.get(self.rcode, self.rcode.lower())
        if self.rcode == "NOERROR":
            self.outcome = "found" if self.items else "nodata"
        tell(f"{self.rcode}, by {self.transport}: {self.data or 'no such record'}")


OUTCOMES = {"NXDOMAIN": "nxdomain", "SERVFAIL": "servfail", "REFUSED": "refused"}


class Reverse:
    """Which names an address claims, and whether one of them has this address."""

    def __init__(self, to, address, timeout_s=5.0):
        claims = Lookup(to, dns.reversename.from_address(address).to_text(), "PTR", timeout_s=timeout_s).items
        kind = "AAAA" if ":" in address else "A"
        found = {item.address for claim in claims for item in Lookup(to, claim.target, kind).items}
        self.names = ", ".join(sorted(claim.target.to_text() for claim in claims))
        self.addresses = ", ".join(sorted(found))
        self.verdict = "no name" if not claims else "match" if address in found else "mismatch"
        tell(self.verdict)


class Candidates:
    """What getaddrinfo makes of a host and a service."""

    def __init__(self, host, service="", family="AF_UNSPEC", any_type=False, timeout_s=5.0):
        kind = 0 if any_type else socket.SOCK_STREAM
        try:
            found = socket.getaddrinfo(host, service or None, getattr(socket, family), kind)
        except socket.gaierror as error:
            lost = LinkLost(error.strerror)
            lost.stage, lost.symbol = "resolve", resolver_symbol(error.errno)
            raise lost from error
        protocols = {socket.IPPROTO_TCP: "IPPROTO_TCP", socket.IPPROTO_UDP: "IPPROTO_UDP"}
        self.count, self.first, self.parts = len(found), repr(found[0][4]), len(found[0][4])
        self.hosts = len({one[4][0] for one in found})
        self.families = ", ".join(sorted({one[0].name for one in found}))
        self.types = ", ".join(sorted({one[1].name for one in found}))
        self.protocols = ", ".join(sorted({protocols.get(one[2], str(one[2])) for one in found}))
        tell(f"{self.count} results, the first is {self.first}")


def resolver_symbol(number):
    names = [name for name in dir(socket) if name.startswith("EAI_") and getattr(socket, name) == number]
    return names[0] if names else ""


class Service:
    """The port of a service by its name, from this machine's table."""

    def __init__(self, service, transport):
        try:
            self.port = socket.getservbyname(service, transport)
        except OSError as error:
            refused = Refused(f"{service} is no service by {transport}")
            refused.stage = "service"
            raise refused from error
        tell(f"{service} by {transport} is {self.port}")


TRY_A_PORT = """
import os, socket, sys
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)  # nobody's
with socket.socket() as sock:
    sock.bind(("127.0.0.1", int(sys.argv[1])))
    sock.listen(1)
    print(sock.getsockname()[1])
"""


class ListensAsNobody:
    """What becomes of a listener in a program without rights, below this system's threshold or above it."""

    def __init__(self, at):
        try:
            with open("/proc/sys/net/ipv4/ip_unprivileged_port_start", encoding="ascii") as file:
                threshold = int(file.read())
        except OSError:
            threshold = 1024  # by tradition
        port = threshold - 1 if at == "below" else 0
        child = [sys.executable, "-I", "-c", TRY_A_PORT, str(port)]
        done = subprocess.run(child, capture_output=True, text=True, timeout=30, check=False)
        self.listens = done.returncode == 0
        self.refusal = "" if self.listens else "EACCES" if f"[Errno {errno.EACCES}]" in done.stderr else "?"
        self.privileged = (int(done.stdout) if self.listens else port) < threshold
        tell("it listened" if self.listens else f"the system says {self.refusal}")


class Inspected:
    """An address as it may be written: canonical, and what others read in the same text."""

    def __init__(self, address):
        others = set()
        try:
            self.canonical = str(ipaddress.ip_address(address))
            self.ambiguous = False
        except ValueError:
            self.canonical = socket.inet_ntoa(socket.inet_aton(address))  # as the C library reads it
            self.ambiguous = True
            parts = address.split(".")
            if len(parts) == 4 and all(part.isdecimal() for part in parts):
                others.add(".".join(str(int(part)) for part in parts))
        self.others = "; ".join(sorted(others - {self.canonical}))
        tell(f"{self.canonical}{f', and to others {self.others}' if self.others else ''}")


class Judged:
    """Whether an address is on the link of ours, by how many leading bits are equal."""

    def __init__(self, own, target):
        here, there = ipaddress.ip_interface(own), ipaddress.ip_address(target)
        differ = int(here.ip) ^ int(there)
        self.equal = there.max_prefixlen - differ.bit_length()
        self.direct = there in here.network
        tell(f"{self.equal} bits are equal: {'on the link' if self.direct else 'behind a router'}")


class Traced:
    """The way to a host, hop by hop: probes with a TTL that grows. Linux, without root; IPv4."""

    def __init__(self, target, first_port=33434, timeout_s=5.0):
        self.hops, self.reached, self.type, self.code, self.answer = 0, False, -1, -1, ""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.setsockopt(socket.IPPROTO_IP, 11, 1)  # IP_RECVERR
            asked = select.poll()
            asked.register(probe, 0)
            while not self.reached and self.hops < 30:
                self.hops += 1
                probe.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, self.hops)
                probe.sendto(b"probe", (target, first_port + self.hops - 1))
                if not asked.poll(timeout_s * 1000):
                    continue
                error = probe.recvmsg(512, 512, socket.MSG_ERRQUEUE)[1][0][2]
                _, _, self.type, self.code = struct.unpack_from("=IBBB", error)
                router = socket.inet_ntoa(error[20:24])
                self.answer = f"type {self.type}, code {self.code}"
                self.reached = self.type == 3
                tell(f"{self.hops} {router}: {self.answer}")
