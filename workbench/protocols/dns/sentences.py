"""What flags, operations, results and outcomes mean: one plain sentence and the RFC's section each."""

from typing import Literal, NamedTuple

from workbench.protocols.dns.values import Outcome

FLAG_TEXTS: dict[str, tuple[str, str, str]] = {
    "qr": ("a response", "a query", "RFC 1035 4.1.1"),
    "aa": ("the server holds this zone itself", "not from the zone's own server", "RFC 1035 4.1.1"),
    "tc": ("cut off: the whole answer comes by TCP", "nothing was cut off", "RFC 1035 4.1.1"),
    "rd": ("please ask others for me", "answer only what you know yourself", "RFC 1035 4.1.1"),
    "ra": ("the server would ask others", "the server asks nobody else", "RFC 1035 4.1.1"),
    "z": ("must be 0 and is not", "must be 0", "RFC 1035 4.1.1"),
    "ad": (
        "the server says that signatures were checked: a claim",
        "no word about signatures",
        "RFC 4035 3.2.3",
    ),
    "cd": ("don't check signatures for me", "signatures may be checked", "RFC 4035 3.2.2"),
}
"""Set, not set, source."""

OPCODE_TEXTS: dict[str, tuple[str, str]] = {
    "QUERY": ("a question and its answer", "RFC 1035 4.1.1"),
    "IQUERY": ("which name has this data; given up", "RFC 3425"),
    "STATUS": ("how is the server; never defined", "RFC 1035 4.1.1"),
    "NOTIFY": ("the zone has changed", "RFC 1996"),
    "UPDATE": ("change the zone", "RFC 2136"),
    "DSO": ("a session that keeps its state", "RFC 8490"),
}

RCODE_TEXTS: dict[str, tuple[str, str]] = {
    "NOERROR": ("no error; the answer may still be empty", "RFC 1035 4.1.1"),
    "FORMERR": ("the server could not read the query", "RFC 1035 4.1.1"),
    "SERVFAIL": ("the server could not find out: ask another one, or later", "RFC 1035 4.1.1"),
    "NXDOMAIN": ("there is no such name, with no type at all", "RFC 1035 4.1.1"),
    "NOTIMP": ("the server does not know this kind of query", "RFC 1035 4.1.1"),
    "REFUSED": ("the server does not want to answer you", "RFC 1035 4.1.1"),
    "YXDOMAIN": ("a name exists that should not", "RFC 2136 2.2"),
    "YXRRSET": ("records exist that should not", "RFC 2136 2.2"),
    "NXRRSET": ("records are missing that should exist", "RFC 2136 2.2"),
    "NOTAUTH": ("the server is not in charge of this zone, or does not know you", "RFC 2136 2.2"),
    "NOTZONE": ("a name outside the zone", "RFC 2136 2.2"),
    "DSOTYPENI": ("a kind of session message that is not known", "RFC 8490 10.2"),
    "BADVERS": ("a version of EDNS that the server does not know", "RFC 6891 9"),
    "BADKEY": ("a key that the server does not know", "RFC 8945 5.2"),
    "BADTIME": ("a signature from another time", "RFC 8945 5.2"),
    "BADMODE": ("a way to agree on a key that is not known", "RFC 2930 2.6"),
    "BADNAME": ("a key's name that is taken", "RFC 2930 2.6"),
    "BADALG": ("an algorithm that is not known", "RFC 2930 2.6"),
    "BADTRUNC": ("a signature cut too short", "RFC 8945 5.2"),
    "BADCOOKIE": ("a cookie that is missing or wrong", "RFC 7873 8"),
}

Tone = Literal["good", "info", "warning", "bad"]


class Told(NamedTuple):
    """How an outcome is told.

    word: for the verdict. sentence: with {name}, {type} ... to be filled in. is_yes: it answers the question.
    """

    word: str
    tone: Tone
    sentence: str
    source: str
    is_yes: bool = False


OUTCOMES: dict[Outcome, Told] = {
    Outcome.ANSWER: Told("answer", "good", "{name} has {count} of type {type}", "RFC 1034 3.7", True),
    Outcome.NODATA: Told(
        "no data", "info", "{name} exists, but has no record of type {type}", "RFC 2308 2.2"
    ),
    Outcome.NXDOMAIN: Told(
        "NXDOMAIN", "warning", "{name} does not exist, with no type at all", "RFC 2308 2.1"
    ),
    Outcome.REFERRAL: Told(
        "referral", "info", "this server only says whom to ask about {name}", "RFC 1034 4.3.1"
    ),
    Outcome.ALIAS: Told(
        "alias",
        "info",
        "{name} is an alias, and this server does not say what {target} has",
        "RFC 1034 3.6.2",
    ),
    Outcome.LOOP: Told("loop", "bad", "the aliases of {name} lead around in a circle", "RFC 1034 3.6.2"),
    Outcome.SERVFAIL: Told(
        "SERVFAIL", "bad", "the server could not find out; that says nothing about {name}", "RFC 1035 4.1.1"
    ),
    Outcome.REFUSED: Told(
        "REFUSED",
        "bad",
        "the server does not want to answer this; that says nothing about {name}",
        "RFC 1035 4.1.1",
    ),
    Outcome.FORMERR: Told("FORMERR", "bad", "the server could not read the query", "RFC 1035 4.1.1"),
    Outcome.NOTIMP: Told("NOTIMP", "bad", "the server does not know this kind of query", "RFC 1035 4.1.1"),
    Outcome.OTHER: Told("{rcode}", "bad", "the server says {rcode}", "RFC 6895 2.3"),
}

IGNORED_TEXTS: dict[str, tuple[str, str]] = {
    "source": ("it came from another address than the one that was asked", "RFC 5452 9.2"),
    "id": ("its id is not the query's", "RFC 5452 9.1"),
    "question": ("it answers another question", "RFC 5452 9.1"),
    "query": ("it is a query itself, not an answer", "RFC 1035 4.1.1"),
    "malformed": ("it is no message of DNS", "RFC 1035 4.1"),
}
"""Why something that came was not accepted."""

REVERSE_NAMES = "RFC 1035 3.5"
