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

from typing import get_args

from workbench.experiments.values import Given, Plan, Step
from workbench.experiments.verb import (
    DATA,
    DATAGRAM,
    DEFAULT_TIMEOUT_S,
    MAX_DATA,
    MAX_TIMEOUT_S,
    ONE_DATA,
    STREAM,
    TIMEOUT,
    Kind,
    Makes,
    Param,
    Verb,
    octets,
    opening,
    options_text,
    quoted,
    spoken,
    to_place,
)
from workbench.experiments.verbs_addresses import ADDRESSES
from workbench.experiments.verbs_calls import HAND_CALLS
from workbench.experiments.verbs_discovery import DISCOVERY
from workbench.experiments.verbs_dns import NAMES
from workbench.experiments.verbs_flow import FLOW
from workbench.experiments.verbs_frames import FRAMES
from workbench.experiments.verbs_ftp import FILES
from workbench.experiments.verbs_gopher import GOPHER
from workbench.experiments.verbs_letters import LETTERS
from workbench.experiments.verbs_mail import MAIL
from workbench.experiments.verbs_markup import MARKUP
from workbench.experiments.verbs_queues import QUEUES
from workbench.experiments.verbs_readiness import READY
from workbench.experiments.verbs_scripts import SCRIPTS
from workbench.experiments.verbs_secure import SECURE
from workbench.experiments.verbs_servers import SERVERS
from workbench.experiments.verbs_sql import DATABASES
from workbench.experiments.verbs_web import WEB

__all__ = [
    "DEFAULT_TIMEOUT_S",
    "MAX_DATA",
    "MAX_TIMEOUT_S",
    "VERBS",
    "Kind",
    "Makes",
    "Param",
    "Verb",
    "kinds_of",
    "made_by",
    "quoted",
    "spoken",
]

LOOPBACK = "127.0.0.1"


def _say_listen(given: Given, name: str) -> str:
    if not {"at", "port_of", "options"} & given.keys():
        return f"{opening(name)} listens on a free port of this machine."
    port = f"the port of {spoken(given['port_of'])}" if "port_of" in given else "a free port"
    wishes = f", with {options_text(given['options'])}" if "options" in given else ""
    return f"{opening(name)} listens on {given.get('at', LOOPBACK)}, {port}{wishes}."


def _say_accept(given: Given, name: str) -> str:
    return f"{opening(given['on'])} accepts a connection: {spoken(name)}."


def _say_connect(given: Given, name: str) -> str:
    at = f", at {given['at']}" if "at" in given else ""
    source = f" from {given['from']}" if "from" in given else ""
    return f"{opening(name)} connects{source} to {to_place(given)}{at}."


def _say_send(given: Given, _name: str) -> str:
    return f"{opening(given['on'])} sends {quoted(given['data'])}."


def _say_send_until_lost(given: Given, _name: str) -> str:
    return f"{opening(given['on'])} goes on sending {quoted(given['data'])} until its system says no."


def _say_read(given: Given, _name: str) -> str:
    who = opening(given["on"])
    if "until" in given:
        return f"{who} reads up to and including {quoted(given['until'])}."
    if "exactly" in given:
        return f"{who} reads exactly {octets(given['exactly'])}."
    if "to_end" in given:
        return f"{who} reads to the end."
    if "at_most" in given:
        return f"{who} reads once, at most {octets(given['at_most'])}."
    if "length_ahead" in given:
        return f"{who} reads a length of {octets(given['length_ahead'])}, and then as many octets as it says."
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
    wishes = f", with {options_text(given['options'])}" if "options" in given else ""
    if "to" in given:
        at = f" at {given['at']}" if "at" in given else ""
        source = f" from the port of {spoken(given['port_of'])}" if "port_of" in given else ""
        return (
            f"{opening(name)} opens a UDP socket that talks{source} to {to_place(given)}{at} alone{wishes}."
        )
    port = f"the port of {spoken(given['port_of'])}" if "port_of" in given else "a free port"
    at = f"{given['at']}, " if "at" in given else ""
    return f"{opening(name)} opens a UDP socket on {at}{port}, for everybody{wishes}."


def _say_send_datagram(given: Given, _name: str) -> str:
    data = given["data"]
    what = f"a datagram of {quoted(data)}" if data else "a datagram of no octets"
    return f"{opening(given['on'])} sends {what}{f' to {to_place(given)}' if 'to' in given else ''}."


def _say_receive_datagram(given: Given, _name: str) -> str:
    room = f", with room for {octets(given['at_most'])}" if "at_most" in given else ""
    return f"{opening(given['on'])} waits for a datagram{room}."


def _say_note(given: Given, _name: str) -> str:
    return str(given["text"])


def _say_decode_time(given: Given, _name: str) -> str:
    return f"Read {spoken(given['of'])} as a time: seconds since 1900, in four octets."


def _say_measure(given: Given, _name: str) -> str:
    return f"Take the time since {spoken(given['since'])}."


