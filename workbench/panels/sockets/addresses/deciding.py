"""What is decided on the page of ports and addresses: a transport, a datagram's size; and the own names. No Qt."""

from workbench.formats.target import Target
from workbench.jobs.offload import in_thread
from workbench.panels.sockets.addresses.choosing import own_sheet, size_sheet, transport_sheet
from workbench.panels.sockets.addresses.controller import AddressesController
from workbench.protocols.raw.datagram_size import Family
from workbench.protocols.raw.datagram_try import try_size
from workbench.wire.dial import TargetResolver
from workbench.wire.own_names import own_names


class Deciding:
    """Questions of three sheets.

    Args:
        controller: has the sheets. resolver: knows the Lab's names.
    """

    def __init__(self, controller: AddressesController, resolver: TargetResolver) -> None:
        self._controller = controller
        self._resolver = resolver

    def advise(self, needs: tuple[str, ...]) -> None:
        """Count the transports by the ids of what is needed."""
        self._controller.put("transport", transport_sheet(needs))

    def judge_size(self, size: int, family: Family) -> None:
        """What becomes of a datagram of so many octets."""
        self._controller.put("datagram", size_sheet(size, family))

    async def judge_size_next(self, size: int, family: Family) -> None:
        """The same once a datagram that is being tried has told its end."""
        async with self._controller.turns["datagram"]:
            self.judge_size(size, family)

    async def try_datagram(self, size: int, family: Family, target: Target) -> None:
        """Send one, really. Raises: WorkbenchError, shown too."""
        controller = self._controller
        async with controller.working("datagram", "sending"):
            tried = await try_size(
                size, controller.transcript, family, target=target, resolver=self._resolver
            )
            controller.put("datagram", size_sheet(size, family, tried))

    async def derive_own_names(self) -> None:
        """What this machine calls itself, way by way, and who could use it."""
        async with self._controller.working("lookup", "deriving"):
            self._controller.put("lookup", own_sheet(await in_thread(own_names)))
