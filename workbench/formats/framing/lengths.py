"""Framings by a length ahead: octets of either order, ASCII digits, a varint, a netstring."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Final, Literal

from workbench.errors import LocalMisuse
from workbench.formats.framing.decoder import Break, Held
from workbench.formats.framing.values import MAX_MESSAGE, Broken, Remark, Wire, octets_of, write_marks

Order = Literal["big", "little"]
WIDTHS: Final = (1, 2, 4, 8)
MAX_DIGITS: Final = 20
"""Of a length in ASCII: 2**64 - 1 has as many."""
MAX_VARINT: Final = 10
"""Octets of seven bits that hold 64 bits."""
NETSTRINGS: Final = "D. J. Bernstein, Netstrings (1997)"


def too_large(limit: int, announced: int, at: int, data: bytes) -> Break:
    """A length that nobody should believe: a receiver that makes room for it is out of memory."""
    what = f"{octets_of(announced)} are announced, and the limit is {octets_of(limit)}"
    return Break(Broken(what, at, data, advice="nothing was kept for it; raise the limit if it is meant"))


def overflow(size: int, most: int, width: str) -> Remark:
    """That a message is too long for its length field."""
    what = f"{octets_of(size)} don't fit: {width} can say {most:,} at most"
    return Remark("width-overflow", what, most, size - most, stops=True)


def refuse(remarks: tuple[Remark, ...]) -> None:
    """Raises: LocalMisuse: one of them says that the message can't be sent."""
    for remark in remarks:
        if remark.stops:
            raise LocalMisuse(remark.what, advice="choose a wider length, or send less at once")


class Announced(Held):
    """A length, then as many octets; `_length` reads the length."""

    def __init__(self, limit: int = MAX_MESSAGE) -> None:
        super().__init__(limit)
        self._awaited: int | None = None
        self._tail = 0

    def _step(self) -> bool:
        if self._awaited is None:
            read = self._length()
            if read is None:
                return False
            self._awaited, size = read
            if self._awaited > self.limit:
                raise too_large(self.limit, self._awaited, self._place, self._peek(size))
            self._at += size
        if self._left < self._awaited + self._tail:
            return False
        data = self._peek(self._awaited)
        self._check_tail(self._at + self._awaited)
        self._at += self._awaited + self._tail
        self._awaited = None
        self._emit(data, self._place)
        return True

    @abstractmethod
    def _length(self) -> tuple[int, int] | None:
        """The length, and octets that it took; None while there are too few. Raises: Break."""

    def _check_tail(self, at: int) -> None:
        """Look at what stands behind the octets announced."""

    def _where(self) -> tuple[str, int, int | None]:
        if self._awaited is not None:
            missing = self._awaited + self._tail - self._left
            return f"in a message of {octets_of(self._awaited)}", min(self._left, self._awaited), missing
        if not self._left:
            return "before a length", 0, self._least()
        return "in a length", self._left, max(1, self._least() - self._left)

    def _least(self) -> int:
        """Octets that a length has at least."""
        return 1


# A number of octets -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LengthPrefix:
    """The length as a word of so many octets."""

    width: int = 4
    order: Order = "big"

    @property
    def title(self) -> str:
        """ "Length, 4 octets, big-endian"."""
        return f"Length, {octets_of(self.width)}" + (f", {self.order}-endian" if self.width > 1 else "")

    def remarks(self, data: bytes) -> tuple[Remark, ...]:
        """Too long for the width."""
        most = (1 << 8 * self.width) - 1
        return (overflow(len(data), most, octets_of(self.width)),) if len(data) > most else ()

    def encode(self, data: bytes) -> Wire:
        """Length and message. Raises: LocalMisuse: too long for the width."""
        refuse(self.remarks(data))
        label = f"length {len(data)}, {octets_of(self.width)}, {self.order}-endian"
        return write_marks(
            ((len(data).to_bytes(self.width, self.order), "length", label), (data, "data", "the message"))
        )

    def decoder(self, limit: int = MAX_MESSAGE) -> "PrefixDecoder":
        """Reads it."""
        return PrefixDecoder(self.width, self.order, limit)


class PrefixDecoder(Announced):
    """A word, then the message."""

    def __init__(self, width: int, order: Order, limit: int = MAX_MESSAGE) -> None:
        super().__init__(limit)
        self._width = width
        self._order: Order = order

    def _length(self) -> tuple[int, int] | None:
        if self._left < self._width:
            return None
        return int.from_bytes(self._peek(self._width), self._order), self._width

    def _least(self) -> int:
        return self._width


