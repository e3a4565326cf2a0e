"""The control protocol: every value survives the line, every line is a value or is refused, nothing is unbounded."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.errors import (
    LinkLost,
    LocalFault,
    LocalMisuse,
    PeerMisbehaved,
    Refused,
    TooSlow,
    Untrusted,
    WorkbenchError,
)
from workbench.lab import control
from workbench.lab.control import (
    Authority,
    Describe,
    Failure,
    Hello,
    Listing,
    Notice,
    Ping,
    Relayed,
    Reply,
    Start,
    Stop,
    Wrong,
    decode_message,
    decode_request,
    encode_message,
    encode_request,
    error_from_dict,
)
from workbench.lab.splitter import LineSplitter

ids = st.integers(0, control.MAX_ID)
names = st.text(min_size=1, max_size=30)
scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=50)
objects = st.dictionaries(names, scalars | st.lists(scalars, max_size=3), max_size=5)
requests = st.one_of(
    st.builds(Start, ids, names, objects, st.text(max_size=20), st.none() | st.integers(0, 65535)),
    st.builds(Relayed, ids, names, st.sampled_from(["tcp", "udp"]), objects),
    st.builds(Stop, ids, names),
    st.builds(Listing, ids),
    st.builds(Ping, ids),
    st.builds(Describe, ids),
    st.builds(Authority, ids),
)
messages = st.one_of(
    st.builds(
        Hello, st.integers(0, 99), st.text(max_size=9), ids, st.text(max_size=50), st.text(max_size=50)
    ),
    st.builds(Reply, ids, objects),
    st.builds(Notice, names, objects),
)
json_values = st.recursive(
    scalars | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=20,
)


@given(requests)
def test_every_request_survives_its_line(request_: control.Request):
    line = encode_request(request_)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode_request(line[:-1]) == request_


@given(messages)
def test_every_message_survives_its_line(message: control.Message):
    line = encode_message(message)
    assert line.count(b"\n") == 1
    assert decode_message(line[:-1]) == message


@given(st.binary(max_size=200))
def test_any_octets_are_a_request_or_are_told_why_not(line: bytes):
    decoded = decode_request(line)
    if isinstance(decoded, Wrong):
        assert decoded.error.what
        assert decode_message(encode_message(Failure(decoded.id, decoded.error))[:-1])


@given(st.dictionaries(st.sampled_from(["id", "do", "name", "switches", "host", "port", "x"]), json_values))
def test_any_json_object_is_a_request_or_is_told_why_not(fields: dict[str, object]):
    decoded = decode_request(json.dumps(fields).encode())
    if isinstance(decoded, Wrong):
        assert isinstance(decoded.error, LocalMisuse)
    else:
        assert decode_request(encode_request(decoded)[:-1]) == decoded


@given(
    st.binary(max_size=200)
    | st.dictionaries(
        st.sampled_from(["id", "ok", "error", "hello", "notice", "values", "x"]), json_values
    ).map(lambda value: json.dumps(value).encode())
)
def test_any_octets_are_a_message_or_the_lab_misbehaved(line: bytes):
    blamed = None
    try:
        decode_message(line)
    except PeerMisbehaved as error:
        blamed = error
    assert blamed is None or blamed.stage == "lab"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"", "not a request"),
        (b"hello", "not a request"),
        (b"[1]", "not a JSON object"),
        (b"[" * 60_000, "nested too deep"),
        (b'{"id": ' + b"9" * 5000 + b"}", "not a request"),
        (b'{"id": NaN, "do": "ping"}', "NaN is not JSON"),
        (b'{"do": "ping"}', "needs an id"),
        (b'{"id": true, "do": "ping"}', "needs an id"),
        (b'{"id": -1, "do": "ping"}', "needs an id"),
        (b'{"id": 1}', "the Lab can't null"),
        (
            b'{"id": 1, "do": "launch"}',
            'the Lab can\'t "launch"; it can start, relay, stop, list, ping and describe',
        ),
        (b'{"id": 1, "do": "start"}', "name of a service is missing"),
        (b'{"id": 1, "do": "start", "name": 7}', "name of a service is missing"),
        (b'{"id": 1, "do": "start", "name": "echo", "switches": [1]}', "switches must be an object"),
        (b'{"id": 1, "do": "start", "name": "echo", "port": 65536}', "port must be"),
        (b'{"id": 1, "do": "start", "name": "echo", "port": true}', "port must be"),
        (b'{"id": 1, "do": "start", "name": "echo", "host": 1}', "host must be text"),
        (b'{"id": 1, "do": "relay"}', "the address to relay to is missing"),
        (b'{"id": 1, "do": "relay", "to": "h:1", "transport": "sctp"}', "must be tcp or udp"),
        (b'{"id": 1, "do": "relay", "to": "h:1", "switches": 1}', "switches must be an object"),
        (b'{"id": 1, "do": "ping", "name": "echo"}', 'ping takes no "name"'),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(line: bytes, said: str):
    decoded = decode_request(line)
    assert isinstance(decoded, Wrong)
    assert said in decoded.error.what


def test_a_wrong_request_is_answered_under_its_id():
    decoded = decode_request(b'{"id": 41, "do": "launch"}')
    assert isinstance(decoded, Wrong)
    assert decoded.id == 41


@pytest.mark.parametrize(
    "error",
    [
        LocalMisuse("no such", text="lab:ehco", start=4, end=8, stage="lab", advice="echo?", source="us"),
        LocalMisuse("no place", stage="lab"),
        PeerMisbehaved("odd", stage="greeting", data=b"\x00\xff", source="RFC 862", transcript_index=7),
        LinkLost("gone", stage="lab", reply="last words", committed="maybe"),
        TooSlow("late", stage="lab", committed="yes"),
        Refused("no", reply="550 no"),
        Untrusted("bad certificate"),
        LocalFault("taken", errno_name="EADDRINUSE", stage="listen", advice="leave it"),
        WorkbenchError("our own fault"),
    ],
    ids=lambda error: error.kind,
)
def test_a_failure_arrives_as_the_same_kind_with_the_same_words(error: WorkbenchError):
    message = decode_message(encode_message(Failure(3, error))[:-1])
    assert isinstance(message, Failure)
    assert type(message.error) is type(error)
    assert message.error.as_dict() == error.as_dict()


def test_a_failure_of_an_unknown_kind_is_still_a_failure():
    error = error_from_dict({"kind": "Sunspots", "what": "too many"})
    assert type(error) is WorkbenchError
    assert error.what == "too many"


def test_a_failure_without_words_or_with_odd_ones_is_still_a_failure():
    error = error_from_dict({"kind": "LinkLost", "data_hex": "zz", "committed": 7, "transcript_index": "x"})
    assert (error.what, error.data, error.committed) == ("the Lab gave no reason", b"", "no")
    assert error.transcript_index is None


@pytest.mark.parametrize("n", [1, 2, 3, 7, 1000])
def test_lines_come_out_the_same_however_the_octets_are_cut(n: int):
    splitter = LineSplitter(100, "somebody")
    data = b"one\n\ntwo\r\n" + b"x" * 100 + b"\nrest"
    lines = [line for piece in chop(data, n) for line in splitter.feed(piece)]
    assert lines == [b"one", b"two\r", b"x" * 100]
    assert splitter.pending == 4


@pytest.mark.parametrize("n", [1, 50, 1000])
@pytest.mark.parametrize("tail", [b"", b"\n"])
def test_a_line_beyond_the_bound_is_refused_wherever_it_is_cut(n: int, tail: bytes):
    splitter = LineSplitter(100, "somebody")
    pieces = chop(b"ok\n" + b"x" * 101 + tail, n)
    with pytest.raises(PeerMisbehaved, match="somebody sent a line of more than 100 octets"):
        list(map(splitter.feed, pieces))
    assert splitter.pending == 0


@given(st.lists(st.binary(max_size=40).map(lambda b: b.replace(b"\n", b""))), st.integers(1, 50))
def test_whatever_is_in_lines_they_come_out_in_order(lines: list[bytes], n: int):
    splitter = LineSplitter(64, "somebody")
    data = b"".join(line + b"\n" for line in lines)
    assert [line for piece in chop(data, n) for line in splitter.feed(piece)] == [
        line for line in lines if line
    ]
