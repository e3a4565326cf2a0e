"""One answer as a machine: octets in, heads, data and an end out; no socket (RFC 9112 section 6.3).

h11 reads and judges heads. Where a body ends by its length or by the connection, octets are counted here and handed on
as they came, uncopied: a body of a gigabyte passes at the speed of the wire.
"""

from typing import TYPE_CHECKING, Literal, NamedTuple

from workbench.errors import PeerMisbehaved, WorkbenchError
from workbench.protocols.http.chunks import ChunkReader
from workbench.protocols.http.head import MAX_HEAD, HeadReader, broken, is_chunked, length_of, read_head
from workbench.protocols.http.values import Chunks, Completeness, Head

if TYPE_CHECKING:
    import h11

State = Literal["head", "length", "chunks", "close", "done", "failed"]
"""head: no final answer yet. length, chunks, close: within a body that ends so. done: the answer is over."""
Ending = Literal["none", "length", "chunks", "close"]

TABLE: dict[tuple[State, str], State] = {
    ("head", "informational"): "head",
    ("head", "none"): "done",
    ("head", "length"): "length",
    ("head", "chunks"): "chunks",
    ("head", "close"): "close",
    ("head", "broken"): "failed",
    ("head", "end"): "failed",
    ("length", "all"): "done",
    ("length", "end"): "done",
    ("chunks", "all"): "done",
    ("chunks", "broken"): "done",
    ("chunks", "end"): "done",
    ("close", "end"): "done",
}
"""What each happening leads to; a test walks it."""

MAX_INFORMATIONAL = 20
"""Answers 1xx before the real one. Servers send one or two; h11 and browsers take any number."""
MAX_EXTRA = 64 * 1024
"""Octets behind the end of an answer that are kept to be shown."""


class Informed(NamedTuple):
    """A 1xx: the real answer follows."""

    head: Head


class Answered(NamedTuple):
    """The head of the answer. total: octets of its body, where it says so."""

    head: Head
    total: int | None


class Data(NamedTuple):
    """A piece of the body."""

    data: bytes


Happened = Informed | Answered | Data


