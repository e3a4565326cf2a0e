"""What is said over FTP: commands, replies, places of data, entries of listings."""

from typing import Literal, NamedTuple

Kind = Literal["file", "folder", "link", "other", "unknown"]
"""other: a device, a pipe, a socket: nothing that is downloaded. unknown: the server did not tell."""
Style = Literal["mlsd", "unix", "dos", "unread"]
"""Which grammar read a line; "unread": none did, and the line is shown as it came."""

ANONYMOUS = "anonymous"
ANONYMOUS_PASSWORD = "anonymous@"
"""RFC 1635 section 2 asks for a mail address; who one is belongs to nobody's logs, and servers take this."""


class Login(NamedTuple):
    """Who one is. password and account are masked wherever they are shown. account: few servers ask for it."""

    user: str = ANONYMOUS
    password: str = ANONYMOUS_PASSWORD
    account: str = ""


class Command(NamedTuple):
    """One command. argument: None for none; secret: views and exports mask the argument."""

    verb: str
    argument: bytes | None = None
    secret: bool = False

    def __str__(self) -> str:
        if self.argument is None:
            return self.verb
        shown = "****" if self.secret else text_of(self.argument)
        return f"{self.verb} {shown}"


class Octets(NamedTuple):
    """A command as it is sent; secret: ranges of `data` that are masked."""

    data: bytes
    secret: tuple[tuple[int, int], ...] = ()


class Reply(NamedTuple):
    """One reply. lines: without the code, its separator and line ends; the first line and the last have been freed of
    their code, those between stand as they came.
    """

    code: int
    lines: tuple[bytes, ...]

    @property
    def kind(self) -> int:
        """The first digit: 1 begun, 2 done, 3 go on, 4 not now, 5 no (RFC 959 section 4.2)."""
        return self.code // 100

    @property
    def text(self) -> str:
        """All lines as text, one behind the other."""
        return " ".join(text_of(line).strip() for line in self.lines).strip()

    def __str__(self) -> str:
        return f"{self.code} {self.text}".rstrip()


class Answered(NamedTuple):
    """A reply and the command that it answers; None: the greeting, or a 421 that nobody asked for."""

    command: Command | None
    reply: Reply


class Place(NamedTuple):
    """Where the server waits for a data connection. host "": at the address of the control connection (EPSV)."""

    host: str
    port: int


class Entry(NamedTuple):
    """One line of a listing.

    name: octets, without a folder. size: octets, None where untold. modified: ISO 8601 in UTC with "Z"; without "Z" in
    the server's own time, cut to what was told; "" for none. target: of a link. rights: as the server spells them.
    facts: of MLSD, names in small letters, in order. raw: the line as it came. guessed: what was not told but worked
    out ("year"), for people.
    """

    name: bytes
    kind: Kind
    size: int | None = None
    modified: str = ""
    target: bytes = b""
    rights: str = ""
    owner: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    style: Style = "mlsd"
    raw: bytes = b""
    guessed: str = ""

    @property
    def text(self) -> str:
        """The name for people."""
        return text_of(self.name)

    def as_dict(self) -> dict[str, object]:
        """What JSON shows of it."""
        shown: dict[str, object] = {"name": self.text, "kind": self.kind, "size": self.size}
        if not is_utf8(self.name):
            shown["name_hex"] = self.name.hex()
        for key, value in (
            ("modified", self.modified),
            ("target", text_of(self.target)),
            ("rights", self.rights),
            ("owner", self.owner),
            ("guessed", self.guessed),
        ):
            if value:
                shown[key] = value
        if self.facts:
            shown["facts"] = dict(self.facts)
        return shown


class Listing(NamedTuple):
    """What a folder holds. command: that told it, "MLSD" or "LIST". unread: lines that no grammar reads."""

    path: bytes
    command: str
    entries: tuple[Entry, ...]
    unread: tuple[bytes, ...] = ()


class Moved(NamedTuple):
    """What came of one transfer. octets: that passed now; start: where it began; total: of the whole file.

    resumed_tls: whether its data connection used the control connection's session; None in clear.
    """

    octets: int
    start: int
    total: int
    sha256: str
    reply: Reply
    resumed_tls: bool | None = None


def text_of(data: bytes) -> str:
    """Octets as people read them: UTF-8 (RFC 2640 section 2.2) where they are; else each wrong octet as \\xHH."""
    return data.decode("utf-8", "backslashreplace")


def is_utf8(data: bytes) -> bool:
    """Whether `text_of` tells the octets exactly."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
