"""What a step can do: the verbs, their parameters, what each makes, and the sentence that says it.

The table is all that a card is checked against; steps.py carries the verbs out. A card's reader finds here what may be
written:

    [[step]]
    do = "send"             a verb of this table
    on = "client"           its parameters: a thing that an earlier step made and named
    text = "hello\\r\\n"
    as = "greeting"         optional, except where a verb makes something: how later lines call the outcome
    fails = "LinkLost"      optional: the step must fail, with this kind of failure
    say = "..."             optional: the sentence for people, where ours is not good enough

Names are words with hyphens ("first-client"), since the sentences read them aloud: "The first client sends ...".
"""

import codecs
from collections.abc import Callable
from typing import Literal, NamedTuple

from workbench.experiments.values import Given, Plan, Step
from workbench.formats.payload import write_payload

Kind = Literal["text", "hex", "words", "count", "seconds", "yes", "thing", "place"]
Makes = Literal["deed", "listener", "stream", "datagram", "octets", "tries", "clock", "span"]

DEFAULT_TIMEOUT_S = 5.0
"""For every wait of a step: a thousand times what loopback needs, and short enough to sit through."""
MAX_TIMEOUT_S = 60.0
MAX_DATA = 1_000_000
"""Octets that one step may send; a card shows an idea, not a throughput."""
_SHOWN_OCTETS = 40


class Param(NamedTuple):
    """One parameter of a verb.

    kind: "text" and "hex" become octets, of which there must be at least `low`; "words" stay text; "count" is a whole
    number from low to high, "seconds" a number above 0; "thing" is the name of what an earlier step made, of one of the
    kinds in `of`; "place" somewhere to connect to; "yes" is written as true, or left out.
    """

    name: str
    kind: Kind
    what: str
    needed: bool = False
    of: tuple[Makes, ...] = ()
    low: int = 0
    high: int = MAX_DATA


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
    return f"the {_words(name)}"


def _words(name: object) -> str:
    return str(name).replace("-", " ")


def quoted(data: object, *, at_most: int = _SHOWN_OCTETS) -> str:
    """Octets as people read them: text in quotation marks with escapes, else hexadecimal; long ones cut, counted."""
    if not isinstance(data, bytes) or not data:
        return "nothing"
    more = f"… ({len(data)} octets)" if len(data) > at_most else ""
    piece = data[:at_most]
    try:
        # The cut may go through a character: what is incomplete is no mistake then.
        codecs.getincrementaldecoder("utf-8")().decode(piece, final=not more)
    except UnicodeDecodeError:
        return f"the octets {piece.hex(' ')}{more}"
    return f"“{write_payload(piece)}”{more}"


def opening(name: object) -> str:
    """The same at the beginning of a sentence."""
    return "T" + spoken(name)[1:]


def _to(given: Given) -> str:
    place = str(given["to"])
    called = place.removeprefix("lab:")
    return spoken(place) if called == place else f"the Lab's {_words(called)}"


def _say_listen(_given: Given, name: str) -> str:
    return f"{opening(name)} listens on a free port of this machine."


def _say_accept(given: Given, name: str) -> str:
    return f"{opening(given['on'])} accepts a connection: {spoken(name)}."


def _say_connect(given: Given, name: str) -> str:
    return f"{opening(name)} connects to {_to(given)}."


def _say_send(given: Given, _name: str) -> str:
    return f"{opening(given['on'])} sends {quoted(given['data'])}."


def _say_send_until_lost(given: Given, _name: str) -> str:
    return f"{opening(given['on'])} goes on sending {quoted(given['data'])} until its system says no."


def _say_read(given: Given, _name: str) -> str:
    who = opening(given["on"])
    if "until" in given:
        return f"{who} reads up to and including {quoted(given['until'])}."
    if "exactly" in given:
        return f"{who} reads exactly {_octets(given['exactly'])}."
    if "to_end" in given:
        return f"{who} reads to the end."
    if "at_most" in given:
        return f"{who} reads once, at most {_octets(given['at_most'])}."
    return f"{who} reads once."


def _say_wait_end(given: Given, _name: str) -> str:
    return f"{opening(given['on'])} waits for the end."


def _say_finish(given: Given, _name: str) -> str:
    return f"{opening(given['on'])} finishes: it will send no more (FIN)."


def _say_abort(given: Given, _name: str) -> str:
    return f"{opening(given['on'])} resets the connection (RST)."


def _say_close(given: Given, _name: str) -> str:
    return f"{opening(given['on'])} closes."


def _say_open_datagram(given: Given, name: str) -> str:
    if "to" in given:
        return f"{opening(name)} opens a UDP socket that talks to {_to(given)} alone."
    return f"{opening(name)} opens a UDP socket on a free port, for everybody."


def _say_send_datagram(given: Given, _name: str) -> str:
    data = given["data"]
    what = f"a datagram of {quoted(data)}" if data else "a datagram of no octets"
    return f"{opening(given['on'])} sends {what}{f' to {_to(given)}' if 'to' in given else ''}."


def _say_receive_datagram(given: Given, _name: str) -> str:
    return f"{opening(given['on'])} waits for a datagram."


def _say_note(given: Given, _name: str) -> str:
    return str(given["text"])