_ALL = (
    Verb(
        "listen",
        "wait for TCP connections on a free port of 127.0.0.1, or where one says",
        "listener",
        (
            Param(
                "backlog", "count", "connections that may wait to be accepted; 128 if not given", high=4096
            ),
            Param("at", "address", f"the address to listen on; {LOOPBACK} if not given"),
            Param("port_of", "thing", "take the same port as this listener", of=("listener",)),
            Param("options", "options", 'socket options, set before it is bound: ["V6ONLY=1"]'),
        ),
        _say_listen,
        needs_name=True,
    ),
    Verb(
        "accept",
        "take the next connection of a listener",
        "stream",
        (Param("on", "thing", "a listener", needed=True, of=("listener",)), TIMEOUT),
        _say_accept,
        needs_name=True,
    ),
    Verb(
        "connect",
        "open a TCP connection",
        "stream",
        (
            Param(
                "to",
                "place",
                "a service of [lab], a listener, or somebody in between",
                needed=True,
                of=("listener", "tap"),
            ),
            Param("at", "address", "call this address instead, at the same port"),
            Param("from", "address", "call from this address of ours"),
            Param("options", "options", 'socket options, set before it connects: ["RCVBUF=8192"]'),
            TIMEOUT,
        ),
        _say_connect,
        needs_name=True,
    ),
    Verb("send", "send octets on a connection", "deed", (STREAM, *DATA, TIMEOUT), _say_send, ONE_DATA),
    Verb(
        "send-until-lost",
        "send the same octets again and again until the system says that the connection is gone",
        "tries",
        (STREAM, *DATA, TIMEOUT),
        _say_send_until_lost,
        ONE_DATA,
    ),
    Verb(
        "read",
        "receive from a connection: what is there; or up to a text; or so many octets; or all to the end",
        "octets",
        (
            STREAM,
            Param("until", "text", "read up to and including this", low=1),
            Param("exactly", "count", "read so many octets, fewer only at the end", low=1),
            Param("to_end", "yes", "read until the peer has ended"),
            Param("at_most", "count", "read once, at most so many octets", low=1),
            Param(
                "length_ahead",
                "count",
                f"read a number of so many octets, and then as many as it says, up to {MAX_DATA}",
                low=1,
                high=8,
            ),
            TIMEOUT,
        ),
        _say_read,
        at_most_one=("until", "exactly", "to_end", "at_most", "length_ahead"),
    ),
    Verb(
        "wait-end",
        "wait until the peer has ended; what still arrives is recorded",
        "octets",
        (STREAM, TIMEOUT),
        _say_wait_end,
    ),
    Verb("finish", "send no more (FIN); the peer still may", "deed", (STREAM,), _say_finish),
    Verb("abort", "reset the connection (RST)", "deed", (STREAM,), _say_abort),
    Verb(
        "close",
        "give a socket back, both directions at once",
        "deed",
        (
            Param(
                "on",
                "thing",
                "a connection, listener, UDP socket or somebody in between",
                needed=True,
                of=("stream", "listener", "datagram", "tap"),
            ),
        ),
        _say_close,
    ),
    Verb(
        "open-datagram",
        "open a UDP socket: to one peer alone, or on a free port of 127.0.0.1 for everybody, or where one says",
        "datagram",
        (
            Param("to", "place", "a service of [lab], or another UDP socket", of=("datagram",)),
            Param(
                "at", "address", "with `to`: call this address instead; without: the address of ours to be at"
            ),
            Param("port_of", "thing", "take the same port as this one", of=("datagram", "listener")),
            Param("options", "options", 'socket options, set before it is bound: ["REUSEADDR=1"]'),
        ),
        _say_open_datagram,
        needs_name=True,
    ),
    Verb(
        "send-datagram",
        "send one datagram; an empty one too",
        "deed",
        (
            DATAGRAM,
            *DATA,
            Param(
                "to",
                "thing",
                "for a socket without a peer: another one that it has heard from",
                of=("datagram",),
            ),
        ),
        _say_send_datagram,
        ONE_DATA,
    ),
    Verb(
        "receive-datagram",
        "wait for one datagram",
        "octets",
        (
            DATAGRAM,
            Param("at_most", "count", "take at most so many octets of it; the rest is lost", low=1),
            TIMEOUT,
        ),
        _say_receive_datagram,
    ),
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
                of=get_args(Makes),
            ),
        ),
        _say_measure,
    ),
)

_MORE = (
    *NAMES,
    *FRAMES,
    *FILES,
    *MAIL,
    *LETTERS,
    *DATABASES,
    *MARKUP,
    *WEB,
    *DISCOVERY,
    *GOPHER,
    *HAND_CALLS,
    *FLOW,
    *READY,
    *SERVERS,
    *SCRIPTS,
    *ADDRESSES,
    *QUEUES,
    *SECURE,
)
VERBS = {verb.name: verb for verb in (*_ALL, *_MORE)}
"""Every verb by its name, in the order in which a reader meets them."""


def made_by(step: Step) -> Makes:
    """The kind of thing that a step's name stands for: a step that must fail makes nothing."""
    return "deed" if step.fails else VERBS[step.verb].makes


def kinds_of(plan: Plan) -> dict[str, Makes]:
    """What the named steps of a plan make."""
    return {step.name: made_by(step) for step in plan.steps if step.name}
