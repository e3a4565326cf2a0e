"""The verbs about framings: messages framed and sent, read and taken apart, cut in every way. As in verbs.py."""

from workbench.experiments.values import Given
from workbench.experiments.verb import DATA, ONE_DATA, STREAM, TIMEOUT, Param, Verb, opening, quoted, spoken

MAX_LIMIT = 1_000_000
_FRAMING = Param(
    "framing", "words", 'how messages are marked: "lf", "length:4", "lf+base64" ...', needed=True
)
_LIMIT = Param(
    "limit", "count", "octets that a message may have; a million if not given", low=1, high=MAX_LIMIT
)
DECODERS = ("right", "forgetful")


def _by(given: Given) -> str:
    return f"by the framing “{given['framing']}”"


def _say_frame(given: Given, _name: str) -> str:
    return f"Frame {quoted(given['data'])} {_by(given)}."


def _say_send_framed(given: Given, _name: str) -> str:
    return f"{opening(given['on'])} sends {quoted(given['data'])}, framed {_by(given)}."


def _say_read_frames(given: Given, _name: str) -> str:
    limit = f", at most {given['limit']} octets each" if "limit" in given else ""
    until = f"until there are {given['messages']}" if "messages" in given else "to the end"
    return f"{opening(given['on'])} reads messages {_by(given)}{limit}, {until}."


def _say_chop(given: Given, _name: str) -> str:
    which = "a decoder that forgets between reads" if given.get("decoder") == "forgetful" else "a decoder"
    return f"Feed {which} the stream {quoted(given['data'])} {_by(given)}, cut in every way there is."


def _say_unpack(given: Given, _name: str) -> str:
    return f"Read {spoken(given['of'])} by the format {given['format']} of Python's struct."


FRAMES = (
    Verb(
        "frame",
        "mark a message by a framing, and tell what is to be known before it is sent",
        "framed",
        (_FRAMING, *DATA[:3]),
        _say_frame,
        ONE_DATA,
    ),
    Verb(
        "send-framed",
        "send a message, marked by a framing",
        "deed",
        (STREAM, _FRAMING, *DATA[:3]),
        _say_send_framed,
        ONE_DATA,
    ),
    Verb(
        "read-frames",
        "read messages that are marked by a framing: to the end, or so many",
        "frames",
        (
            STREAM,
            _FRAMING,
            _LIMIT,
            Param("messages", "count", "stop after so many messages", low=1, high=1000),
            TIMEOUT,
        ),
        _say_read_frames,
    ),
    Verb(
        "chop-frames",
        "feed a decoder every cut of a stream, and compare what it says",
        "chopped",
        (
            _FRAMING,
            *DATA[:3],
            Param("decoder", "choice", "right (if not given), or forgetful between reads", choices=DECODERS),
        ),
        _say_chop,
        ONE_DATA,
    ),
    Verb(
        "unpack",
        "read octets by a format of Python's struct",
        "unpacked",
        (
            Param("format", "words", 'the format, like "!I"', needed=True),
            Param("of", "thing", "octets that were read", needed=True, of=("octets",)),
        ),
        _say_unpack,
    ),
)
