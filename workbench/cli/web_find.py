"""`workbench web find`: what an XPath or a CSS selector finds in a page, with the place of every hit."""

import os.path
from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON, TIMEOUT, TRANSCRIPT, WITH_SECRETS
from workbench.cli.output import Output
from workbench.cli.way import RELAY
from workbench.formats.target import parse_target


def _subject(text: str) -> str:
    """A web address or the name of a file: what exists as a file, or has no colon, is one, but for lab:NAME."""
    if ":" in text and (text.startswith("lab:") or not os.path.exists(text)):
        parse_target(text)
    return text


def _namespace(text: str) -> Any:
    from workbench.formats.markup.query import read_namespace

    return read_namespace(text)


def _find(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.web_find_run import find_verb

    return find_verb(parsed, output)


FIND = Verb(
    "find",
    "search a page or an XML document by XPath or CSS",
    "web.find/1",
    (
        Argument(
            "SUBJECT", "a file (- is standard input), http://..., https://... or lab:http/PATH", read=_subject
        ),
        Argument("--css", "a CSS selector: table.prices td a[href]", "SEL"),
        Argument("--xpath", "an XPath 1.0 expression: //a/@href, count(//item)", "EXPR"),
        Argument(
            "--namespace",
            "what a prefix means: x=http://www.w3.org/1999/xhtml",
            "P=URI",
            _namespace,
            many=True,
        ),
        Argument("--as", "read it as html or xml; else what it says of itself decides", "KIND"),
        Argument("--encoding", "what its octets mean; else what it says of itself decides", "NAME"),
        RELAY,
        TIMEOUT,
        TRANSCRIPT,
        WITH_SECRETS,
        JSON,
    ),
    _find,
    "HTML becomes the tree that browsers make of it, XML must be well-formed; entities, DTDs and the network are never "
    "followed. Every hit has its place in the source; what the parser put there by itself has none. Exit code 1 when "
    "nothing matches, and for a boolean that is false; 4 when the document is made to harm.\n"
    "\n"
    "  workbench web find page.html --css 'a[href]'\n"
    "  workbench web find feed.xml --xpath '//a:entry/a:title' --namespace a=http://www.w3.org/2005/Atom --json\n"
    "  workbench web find lab:http/ --xpath 'string(//title)'",
)
