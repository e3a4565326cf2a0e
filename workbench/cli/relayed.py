"""`--relay SWITCHES`: a relay of the Lab between us and the target, switched as the words say; without it, straight."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

from workbench.cli.arguments import Parsed, reading
from workbench.errors import LocalMisuse
from workbench.formats.target import Target

if TYPE_CHECKING:
    from workbench.cli.conversation import Conversation
    from workbench.formats.proxy_address import Proxy
    from workbench.lab.switches import Value


class Relayed(NamedTuple):
    """The way to a target.

    Args:
        switches: of the relay to go through, those that differ from one that changes nothing; None for straight.
    """

    switches: "dict[str, Value] | None" = None

    @property
    def is_straight(self) -> bool:
        """Whether there is no relay."""
        return self.switches is None

    def document(self) -> dict[str, object]:
        """What JSON shows of it: {"relay": ...} where there is one."""
        return {} if self.switches is None else {"relay": {"switches": dict(self.switches)}}

    def resolver(
        self, conversation: "Conversation", proxy: "Proxy | None" = None
    ) -> Callable[[Target], Awaitable[Target]]:
        """Leads every target to the relay, and the relay to it; a proxy is gone to straight: the relay is behind it."""
        switches = self.switches
        if switches is None:
            return conversation.resolve

        async def lead(target: Target) -> Target:
            if proxy is not None and target == proxy.target:
                return await conversation.resolve(target)
            return await conversation.relayed(target, switches)

        return lead


def require_straight(way: Relayed) -> None:
    """What is read is a file of this machine. Raises: LocalMisuse: through a relay."""
    if not way.is_straight:
        raise LocalMisuse(
            "a file is opened without a network: there is nothing to relay", advice="leave --relay out"
        )


def relayed(parsed: Parsed, *, is_udp: bool = False, is_unix: bool = False) -> Relayed:
    """The way that a command line asks for: "delay=50,cut-after=100", or "" for a relay that changes nothing.

    Switches are called as `workbench relay` calls them; the Lab's own names (delay_ms, cut_after) are understood too.

    Raises: LocalMisuse with the place: no such switch, one of the other transport, or a wrong value; a Unix socket.
    """
    text = parsed["--relay"]
    if text is None:
        return Relayed()
    if is_unix:
        raise LocalMisuse("a relay leads to HOST:PORT, not to a Unix socket", advice="leave --relay out")
    from workbench.lab.relay.written import read_switches

    transport = "udp" if is_udp else "tcp"
    return Relayed(reading("--relay", text, lambda word: read_switches(word, transport)))
