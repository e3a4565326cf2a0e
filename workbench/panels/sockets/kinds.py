"""Which session a form asks for."""

from collections.abc import Callable

from workbench.panels.sockets.sessions import Owner, Session
from workbench.panels.sockets.state import Role
from workbench.panels.sockets.tcpsessions import TcpClient, TcpListener
from workbench.panels.sockets.udpsessions import UdpClient, UdpListener
from workbench.protocols.raw.values import Transport

SESSIONS: dict[tuple[Role, Transport], Callable[[Owner], Session]] = {
    ("client", "tcp"): TcpClient,
    ("client", "udp"): UdpClient,
    ("listener", "tcp"): TcpListener,
    ("listener", "udp"): UdpListener,
}
