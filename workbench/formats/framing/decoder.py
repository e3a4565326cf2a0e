"""What every decoder has: it never raises, keeps what it decoded before a mistake, and says where the mistake is.

Strategy. A mistake in octet 100 must not cost the messages before it, and which messages those are must not depend on
where the stream was cut. So a decoder that breaks returns what it had, sets `broken`, and takes nothing more. Whether
it breaks, and at which octet, depends on the octets alone. `Held` is for framings that search (an end, a number of
octets): it keeps the octets of the message under way. `Flowing` is for those that change octets on the way: it keeps
what came out. Both look at each octet once.
"""

from abc import ABC, abstractmethod

from workbench.formats.framing.values import (
    MAX_MESSAGE,
    MAX_REMARKS,
    Broken,
    Ending,
    Message,
    Remark,
    State,
    octets_of,
)

TOO_LONG_ADVICE = "raise the limit if the message is really meant to be that long"


class Break(Exception):
    """Carries a Broken from the place that noticed to `feed`."""

    def __init__(self, broken: Broken) -> None:
        super().__init__(broken.what)
        self.broken = broken


class Decoder(ABC):
    """Octets to messages."""

    def __init__(self, limit: int = MAX_MESSAGE) -> None:
        self.limit = limit
        self.broken: Broken | None = None
        self.remarks: list[Remark] = []
        self._taken = 0
        self._begin = 0
        self._messages: list[Message] = []
        self._is_over = False

    @property
    def state(self) -> State:
        """Where it is."""
        if self.broken is not None:
            return State("broken", 0, None, self.limit)
        name, held, awaited = ("ended", 0, 0) if self._is_over else self._where()
        return State(name, held, awaited, self.limit)

    def feed(self, data: bytes) -> list[Message]:
        """Take octets, and return the messages they complete."""
        if self.broken is not None or self._is_over or not data:
            return []
        try:
            self._take(data)
        except Break as found:
            self.broken = found.broken
        self._taken += len(data)
        messages, self._messages = self._messages, []
        return messages

    def finish(self) -> Ending:
        """The stream has ended."""
        self._is_over = True
        if self.broken is not None:
            return Ending("broken", self.broken.what)
        return self._ended()

    # ---- for the kinds

    @abstractmethod
    def _take(self, data: bytes) -> None:
        """Look at more octets; `_taken` is where they begin."""

    @abstractmethod
    def _where(self) -> tuple[str, int, int | None]:
        """Name of the state, octets held, octets awaited."""

    def _ended(self) -> Ending:
        name, _, awaited = self._where()
        if self._taken == self._begin:
            return Ending("complete", "the stream ended between two messages")
        missing = f", {octets_of(awaited)} at least missing" if awaited else ""
        return Ending("incomplete", f"the stream ended {name}{missing}")

    def _emit(self, data: bytes, stop: int) -> None:
        self._messages.append(Message(data, self._begin, stop))
        self._begin = stop

    def _remark(self, remark: Remark) -> None:
        if len(self.remarks) < MAX_REMARKS:
            self.remarks.append(remark)

    def _too_long(self, at: int, data: bytes = b"", what: str = "") -> Break:
        said = what or f"the message is longer than the limit of {octets_of(self.limit)}"
        return Break(Broken(said, at, data, advice=TOO_LONG_ADVICE))


class Held(Decoder):
    """Keeps the octets of the message under way. `_step` consumes one thing from `_at` on, or says not yet."""

    def __init__(self, limit: int = MAX_MESSAGE) -> None:
        super().__init__(limit)
        self._held = bytearray()
        self._base = 0
        self._at = 0

    def _take(self, data: bytes) -> None:
        self._held += data
        try:
            while self._step():
                pass
        finally:
            del self._held[: self._at]
            self._base += self._at
            self._at = 0

    @abstractmethod
    def _step(self) -> bool: ...

    @property
    def _place(self) -> int:
        """Where in the stream `_at` is."""
        return self._base + self._at

    @property
    def _left(self) -> int:
        return len(self._held) - self._at

    def _peek(self, size: int) -> bytes:
        return bytes(self._held[self._at : self._at + size])


class Flowing(Decoder):
    """Keeps what came out of the octets of the message under way."""

    def __init__(self, limit: int = MAX_MESSAGE) -> None:
        super().__init__(limit)
        self._out = bytearray()

    def _keep(self, data: bytes, at: int) -> None:
        """Add octets that begin at `at` of the stream. Raises: Break at the first that is too many."""
        room = self.limit - len(self._out)
        if len(data) > room:
            self._out += data[:room]
            raise self._too_long(at + room)
        self._out += data

    def _flush(self, stop: int) -> None:
        data = bytes(self._out)
        self._out.clear()
        self._emit(data, stop)
