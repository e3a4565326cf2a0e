"""`workbench socket gopher`: one line asks, the answer ends with the connection; every read, item and phase is told."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON, TIMEOUT, TRANSCRIPT, WITH_SECRETS, read_count
from workbench.cli.output import Output
from workbench.cli.way import RELAY
from workbench.errors import LocalMisuse


def _address(text: str) -> str:
    from workbench.protocols.gopher.address import read_address

    read_address(text)
    return text


def _terminator(text: str) -> str:
    from workbench.protocols.gopher.values import TERMINATORS

    if text not in TERMINATORS:
        raise LocalMisuse(
            f"{text!r} ends no line",
            text=text,
            start=0,
            end=len(text),
            advice=f"there are {', '.join(TERMINATORS)}",
        )
    return text


def _type(text: str) -> str:
    if len(text) != 1 or not text.isprintable():
        raise LocalMisuse(
            "a type is one character", text=text, start=0, end=len(text), advice="like 0 for a text"
        )
    return text


def gopher_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that asks. Raises: LocalMisuse, LocalFault: what is wrong before anything is sent."""
    from workbench.cli.gopher_ask import ask_verb

    return ask_verb(parsed, output)


GOPHER = Verb(
    "gopher",
    "ask a Gopher server: one line, and all that comes until it ends",
    "socket.gopher/1",
    (
        Argument("TARGET", "gopher://HOST[:PORT]/TSELECTOR, HOST:PORT or lab:gopher", read=_address),
        Argument(
            "SELECTOR", "what the server calls the item; else as TARGET says, or the root menu", needed=False
        ),
        Argument("--search", "words for an item of type 7", "TEXT"),
        Argument("--type", "of the item, one character: 0 text, 1 menu, 9 binary", "T", read=_type),
        Argument(
            "--terminator",
            "what ends the line: crlf, lf, nul or none (crlf)",
            "NAME",
            _terminator,
            default="crlf",
        ),
        Argument("--read", "octets that one read takes at most (2048)", "N", read_count, default=2048),
        RELAY,
        TIMEOUT,
        TRANSCRIPT,
        WITH_SECRETS,
        JSON,
    ),
    gopher_verb,
    "A menu is printed as a list, anything else as it came. An answer that is one item of type 3 says no: exit code "
    "1.\n"
    "\n"
    "  workbench socket gopher lab:gopher\n"
    "  workbench socket gopher lab:gopher /readme --json\n"
    "  workbench socket gopher gopher://127.0.0.1:7070/0/readme\n"
    "  workbench socket gopher lab:gopher / --read 16 --terminator lf --json",
)
