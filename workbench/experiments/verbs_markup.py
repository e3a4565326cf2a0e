"""The verbs about documents and calls: a search in HTML or XML, a call by XML-RPC. As in verbs.py."""

from workbench.experiments.values import Given
from workbench.experiments.verb import TIMEOUT, Param, Verb, quoted, to_place

_TO = Param("to", "place", "an XML-RPC server of [lab]", needed=True, of=("listener",))


def _say_find(given: Given, _name: str) -> str:
    by = f"by {'CSS' if given['by'] == 'css' else 'XPath'} for {given['search']}"
    meaning = f", where {given['namespace']} tells the prefix" if "namespace" in given else ""
    return f"Read {quoted(given['document'])} as {str(given['kind']).upper()} and search it {by}{meaning}."


def _say_call(given: Given, _name: str) -> str:
    arguments = quoted(given["arguments"]) if "arguments" in given else "no arguments"
    return f"Call {given['method']} at {to_place(given)}, path {given.get('path', '/')}, with {arguments}."


MARKUP = (
    Verb(
        "markup-find",
        "read a document as HTML or XML and search it by XPath or CSS",
        "found",
        (
            Param("document", "text", "the document", needed=True, low=1),
            Param("kind", "choice", "as what it is read", needed=True, choices=("html", "xml")),
            Param("by", "choice", "the language of the search", needed=True, choices=("xpath", "css")),
            Param("search", "words", "the expression", needed=True),
            Param("namespace", "words", "what a prefix means, like a=urn:x"),
            TIMEOUT,
        ),
        _say_find,
    ),
    Verb(
        "xmlrpc-call",
        "call a method by XML-RPC; a fault, or a no of HTTP, is what came",
        "called",
        (
            _TO,
            Param("method", "words", "the method", needed=True),
            Param("arguments", "text", "the arguments as a JSON array, like [2, 10]"),
            Param("path", "words", "the path (/)"),
            TIMEOUT,
        ),
        _say_call,
    ),
)