def _say_decode_time(given: Given, _name: str) -> str:
    return f"Read {spoken(given['of'])} as a time: seconds since 1900, in four octets."


def _say_measure(given: Given, _name: str) -> str:
    return f"Take the time since {spoken(given['since'])}."


def _octets(count: object) -> str:
    return "1 octet" if count == 1 else f"{count} octets"


_TIMEOUT = Param("timeout_s", "seconds", f"how long to wait; {DEFAULT_TIMEOUT_S:g} if not given")
_STREAM = Param("on", "thing", "a connection", needed=True, of=("stream",))
_DATAGRAM = Param("on", "thing", "a UDP socket", needed=True, of=("datagram",))
_TEXT = Param("text", "text", "what to send, as text; UTF-8 on the wire")
_HEX = Param("hex", "hex", 'what to send, as octets: "83 aa 7e 80"')
_TIMES = Param("times", "count", "how often to repeat it within one send", low=1)
_DATA = (_TEXT, _HEX, _TIMES)
_ONE_DATA = ("text", "hex")

_ALL = (
    Verb(
        "listen",
        "wait for TCP connections on a free port of 127.0.0.1",
        "listener",
        (Param("backlog", "count", "connections that may wait to be accepted; 128 if not given", high=4096),),
        _say_listen,
        needs_name=True,
    ),
    Verb(
        "accept",
        "take the next connection of a listener",
        "stream",
        (Param("on", "thing", "a listener", needed=True, of=("listener",)), _TIMEOUT),
        _say_accept,
        needs_name=True,
    ),
    Verb(
        "connect",
        "open a TCP connection",
        "stream",
        (Param("to", "place", "a service of [lab], or a listener", needed=True, of=("listener",)), _TIMEOUT),
        _say_connect,
        needs_name=True,
    ),
    Verb("send", "send octets on a connection", "deed", (_STREAM, *_DATA), _say_send, _ONE_DATA),
    Verb(
        "send-until-lost",
        "send the same octets again and again until the system says that the connection is gone",
        "tries",
        (_STREAM, *_DATA, _TIMEOUT),
        _say_send_until_lost,
        _ONE_DATA,
    ),
    Verb(
        "read",
        "receive from a connection: what is there; or up to a text; or so many octets; or all to the end",
        "octets",
        (
            _STREAM,
            Param("until", "text", "read up to and including this", low=1),
            Param("exactly", "count", "read so many octets, fewer only at the end", low=1),
            Param("to_end", "yes", "read until the peer has ended"),
            Param("at_most", "count", "read once, at most so many octets", low=1),
            _TIMEOUT,
        ),
        _say_read,
        at_most_one=("until", "exactly", "to_end", "at_most"),
    ),
    Verb(
        "wait-end",
        "wait until the peer has ended; what still arrives is recorded",
        "octets",
        (_STREAM, _TIMEOUT),
        _say_wait_end,
    ),
    Verb("finish", "send no more (FIN); the peer still may", "deed", (_STREAM,), _say_finish),
    Verb("abort", "reset the connection (RST)", "deed", (_STREAM,), _say_abort),
    Verb(
        "close",
        "give a socket back, both directions at once",
        "deed",
        (
            Param(
                "on",
                "thing",
                "a connection, listener or UDP socket",
                needed=True,
                of=("stream", "listener", "datagram"),
            ),
        ),
        _say_close,
    ),
    Verb(
        "open-datagram",
        "open a UDP socket: to one peer alone, or on a free port of 127.0.0.1 for everybody",
        "datagram",
        (Param("to", "place", "a service of [lab], or another UDP socket", of=("datagram",)),),
        _say_open_datagram,
        needs_name=True,
    ),
    Verb(
        "send-datagram",
        "send one datagram; an empty one too",
        "deed",
        (
            _DATAGRAM,
            *_DATA,
            Param(
                "to",
                "thing",
                "for a socket without a peer: another one that it has heard from",
                of=("datagram",),
            ),
        ),
        _say_send_datagram,
        _ONE_DATA,
    ),
    Verb("receive-datagram", "wait for one datagram", "octets", (_DATAGRAM, _TIMEOUT), _say_receive_datagram),
    Verb(
        "note",
        "say something; with a name it marks a moment",
        "deed",
        (Param("text", "words", "what to say", needed=True),),
        _say_note,
    ),
    Verb(
        "decode-time",
        "read received octets as a time (RFC 868) and compare it with this machine's clock",
        "clock",
        (Param("of", "thing", "octets that were read", needed=True, of=("octets",)),),
        _say_decode_time,
    ),
    Verb(
        "measure",
        "take the time that has passed since another step ended",
        "span",
        (
            Param(
                "since",
                "thing",
                "a step with a name",
                needed=True,
                of=("deed", "listener", "stream", "datagram", "octets", "tries", "clock", "span"),
            ),
        ),
        _say_measure,
    ),
)

VERBS = {verb.name: verb for verb in _ALL}
"""Every verb by its name, in the order in which a reader meets them."""


def made_by(step: Step) -> Makes:
    """The kind of thing that a step's name stands for: a step that must fail makes nothing."""
    return "deed" if step.fails else VERBS[step.verb].makes


def kinds_of(plan: Plan) -> dict[str, Makes]:
    """What the named steps of a plan make."""
    return {step.name: made_by(step) for step in plan.steps if step.name}
