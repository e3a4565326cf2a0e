"""The verbs about the Web: one request and the redirects after it, and a download in attempts. As in verbs.py."""

from workbench.experiments.values import Given
from workbench.experiments.verb import TIMEOUT, Param, Verb, quoted, to_place

_TO = Param("to", "place", "a web server of [lab], or a relay before one", needed=True, of=("listener",))


def _say_get(given: Given, _name: str) -> str:
    method = given.get("method", "POST" if "text" in given else "GET")
    body = f" with the body {quoted(given['text'])}" if "text" in given else ""
    return f"Ask {to_place(given)} by {method} for {given['path']}{body}, and follow where it leads."


_AFTER_A_BREAK = {
    "resume": "go on where it broke off",
    "again": "begin again where it broke off",
    "none": "stop where it breaks off",
}


def _say_download(given: Given, _name: str) -> str:
    return f"Download {given['path']} of {to_place(given)}, and {_AFTER_A_BREAK[str(given.get('policy', 'resume'))]}."


WEB = (
    Verb(
        "web-get",
        "ask a web server, follow redirects, and read the last answer's body to its end",
        "answer",
        (
            _TO,
            Param("path", "words", "the path, like /page", needed=True),
            Param("method", "words", "the method (GET; POST with a body)"),
            Param("text", "text", "the body"),
            TIMEOUT,
        ),
        _say_get,
    ),
    Verb(
        "web-download",
        "download a file into a folder of its own, in as many attempts as it takes",
        "saved",
        (
            _TO,
            Param("path", "words", "the path, like /file", needed=True),
            Param(
                "policy", "choice", "what is done when it breaks off (resume)", choices=tuple(_AFTER_A_BREAK)
            ),
            TIMEOUT,
        ),
        _say_download,
    ),
)
