"""Listings: MLSD's facts (RFC 3659 section 7), and the lines of LIST, for which no standard exists.

LIST prints what a person at the server would see. Two grammars are read: that of Unix and that of DOS and Windows.
A line that neither reads is kept as it came, never dropped; names keep their blanks. Everything is bounded.
"""

from datetime import datetime

from workbench.errors import PeerMisbehaved
from workbench.protocols.ftp.listing_dos import read_dos
from workbench.protocols.ftp.listing_unix import is_total, read_unix
from workbench.protocols.ftp.replies import MAX_SIZE, read_time
from workbench.protocols.ftp.values import Entry, Kind, text_of

MAX_LINE = 16 * 1024
"""Octets of one line: a name of 255, a link's target of 4096 and every fact that there is fit several times."""
MAX_ENTRIES = 1_000_000
MAX_LISTING = 256 * 1024 * 1024
"""Octets of one listing: a million lines of the usual length, twice."""
_KINDS: dict[str, Kind] = {"file": "file", "dir": "folder", "cdir": "folder", "pdir": "folder"}
_SELVES = frozenset({"cdir", "pdir"})


class ListingReader:
    """Octets of a data connection, cut anywhere, to entries.

    Args:
        command: "MLSD" or "LIST": what was asked for.
        now: the time that dates without a year are seen from, UTC.

    Attributes: unread: lines that no grammar reads.
    """

    def __init__(self, command: str, now: datetime) -> None:
        self._is_mlsd = command == "MLSD"
        self._now = now
        self._rest = bytearray()
        self._octets = 0
        self._count = 0
        self.unread: list[bytes] = []

    def feed(self, data: bytes) -> list[Entry]:
        """The entries that `data` completes; b"" is the end.

        Raises: PeerMisbehaved: a line or a listing without end.
        """
        self._octets += len(data)
        if self._octets > MAX_LISTING:
            raise _endless(f"the listing is longer than {MAX_LISTING // 2**20} MiB")
        self._rest += data
        *lines, rest = bytes(self._rest).split(b"\n")
        self._rest = bytearray(rest)
        if not data and rest:
            lines.append(rest)
            self._rest.clear()
        found: list[Entry] = []
        for line in (*lines, self._rest):
            if len(line) > MAX_LINE:
                raise _endless(f"a line of the listing is longer than {MAX_LINE} octets", bytes(line[:64]))
        for line in lines:
            if (entry := self._read(line.removesuffix(b"\r"))) is not None:
                found.append(entry)
        self._count += len(found)
        if self._count + len(self.unread) > MAX_ENTRIES:
            raise _endless(f"the listing has more than {MAX_ENTRIES:,} lines")
        return found

    def _read(self, line: bytes) -> Entry | None:
        if not line or (not self._is_mlsd and is_total(line)):
            return None
        entry = read_facts(line) if self._is_mlsd else read_line(line, self._now)
        if entry is None:
            self.unread.append(line)
            return None
        # The folder itself and the one above it are no entries of it.
        if entry.name in (b".", b"..") and entry.kind in ("folder", "link"):
            return None
        return None if dict(entry.facts).get("type", "").lower() in _SELVES else entry


def read_line(line: bytes, now: datetime) -> Entry | None:
    """A line of LIST by whichever grammar reads it; None where none does."""
    return read_unix(line, now) or read_dos(line)


def read_facts(line: bytes) -> Entry | None:
    """A line of MLSD or MLST: facts that end in ";", one blank, the name (RFC 3659 section 7.2). None: it is none."""
    facts_text, blank, name = line.partition(b" ")
    if not blank or not name or (facts_text and not facts_text.endswith(b";")):
        return None
    facts: list[tuple[str, str]] = []
    for fact in facts_text.split(b";")[:-1]:
        key, equals, value = fact.partition(b"=")
        if not equals:
            return None
        facts.append((text_of(key).lower(), text_of(value)))
    told = dict(facts)
    kind, target = _kind_of(told.get("type", ""))
    size = told.get("size", told.get("sizd", ""))
    return Entry(
        name,
        kind,
        int(size)
        if size.isascii() and size.isdecimal() and len(size) < 20 and int(size) <= MAX_SIZE
        else None,
        read_time(told.get("modify", "").encode()),
        target,
        told.get("unix.mode", ""),
        told.get("unix.ownername", told.get("unix.owner", told.get("unix.uid", ""))),
        tuple(facts),
        "mlsd",
        line,
    )


def _kind_of(told: str) -> tuple[Kind, bytes]:
    """A type fact: RFC 3659 section 7.5.1, and the OS.unix=slink:TARGET that servers have for links."""
    small = told.lower()
    if small in _KINDS:
        return _KINDS[small], b""
    if small.startswith(("os.unix=slink", "os.unix=symlink")):
        return "link", told.partition(":")[2].encode()
    return ("other" if small else "unknown"), b""


def _endless(what: str, data: bytes = b"") -> PeerMisbehaved:
    return PeerMisbehaved(
        what, stage="list", data=data, advice="nothing of it is shown: it has no end in sight"
    )
