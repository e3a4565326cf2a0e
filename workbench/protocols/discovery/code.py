""" "Copy as": the same plan as a script of the standard library alone. It sends the octets that we would send."""

from typing import Final

from workbench.protocols.discovery.herald import herald_for
from workbench.protocols.discovery.machine import finder_for
from workbench.protocols.discovery.reach import Place
from workbench.protocols.discovery.values import HOPS, Plan

HEAD: Final = '''"""{title}, copied from Network Workbench."""

import select
import socket
{imports}import time

GROUP, PORT, INTERFACE = {group!r}, {port}, {interface!r}
{messages}

'''
_V4: Final = """{name} = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
{reuse}{name}.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, {hops})
{name}.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(INTERFACE))
{name}.bind({bind})
"""
_V6: Final = """{name} = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
{reuse}{name}.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, {hops})
{name}.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, socket.if_nametoindex(INTERFACE))
{name}.bind({bind})
"""
_REUSE: Final = "member.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n"
_JOIN_V4: Final = """request = socket.inet_aton(GROUP) + socket.inet_aton(INTERFACE)
member.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, request)
"""
_JOIN_V6: Final = """number = socket.if_nametoindex(INTERFACE)
request = socket.inet_pton(socket.AF_INET6, GROUP) + struct.pack("@I", number)
member.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, request)
"""
_LISTEN: Final = """for message in MESSAGES:
    {speaker}.sendto(message, (GROUP, PORT))
end = time.monotonic() + {for_s!r}
while (left := end - time.monotonic()) > 0:
    for ready in select.select([{sockets}], [], [], left)[0]:
        data, source = ready.recvfrom(65535)
        if data not in MESSAGES:
            print(source[0], source[1], data, flush=True)
"""
_ANNOUNCE: Final = """begun = time.monotonic()
for at in {times!r}:
    time.sleep(max(0, begun + at - time.monotonic()))
    for message in MESSAGES:
        {speaker}.sendto(message, (GROUP, PORT))
time.sleep(max(0, begun + {for_s!r} - time.monotonic()))
for message in GOODBYE:
    {speaker}.sendto(message, (GROUP, PORT))
"""


def python(plan: Plan, place: Place) -> str:
    """The script: it asks or announces as planned, and prints every datagram that comes.

    What follows from an answer it does not ask: that takes a reader of answers, which is what the workbench is for.

    Raises: LocalMisuse: the plan can't be carried out.
    """
    is_v6 = ":" in place.group
    speaks_as_member = plan.language == "mdns" and plan.preset != "search"
    is_member = speaks_as_member or plan.preset == "discover"
    sockets = (["member"] if is_member else []) + ([] if speaks_as_member else ["asker"])
    messages = _messages(plan, place)
    text = HEAD.format(
        title=f"{plan.preset.capitalize()} in the group {place.text}",
        imports="import struct\n" if is_v6 and is_member else "",
        group=place.group,
        port=place.port,
        interface=place.interface,
        messages=messages,
    )
    for name in sockets:
        text += _opened(name, plan, is_v6=is_v6)
    for_s = plan.for_s if plan.for_s is not None else 60.0
    body = _ANNOUNCE if plan.preset == "announce" else _LISTEN
    text += "\n" + body.format(speaker=sockets[-1], sockets=", ".join(sockets), times=plan.times, for_s=for_s)
    return text if "select." in body else text.replace("import select\n", "")


def _opened(name: str, plan: Plan, *, is_v6: bool) -> str:
    """The lines that open a socket: one that hears the group, or one with a port of its own."""
    is_member = name == "member"
    host = '"::"' if is_v6 else "GROUP" if is_member else "INTERFACE"
    text = (_V6 if is_v6 else _V4).format(
        name=name,
        reuse=_REUSE if is_member else "",
        hops=HOPS[plan.language],
        bind=f"({host}, {'PORT' if is_member else 0})",
    )
    return text + (_JOIN_V6 if is_v6 else _JOIN_V4) if is_member else text


def _messages(plan: Plan, place: Place) -> str:
    if plan.preset == "announce":
        herald = herald_for(plan, place.own, place.text, place.port)
        goodbye = _tuple("GOODBYE", herald.goodbye() if plan.goodbye else ())
        return f"{_tuple('MESSAGES', herald.announce())}\n{goodbye}"
    return _tuple("MESSAGES", finder_for(plan, place.text, place.port, 0).ask(0.0))


def _tuple(name: str, messages: tuple[bytes, ...]) -> str:
    lines = "".join(f"    {message!r},\n" for message in messages)
    return f"{name} = (\n{lines})" if lines else f"{name} = ()"
