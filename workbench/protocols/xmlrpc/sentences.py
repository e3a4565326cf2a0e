"""What stands in a call and an answer, in a sentence each; and the faults whose numbers mean something."""

from typing import Final, NamedTuple

SPEC: Final = "XML-RPC specification"


class Sentence(NamedTuple):
    """What an element means, and which part of the specification says so."""

    text: str
    source: str


ELEMENTS: Final[dict[str, Sentence]] = {
    "methodCall": Sentence("a call: one method and its arguments", f"{SPEC}, Payload format"),
    "methodName": Sentence("which method is called", f"{SPEC}, Payload format"),
    "methodResponse": Sentence("the answer: one value, or a fault", f"{SPEC}, Response format"),
    "params": Sentence("the arguments in order; of an answer the one value", f"{SPEC}, Payload format"),
    "param": Sentence("one argument; it has a place and no name", f"{SPEC}, Payload format"),
    "fault": Sentence("the server says no: a number and a text", f"{SPEC}, Fault example"),
    "value": Sentence("a value; without a type inside it is a string", f"{SPEC}, Scalar <value>s"),
    "int": Sentence("a whole number of 32 bits with a sign", f"{SPEC}, Scalar <value>s"),
    "i4": Sentence("the same as int", f"{SPEC}, Scalar <value>s"),
    "i8": Sentence("a whole number of 64 bits; an extension", "XML-RPC extension i8"),
    "boolean": Sentence("0 or 1; a type of its own, and no number", f"{SPEC}, Scalar <value>s"),
    "string": Sentence("characters; what XML 1.0 can't hold can't be sent", f"{SPEC}, Scalar <value>s"),
    "double": Sentence("a number with a decimal point, no exponent", f"{SPEC}, Scalar <value>s"),
    "dateTime.iso8601": Sentence("date and time, and nobody says of which zone", f"{SPEC}, Scalar <value>s"),
    "base64": Sentence("octets, four characters for three of them", f"{SPEC}, Scalar <value>s"),
    "struct": Sentence("members with names; their order means nothing", f"{SPEC}, <struct>s"),
    "member": Sentence("one name and its value", f"{SPEC}, <struct>s"),
    "name": Sentence("the name of a member: a string", f"{SPEC}, <struct>s"),
    "array": Sentence("values in order, of any types", f"{SPEC}, <array>s"),
    "data": Sentence("holds the values of an array", f"{SPEC}, <array>s"),
    "nil": Sentence("no value at all; an extension that not every server takes", "XML-RPC extension nil"),
}
"""Every element of a call or an answer."""

METHODS: Final[dict[str, Sentence]] = {
    "system.listMethods": Sentence("asks which methods there are", "XML-RPC introspection"),
    "system.methodSignature": Sentence("asks which types a method takes and gives", "XML-RPC introspection"),
    "system.methodHelp": Sentence("asks what a method is for", "XML-RPC introspection"),
    "system.multicall": Sentence("makes several calls in one request", "XML-RPC multicall"),
    "system.getCapabilities": Sentence("asks which extensions the server has", "XML-RPC getCapabilities"),
}
"""Methods that belong to no application."""

FAULTS: Final[dict[int, tuple[str, str]]] = {
    -32700: ("not well-formed", "the server could not read the XML"),
    -32701: ("unsupported encoding", "send UTF-8"),
    -32702: ("invalid character for encoding", "send UTF-8"),
    -32600: ("invalid XML-RPC", "the XML was no call"),
    -32601: ("method not found", "list the methods"),
    -32602: ("invalid parameters", "compare the arguments with the signature"),
    -32603: ("internal error", "the server's own fault"),
    -32500: ("application error", ""),
    -32400: ("system error", ""),
    -32300: ("transport error", ""),
}
"""Numbers that the specification for fault code interoperability reserves; all others are the server's own."""


def fault_words(code: int) -> tuple[str, str]:
    """What a fault's number means by agreement, and what to try; "" where it is the server's own."""
    return FAULTS.get(code, ("", ""))
