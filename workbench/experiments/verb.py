"""What a verb is made of: its parameters, what it makes, and how its sentence is said. The verbs stand in verbs.py."""

import codecs
from collections.abc import Callable
from typing import Literal, NamedTuple

from workbench.experiments.values import Given
from workbench.formats.payload import write_payload

Kind = Literal[
    "text",
    "hex",
    "octets",
    "words",
    "count",
    "seconds",
    "yes",
    "choice",
    "address",
    "options",
    "thing",
    "place",
]
Makes = Literal[
    "deed",
    "listener",
    "stream",
    "datagram",
    "octets",
    "tries",
    "clock",
    "span",
    "tap",
    "filled",
    "gauge",
    "count",
    "lookup",
    "check",
    "listing",
    "fetched",
    "session",
    "result",
    "answer",
    "saved",
    "asked",
    "levels",
    "found",
    "called",
    "letter",
    "sent",
    "looked",
    "parsed",
    "readiness",
    "sets",
    "spun",
    "raced",
    "metered",
    "piped",
    "noticed",
    "outcome",
    "framed",
    "frames",
    "chopped",
    "unpacked",
    "serving",
    "ruled",
    "scripted",
    "search",
    "discovered",
    "service",
    "candidates",
    "inspected",
    "judged",
    "traced",
    "attempt",
]

DEFAULT_TIMEOUT_S = 5.0
"""For every wait of a step: a thousand times what loopback needs, and short enough to sit through."""
MAX_TIMEOUT_S = 60.0
MAX_DATA = 1_000_000
"""Octets that one step may send; a card shows an idea, not a throughput."""
_SHOWN_OCTETS = 40


class Param(NamedTuple):
    """One parameter of a verb.

    kind: "text", "hex" and "octets" (either) become octets, at least `low`; "words" stay text; "count" is a whole
    number from low to high, "seconds" a number above 0; "choice" one of `choices`; "address" an IP address; "options" a
    list of socket options like "RCVBUF=8192"; "thing" is the name of what an earlier step made, of one of the kinds in
    `of`; "place" somewhere to connect to; "yes" is written as true, or left out.
    """

    name: str
    kind: Kind
    what: str
    needed: bool = False
    of: tuple[Makes, ...] = ()
    low: int = 0
    high: int = MAX_DATA
    choices: tuple[str, ...] = ()


class Verb(NamedTuple):
    """One verb.

    makes: the kind of thing that its name then stands for. one_of: exactly one of these parameters must be given;
    at_most_one: one of them or none. needs_name: what it makes can't be used without a name.
    """

    name: str
    what: str
    makes: Makes
    params: tuple[Param, ...]
    sentence: Callable[[Given, str], str]
    one_of: tuple[str, ...] = ()
    at_most_one: tuple[str, ...] = ()
    needs_name: bool = False


def spoken(name: object) -> str:
    """A card's name as people read it: "first-client" is "the first client"."""
    return f"the {words(name)}"


def words(name: object) -> str:
    """A card's name without its hyphens."""
    return str(name).replace("-", " ")


def quoted(data: object, *, at_most: int = _SHOWN_OCTETS) -> str:
    """Octets as people read them: text in quotation marks with escapes, else hexadecimal; long ones cut, counted."""
    if not isinstance(data, bytes) or not data:
        return "nothing"
    more = f"… ({len(data)} octets)" if len(data) > at_most else ""
    piece = data[:at_most]
    try:
        # The cut may go through a character: what is incomplete is no mistake then, and is left out.
        text = codecs.getincrementaldecoder("utf-8")().decode(piece, final=not more)
    except UnicodeDecodeError:
        return f"the octets {piece.hex(' ')}{more}"
    return f"“{write_payload(text.encode())}”{more}"


def opening(name: object) -> str:
    """The same at the beginning of a sentence."""
    return "T" + spoken(name)[1:]


def to_place(given: Given) -> str:
    """Where a step connects to, as people read it."""
    place = str(given["to"])
    called = place.removeprefix("lab:")
    return spoken(place) if called == place else f"the Lab's {words(called)}"


def options_text(options: object) -> str:
    """Socket options as people read them: "RCVBUF=8192 and SNDBUF=8192"."""
    return " and ".join(map(str, options)) if isinstance(options, tuple) else ""


def octets(count: object) -> str:
    """A number of octets in words."""
    return "1 octet" if count == 1 else f"{count} octets"


TIMEOUT = Param("timeout_s", "seconds", f"how long to wait; {DEFAULT_TIMEOUT_S:g} if not given")
STREAM = Param("on", "thing", "a connection", needed=True, of=("stream",))
DATAGRAM = Param("on", "thing", "a UDP socket", needed=True, of=("datagram",))
_TEXT = Param("text", "text", "what to send, as text; UTF-8 on the wire")
_HEX = Param("hex", "hex", 'what to send, as octets: "83 aa 7e 80"')
_TIMES = Param("times", "count", "how often to repeat it within one send", low=1)
_LENGTH = Param(
    "length_ahead",
    "count",
    "send ahead how many octets follow, as a number of so many octets, the highest first",
    low=1,
    high=8,
)
DATA = (_TEXT, _HEX, _TIMES, _LENGTH)
ONE_DATA = ("text", "hex")
