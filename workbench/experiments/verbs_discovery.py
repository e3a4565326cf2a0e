"""The verbs about groups: joining, leaving and speaking to one on loopback, and finding who is in it."""

from workbench.experiments.values import Given
from workbench.experiments.verb import (
    DATA,
    DATAGRAM,
    ONE_DATA,
    TIMEOUT,
    Param,
    Verb,
    opening,
    quoted,
    spoken,
    to_place,
)

_GROUP = Param("group", "address", "the group; by the loopback interface", needed=True)


def _say_join(given: Given, _name: str) -> str:
    return f"{opening(given['on'])} joins the group {given['group']}."


def _say_leave(given: Given, _name: str) -> str:
    return f"{opening(given['on'])} leaves the group {given['group']}."


def _say_to_group(given: Given, _name: str) -> str:
    port = f"the port of {spoken(given['port_of'])}"
    return f"Send {quoted(given['data'])} to the group {given['group']}, {port}."


def _say_discover(given: Given, _name: str) -> str:
    preset = {"discover": "Join the group of", "search": "Ask the group of"}[
        str(given.get("preset", "search"))
    ]
    what = f" for {given['what']}" if "what" in given else ""
    until = f", until {given['until_gone']} left" if "until_gone" in given else ""
    return f"{preset} {to_place(given)}{what} by {_TITLES[str(given['language'])]}{until}."


_TITLES = {"mdns": "mDNS", "ssdp": "SSDP"}

DISCOVERY = (
    Verb("join-group", "hear what anybody sends to a group", "deed", (DATAGRAM, _GROUP), _say_join),
    Verb("leave-group", "hear a group no more", "deed", (DATAGRAM, _GROUP), _say_leave),
    Verb(
        "send-to-group",
        "send one datagram to a group, by the loopback interface",
        "deed",
        (
            _GROUP,
            Param("port_of", "thing", "to the port of this UDP socket", needed=True, of=("datagram",)),
            *DATA,
        ),
        _say_to_group,
        one_of=ONE_DATA,
    ),
    Verb(
        "discover",
        "find who is in a group of the Lab",
        "discovered",
        (
            Param("to", "place", "mdns or ssdp of [lab]", needed=True, of=("datagram",)),
            Param("language", "choice", "what is spoken there", needed=True, choices=("mdns", "ssdp")),
            Param(
                "preset",
                "choice",
                "search asks alone (it is so if not given), discover listens to the group too",
                choices=("search", "discover"),
            ),
            Param("what", "words", "a type of service, or a search target; without it all"),
            Param("until_gone", "count", "listen until so many have left", low=1, high=10),
            Param(
                "until_found", "count", "listen until so many were found, and where they are", low=1, high=10
            ),
            TIMEOUT,
        ),
        _say_discover,
    ),
)
