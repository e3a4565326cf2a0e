"""Echo by UDP: each datagram comes back (RFC 862, "UDP Based Echo Service")."""

from workbench.lab.udp_service import UdpService
from workbench.wire.datagram import Received


class UdpEcho(UdpService):
    """Whole or not at all, and one of no octets too."""

    def answer(self, received: Received) -> bytes:
        return received.data
