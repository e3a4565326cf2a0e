"""`workbench web open`: an address of any scheme, taken apart and handed to the engine that speaks it."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON, TIMEOUT, TRANSCRIPT, WITH_SECRETS
from workbench.cli.output import Output
from workbench.cli.way import RELAY


def _read_url(text: str) -> str:
    from workbench.cli.web_open_run import engine_of

    engine_of(text)
    return text


def _open(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.web_open_run import open_verb

    return open_verb(parsed, output)


OPEN = Verb(
    "open",
    "what is behind an address of any scheme: http, https, ftp, gopher, file, data",
    "web.open/1",
    (
        Argument(
            "URL",
            "SCHEME://HOST[:PORT]/PATH, file:/PATH, data:..., or lab:http|ftp|gopher/PATH",
            read=_read_url,
        ),
        RELAY,
        TIMEOUT,
        TRANSCRIPT,
        WITH_SECRETS,
        JSON,
    ),
    _open,
    "The address is taken apart, its scheme chooses the engine. One that nobody here speaks is refused by name, and "
    "nothing is sent.\n"
    "\n"
    "  workbench web open gopher://127.0.0.1:7070/0/readme\n"
    "  workbench web open lab:ftp/ --json\n"
    "  workbench web open 'data:text/plain,hello%20wire'",
)
