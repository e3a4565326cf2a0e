"""Letters in a list, wherever they are: a file of many, a mailbox by IMAP, one by POP3. Rows come in windows. No Qt.

Each shelf has `count`, `window` (how many rows may be asked for at a time), `rows(first, stop)` and
`letter(place, progress)`; places count from 0, the newest first where a server knows. They raise what the server or the
file raises.
"""

from collections.abc import Callable

from workbench.formats.charset import visible
from workbench.formats.mime.dates import read_date
from workbench.formats.mime.fields import hidden
from workbench.formats.mime.files import FileOctets
from workbench.formats.mime.mbox import Mbox, head_at, letter_at
from workbench.formats.mime.parse import headers_of
from workbench.formats.mime.words import plain
from workbench.jobs.offload import in_thread
from workbench.panels.mail.state import Row
from workbench.protocols.imap.client import ImapSession
from workbench.protocols.pop.client import PopSession
from workbench.protocols.pop.values import Entry

Progress = Callable[[int, int | None], object]
MAX_SUBJECT = 300


def row_of(number: int, header: bytes, size: int, *, is_new: bool = False, arrived: str = "") -> Row:
    """A row from a letter's header. arrived: ISO 8601, where the letter's own date names no moment."""
    found = headers_of(header)
    moment = read_date(found.get("date", ""))
    when = moment.iso or arrived
    return Row(
        number,
        _shown(found.get("from", "")),
        _shown(found.get("subject", "")),
        when[:16].replace("T", " ") or _shown(found.get("date", "")),
        size,
        is_new,
    )


def _shown(text: str) -> str:
    return visible(hidden(plain(text[:MAX_SUBJECT])))


class MboxShelf:
    """A file of letters, in the file's order."""

    window = 1000

    def __init__(self, source: FileOctets, mbox: Mbox) -> None:
        self._source = source
        self._slots = mbox.slots
        self.count = len(mbox.slots)

    async def rows(self, first: int, stop: int) -> dict[int, Row]:
        heads = await in_thread(self._heads, first, stop)
        return {
            place: row_of(place + 1, head, self._slots[place].stop - self._slots[place].letter)
            for place, head in heads.items()
        }

    def _heads(self, first: int, stop: int) -> dict[int, bytes]:
        places = range(first, min(stop, self.count))
        return {place: head_at(self._source, self._slots[place]) for place in places}

    async def letter(self, place: int, progress: Progress) -> bytes:
        return await in_thread(letter_at, self._source, self._slots[place])

    def close(self) -> None:
        """Give the file back."""
        self._source.close()


class ImapShelf:
    """A folder by IMAP, the letter that came last first."""

    window = 1000

    def __init__(self, session: ImapSession, count: int) -> None:
        self._session = session
        self._uids: dict[int, int] = {}
        self.count = count

    async def rows(self, first: int, stop: int) -> dict[int, Row]:
        stop = min(stop, self.count)
        if first >= stop:
            return {}
        found: dict[int, Row] = {}
        for each in await self._session.summaries(self.count - stop + 1, self.count - first):
            place = self.count - each.seq
            self._uids[place] = each.uid
            is_new = "\\seen" not in {flag.lower() for flag in each.flags}
            found[place] = row_of(each.seq, each.header, each.size, is_new=is_new, arrived=each.date)
        return found

    async def letter(self, place: int, progress: Progress) -> bytes:
        if place not in self._uids:
            await self.rows(place, place + 1)
        uid = self._uids.get(place)
        if uid is None:
            uid = await self._session.uid_of(self.count - place)
        self._uids[place] = uid
        return await self._session.letter(uid, progress)

    def name_of(self, place: int) -> int:
        """The UID of a letter that was read."""
        return self._uids.get(place, 0)


class PopShelf:
    """A mailbox by POP3, the letter that came last first. TOP asks for each letter alone."""

    window = 30

    def __init__(self, session: PopSession, entries: tuple[Entry, ...]) -> None:
        self._session = session
        self._entries = tuple(reversed(entries))
        self.count = len(entries)

    async def rows(self, first: int, stop: int) -> dict[int, Row]:
        found: dict[int, Row] = {}
        for place in range(first, min(stop, self.count, first + self.window)):
            entry = self._entries[place]
            found[place] = row_of(entry.number, await self._session.top(entry.number), entry.size)
        return found

    async def letter(self, place: int, progress: Progress) -> bytes:
        return await self._session.letter(self._entries[place].number, progress)

    def name_of(self, place: int) -> int:
        """The number of a letter."""
        return self._entries[place].number
