"""What a running experiment holds: its services, the things its steps made, and the stack that gives all of it back."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from workbench.clock import SYSTEM, Clock
from workbench.experiments.tap import Tap
from workbench.experiments.things import Made, Octets
from workbench.experiments.values import Given
from workbench.experiments.verb import DEFAULT_TIMEOUT_S
from workbench.formats.target import Target
from workbench.lab.address import ServiceAddress
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import Datagram
from workbench.wire.dial import TargetResolver
from workbench.wire.listen import Listener
from workbench.wire.stream import Stream

if TYPE_CHECKING:
    from workbench.lab.supervisor import LabAuthority

T = TypeVar("T", Stream, Listener, Datagram, Tap)
AskAuthority = Callable[[], Awaitable["LabAuthority"]]


class Done(NamedTuple):
    """What a step made (None: nothing), what was seen in a few words, and the errno that it met without failing."""

    thing: object = None
    said: str = ""
    errno: str = ""


class Stage:
    """Everything that a running experiment holds; close `stack` to give all of it back.

    Args:
        transcript: where all is recorded.
        services: the addresses of what [lab] started, by the card's names.
        clock: what received times are compared with.
        authority: asks the Lab for its certificates; None where the card is played without a Lab.
    """

    def __init__(
        self,
        transcript: Transcript,
        services: Mapping[str, ServiceAddress],
        clock: Clock = SYSTEM,
        authority: AskAuthority | None = None,
    ) -> None:
        self.transcript = transcript
        self.services = services
        self.clock = clock
        self.authority = authority
        self.stack = AsyncExitStack()
        self.made: dict[str, Made] = {}

    def keep(self, thing: T) -> T:
        """Have a socket closed with the stage."""
        self.stack.push_async_callback(thing.aclose)
        return thing

    def stream(self, name: object) -> Stream:
        """A connection that an earlier step made."""
        return cast(Stream, self._thing(name))

    def datagram(self, name: object) -> Datagram:
        """A UDP socket that an earlier step made."""
        return cast(Datagram, self._thing(name))

    def listener(self, name: object) -> Listener:
        """A listener that an earlier step made."""
        return cast(Listener, self._thing(name))

    def octets(self, name: object) -> Octets:
        """What an earlier step read."""
        return cast(Octets, self._thing(name))

    def tap(self, name: object) -> Tap:
        """Somebody in between whom an earlier step put there."""
        return cast(Tap, self._thing(name))

    def closable(self, name: object) -> Stream | Listener | Datagram | Tap:
        """Any socket that an earlier step made."""
        return cast("Stream | Listener | Datagram | Tap", self._thing(name))

    def replace(self, name: object, thing: Stream) -> None:
        """Let the name stand for this connection, on the same channel, from now on."""
        made = self.made[str(name)]
        self.made[str(name)] = made._replace(thing=thing)

    def _thing(self, name: object) -> object:
        """The card was checked: an earlier step made it, and it was of the right kind."""
        return self.made[str(name)].thing

    def where(
        self, place: object, transport: str, *, at: object = None
    ) -> tuple[Target, TargetResolver | None]:
        """The target that a step's `to` means, and who resolves it; at another address where one is given."""
        name = str(place)
        called = name.removeprefix("lab:")
        if called != name:
            service = self.services[called]
            if at is not None:
                return service.target._replace(host=str(at), text=""), None

            async def resolver(_target: Target) -> Target:
                return service.target

            return Target("lab", service.name, None, text=name), resolver
        host, _, port = self._address(name).rpartition(":")
        host = host.removeprefix("[").removesuffix("]") if at is None else str(at)
        return Target(transport, host, int(port)), None

    def port(self, name: object) -> int:
        """The port of a listener or of a UDP socket."""
        return int(self._address(str(name)).rpartition(":")[2])

    def _address(self, name: str) -> str:
        return cast("Listener | Datagram | Tap", self._thing(name)).address


Carry = Callable[[Stage, Given, str], Awaitable[Done]]


def timeout_of(given: Given) -> float:
    """How long a step may wait."""
    return cast(float, given.get("timeout_s", DEFAULT_TIMEOUT_S))


def data_of(given: Given) -> bytes:
    """The octets that a step sends."""
    return cast(bytes, given["data"])
