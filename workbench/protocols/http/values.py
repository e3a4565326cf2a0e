"""What is asked, what was answered, and what is known about whether that was all."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from workbench.errors import WorkbenchError
from workbench.formats.target import Target

if TYPE_CHECKING:
    from workbench.wire.tls.values import Handshake

MAX_KEPT = 32 * 1024 * 1024
"""Octets of a body that are kept in memory where no other place was chosen for it."""


class Login(NamedTuple):
    """Who asks, by the Basic scheme (RFC 7617)."""

    user: str
    password: str


class Url(NamedTuple):
    """A web address, taken apart.

    Attributes:
        text: as typed, or as a redirect made it.
        target: where to connect; `lab:NAME` stays one.
        is_secure: whether TLS comes first.
        authority: what the Host field says.
        path: as the request line has it, with the query; never "".
    """

    text: str
    target: Target
    is_secure: bool
    authority: str
    path: str

    @property
    def origin(self) -> tuple[bool, str, int | None]:
        """What makes two addresses one origin (RFC 6454 section 4)."""
        return self.is_secure, f"{self.target.scheme == 'lab'}:{self.target.host.lower()}", self.target.port


@dataclass(frozen=True, slots=True)
class Request:
    """One request as a person composed it.

    Attributes:
        url: http://, https://, HOST:PORT or lab:NAME, with path and query.
        method: any token; as typed.
        headers: pairs in order, each exactly as typed; they go before those that are added by themselves.
        body: its octets; Content-Length is added by itself.
        secret: ranges of `body` that views and exports mask.
        login: sent as Authorization: Basic.
        without: names in small letters of fields that are not to be added by themselves.
        is_secure: TLS although the address does not say so (HOST:PORT and lab: alone say nothing).
    """

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    secret: tuple[tuple[int, int], ...] = ()
    login: Login | None = None
    without: frozenset[str] = frozenset()
    is_secure: bool = False


class Added(NamedTuple):
    """A field that is added by itself, and why."""

    name: str
    value: str
    why: str


class Octets(NamedTuple):
    """A request as it goes. secret: ranges that are masked; head: octets up to the body."""

    data: bytes
    secret: tuple[tuple[int, int], ...]
    head: int


class Field(NamedTuple):
    """One header field in the spelling in which it came. start, stop: of its line in the head."""

    name: str
    value: str
    start: int
    stop: int


class Fault(NamedTuple):
    """Something wrong in an answer. start, stop: octets from the answer's first one on; is_fatal: nobody can go on."""

    what: str
    start: int
    stop: int
    source: str
    is_fatal: bool = False

    def as_dict(self) -> dict[str, object]:
        """What JSON shows of it."""
        return {"what": self.what, "at": {"start": self.start, "end": self.stop}, "source": self.source}


class Head(NamedTuple):
    """Status line and fields of an answer. raw: their octets, the empty line included."""

    version: str
    status: int
    reason: str
    fields: tuple[Field, ...]
    raw: bytes
    faults: tuple[Fault, ...] = ()

    def all(self, name: str) -> tuple[str, ...]:
        """The values of every field of that name, in order."""
        wanted = name.lower()
        return tuple(field.value for field in self.fields if field.name.lower() == wanted)

    def first(self, name: str) -> str | None:
        """The value of the first field of that name."""
        values = self.all(name)
        return values[0] if values else None


CompletenessKind = Literal["complete", "truncated", "overlong", "unverifiable"]


class Completeness(NamedTuple):
    """Whether a body is whole, why, and which rule says so. expected: octets, None where nobody said."""

    kind: CompletenessKind
    sentence: str
    source: str
    expected: int | None
    received: int

    def as_dict(self) -> dict[str, object]:
        """What JSON shows of it."""
        return dict(self._asdict())


class Chunks(NamedTuple):
    """How a chunked body was cut. number: of chunks with data; sizes: of the first thousand; extensions: likewise."""

    number: int = 0
    sizes: tuple[int, ...] = ()
    extensions: tuple[str, ...] = ()
    trailers: tuple[Field, ...] = ()


NOT_CHUNKED = Chunks()


class Encoded(NamedTuple):
    """A body before its coding was undone. coding: as Content-Encoding says; fault: why undoing stopped, "" if not."""

    coding: str
    octets: int
    sha256: str
    data: bytes
    fault: str = ""

    def as_dict(self) -> dict[str, object]:
        """What JSON shows of it."""
        return {
            "coding": self.coding,
            "octets": self.octets,
            "sha256": self.sha256,
            "fault": self.fault or None,
        }


class Body(NamedTuple):
    """A body with its coding undone.

    Attributes:
        octets, sha256: of all of it.
        data: its octets, or as many of the first as were kept; b"" where it went to a file.
        file: where it was put; "" where it was not.
        encoded: what came, where it came in a coding (gzip ...).
    """

    octets: int = 0
    sha256: str = ""
    data: bytes = b""
    file: str = ""
    encoded: Encoded | None = None

    @property
    def is_kept(self) -> bool:
        """Whether `data` is all of it."""
        return len(self.data) == self.octets


class Timing(NamedTuple):
    """Nanoseconds of one hop: for resolving and connecting, TLS, from the request's end to the head, for the body."""

    connect_ns: int = 0
    tls_ns: int = 0
    wait_ns: int = 0
    body_ns: int = 0


class Hop(NamedTuple):
    """One request and its answer.

    Attributes:
        request: as it went, but for a redirect's changes the person's own. sent: its head as octets, secrets masked.
        before: answers 1xx that came first.
        address: where it was answered. channel: of the transcript.
        location: where the answer leads, as an address of ours; "" where nowhere.
        rule: why the next request is what it is, or why there is none; "" where the answer is no redirect.
        dropped: what the next request does not carry on, each with the reason.
    """

    request: Request
    url: Url
    sent: bytes
    answer: Head
    before: tuple[Head, ...]
    address: str
    channel: int
    timing: Timing = Timing()
    handshake: "Handshake | None" = None
    location: str = ""
    rule: str = ""
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """What came of a request: every hop, and the last one's body.

    Attributes:
        failure: what went wrong once an answer had begun: the body was cut, a redirect may not be followed. The
            answer as far as it came stands beside it.
        hint: how the answer looks from within where nothing proves that it is whole; "" where nothing is to be said.
    """

    hops: tuple[Hop, ...]
    body: Body
    completeness: Completeness
    chunks: Chunks = NOT_CHUNKED
    failure: WorkbenchError | None = None
    extra: bytes = b""
    hint: str = ""

    @property
    def last(self) -> Hop:
        """The hop whose answer it is."""
        return self.hops[-1]

    @property
    def head(self) -> Head:
        """The answer's head."""
        return self.last.answer

    @property
    def status(self) -> int:
        """The answer's status."""
        return self.last.answer.status

    def require_whole(self) -> None:
        """Raises: what went wrong, where something did: see `failure`."""
        if self.failure is not None:
            raise self.failure