class HttpMachine:
    """Reads the answer to one request.

    Args:
        method: of the request: an answer to HEAD has no body.

    Attributes:
        state: as TABLE has it. received: octets of the body. extra: the first octets behind the answer's end, and
            extra_octets how many there were. fault: what was wrong in the body, where something was.
    """

    def __init__(self, method: str) -> None:
        self.state: State = "head"
        self.received = 0
        self.extra = b""
        self.extra_octets = 0
        self.fault: PeerMisbehaved | None = None
        self._method = method
        self._connection = _waiting(method)
        self._reader: HeadReader = HeadReader()
        self._chunks: ChunkReader | None = None
        self._informed = 0
        self._at = 0
        self._expected: int | None = None
        self._ending: Ending = "none"
        self._status = 0
        self._was_cut = False

    @property
    def is_over(self) -> bool:
        """Whether nothing more belongs to the answer."""
        return self.state in ("done", "failed")

    @property
    def chunks(self) -> Chunks:
        """How a chunked body was cut."""
        return self._chunks.told if self._chunks is not None else Chunks()

    def receive(self, data: bytes) -> list[Happened]:
        """Feed octets, cut anywhere. Raises: PeerMisbehaved: the head is none; a body's fault stands in `fault`."""
        happened: list[Happened] = []
        while data and self.state == "head":
            found = self._reader.feed(data)
            if found is None:
                return happened
            raw, data = found
            happened.append(self._head(raw))
        if data:
            happened += self._body(data)
        return happened

    def ended(self, *, in_order: bool = True) -> None:
        """The connection ended. in_order: by FIN or close_notify, not by a reset or a cut.

        Raises: PeerMisbehaved: before an answer was there.
        """
        if self.state == "head":
            self._become("end")
            held = self._reader.held
            raise broken(
                "the answer ends within its head" if held else "the connection ended without an answer",
                held[-64:],
                self._at + len(held),
                "RFC 9112 section 8",
            )
        if self.state not in ("done", "failed"):
            self._was_cut = not in_order or self.state != "close"
            self._become("end")

    def completeness(self, how: str = "the connection ended") -> Completeness:
        """Whether the body is whole. how: it ended, as a sentence."""
        got, expected = self.received, self._expected
        if self.fault is not None:
            return Completeness("truncated", self.fault.what, self.fault.source, expected, got)
        if self._ending == "none":
            why = "an answer to HEAD" if self._method == "HEAD" else f"an answer {self._status}"
            found = Completeness("complete", f"{why} has no body", "RFC 9112 section 6.3", 0, got)
        elif self._ending == "length":
            found = self._by_length(how)
        elif self._ending == "chunks":
            found = self._by_chunks(how)
        elif self._was_cut:
            return Completeness("truncated", f"it was cut: {how}", "RFC 9112 section 8", None, got)
        else:
            what = f"no length and no chunks: {how}, and nobody can say whether {got:,} octets are all"
            return Completeness("unverifiable", what, "RFC 9112 section 8", None, got)
        if self.extra_octets and found.kind == "complete":
            more = f"{self.extra_octets:,} octet{'s' * (self.extra_octets != 1)} more than the answer has"
            return found._replace(kind="overlong", sentence=f"{more}: {found.sentence}")
        return found

    def _by_length(self, how: str) -> Completeness:
        got, expected = self.received, self._expected
        said = f"{got:,} of {expected:,} octets"
        if got == expected:
            return Completeness(
                "complete", f"{said}, as Content-Length says", "RFC 9112 section 6.2", expected, got
            )
        return Completeness("truncated", f"{said}, then {how}", "RFC 9112 section 8", expected, got)

    def _by_chunks(self, how: str) -> Completeness:
        assert self._chunks is not None
        got, count = self.received, self._chunks.count
        if self._chunks.is_over:
            what = f"{count:,} chunk{'s' * (count != 1)} and the last one, of size 0"
            return Completeness("complete", what, "RFC 9112 section 7.1", None, got)
        what = f"{self._chunks.within}: {how} after {got:,} octets"
        return Completeness("truncated", what, "RFC 9112 section 8", None, got)

    def _head(self, raw: bytes) -> Happened:
        try:
            head = read_head(raw, self._connection, self._at)
        except WorkbenchError:
            self._become("broken")
            raise
        self._at += len(raw)
        if head.status < 200:
            self._informed += 1
            if self._informed > MAX_INFORMATIONAL:
                self._become("broken")
                raise broken(
                    f"more than {MAX_INFORMATIONAL} answers 1xx, and no real one",
                    raw,
                    self._at - len(raw),
                    "RFC 9110 section 15.2",
                )
            self._become("informational")
            self._reader = HeadReader(self._at)
            return Informed(head)
        self._status = head.status
        self._ending = _ending(self._method, head)
        self._expected = length_of(head) if self._ending == "length" else None
        if self._ending == "chunks":
            self._chunks = ChunkReader(self._at)
        self._become(self._ending)
        if self._expected == 0:
            self._become("all")
        return Answered(head, 0 if self._ending == "none" else self._expected)

    def _body(self, data: bytes) -> list[Happened]:
        if self.state == "close":
            return [self._took(data)]
        if self.state == "length":
            assert self._expected is not None
            left = self._expected - self.received
            if len(data) < left:
                return [self._took(data)]
            happened = self._took(data[:left])
            self._become("all")
            self._more(data[left:])
            return [happened]
        if self.state == "chunks":
            return self._chunked(data)
        self._more(data)
        return []

    def _chunked(self, data: bytes) -> list[Happened]:
        assert self._chunks is not None
        try:
            pieces, behind = self._chunks.feed(data)
        except PeerMisbehaved as fault:
            # What came before the fault is the body's.
            self.fault = fault
            self._become("broken")
            return [self._took(piece) for piece in self._chunks.salvaged]
        happened: list[Happened] = [self._took(b"".join(pieces))] if pieces else []
        if self._chunks.is_over:
            self._become("all")
            self._more(behind)
        return happened

    def _took(self, data: bytes) -> Data:
        self.received += len(data)
        return Data(data)

    def _more(self, data: bytes) -> None:
        if self.fault is not None:
            # Behind a fault nobody knows any more what belongs to what.
            return
        self.extra_octets += len(data)
        self.extra += data[: max(0, MAX_EXTRA - len(self.extra))]

    def _become(self, happening: str) -> None:
        self.state = TABLE[self.state, happening]


def _ending(method: str, head: Head) -> Ending:
    """How the body ends: RFC 9112 section 6.3, in its order."""
    if method == "HEAD" or head.status in (204, 304):
        return "none"
    if is_chunked(head):
        return "chunks"
    return "close" if length_of(head) is None else "length"


def _waiting(method: str) -> "h11.Connection":
    """A client's machine that has asked, and waits. The octets that went were ours; it is told what decides a body."""
    import h11

    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD + 1)
    connection.send(h11.Request(method=method, target="/", headers=[("Host", "")]))
    connection.send(h11.EndOfMessage())
    return connection
