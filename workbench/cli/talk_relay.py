"""`--relay SWITCHES`: a relay of the Lab between us and the target, switched as the words say."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

from workbench.formats.target import Target

if TYPE_CHECKING:
    from workbench.cli.conversation import Conversation
    from workbench.formats.proxy_address import Proxy
    from workbench.lab.switches import Value


class RelayWish(NamedTuple):
    """A relay to go through. switches: those that differ from a relay that changes nothing."""

    switches: "dict[str, Value]"

    def as_dict(self) -> dict[str, object]:
        """What JSON shows of it."""
        return {"switches": dict(self.switches)}

    def resolver(
        self, conversation: "Conversation", proxy: "Proxy | None"
    ) -> Callable[[Target], Awaitable[Target]]:
        """Leads every target to the relay, and the relay to it; a proxy is gone to straight: the relay is behind it."""

        async def lead(target: Target) -> Target:
            if proxy is not None and target == proxy.target:
                return await conversation.resolve(target)
            return await conversation.relayed(target, self.switches)

        return lead


def read_relay(text: str, *, is_udp: bool) -> RelayWish:
    """The relay that a text asks for: "delay=50,cut-after=100", or "" for one that changes nothing.

    Switches are called as `workbench relay` calls them; the Lab's own names (delay_ms, cut_after) are understood too.

    Raises: LocalMisuse with the place: no such switch, one of the other transport, or a wrong value.
    """
    from workbench.lab.relay.written import read_switches

    return RelayWish(read_switches(text, "udp" if is_udp else "tcp"))
