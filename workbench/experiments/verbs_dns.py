"""The verbs about names: a question to a name server, the check of a name that an address claims. As in verbs.py."""

from workbench.experiments.values import Given
from workbench.experiments.verb import TIMEOUT, Param, Verb, to_place

_TO = Param("to", "place", "a name server of [lab]", needed=True, of=("datagram",))


def _say_query(given: Given, _name: str) -> str:
    how = " by TCP" if "tcp" in given else ""
    return f"Ask {to_place(given)}{how} for {given['type']} of {given['name']}."


def _say_reverse(given: Given, _name: str) -> str:
    return f"Ask {to_place(given)} which names {given['address']} claims, and whether they lead back to it."


NAMES = (
    Verb(
        "dns-query",
        "ask a name server one question; TCP follows where the answer by UDP was cut off",
        "lookup",
        (
            _TO,
            Param("name", "words", "the name, like www.lab.test", needed=True),
            Param("type", "words", "the record type, like A or MX", needed=True),
            Param("tcp", "yes", "ask by TCP from the beginning"),
            TIMEOUT,
        ),
        _say_query,
    ),
    Verb(
        "dns-reverse",
        "check the names that an address claims: which they are, and whether one leads back",
        "check",
        (_TO, Param("address", "address", "the address", needed=True), TIMEOUT),
        _say_reverse,
    ),
)
