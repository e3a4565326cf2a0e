"""Time by UDP: any datagram is the question, an empty one by the book (RFC 868, "via UDP")."""

from workbench.lab.services.time_ import time_answer
from workbench.lab.udp_service import UdpService
from workbench.wire.datagram import Received


class UdpTime(UdpService):
    """Lies by the same switches as its TCP sister."""

    def answer(self, received: Received) -> bytes:
        return time_answer(self.turned, self.clock)
