"""`workbench cert show|verify`: certificates of a server or a file, every field in words, and whether they count."""

import os.path
from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON, TIMEOUT, TRANSCRIPT, WITH_SECRETS
from workbench.cli.output import Output
from workbench.cli.way import RELAY
from workbench.errors import LocalMisuse
from workbench.formats.target import Target, parse_target


def _subject(text: str) -> Target | str:
    """A target, or the name of a file: what exists as a file, or has no colon, is one, but for lab:NAME."""
    if ":" not in text or (not text.startswith("lab:") and os.path.exists(text)):
        return text
    return parse_target(text)


def _name(text: str) -> str:
    from workbench.wire.tls.names import dns_form, is_address

    if not text:
        raise LocalMisuse(
            "the name is empty", text=text, start=0, end=0, advice="write the name, or leave it out"
        )
    if not is_address(text):
        dns_form(text)
    return text


def _show(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.cert_show import show_verb

    return show_verb(parsed, output)


def _verify(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.cert_verify import verify_verb

    return verify_verb(parsed, output)


SUBJECT = Argument(
    "SUBJECT",
    "HOST:PORT, [V6]:PORT, lab:NAME, or a file: PEM, DER or PKCS #7; - is standard input",
    read=_subject,
)

VERBS = (
    Verb(
        "show",
        "every field and extension of the certificates of a server or a file, with its section of RFC 5280",
        "cert.show/1",
        (SUBJECT, RELAY, TIMEOUT, TRANSCRIPT, WITH_SECRETS, JSON),
        _show,
        "A server is asked by a TLS handshake and nothing else is said to it; its certificates are shown as it sent "
        "them, also where they are not to be trusted. What else a file holds (keys, requests, lists) is named for what "
        "it is; a private key is never shown.\n"
        "\n"
        "  workbench cert show lab:tls-expired\n"
        "  workbench cert show chain.pem --json\n"
        "  workbench cert show 127.0.0.1:8443",
    ),
    Verb(
        "verify",
        "whether a server's or a file's certificate counts, and every reason why not",
        "cert.verify/1",
        (
            SUBJECT,
            Argument("--name", "the name it should be for (the target's host)", "NAME", _name),
            Argument(
                "--trust",
                "believe this machine's store, certifi's, the Lab's or FILE's authorities (system, for lab:NAME lab)",
                "FILE|system|certifi|lab",
            ),
            RELAY,
            TIMEOUT,
            TRANSCRIPT,
            WITH_SECRETS,
            JSON,
        ),
        _verify,
        "The chain is judged as it was sent and as it was built up to a root of the store; the name is compared with "
        "every entry of the certificate, each with its reason. Exit code 1 when it is refused. What was not checked "
        "(such as whether it was revoked) is told too.\n"
        "\n"
        "  workbench cert verify lab:tls-wrong-name\n"
        "  workbench cert verify 127.0.0.1:8443 --name www.example.test --trust root.pem --json\n"
        "  workbench cert verify chain.pem --name www.example.test --trust system",
    ),
)
