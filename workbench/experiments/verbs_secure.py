"""The verbs about who is in between: TLS, what a client insists on, and a man in the middle. As in verbs.py."""

from workbench.experiments.values import Given
from workbench.experiments.verb import STREAM, TIMEOUT, Param, Verb, opening, quoted, spoken, to_place

VERSIONS = ("1.2", "1.3")
WAYS = ("to-server", "to-client")
_TAP = Param("on", "thing", "somebody in between", needed=True, of=("tap",))
_WAY = Param("way", "choice", "the direction, seen from the client", needed=True, choices=WAYS)


def _say_start_tls(given: Given, _name: str) -> str:
    who = opening(given["on"])
    bounds = []
    if "min_version" in given:
        bounds.append(f"at least {given['min_version']}")
    if "max_version" in given:
        bounds.append(f"at most {given['max_version']}")
    version = f" ({', '.join(bounds)})" if bounds else ""
    shown = ", shows a certificate of its own," if "identity" in given else ""
    name = given.get("name", "localhost")
    check = "whoever it is" if given.get("untrusted") == "show" else f"if it is {name}"
    return f"{who} starts TLS{version} with the other side{shown} and goes on {check}."


def _say_insist(given: Given, _name: str) -> str:
    return f"Without {quoted(given['text'])} in {spoken(given['of'])} it goes no further."


def _say_tap(given: Given, name: str) -> str:
    return f"{opening(name)} steps in between, on the way to {to_place(given)}, and listens in."


def _say_flip(given: Given, _name: str) -> str:
    return f"{opening(given['on'])} will change one bit of what passes next to the {_end(given)}."


def _say_rewrite(given: Given, _name: str) -> str:
    who, what = opening(given["on"]), quoted(given["find"])
    by = quoted(given["put"]) if given["put"] else "nothing"
    return f"{who} will put {by} for {what} in all that passes to the {_end(given)}."


def _end(given: Given) -> str:
    return str(given["way"]).removeprefix("to-")


SECURE = (
    Verb(
        "start-tls",
        "agree on TLS as a client, on a connection that is open; from then on it carries plaintext for us",
        "deed",
        (
            STREAM,
            Param("name", "words", "whom the certificate must name, and SNI; localhost if not given"),
            Param(
                "trust",
                "choice",
                "whose certificates are believed: those of the Lab's authority, which is what is meant without it",
                choices=("lab", "nobody"),
            ),
            Param(
                "untrusted",
                "choice",
                "what follows a certificate that is not trusted: stop, as is meant without it, or show and go on",
                choices=("stop", "show"),
            ),
            Param("min_version", "choice", "the oldest version that will do", choices=VERSIONS),
            Param("max_version", "choice", "the newest version that is offered", choices=VERSIONS),
            Param("identity", "choice", "the client certificate to show", choices=("lab",)),
            TIMEOUT,
        ),
        _say_start_tls,
    ),
    Verb(
        "insist",
        "go on only if octets that were read hold this text; else the step fails with Refused",
        "deed",
        (
            Param("of", "thing", "octets that were read", needed=True, of=("octets",)),
            Param("text", "text", "what must be there", needed=True, low=1),
        ),
        _say_insist,
    ),
    Verb(
        "tap",
        "stand in the middle: take connections on a free port, pass everything on to another place, record it all",
        "tap",
        (
            Param(
                "to",
                "place",
                "where to: a service of [lab], a listener, or another in between",
                needed=True,
                of=("listener", "tap"),
            ),
        ),
        _say_tap,
        needs_name=True,
    ),
    Verb("flip", "change one bit of the next piece that passes a tap", "deed", (_TAP, _WAY), _say_flip),
    Verb(
        "rewrite",
        "from now on put other octets for some, in every piece that passes a tap",
        "deed",
        (
            _TAP,
            _WAY,
            Param(
                "find", "octets", 'what to look for, as text, or as hex: {hex = "03 04"}', needed=True, low=1
            ),
            Param("put", "octets", "what to put there, written likewise", needed=True),
        ),
        _say_rewrite,
    ),
)
