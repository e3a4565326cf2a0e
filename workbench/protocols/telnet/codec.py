"""Octets of a Telnet stream to pieces and back, cut anywhere, bounded (RFC 854, RFC 855)."""

from typing import Final

from workbench.errors import LocalMisuse
from workbench.protocols.telnet.values import (
    IAC,
    OPTIONS,
    SB,
    SE,
    VERBS,
    Command,
    Data,
    Negotiation,
    Piece,
    Subnegotiation,
    Unfinished,
    Verb,
)

MAX_PARAMETERS: Final = 4096
"""Octets of an option's parameters that are kept; RFC 855 has no bound, and a terminal's name has forty."""
_VERB_OF: Final[dict[int, Verb]] = {code: verb for verb, code in VERBS.items()}  # type: ignore[misc]  # a dict's keys are plain text
_BY_NAME: Final = {known.name: number for number, known in OPTIONS.items()}


class TelnetReader:
    """Octets in, pieces out. What is data comes at once, a command once it is whole."""

    def __init__(self) -> None:
        self._state = "data"
        self._at = 0
        self._begun = 0
        self._verb: Verb = "WILL"
        self._option = -1
        self._inside = bytearray()
        self._cut = False

    def feed(self, data: bytes) -> tuple[Piece, ...]:
        """The pieces that these octets complete, in order; neighbouring data of one call is one piece."""
        found: list[Piece] = []
        plain = bytearray()
        plain_start = self._at
        place = 0
        while place < len(data):
            if self._state == "data":
                stop = data.find(b"\xff", place)
                stop = len(data) if stop < 0 else stop
                if not plain:
                    plain_start = self._at
                plain += data[place:stop]
                self._at += stop - place
                place = stop
                if place < len(data):
                    self._state, self._begun = "iac", self._at
                    self._at += 1
                    place += 1
                continue
            octet = data[place]
            place += 1
            self._at += 1
            if self._state == "iac" and octet == IAC:
                if not plain:
                    plain_start = self._begun
                plain.append(IAC)
                self._state = "data"
                continue
            piece = self._step(octet)
            if piece is not None:
                if plain:
                    found.append(Data(bytes(plain), plain_start, self._begun))
                    plain.clear()
                found.append(piece)
        if plain:
            stop = self._at if self._state == "data" else self._begun
            found.append(Data(bytes(plain), plain_start, stop))
        return tuple(found)

    def finish(self) -> tuple[Piece, ...]:
        """The end of the stream: what it left unfinished."""
        if self._state == "data":
            return ()
        self._state = "data"
        return (Unfinished(self._beginning(), self._begun, self._at),)

    def _beginning(self) -> bytes:
        length = self._at - self._begun
        head = bytes((IAC,))
        if self._option >= 0:
            head += bytes((SB, self._option))
        return (head + bytes(self._inside))[:length]

    def _step(self, octet: int) -> Piece | None:
        match self._state:
            case "iac":
                return self._after_iac(octet)
            case "verb":
                self._state = "data"
                return Negotiation(self._verb, octet, self._begun, self._at)
            case "option":
                self._option, self._state = octet, "inside"
            case "inside":
                if octet == IAC:
                    self._state = "inside-iac"
                else:
                    self._keep(octet)
            case "inside-iac":
                if octet == IAC:
                    self._keep(octet)
                    self._state = "inside"
                else:
                    # SE ends it; anything else is a peer's mistake, and waiting for SE then would swallow the rest.
                    return self._parameters()
        return None

    def _after_iac(self, octet: int) -> Piece | None:
        verb = _VERB_OF.get(octet)
        if verb is not None:
            self._verb, self._state = verb, "verb"
            return None
        if octet == SB:
            self._state = "option"
            self._inside.clear()
            self._cut = False
            return None
        self._state = "data"
        return Command(octet, self._begun, self._at)

    def _parameters(self) -> Subnegotiation:
        made = Subnegotiation(self._option, bytes(self._inside), self._begun, self._at, self._cut)
        self._state, self._option = "data", -1
        self._inside.clear()
        return made

    def _keep(self, octet: int) -> None:
        if len(self._inside) < MAX_PARAMETERS:
            self._inside.append(octet)
        else:
            self._cut = True


def escaped(data: bytes) -> bytes:
    """Octets that mean themselves, as they are sent: each 255 twice."""
    return data.replace(b"\xff", b"\xff\xff")


def encode(verb: str, option: int) -> bytes:
    """A negotiation. Raises: LocalMisuse: no such verb or option."""
    if verb not in VERBS or not 0 <= option <= 255:
        raise LocalMisuse(f"{verb} {option} is no negotiation of Telnet")
    return bytes((IAC, VERBS[verb], option))


def encode_parameters(option: int, data: bytes) -> bytes:
    """An option's parameters. Raises: LocalMisuse: no such option."""
    if not 0 <= option <= 255:
        raise LocalMisuse(f"{option} is no option of Telnet")
    return bytes((IAC, SB, option)) + escaped(data) + bytes((IAC, SE))


def read_option(text: str) -> int:
    """An option by its name or number. Raises: LocalMisuse with the place."""
    word = text.strip().upper()
    if word in _BY_NAME:
        return _BY_NAME[word]
    if word.isascii() and word.isdigit() and len(word) <= 3 and int(word) <= 255:
        return int(word)
    raise LocalMisuse(
        "no option of Telnet is called so",
        text=text,
        start=0,
        end=len(text),
        advice="write a name like ECHO or NAWS, or a number from 0 to 255",
    )
