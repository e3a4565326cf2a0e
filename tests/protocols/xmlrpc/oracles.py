"""The standard library's server and client, to stand beside our own codec and client."""

import contextlib
import datetime
import threading
import xmlrpc.client
from collections.abc import Iterator
from xmlrpc.server import SimpleXMLRPCRequestHandler, SimpleXMLRPCServer

from hypothesis import strategies as st

from workbench.protocols.xmlrpc.values import I8_HIGH, I8_LOW, INT_HIGH, INT_LOW, Value


class _Quiet(SimpleXMLRPCRequestHandler):
    rpc_paths = ("/", "/RPC2")


@contextlib.contextmanager
def stdlib_server(*, introspection: bool = True, multicall: bool = True) -> Iterator[str]:
    """Python's own server in a thread; where it is."""
    with SimpleXMLRPCServer(
        ("127.0.0.1", 0), requestHandler=_Quiet, logRequests=False, allow_none=True, use_builtin_types=True
    ) as server:
        server.register_function(pow)
        server.register_function(_same, "same")
        if introspection:
            server.register_introspection_functions()
        if multicall:
            server.register_multicall_functions()
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/RPC2"
        finally:
            server.shutdown()
            thread.join()


def _same(value: object) -> object:
    return value


def as_python(value: Value) -> object:
    """What the standard library makes of a value, with its builtin types."""
    if value.type == "array":
        return [as_python(item) for item in value.items()]
    if value.type == "struct":
        return {name: as_python(member) for name, member in value.members()}
    if value.type == "dateTime.iso8601":
        return datetime.datetime.strptime(str(value.data), "%Y%m%dT%H:%M:%S")
    return value.data


def without_places(value: Value) -> Value:
    """The value as it was before it was sent: read ones know their octets."""
    data = value.data
    if value.type == "array":
        data = tuple(without_places(item) for item in value.items())
    elif value.type == "struct":
        data = tuple((name, without_places(member)) for name, member in value.members())
    return Value(value.type, data)


_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=8)
_SIMPLE = (
    st.integers(INT_LOW, INT_HIGH).map(lambda number: Value("int", number))
    | st.integers(I8_LOW, I8_HIGH).map(lambda number: Value("i8", number))
    | st.booleans().map(lambda flag: Value("boolean", flag))
    | _TEXT.map(lambda text: Value("string", text))
    | st.floats(-1e15, 1e15)
    .filter(lambda number: abs(number) > 1e-9 or not number)
    .map(lambda n: Value("double", n))
    | st.binary(max_size=20).map(lambda data: Value("base64", data))
    | st.just(Value("nil", None))
    | st.datetimes(datetime.datetime(1970, 1, 1)).map(
        lambda moment: Value("dateTime.iso8601", moment.strftime("%Y%m%dT%H:%M:%S"))
    )
)
VALUES = st.recursive(
    _SIMPLE,
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda items: Value("array", tuple(items)))
        | st.dictionaries(_TEXT, inner, max_size=3).map(
            lambda members: Value("struct", tuple(members.items()))
        )
    ),
    max_leaves=10,
)


def loads(data: bytes) -> tuple[tuple[object, ...], str | None]:
    """The standard library's reading."""
    return xmlrpc.client.loads(data, use_builtin_types=True)  # type: ignore[return-value]  # marshallable values
