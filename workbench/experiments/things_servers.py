"""What can be seen of a server of ours, and of who answered a question by UDP. Joined in things.py."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, cast

from workbench.experiments.look import last
from workbench.experiments.thing import Field, Look, Made, Seen, Value
from workbench.transcript.recorder import Transcript

if TYPE_CHECKING:
    from workbench.protocols.raw.serve import Server


class Search(NamedTuple):
    """Who answered. who: the hosts, in order of their addresses; said: what, in the same order."""

    who: str
    said: str
    answers: int
    attempts: int
    strangers: int


def _of_server(value: "Callable[[Server], Value]") -> Look:
    def look(made: Made, _transcript: Transcript) -> Seen:
        return Seen(value(cast("Server", made.thing)), last(made))

    return look


def _of_search(value: Callable[[Search], Value]) -> Look:
    def look(made: Made, _transcript: Transcript) -> Seen:
        return Seen(value(cast(Search, made.thing)), last(made))

    return look


def _served(server: "Server") -> int:
    return server.zones.served


def _failed(server: "Server") -> int:
    return server.zones.failed


def _sockets(server: "Server") -> int:
    return server.open_sockets


def _fault(server: "Server") -> str:
    return server.zones.faults[-1].what if server.zones.faults else ""


def _who(search: Search) -> str:
    return search.who


def _said(search: Search) -> str:
    return search.said


def _answers(search: Search) -> int:
    return search.answers


def _attempts(search: Search) -> int:
    return search.attempts


def _strangers(search: Search) -> int:
    return search.strangers


SERVING_FIELDS: dict[str, Field] = {
    "served": Field("number", "how many clients {} has served", _of_server(_served)),
    "failed": Field("number", "how many clients {} has failed", _of_server(_failed)),
    "sockets": Field("number", "how many sockets {} holds, the listening one included", _of_server(_sockets)),
    "fault": Field("text", "the last exception in {}", _of_server(_fault)),
}
SEARCH_FIELDS: dict[str, Field] = {
    "who": Field("text", "the hosts that answered {}", _of_search(_who)),
    "said": Field("text", "what they said to {}", _of_search(_said)),
    "answers": Field("number", "how many answers came to {}", _of_search(_answers)),
    "attempts": Field("number", "how often {} was sent", _of_search(_attempts)),
    "strangers": Field("number", "how many strangers answered {}", _of_search(_strangers)),
}
