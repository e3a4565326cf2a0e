"""What can be seen of a document that was searched, and of a call by XML-RPC. Joined in things.py."""

from collections.abc import Callable
from typing import NamedTuple, cast

from workbench.experiments.thing import Field, Look, Made, Seen, Value
from workbench.transcript.recorder import Transcript


class FoundSeen(NamedTuple):
    """What a search found.

    total: hits; value: of what is no node, "" else; text, markup, place: of the first hit, place as line:column or "not
    in the source"; nodes: of the whole tree; problems: their names with commas between; hint: for who finds nothing.
    """

    total: int
    value: str
    text: str
    markup: str
    place: str
    nodes: int
    problems: str
    hint: str


class CalledSeen(NamedTuple):
    """What a call came to. value: as JSON, "" for none; fault: its number, 0 for none; status: of HTTP."""

    value: str
    type: str
    fault: int
    said: str
    status: int


def _found(value: "Callable[[FoundSeen], Value]") -> Look:
    def look(made: Made, _transcript: Transcript) -> Seen:
        return Seen(value(cast(FoundSeen, made.thing)))

    return look


def _called(value: "Callable[[CalledSeen], Value]") -> Look:
    def look(made: Made, transcript: Transcript) -> Seen:
        came = [
            event.index for event in transcript.events(made.first, made.stop) if event.name == "http.body"
        ]
        return Seen(value(cast(CalledSeen, made.thing)), came[-1] if came else None)

    return look


def _total(seen: FoundSeen) -> int:
    return seen.total


def _found_value(seen: FoundSeen) -> str:
    return seen.value


def _text(seen: FoundSeen) -> str:
    return seen.text


def _markup(seen: FoundSeen) -> str:
    return seen.markup


def _place(seen: FoundSeen) -> str:
    return seen.place


def _nodes(seen: FoundSeen) -> int:
    return seen.nodes


def _problems(seen: FoundSeen) -> str:
    return seen.problems


def _hint(seen: FoundSeen) -> str:
    return seen.hint


def _called_value(seen: CalledSeen) -> str:
    return seen.value


def _type(seen: CalledSeen) -> str:
    return seen.type


def _fault(seen: CalledSeen) -> int:
    return seen.fault


def _said(seen: CalledSeen) -> str:
    return seen.said


def _status(seen: CalledSeen) -> int:
    return seen.status


FOUND_FIELDS: dict[str, Field] = {
    "total": Field("number", "how many hits {} has", _found(_total)),
    "value": Field("text", "the value of {}", _found(_found_value)),
    "text": Field("text", "the text of the first hit of {}", _found(_text)),
    "markup": Field("text", "the source of the first hit of {}", _found(_markup)),
    "place": Field("text", "where the first hit of {} stands", _found(_place)),
    "nodes": Field("number", "the nodes of the document of {}", _found(_nodes)),
    "problems": Field("text", "what is wrong in the document of {}", _found(_problems)),
    "hint": Field("text", "what is said of {} where nothing is found", _found(_hint)),
}
CALLED_FIELDS: dict[str, Field] = {
    "value": Field("text", "the value of {}", _called(_called_value)),
    "type": Field("text", "the type of the value of {}", _called(_type)),
    "fault": Field("number", "the number of the fault of {}", _called(_fault)),
    "said": Field("text", "the words of the no of {}", _called(_said)),
    "status": Field("number", "the status of HTTP of {}", _called(_status)),
}
