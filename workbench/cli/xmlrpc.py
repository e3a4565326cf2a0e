"""`workbench xmlrpc list|call`: the methods of an XML-RPC server, and calls of them."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON, TIMEOUT, TRANSCRIPT, WITH_SECRETS
from workbench.cli.output import Output
from workbench.cli.way import RELAY


def _url(text: str) -> Any:
    from workbench.protocols.http.url import read_url

    read_url(text)
    return text


def _method(text: str) -> Any:
    from workbench.protocols.xmlrpc.encode import checked_method

    return checked_method(text)


def _list(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.xmlrpc_list import list_verb

    return list_verb(parsed, output)


def _call(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.xmlrpc_call import call_verb

    return call_verb(parsed, output)


_URL = Argument("URL", "http://HOST/PATH, https://HOST/PATH or lab:xmlrpc", read=_url)
_HOW = (
    Argument("--user", "log in by HTTP's Basic scheme as this user", "NAME"),
    Argument("--password-file", "the first line of this file is the password", "FILE"),
    RELAY,
    TIMEOUT,
    TRANSCRIPT,
    WITH_SECRETS,
    JSON,
)

VERBS = (
    Verb(
        "list",
        "which methods a server has, what they take, give and are for",
        "xmlrpc.list/1",
        (_URL, *_HOW),
        _list,
        "Not every server tells (introspection is an extension), and not every one that tells its methods tells their "
        "types. Exit code 1 when it tells nothing; 4 when its answer makes no sense.\n"
        "\n"
        "  workbench xmlrpc list lab:xmlrpc\n"
        "  workbench xmlrpc list http://127.0.0.1:8000/RPC2 --json",
    ),
    Verb(
        "call",
        "call a method, and see the value or the fault",
        "xmlrpc.call/1",
        (
            _URL,
            Argument("METHOD", "its name", read=_method),
            Argument(
                "VALUE",
                'the arguments, each as JSON, else as a string; {"$base64": "AAEC"}, {"$dateTime": ...}, {"$i8": 1}',
                many=True,
                needed=False,
            ),
            *_HOW,
        ),
        _call,
        "The value goes to standard output as JSON. Exit code 1 for a fault and for an error of HTTP; 4 when the "
        "answer makes no sense. A word that looks like a number is one: write '\"2\"' for the string.\n"
        "\n"
        "  workbench xmlrpc call lab:xmlrpc pow 2 10\n"
        "  workbench xmlrpc call lab:xmlrpc echo '[1, true, null, \"text\"]' --json\n"
        "  workbench xmlrpc call lab:xmlrpc fail 4 'too late'",
    ),
)
