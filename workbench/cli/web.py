"""`workbench web get`: requests by HTTP, every hop shown, and whether what came was all."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON, TIMEOUT, TRANSCRIPT, WITH_SECRETS, read_count
from workbench.cli.output import Output
from workbench.cli.way import RELAY
from workbench.cli.web_find import FIND
from workbench.cli.web_open import OPEN


def _get(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.web_get import get_verb

    return get_verb(parsed, output)


def read_address(text: str) -> str:
    """A web address as typed. Raises: LocalMisuse with the place."""
    from workbench.protocols.http.url import read_url

    read_url(text)
    return text


URL = Argument("URL", "http://HOST[:PORT]/PATH, https://..., HOST:PORT, or lab:http/PATH", read=read_address)
WAY = (
    Argument("--tls", "TLS where the address does not say so: HOST:PORT"),
    Argument("--ca", "believe the authorities of FILE (PEM), or the Lab's, and no others", "FILE|lab"),
    Argument("--show-untrusted", "go on with a certificate that is not trusted; the verdict is told"),
    RELAY,
    TIMEOUT._replace(
        what="seconds for connecting, for TLS, for the head, and how long a body may stand still (30)"
    ),
    TRANSCRIPT,
    WITH_SECRETS,
    JSON,
)
"""How a verb gets to a server, and what it tells of it."""

VERBS = (
    Verb(
        "get",
        "carry a request out, and follow where it leads",
        "web.get/1",
        (
            URL,
            Argument("--method", "any word (GET; POST with --data or --form)", "WORD"),
            Argument("--head", "ask for the head alone: --method HEAD"),
            Argument("--header", "a field, sent exactly so; may be repeated", "N: V", many=True),
            Argument(
                "--without", "a field that is not to be added by itself, like User-Agent", "NAME", many=True
            ),
            Argument("--query", "a pair for the address; may be repeated", "N=V", many=True),
            Argument("--data", "the body: this text, or @FILE", "TEXT"),
            Argument("--form", "a field of a form in the body; N=@FILE sends a file", "N=V", many=True),
            Argument("--parts", "the form in parts (multipart/form-data), without a file too"),
            Argument("--user", "log in by the Basic scheme (at the Lab: student)", "NAME"),
            Argument("--password-file", "the first line of this file is the password for it", "FILE"),
            Argument("--no-follow", "redirects are shown and not followed"),
            Argument("--max-redirects", "how many are followed (10)", "N", read=read_count),
            Argument("--compressed", "say that gzip and deflate are understood"),
            Argument("--output", "the body goes to FILE, FILE.partial until it is whole", "FILE"),
            *WAY,
        ),
        _get,
        "The body goes to standard output, the conversation to standard error. A body in gzip or deflate is unpacked, "
        "within bounds. Exit code 1 for an answer 4xx or 5xx, 4 for a body that is truncated or overlong.\n"
        "\n"
        "  workbench web get lab:http/redirect --json\n"
        "  workbench web get lab:http/form --form name=Anna --form kind=ship\n"
        "  workbench web get lab:https/basic --user student\n"
        "  workbench web get http://127.0.0.1:8080/large.bin --output large.bin",
    ),
    FIND,
    OPEN,
)
