"""The same trace by other means: a script on the standard library, and command lines of traceroute and mtr."""

import shlex

from workbench.protocols.route.values import Plan

_SCRIPT = '''"""The way to {host}, hop by hop: Linux, without root."""

import select
import socket
import struct
import time

HOST = {host!r}
RECVERR = {{socket.AF_INET: (socket.IPPROTO_IP, 11), socket.AF_INET6: (socket.IPPROTO_IPV6, 25)}}
TTL = {{
    socket.AF_INET: (socket.IPPROTO_IP, socket.IP_TTL),
    socket.AF_INET6: (socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS),
}}
family, _, _, _, place = socket.getaddrinfo(HOST, {port}, type=socket.SOCK_DGRAM)[0]
with socket.socket(family, socket.SOCK_DGRAM) as probe:
    probe.setsockopt(*RECVERR[family], 1)
    asked = select.poll()
    asked.register(probe, 0)
    for ttl in range(1, {max_ttl} + 1):
        probe.setsockopt(*TTL[family], ttl)
        began = time.monotonic()
        probe.sendto(b"probe", (place[0], {port} + ttl - 1, *place[2:]))
        if not asked.poll({wait_ms}):
            print(ttl, "*")
            continue
        _, ancillary, _, _ = probe.recvmsg(512, 512, socket.MSG_ERRQUEUE)
        ms = (time.monotonic() - began) * 1000
        error = ancillary[0][2]
        _, _, kind, code = struct.unpack_from("=IBBB", error)
        router = error[16:]
        packed = router[4:8] if family == socket.AF_INET else router[8:24]
        print(ttl, socket.inet_ntop(family, packed), f"{{ms:.3f}} ms", "type", kind, "code", code)
        if (kind, code) not in ((11, 0), (3, 0)) or (family == socket.AF_INET and kind == 3):
            break
'''


def python(host: str, plan: Plan) -> str:
    """One round as a script."""
    return _SCRIPT.format(host=host, port=plan.first_port, max_ttl=plan.max_ttl, wait_ms=plan.wait_ms)


def traceroute(host: str, plan: Plan) -> str:
    """A command line of traceroute."""
    wait = f"{plan.wait_ms / 1000:g}"
    return (
        shlex.join(
            ["traceroute", "-n", "-q", str(plan.rounds or 3), "-m", str(plan.max_ttl), "-w", wait, host]
        )
        + "\n"
    )


def mtr(host: str, plan: Plan) -> str:
    """A command line of mtr."""
    rounds = str(plan.rounds or 10)
    return shlex.join(["mtr", "--report", "--udp", "-n", "-c", rounds, "-m", str(plan.max_ttl), host]) + "\n"