# ASCII digits -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Digits:
    """The length as so many ASCII digits, with leading zeros."""

    width: int = 4

    @property
    def title(self) -> str:
        """ "Length, 4 digits"."""
        return f"Length, {self.width} digit{'s' if self.width != 1 else ''}"

    def remarks(self, data: bytes) -> tuple[Remark, ...]:
        """Too long for the digits."""
        most = 10**self.width - 1
        return (overflow(len(data), most, f"{self.width} digits"),) if len(data) > most else ()

    def encode(self, data: bytes) -> Wire:
        """Digits and message. Raises: LocalMisuse: too long for them."""
        refuse(self.remarks(data))
        digits = f"{len(data):0{self.width}d}".encode()
        return write_marks(
            ((digits, "length", f"length {len(data)} in digits"), (data, "data", "the message"))
        )

    def decoder(self, limit: int = MAX_MESSAGE) -> "DigitsDecoder":
        """Reads it."""
        return DigitsDecoder(self.width, limit)


class DigitsDecoder(Announced):
    """Digits, each looked at as soon as it is there."""

    def __init__(self, width: int, limit: int = MAX_MESSAGE) -> None:
        super().__init__(limit)
        self._width = width

    def _length(self) -> tuple[int, int] | None:
        digits = self._peek(self._width)
        check_digits(digits, self._place)
        return (int(digits), self._width) if len(digits) == self._width else None

    def _least(self) -> int:
        return self._width


def check_digits(digits: bytes, place: int) -> None:
    """Raises: Break at the first octet that is no ASCII digit."""
    for at, octet in enumerate(digits):
        if not 0x30 <= octet <= 0x39:
            what = f"{bytes((octet,))!r} in a length: it is written in ASCII digits"
            raise Break(Broken(what, place + at, digits[: at + 1]))


# Seven bits an octet ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Varint:
    """The length in groups of seven bits, the lowest first; the top bit says that more follow (Protocol Buffers)."""

    title: str = "Length, varint"

    def remarks(self, data: bytes) -> tuple[Remark, ...]:
        """Nothing: it is as wide as it must be."""
        return ()

    def encode(self, data: bytes) -> Wire:
        """Length and message."""
        length = write_varint(len(data))
        label = f"length {len(data)}, 7 bits an octet"
        return write_marks(((length, "length", label), (data, "data", "the message")))

    def decoder(self, limit: int = MAX_MESSAGE) -> "VarintDecoder":
        """Reads it."""
        return VarintDecoder(limit)


def write_varint(number: int) -> bytes:
    """A number of at least 0, seven bits an octet."""
    octets = bytearray()
    while number > 0x7F:
        octets.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*octets, number))


class VarintDecoder(Announced):
    """Groups of seven bits until one is the last."""

    def _length(self) -> tuple[int, int] | None:
        number = 0
        head = self._peek(MAX_VARINT)
        for at, octet in enumerate(head):
            number |= (octet & 0x7F) << 7 * at
            if octet < 0x80:
                return number, at + 1
        if len(head) == MAX_VARINT:
            what = f"a length of more than {MAX_VARINT} octets"
            raise Break(Broken(what, self._place + MAX_VARINT - 1, head, "Protocol Buffers, Encoding"))
        return None


# Netstrings ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Netstring:
    """Digits, a colon, the message, a comma."""

    title: str = "Netstring"

    def remarks(self, data: bytes) -> tuple[Remark, ...]:
        """Nothing: it is as wide as it must be."""
        return ()

    def encode(self, data: bytes) -> Wire:
        """ "5:hello,"."""
        return write_marks(
            (
                (str(len(data)).encode(), "length", f"length {len(data)} in digits"),
                (b":", "marker", "colon"),
                (data, "data", "the message"),
                (b",", "check", "comma: that the length was right"),
            )
        )

    def decoder(self, limit: int = MAX_MESSAGE) -> "NetstringDecoder":
        """Reads it."""
        return NetstringDecoder(limit)


class NetstringDecoder(Announced):
    """Digits up to a colon; the comma behind the message is checked."""

    def __init__(self, limit: int = MAX_MESSAGE) -> None:
        super().__init__(limit)
        self._tail = 1

    def _length(self) -> tuple[int, int] | None:
        head = self._peek(MAX_DIGITS + 1)
        digits, colon, _ = head.partition(b":")
        check_digits(digits[:1], self._place)
        if digits[:1] == b"0" and len(digits) > 1 and digits[1:2].isdigit():
            raise Break(Broken("a length with a leading zero", self._place + 1, digits[:2], NETSTRINGS))
        check_digits(digits, self._place)
        if colon and not digits:
            raise Break(Broken("a colon without a length", self._place, head[:1], NETSTRINGS))
        if len(digits) > MAX_DIGITS:
            what = f"a length of more than {MAX_DIGITS} digits"
            raise Break(Broken(what, self._place + MAX_DIGITS, digits, NETSTRINGS))
        return (int(digits), len(digits) + 1) if colon else None

    def _check_tail(self, at: int) -> None:
        if self._held[at : at + 1] != b",":
            octet = bytes(self._held[at : at + 1])
            what = f"{octet!r} where the comma stands: the length is wrong"
            raise Break(Broken(what, self._base + at, octet, NETSTRINGS))

    def _where(self) -> tuple[str, int, int | None]:
        name, held, awaited = super()._where()
        # The shortest there is: "0:,".
        return name, held, max(awaited or 0, 3 - self._left) if self._awaited is None else awaited
