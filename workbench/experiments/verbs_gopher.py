"""The verbs about Gopher: one question with the phase in which it failed, and one on four levels. As in verbs.py."""

from workbench.experiments.values import Given
from workbench.experiments.verb import TIMEOUT, Param, Verb, to_place

_TO = Param("to", "place", "a Gopher server of [lab], or a relay before one", needed=True, of=("listener",))
_SELECTOR = Param("selector", "words", "what the server calls the item; the root menu without it")


def _item(given: Given) -> str:
    return f"the item “{given['selector']}”" if given.get("selector") else "its root menu"


def _say_ask(given: Given, _name: str) -> str:
    more = f" for “{given['search']}”" if "search" in given else ""
    ended = {"lf": "LF alone", "nul": "NUL", "none": "nothing"}.get(str(given.get("terminator")), "")
    line = f", in a line that ends with {ended}" if ended else ""
    reads = f", {given['read']} octets a read" if "read" in given else ""
    return f"Ask {to_place(given)} for {_item(given)}{more}{line}{reads}."


def _say_levels(given: Given, _name: str) -> str:
    return f"Ask {to_place(given)} for {_item(given)} four times: by sockets, by a file, by a module, by an address."


GOPHER = (
    Verb(
        "gopher-ask",
        "ask a Gopher server, and see in which phase it failed if it did",
        "asked",
        (
            _TO,
            _SELECTOR,
            Param("search", "words", "words for an item of type 7"),
            Param("terminator", "choice", "what ends the line (crlf)", choices=("crlf", "lf", "nul", "none")),
            Param("read", "count", "octets that one read takes at most (2048)", low=1, high=32_768),
            TIMEOUT,
        ),
        _say_ask,
    ),
    Verb(
        "gopher-levels",
        "make the same request on four levels of abstraction",
        "levels",
        (_TO, _SELECTOR, TIMEOUT),
        _say_levels,
    ),
)
