"""What is said over POP3: commands, replies, and what a mailbox holds."""

from typing import NamedTuple


class Command(NamedTuple):
    """One command. secret: views and exports mask the argument. lines: a yes is followed by lines up to a dot."""

    verb: str
    argument: str = ""
    secret: bool = False
    lines: bool = False

    def __str__(self) -> str:
        if not self.argument:
            return self.verb
        return f"{self.verb} {'****' if self.secret else self.argument}"


class Octets(NamedTuple):
    """A command as it is sent; secret: ranges of `data` that are masked."""

    data: bytes
    secret: tuple[tuple[int, int], ...] = ()


class Reply(NamedTuple):
    """The first line of an answer. code: what stands in brackets, like "AUTH" (RFC 2449 section 8); "" for none."""

    ok: bool
    text: str
    code: str = ""

    def __str__(self) -> str:
        head = "+OK" if self.ok else "-ERR"
        code = f" [{self.code}]" if self.code else ""
        return f"{head}{code} {self.text}".rstrip()


class Entry(NamedTuple):
    """One letter of the mailbox. number: of this session alone; uid: lasting (UIDL), "" where the server has none.

    size: octets, as the server counts them.
    """

    number: int
    uid: str
    size: int

    def as_dict(self) -> dict[str, object]:
        """What JSON shows of it."""
        return {"number": self.number, "uid": self.uid, "size": self.size}
