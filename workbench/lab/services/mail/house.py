"""The mailboxes of the Lab: made once in a Lab, shared by its three mail servers, gone with it. No Twisted here."""

import functools
import secrets
import string
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import overload

from workbench.lab.services.mail.letters import DATE, generated, samples

DOMAIN = "lab.test"
USERS = ("anna", "ben")
MANY = "Ten thousand"
MANY_LETTERS = 10_000
MAX_LETTERS = 20_000
"""In one folder: who sends more gets told that the mailbox is full."""
_LETTERS = string.ascii_lowercase + string.digits
PASSWORD_LETTERS = 10
"""Of 36 each: more than any other program of this machine can try."""


class Letter:
    """One letter. raw: with CRLF, or as broken as it came; flags: as IMAP spells them."""

    __slots__ = ("arrived", "flags", "raw", "uid")

    def __init__(self, uid: int, raw: bytes, flags: Sequence[str] = (), arrived: datetime = DATE) -> None:
        self.uid = uid
        self.raw = raw
        self.flags = set(flags)
        self.arrived = arrived


class Many(Sequence[Letter]):
    """So many letters that each is written only when somebody looks at it."""

    def __len__(self) -> int:
        return MANY_LETTERS

    @overload
    def __getitem__(self, at: int) -> Letter: ...
    @overload
    def __getitem__(self, at: slice) -> list[Letter]: ...
    def __getitem__(self, at: int | slice) -> Letter | list[Letter]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        return Letter(at + 1, generated(at + 1), ("\\Seen",) if at % 3 else ())


class Folder:
    """A folder. watchers: called back after a letter came or went."""

    def __init__(self, name: str, letters: Sequence[Letter] = ()) -> None:
        self.name = name
        self.is_fixed = isinstance(letters, Many)
        self.letters: Sequence[Letter] = letters if self.is_fixed else list(letters)
        self.uidvalidity = 1_700_000_000 + len(name)
        self.uidnext = len(letters) + 1
        self.watchers: list[Callable[[], object]] = []

    def add(self, raw: bytes, flags: Sequence[str] = (), arrived: datetime | None = None) -> Letter:
        """Put a letter at the end. Raises: OverflowError: the folder is full, or holds what it always holds."""
        if self.is_fixed or len(self.letters) >= MAX_LETTERS:
            raise OverflowError(self.name)
        letter = Letter(self.uidnext, raw, flags, arrived or datetime.now(UTC))
        self.uidnext += 1
        self.letters = [*self.letters, letter]
        self._tell()
        return letter

    def drop(self, uids: set[int]) -> None:
        """Take letters out."""
        if not self.is_fixed:
            self.letters = [letter for letter in self.letters if letter.uid not in uids]
            self._tell()

    def _tell(self) -> None:
        for watcher in tuple(self.watchers):
            watcher()


class Account:
    """One user: a password that was made for this Lab, and folders by name."""

    def __init__(self, user: str, folders: Sequence[Folder]) -> None:
        self.user = user
        self.address = f"{user}@{DOMAIN}"
        self.password = "".join(secrets.choice(_LETTERS) for _ in range(PASSWORD_LETTERS))
        self.folders = {folder.name: folder for folder in folders}

    @property
    def inbox(self) -> Folder:
        """Where what is sent arrives; what POP3 shows."""
        return self.folders["INBOX"]


class House:
    """All accounts of a Lab."""

    def __init__(self) -> None:
        anna = Account(
            "anna",
            (
                Folder("INBOX", [Letter(at + 1, *sample) for at, sample in enumerate(samples())]),
                Folder("Sent"),
                Folder("Entwürfe"),
                Folder("Archive"),
                Folder("Archive/2004", [Letter(1, generated(1), ("\\Seen",))]),
                Folder(MANY, Many()),
            ),
        )
        ben = Account("ben", (Folder("INBOX", [Letter(1, *samples()[0])]), Folder("Sent")))
        self.accounts = {account.user: account for account in (anna, ben)}

    @property
    def logins(self) -> tuple[tuple[str, str], ...]:
        """User and password of each."""
        return tuple((account.user, account.password) for account in self)

    def __iter__(self) -> Iterator[Account]:
        return iter(self.accounts.values())

    def of_address(self, address: str) -> Account | None:
        """Whose mailbox an address leads to; small and capital letters are the same here."""
        return next((account for account in self if account.address == address.lower()), None)

    def of_login(self, user: bytes) -> Account | None:
        """By name, or by address."""
        text = user.decode("utf-8", "replace").lower()
        return self.accounts.get(text) or self.of_address(text)


@functools.cache
def house() -> House:
    """The one set of mailboxes of this process."""
    return House()
