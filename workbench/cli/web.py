"""`workbench web get`: requests by HTTP, every hop shown, and whether what came was all."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON, TIMEOUT, TRANSCRIPT, WITH_SECRETS, read_count
from workbench.cli.output import Output
from workbench.cli.way import RELAY
from workbench.cli.web_find import FIND
from workbench.cli.web_open import OPEN
from workbench.errors import LocalMisuse


def _get(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.web_get import get_verb

    return get_verb(parsed, output)


def read_address(text: str) -> str:
    """A web address as typed. Raises: LocalMisuse with the place."""
    from workbench.protocols.http.url import read_url

    read_url(text)
    return text


def read_retries(text: str) -> int:
    """How often to try again, from 0 on. Raises: LocalMisuse."""
    from workbench.protocols.http.resume import MAX_RETRIES

    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 3 else -1
    if not 0 <= number <= MAX_RETRIES:
        raise LocalMisuse(
            f"{text[:40]!r} is no whole number from 0 to {MAX_RETRIES}", text=text, start=0, end=len(text)
        )
    return number


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
            Argument(
                "--resume", "go on where an earlier download into FILE broke off, and where this one does"
            ),
            Argument("--retries", "how often to try again (3 with --resume, else 0)", "N", read=read_retries),
            *WAY,
        ),
        _get,
        "The body goes to standard output, the conversation to standard error. A body in gzip or deflate is unpacked, "
        "within bounds. Exit code 1 for an answer 4xx or 5xx, 4 for a body that is truncated or overlong.\n"
        "With --resume the file is saved as it comes, its coding not undone, and the rest is asked for by Range with "
        "If-Range: another file begins again, a part that does not fit is refused. FILE.partial.json notes what the "
        "server knows it by. --retries alone begins from the first octet each time. Retry-After is heeded up to two "
        "minutes; each attempt is told.\n"
        "\n"
        "  workbench web get lab:http/redirect --json\n"
        "  workbench web get lab:http/form --form name=Anna --form kind=ship\n"
        "  workbench web get lab:https/basic --user student\n"
        "  workbench web get http://127.0.0.1:8080/large.bin --output large.bin\n"
        "  workbench web get 'lab:http/file?cut=1048576' --output file --resume --json",
    ),
    FIND,
    OPEN,
)
