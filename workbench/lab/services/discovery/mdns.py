"""Two services by mDNS, and a third machine that lies on request."""

from collections.abc import Sequence

from workbench.errors import PeerMisbehaved
from workbench.lab.services.discovery.members import GroupService
from workbench.protocols.discovery import mdns
from workbench.protocols.discovery.herald import Herald, Reply, Service
from workbench.protocols.discovery.values import Identity, Txt

PRINTER = Identity("Anvil printer", "_ipp._tcp", 631, txt=(Txt("ty", "Anvil 3"), Txt("paper", "A4")))
SHELF = Identity("Book shelf", "_http._tcp", 8080, txt=(Txt("path", "/shelf"),))
HOSTS = ("anvil", "shelf", "mallory")
GARBAGE = b"\x00\x00\x84\x00\x00\x00\x00\x09" + bytes(range(64))


class Mdns(GroupService):
    """Answers questions of its group, and those of callers from any port alone."""

    host = "224.0.0.251"

    def herald(self, number: int, own: str, group: str, port: int) -> Herald | None:
        brief = not self.turned.flag("additional")
        if number < 2:
            return Service((PRINTER, SHELF)[number], own, port, HOSTS[number], brief=brief)
        if self.turned.text("lie") == "other-name":
            return Service(PRINTER, own, port, HOSTS[number], brief=brief)
        return None

    def lies(self, data: bytes, source: str, heralds: Sequence[Herald | None]) -> tuple[Reply, ...]:
        lie = self.turned.text("lie")
        if lie not in ("goodbye", "garbage"):
            return ()
        try:
            message = mdns.read(data)
        except PeerMisbehaved:
            return ()
        victim = heralds[0]
        if message.is_response or not isinstance(victim, Service):
            return ()
        alone = not source.endswith(f":{victim.port}")
        if lie == "garbage":
            return (Reply(GARBAGE, alone),)
        gone = [record._replace(ttl=0) for record in victim.records[:-1]]
        return (Reply(mdns.write_answer(gone, message.number if alone else 0), alone),)
