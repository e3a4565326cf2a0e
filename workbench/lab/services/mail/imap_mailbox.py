"""A folder of the Lab as Twisted's IMAP server asks for it: IAccount, IMailbox and IMessage over the house."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC
from email.utils import format_datetime
from io import BytesIO
from typing import Any

from zope.interface import implementer

from workbench.lab.services.mail.house import Account, Folder, Letter
from workbench.lab.services.mail.library import defer, imap4

DELIMITER = "/"
FLAGS = ("\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft")


@implementer(imap4.IAccount)
class ImapAccount:
    """One user's folders."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def listMailboxes(self, _reference: object, wildcard: str) -> list[tuple[str, "ImapMailbox"]]:
        """The folders whose names fit: * is anything, % anything without the delimiter."""
        pattern = "".join({"*": ".*", "%": "[^/]*"}.get(c, re.escape(c)) for c in wildcard)
        fits = re.compile(pattern, re.IGNORECASE | re.DOTALL)
        return [
            (name, ImapMailbox(folder, self._account, False, is_listed=True))
            for name, folder in self._account.folders.items()
            if fits.fullmatch(name)
        ]

    def isSubscribed(self, _name: str) -> bool:
        """All are."""
        return True

    def select(self, name: str, rw: bool = True) -> "ImapMailbox | None":
        """A folder to look into; None: there is none of that name."""
        folder = self._account.folders.get("INBOX" if name.upper() == "INBOX" else name)
        return (
            None if folder is None else ImapMailbox(folder, self._account, bool(rw) and not folder.is_fixed)
        )

    def create(self, _name: str) -> bool:
        """Folders are as they are."""
        return False

    def delete(self, name: str) -> None:
        """As create(). Raises: MailboxException."""
        raise imap4.MailboxException(f"{name} stays")

    def rename(self, name: str, _new: str) -> None:
        """As create(). Raises: MailboxException."""
        raise imap4.MailboxException(f"{name} stays")

    def subscribe(self, _name: str) -> None:
        """Nothing changes."""

    unsubscribe = subscribe


@implementer(imap4.IMailbox, imap4.ICloseableMailbox)
class ImapMailbox:
    """One folder, opened by one client. Its numbers are of the letters that this client has been told of."""

    def __init__(self, folder: Folder, account: Account, writeable: bool, *, is_listed: bool = False) -> None:
        self.folder = folder
        self._account = account
        self._writeable = writeable
        self._is_listed = is_listed
        self._listeners: list[Any] = []
        self._known = len(folder.letters)

    # ---- the folder

    def getFlags(self) -> list[str]:
        """Of a folder that is listed: whether it has others below it; of an opened one: what letters can have."""
        if not self._is_listed:
            return list(FLAGS)
        below = any(name.startswith(self.folder.name + DELIMITER) for name in self._account.folders)
        return ["\\HasChildren" if below else "\\HasNoChildren"]

    def getHierarchicalDelimiter(self) -> str:
        """Between the parts of a name."""
        return DELIMITER

    def getUIDValidity(self) -> int:
        """The same as long as the folder is."""
        return self.folder.uidvalidity

    def getUIDNext(self) -> int:
        """At least what the next letter gets."""
        return self.folder.uidnext

    def getUID(self, message: int) -> int:
        """Of a number."""
        return self.folder.letters[message - 1].uid

    def getMessageCount(self) -> int:
        """All letters."""
        self._known = len(self.folder.letters)
        return self._known

    def getRecentCount(self) -> int:
        """Those that nobody has been told of."""
        return (
            0 if self.folder.is_fixed else sum("\\Recent" in letter.flags for letter in self.folder.letters)
        )

    def getUnseenCount(self) -> int:
        """Those that nobody has read."""
        return sum("\\Seen" not in letter.flags for letter in self.folder.letters)

    def isWriteable(self) -> int:
        """Whether it was opened by SELECT."""
        return int(self._writeable)

    def requestStatus(self, names: Iterable[str]) -> dict[str, int]:
        """What STATUS asks for."""
        return imap4.statusRequestHelper(self, names)  # type: ignore[no-any-return]  # Twisted has no types here

    def addListener(self, listener: Any) -> None:
        """Somebody who is told of what comes and goes."""
        self._listeners.append(listener)
        self.folder.watchers.append(self._changed)

    def removeListener(self, listener: Any) -> None:
        """Nobody is any more."""
        self._listeners.remove(listener)
        self.close()

    def close(self) -> None:
        """The client has left the folder."""
        if self._changed in self.folder.watchers:
            self.folder.watchers.remove(self._changed)

    def _changed(self) -> None:
        count = len(self.folder.letters)
        if count > self._known:
            self._known = count
            for listener in self._listeners:
                listener.newMessages(count, None)

    # ---- letters

    def fetch(self, messages: Any, uid: int) -> Iterator[tuple[int, "ImapMessage"]]:
        """The letters of a set, with their numbers."""
        letters = self.folder.letters
        if not letters:
            return
        if uid:
            messages.last = letters[-1].uid
            if self.folder.is_fixed:
                uids: Iterable[int] = (number for number in messages if 1 <= number <= len(letters))
                for number in uids:
                    yield number, ImapMessage(letters[number - 1])
                return
            for at, letter in enumerate(letters):
                if letter.uid in messages:
                    yield at + 1, ImapMessage(letter)
            return
        messages.last = len(letters)
        for number in messages:
            if 1 <= number <= len(letters):
                yield number, ImapMessage(letters[number - 1])

    def store(self, messages: Any, flags: Iterable[str], mode: int, uid: int) -> dict[int, list[str]]:
        """Set (0), add (1) or remove (-1) flags. Raises: ReadOnlyMailbox."""
        if not self._writeable:
            raise imap4.ReadOnlyMailbox
        told = {}
        for number, message in self.fetch(messages, uid):
            now = message.letter.flags
            now = now | set(flags) if mode > 0 else now - set(flags) if mode < 0 else set(flags)
            message.letter.flags = now
            told[number] = sorted(now)
        return told

    def expunge(self) -> list[int]:
        """Take out what is marked; the numbers as each was at its turn. Raises: ReadOnlyMailbox."""
        if not self._writeable:
            raise imap4.ReadOnlyMailbox
        gone = [at for at, letter in enumerate(self.folder.letters) if "\\Deleted" in letter.flags]
        uids = {self.folder.letters[at].uid for at in gone}
        self.folder.drop(uids)
        self._known = len(self.folder.letters)
        return [at + 1 - earlier for earlier, at in enumerate(gone)]

    def addMessage(self, message: Any, flags: Iterable[str] = (), date: object = None) -> Any:
        """APPEND. A Deferred of the UID."""
        try:
            letter = self.folder.add(message.read(), tuple(flags))
        except OverflowError:
            return defer.fail(imap4.MailboxException("the folder is full"))
        return defer.succeed(letter.uid)

    def destroy(self) -> None:
        """Folders stay."""


