"""What is said over IMAP: commands, responses, folders, letters."""

from typing import Literal, NamedTuple

Value = bytes | None | tuple["Value", ...]
"""A datum of a response: a string or an atom as octets, NIL as None, a list in parentheses as a tuple."""
Condition = Literal["OK", "NO", "BAD", "BYE", "PREAUTH"]


class Command(NamedTuple):
    """One command. arguments: as they go over the wire, in order: octets as they are, or a Text to be quoted."""

    verb: str
    arguments: tuple["bytes | Text", ...] = ()

    def __str__(self) -> str:
        shown = ("****" if isinstance(a, Text) and a.secret else _plain(a) for a in self.arguments)
        return " ".join((self.verb, *shown))


class Text(NamedTuple):
    """An argument that is a string: quoted, or a literal where it can't be. secret: masked wherever it is shown.

    bare: an atom for once, without quotation marks (RFC 4959 section 3).
    """

    data: bytes
    secret: bool = False
    bare: bool = False


def _plain(argument: "bytes | Text") -> str:
    data = argument.data if isinstance(argument, Text) else argument
    return data.decode("utf-8", "backslashreplace")


class Octets(NamedTuple):
    """A piece of a command as it is sent; secret: ranges of `data` that are masked."""

    data: bytes
    secret: tuple[tuple[int, int], ...] = ()


class Status(NamedTuple):
    """OK, NO, BAD, BYE or PREAUTH. tag: of the command that it ends; "" where it is said besides.

    code: what stands in brackets, its word in capitals ("UIDVALIDITY"), and its arguments; "" for none.
    """

    tag: str
    condition: Condition
    text: str
    code: str = ""
    arguments: tuple[Value, ...] = ()

    def __str__(self) -> str:
        code = f" [{self.code}]" if self.code else ""
        return f"{self.condition}{code} {self.text}".rstrip()


class Data(NamedTuple):
    """An untagged response that is no status. name: in capitals ("FETCH"); number: before it, None for none."""

    name: str
    number: int | None
    values: tuple[Value, ...]


class GoAhead(NamedTuple):
    """A continuation request: "+" and some text."""

    text: bytes


Response = Status | Data | GoAhead


class Folder(NamedTuple):
    """A folder of LIST. name: for people; raw: its octets at the server (modified UTF-7, RFC 3501 section 5.1.3).

    delimiter: between the parts of its name; "" where there is no hierarchy. flags: as sent, with their backslash.
    """

    name: str
    raw: bytes
    delimiter: str
    flags: tuple[str, ...] = ()

    @property
    def can_open(self) -> bool:
        """Whether it holds letters: some exist only to hold others."""
        return not {"\\noselect", "\\nonexistent"} & {flag.lower() for flag in self.flags}

    def as_dict(self) -> dict[str, object]:
        """What JSON shows of it."""
        return {
            "name": self.name,
            "delimiter": self.delimiter,
            "flags": list(self.flags),
            "can_open": self.can_open,
        }


class Mailbox(NamedTuple):
    """An opened folder. exists: letters in it now. None: the server does not tell.

    unseen: the number of the first letter that nobody has read. read_only: whether the server says so too.
    """

    name: str
    exists: int
    uidvalidity: int | None = None
    uidnext: int | None = None
    recent: int | None = None
    unseen: int | None = None
    flags: tuple[str, ...] = ()
    permanent_flags: tuple[str, ...] = ()
    read_only: bool = False


class Summary(NamedTuple):
    """A letter in a list. seq: its number now, which changes when others vanish; uid: lasting within UIDVALIDITY.

    flags: as sent, with their backslash. size: octets. date: when it arrived (INTERNALDATE), ISO 8601 with its zone;
    "" where the server's can't be read. header: the fields From, To, Subject and Date as they stand in the letter.
    """

    seq: int
    uid: int
    flags: tuple[str, ...]
    size: int
    date: str
    header: bytes
