"""Values to XML and back, beside the standard library; and every way in which an answer can be none."""

import xmlrpc.client

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.protocols.xmlrpc.oracles import VALUES, as_python, loads, without_places
from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.lab.services.xmlrpc.wrong import WRONG
from workbench.protocols.xmlrpc.codec import read_answer, read_call
from workbench.protocols.xmlrpc.encode import MAX_DEPTH, write_call, write_value
from workbench.protocols.xmlrpc.values import Call, Fault, Value


def answer(inside: str) -> bytes:
    return f"<methodResponse><params><param>{inside}</param></params></methodResponse>".encode()


def read(inside: str) -> Value:
    found = read_answer(answer(inside)).value
    assert found is not None
    return found


@given(st.lists(VALUES, max_size=3))
@settings(max_examples=100, deadline=None)
def test_the_standard_library_reads_what_we_write(params: list[Value]) -> None:
    got, method = loads(write_call(Call("a.b", tuple(params))))
    assert method == "a.b"
    assert list(got) == [as_python(value) for value in params]


@given(VALUES)
@settings(max_examples=100, deadline=None)
def test_what_we_write_we_read(value: Value) -> None:
    data = write_call(Call("m", (value,)))
    (got,) = read_call(data).params
    assert without_places(got) == value
    assert data[got.start : got.stop].decode() == write_value(value)


@given(VALUES)
@settings(max_examples=60, deadline=None)
def test_we_read_what_the_standard_library_writes(value: Value) -> None:
    plain = as_python(value)
    try:
        data = xmlrpc.client.dumps((plain,), methodresponse=True, allow_none=True).encode()
    except OverflowError:
        return  # an i8, which it does not send
    found = read_answer(data).value
    assert found is not None
    assert as_python(found) == plain


@pytest.mark.covers("C8.23")
def test_a_boolean_is_no_number() -> None:
    assert write_value(Value("boolean", True)) == "<value><boolean>1</boolean></value>"
    assert write_value(Value("int", 1)) == "<value><int>1</int></value>"


@pytest.mark.parametrize(
    ("inside", "type_", "data", "warnings"),
    [
        ("<value>plain</value>", "string", "plain", 0),
        ("<value></value>", "string", "", 0),
        ("<value><string> a </string></value>", "string", " a ", 0),
        ("<value><i4> 7 </i4></value>", "int", 7, 1),
        ("<value><int>4000000000</int></value>", "int", 4_000_000_000, 1),
        ("<value><ex:i8>5</ex:i8></value>", "i8", 5, 1),
        ("<value><boolean>true</boolean></value>", "boolean", True, 1),
        ("<value><double>1e3</double></value>", "double", 1000.0, 1),
        ("<value><double>nan</double></value>", "double", "nan", 1),
        ("<value><dateTime.iso8601>2026-11-23T10:00:00Z</dateTime.iso8601></value>", "dateTime.iso8601",
         "2026-11-23T10:00:00Z", 1),
        ("<value><base64>AA\nEC</base64></value>", "base64", b"\0\1\2", 0),
        ("<value><nil/></value>", "nil", None, 0),
    ],
)  # fmt: skip
def test_what_servers_do_is_read_and_told(inside: str, type_: str, data: object, warnings: int) -> None:
    found = read_answer(answer(inside))
    assert found.value is not None
    assert (found.value.type, found.value.data) == (type_, data)
    assert len(found.warnings) == warnings


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("<value><int>ten</int></value>", "'ten' is no int"),
        ("<value><int>99999999999999999999</int></value>", "is no int"),
        ("<value><boolean>7</boolean></value>", "'7' is no boolean"),
        ("<value><double>1,5</double></value>", "is no double"),
        ("<value><base64>%</base64></value>", "is no base64"),
        ("<value><nil>x</nil></value>", "is no nil"),
        ("<value><dateTime.iso8601>now</dateTime.iso8601></value>", "is no dateTime"),
        ("<value><int>1</int><int>2</int></value>", "two types"),
        ("<value><widget/></value>", "widget can't stand inside value"),
        ("<value><array><value/></array></value>", "value can't stand inside array"),
        ("text", "text where none belongs"),
        ("", "0 values where one belongs"),
    ],
)
def test_what_has_no_meaning_is_refused_with_its_place(inside: str, what: str) -> None:
    with pytest.raises(PeerMisbehaved, match=what) as caught:
        read_answer(answer(inside))
    assert "(line 1, column " in caught.value.what


def test_a_fault_is_read() -> None:
    data = xmlrpc.client.dumps(xmlrpc.client.Fault(4, "too late"), methodresponse=True).encode()
    assert read_answer(data).fault == Fault(4, "too late")


@pytest.mark.parametrize("name", [name for name in WRONG if not name.startswith("http-")])
def test_every_wrong_answer_of_the_lab_is_refused(name: str) -> None:
    body = WRONG[name].body
    assert isinstance(body, bytes)
    with pytest.raises(PeerMisbehaved):
        read_answer(body)


def test_nesting_has_a_bound() -> None:
    value = Value("nil", None)
    for _ in range(MAX_DEPTH + 2):
        value = Value("array", (value,))
    with pytest.raises(LocalMisuse, match="deep"):
        write_value(value)


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (Value("int", 2**31), "no int"),
        (Value("i8", 2**63), "no i8"),
        (Value("double", float("nan")), "can't be sent"),
        (Value("string", "a\x01"), r"U\+0001"),
        (Value("string", "\ufffe"), r"U\+FFFE"),
        (Value("dateTime.iso8601", "now"), "no date"),
    ],
)
def test_what_can_not_be_sent_is_refused(value: Value, what: str) -> None:
    with pytest.raises(LocalMisuse, match=what):
        write_value(value)


@pytest.mark.parametrize(("name", "start"), [("", 0), ("a b", 1), ("a\r\nb", 1), ("é", 0), ("a<", 1)])
def test_a_methods_name_is_checked(name: str, start: int) -> None:
    with pytest.raises(LocalMisuse) as caught:
        write_call(Call(name))
    assert caught.value.start == start


def test_line_ends_survive() -> None:
    value = Value("string", "a\r\nb\rc\n")
    (got,) = read_call(write_call(Call("m", (value,)))).params
    assert got.data == value.data


@given(st.binary(max_size=200) | st.text(alphabet="<>/=value int&;'\"", max_size=80).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_any_octets_are_an_answer_or_a_mistake(data: bytes) -> None:
    with pytest.raises(PeerMisbehaved):
        read_answer(data)


def test_an_answer_cut_anywhere_is_refused() -> None:
    whole = answer(
        "<value><struct><member><name>a</name><value><int>1</int></value></member></struct></value>"
    )
    for size in range(len(whole)):
        with pytest.raises(PeerMisbehaved):
            read_answer(whole[:size])
    assert read_answer(whole).value is not None