@implementer(imap4.IMessage, imap4.IMessageFile)
class ImapMessage:
    """One letter."""

    def __init__(self, letter: Letter) -> None:
        self.letter = letter

    def getUID(self) -> int:
        """Lasting."""
        return self.letter.uid

    def getFlags(self) -> list[str]:
        """In order."""
        return sorted(self.letter.flags)

    def getInternalDate(self) -> str:
        """When it came."""
        return format_datetime(self.letter.arrived.astimezone(UTC))

    def getSize(self) -> int:
        """Octets."""
        return len(self.letter.raw)

    def open(self) -> BytesIO:
        """The whole letter."""
        return BytesIO(self.letter.raw)

    def getBodyFile(self) -> BytesIO:
        """What is behind the header."""
        return BytesIO(self.letter.raw[len(self.header()) :])

    def isMultipart(self) -> bool:
        """Parts are not told apart here."""
        return False

    def getSubPart(self, part: int) -> Any:
        """There is none. Raises: IndexError."""
        raise IndexError(part)

    def getHeaders(self, negate: bool, *names: Any) -> dict[str, str]:
        """Fields by name in small letters, unfolded, for Twisted's own searches and envelopes."""
        wanted = {_text(name).lower() for name in names}
        found: dict[str, str] = {}
        for name, raw in fields(self.header()):
            key = _text(name).lower()
            if (key in wanted) is not bool(negate):
                value = raw.partition(b":")[2].decode("ascii", "replace")
                found[key] = " ".join(value.split())
        return found

    def header(self) -> bytes:
        """The header with the empty line behind it, as it is."""
        raw = self.letter.raw
        ends = [at + len(mark) for mark in (b"\r\n\r\n", b"\n\n") if (at := raw.find(mark)) >= 0]
        return raw[: min(ends)] if ends else raw

    def chosen(self, negate: bool, names: Iterable[Any]) -> bytes:
        """Fields as they stand in the letter, and an empty line."""
        wanted = {_text(name).lower() for name in names}
        kept = (
            raw for name, raw in fields(self.header()) if (_text(name).lower() in wanted) is not bool(negate)
        )
        return b"".join(kept) + b"\r\n"


def fields(header: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and octets of each field, folded lines and the line's end with it; what is no field is left out."""
    for raw in re.findall(rb"[^\r\n]+\r?\n(?:[ \t][^\n]*\n)*", header):
        name, colon, _ = raw.partition(b":")
        if colon:
            yield name.strip(), raw


def _text(name: Any) -> str:
    return name.decode("latin-1") if isinstance(name, bytes) else str(name)
