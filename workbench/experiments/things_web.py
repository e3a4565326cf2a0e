"""What can be seen of a request: its hops, the last answer, and whether its body is whole. Joined in things.py."""

from collections.abc import Callable
from typing import NamedTuple, cast

from workbench.experiments.thing import Field, Look, Made, Seen, Value
from workbench.transcript.recorder import Transcript


class WebSeen(NamedTuple):
    """What a request came to.

    hops: requests in a row; method: of the last one; rule: of the first redirect; completeness: "complete",
    "truncated" ...; problem: the failure's kind, "" for none; octets: of the body, its coding undone; came: as they
    came; wire: octets that the last server sent behind its head; chunks: how many the body was cut into.
    """

    status: int
    hops: int
    method: str
    rule: str
    completeness: str
    problem: str
    octets: int
    came: int
    wire: int
    chunks: int
    text: str


class SavedSeen(NamedTuple):
    """What a download came to.

    status: of the last answer; attempts: how many; starts: the first octet that each was given; ends: how each ended;
    asked: the Range of the last one, "" where all was asked for; octets, sha256: of what is saved; whole: all of it is.
    """

    status: int
    attempts: int
    starts: str
    ends: str
    asked: str
    octets: int
    sha256: str
    whole: bool


def _saved(name: str) -> Look:
    def look(made: Made, transcript: Transcript) -> Seen:
        events = transcript.events(made.first, made.stop)
        facts = [event.index for event in events if event.name == "http.attempt"]
        value: Value = getattr(cast(SavedSeen, made.thing), name)
        return Seen(value, facts[-1] if facts else None)

    return look


SAVED_FIELDS: dict[str, Field] = {
    "status": Field("number", "the last status of {}", _saved("status")),
    "attempts": Field("number", "how many attempts {} took", _saved("attempts")),
    "starts": Field("text", "the first octet that each attempt of {} was given", _saved("starts")),
    "ends": Field("text", "how each attempt of {} ended", _saved("ends")),
    "asked": Field("text", "the range that {} asked for last", _saved("asked")),
    "octets": Field("number", "the octets of {} that are saved", _saved("octets")),
    "sha256": Field("text", "the SHA-256 of what is saved of {}", _saved("sha256")),
    "whole": Field("flag", "whether all of {} is there", _saved("whole")),
}


def _of(value: "Callable[[WebSeen], Value]") -> Look:
    def look(made: Made, transcript: Transcript) -> Seen:
        facts = [
            event.index
            for event in transcript.events(made.first, made.stop)
            if event.name in ("http.redirect", "http.body")
        ]
        return Seen(value(cast(WebSeen, made.thing)), facts[-1] if facts else None)

    return look


def _status(seen: WebSeen) -> int:
    return seen.status


def _hops(seen: WebSeen) -> int:
    return seen.hops


def _method(seen: WebSeen) -> str:
    return seen.method


def _rule(seen: WebSeen) -> str:
    return seen.rule


def _completeness(seen: WebSeen) -> str:
    return seen.completeness


def _problem(seen: WebSeen) -> str:
    return seen.problem


def _octets(seen: WebSeen) -> int:
    return seen.octets


def _came(seen: WebSeen) -> int:
    return seen.came


def _wire(seen: WebSeen) -> int:
    return seen.wire


def _chunks(seen: WebSeen) -> int:
    return seen.chunks


def _text(seen: WebSeen) -> str:
    return seen.text


ANSWER_FIELDS: dict[str, Field] = {
    "status": Field("number", "the status of {}", _of(_status)),
    "hops": Field("number", "how many requests {} took", _of(_hops)),
    "method": Field("text", "the method of the last request for {}", _of(_method)),
    "rule": Field("text", "the rule of the first redirect of {}", _of(_rule)),
    "completeness": Field("text", "whether the body of {} is whole", _of(_completeness)),
    "problem": Field("text", "what kind of failure {} ended with", _of(_problem)),
    "octets": Field("number", "the octets of the body of {}", _of(_octets)),
    "came": Field("number", "the octets of the body of {} before its coding was undone", _of(_came)),
    "wire": Field("number", "the octets that came behind the head of {}", _of(_wire)),
    "chunks": Field("number", "the chunks of {}", _of(_chunks)),
    "text": Field("text", "the body of {} as text", _of(_text)),
}
