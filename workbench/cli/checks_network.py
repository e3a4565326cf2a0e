"""Looks at the network of this machine. Nothing leaves it: loopback is used, everything else is only read."""

import os
import socket
from pathlib import Path

from workbench.cli.checks import Finding
from workbench.formats.quantity import octets

WAIT_S = 2.0
"""Loopback answers in microseconds; a firewall that drops would else hold us up."""
FEW_PORTS = 100
GOOD_BUFFER = 212_992 * 2
"""Granted for a net.core.rmem_max of 212,992: holds 8,000 datagrams a second through a stall of 50 ms (measured)."""
SOMEWHERE = ("192.0.2.1", 9)
"""An address for documentation (RFC 5737), the discard port: connecting UDP asks for a route and sends nothing."""


def loopback_v4() -> Finding:
    """One octet through a TCP connection to 127.0.0.1."""
    return _tcp(socket.AF_INET, "127.0.0.1")


def loopback_v6() -> Finding:
    """One octet through a TCP connection to ::1."""
    if not socket.has_ipv6:
        return Finding(False, "this Python was built without IPv6")
    return _tcp(socket.AF_INET6, "::1")


def loopback_udp() -> Finding:
    """One datagram from 127.0.0.1 to itself."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as endpoint:
            endpoint.settimeout(WAIT_S)
            endpoint.bind(("127.0.0.1", 0))
            endpoint.sendto(b"?", endpoint.getsockname())
            arrived = endpoint.recv(2)
    except OSError as error:
        return _failed(error)
    return Finding(arrived == b"?", "a datagram to 127.0.0.1 arrived")


def ephemeral_ports() -> Finding:
    """How many of the ports that the system gives to clients are free."""
    try:
        low, high = map(
            int, Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()
        )
    except (OSError, ValueError):
        return _binds_some_port()
    used = {port for port in _used_ports() if low <= port <= high}
    free = high - low + 1 - len(used)
    found = f"{free} of {high - low + 1} free ({low} to {high})"
    return Finding(
        free >= FEW_PORTS, found, "" if free >= FEW_PORTS else "close programs with many connections"
    )


def low_ports() -> Finding:
    """From which port on everybody may listen."""
    try:
        first = int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return Finding(True, "the system does not say; by tradition ports from 1024 on need no privileges")
    who = "; this user may take the lower ones too" if os.geteuid() == 0 else ""
    return Finding(True, f"from {first} on{who}")


def receive_buffer() -> Finding:
    """What the system grants to a UDP socket that asks for much."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as endpoint:
        endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 1024 * 1024)
        granted = endpoint.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
    if granted >= GOOD_BUFFER:
        return Finding(True, f"{octets(granted)} for each socket")
    return Finding(
        False, f"only {octets(granted)}: bursts may be lost", "sysctl -w net.core.rmem_max=4194304"
    )


def resolver() -> Finding:
    """Whom this machine asks for names; nobody is asked."""
    try:
        lines = Path("/etc/resolv.conf").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    servers = [words[1] for line in lines if len(words := line.split()) > 1 and words[0] == "nameserver"]
    try:
        socket.getaddrinfo("localhost", None)
    except OSError as error:
        return Finding(False, f"localhost can't be resolved: {error.strerror}", "add it to /etc/hosts")
    if not servers:
        return Finding(
            False, "none is configured; localhost and the Lab work without", "see /etc/resolv.conf"
        )
    return Finding(True, ", ".join(servers))


def outside() -> Finding:
    """Whether there is a route to other machines; nothing is sent there."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as endpoint:
            endpoint.connect(SOMEWHERE)
            local = endpoint.getsockname()[0]
    except OSError as error:
        return Finding(False, f"none ({error.strerror}); the Lab and the experiments need none")
    return Finding(True, f"there is a route, from {local}; whether it leads anywhere was not tried")


def trust_store() -> Finding:
    """Whether the system has certificates of authorities, by which real servers can be verified."""
    import ssl

    paths = ssl.get_default_verify_paths()
    count = ssl.create_default_context().cert_store_stats()["x509_ca"]
    if not count and paths.capath and os.path.isdir(paths.capath):
        # Those in a folder are loaded one by one when they are needed, and not counted.
        count = sum(1 for name in os.listdir(paths.capath) if name.endswith(".0"))
    if not count:
        return Finding(False, "none: only the Lab's servers can be verified", "install ca-certificates")
    return Finding(True, f"{count} authorities in {paths.cafile or paths.capath}")


def service_names() -> Finding:
    """Whether the system knows names of ports."""
    try:
        return Finding(socket.getservbyname("domain", "udp") == 53, "/etc/services is there")
    except OSError:
        return Finding(False, "/etc/services is missing; our own list of well-known ports is used")


def _tcp(family: socket.AddressFamily, host: str) -> Finding:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as listener:
            listener.settimeout(WAIT_S)
            listener.bind((host, 0))
            listener.listen(1)
            with socket.create_connection(listener.getsockname()[:2], WAIT_S) as client:
                server, _ = listener.accept()
                with server:
                    client.sendall(b"?")
                    server.settimeout(WAIT_S)
                    arrived = server.recv(1)
    except OSError as error:
        return _failed(error)
    return Finding(arrived == b"?", f"{host} accepts connections")


def _failed(error: OSError) -> Finding:
    from workbench.formats.errno_words import symbol_of

    return Finding(False, f"{error.strerror or error} ({symbol_of(error) or 'no number'})")


def _binds_some_port() -> Finding:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.bind(("127.0.0.1", 0))
        return Finding(True, f"the system gave port {listener.getsockname()[1]}")


def _used_ports() -> set[int]:
    used: set[int] = set()
    for table in ("tcp", "tcp6", "udp", "udp6"):
        try:
            lines = Path(f"/proc/net/{table}").read_text(encoding="ascii", errors="replace").splitlines()
        except OSError:
            continue
        used |= {
            int(fields[1].rpartition(":")[2], 16) for line in lines[1:] if len(fields := line.split()) > 1
        }
    return used
