"""Two devices by SSDP, and a third machine that lies on request."""

from collections.abc import Sequence

from workbench.lab.services.discovery.members import GroupService
from workbench.protocols.discovery.herald import Device, Herald, Reply
from workbench.protocols.discovery.values import Identity

_TYPE = "urn:schemas-upnp-org:device:"
DEVICES = (
    Identity("Media shelf", _TYPE + "MediaServer:1", 8200, lives_s=1800),
    Identity("Anvil printer", _TYPE + "Printer:1", 631, lives_s=1800),
)
LIAR = Identity("Mallory", _TYPE + "InternetGatewayDevice:1", 80, lives_s=1800)
ELSEWHERE = "http://127.0.0.99:80/description.xml"
NAMELESS = b"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nEXT:\r\n\r\n"
GARBAGE = b"HTTP/1.1 200 OK\r\nthis is no field\r\n\r\n"


class Ssdp(GroupService):
    """Answers searches to the one who asks alone; announces itself on request."""

    host = "239.255.255.250"

    def herald(self, number: int, own: str, group: str, port: int) -> Herald | None:
        if number < 2:
            return Device(DEVICES[number], own, f"{group}:{port}")
        if self.turned.text("lie") == "location":
            return Device(
                Identity(LIAR.name, LIAR.type, LIAR.port, ELSEWHERE, (), LIAR.lives_s),
                own,
                f"{group}:{port}",
            )
        return None

    def lies(self, data: bytes, source: str, heralds: Sequence[Herald | None]) -> tuple[Reply, ...]:
        lie = self.turned.text("lie")
        if lie in ("no-name", "garbage") and data.startswith(b"M-SEARCH"):
            return (Reply(NAMELESS if lie == "no-name" else GARBAGE, True),)
        return ()
