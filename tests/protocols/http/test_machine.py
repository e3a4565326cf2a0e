"""One answer as a conversation, in every cut; how its end is judged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.errors import PeerMisbehaved
from workbench.protocols.http.machine import (
    MAX_EXTRA,
    MAX_INFORMATIONAL,
    TABLE,
    Answered,
    Data,
    HttpMachine,
    Informed,
)

OK = b"HTTP/1.1 200 OK\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
FORTY = b"x" * 40


def fed(data: bytes, n: int = 1 << 20, *, method: str = "GET", ends: str = "FIN") -> HttpMachine:
    machine = HttpMachine(method)
    for piece in chop(data, n):
        machine.receive(piece)
    if ends and not machine.is_over:
        machine.ended(in_order=ends == "FIN")
    return machine


@pytest.mark.parametrize("n", [1, 2, 3, 10, 1000])
def test_the_same_happens_however_the_octets_are_cut(n: int):
    machine = HttpMachine("GET")
    happened = [
        one
        for piece in chop(CONTINUE + OK + b"Content-Length: 5\r\n\r\nhello", n)
        for one in machine.receive(piece)
    ]
    assert isinstance(happened[0], Informed)
    assert happened[0].head.status == 100
    assert isinstance(happened[1], Answered)
    assert (happened[1].head.status, happened[1].total) == (200, 5)
    assert b"".join(one.data for one in happened[2:] if isinstance(one, Data)) == b"hello"
    assert machine.is_over
    assert machine.completeness().kind == "complete"


@pytest.mark.parametrize(
    ("data", "method", "ends", "kind", "received", "expected", "source"),
    [
        (OK + b"Content-Length: 40\r\n\r\n" + FORTY, "GET", "FIN", "complete", 40, 40, "6.2"),
        (OK + b"Content-Length: 0\r\n\r\n", "GET", "", "complete", 0, 0, "6.2"),
        (OK + b"Content-Length: 100\r\n\r\n" + FORTY, "GET", "FIN", "truncated", 40, 100, "8"),
        (OK + b"Content-Length: 100\r\n\r\n" + FORTY, "GET", "RST", "truncated", 40, 100, "8"),
        (OK + b"Content-Length: 10\r\n\r\n" + FORTY, "GET", "", "overlong", 10, 10, "6.2"),
        (OK + b"\r\n" + FORTY, "GET", "FIN", "unverifiable", 40, None, "8"),
        (OK + b"\r\n" + FORTY, "GET", "RST", "truncated", 40, None, "8"),
        (b"HTTP/1.0 200 OK\r\n\r\n", "GET", "FIN", "unverifiable", 0, None, "8"),
        (OK + b"Content-Length: 100\r\n\r\n", "HEAD", "", "complete", 0, 0, "6.3"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", "HEAD", "", "complete", 0, 0, "6.3"),
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", "GET", "", "complete", 0, 0, "6.3"),
        (b"HTTP/1.1 304 Not Modified\r\n\r\nhello", "GET", "", "overlong", 0, 0, "6.3"),
        (
            OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "GET",
            "",
            "complete",
            5,
            None,
            "7.1",
        ),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "GET", "FIN", "truncated", 5, None, "8"),
        (
            OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n",
            "GET",
            "",
            "truncated",
            5,
            None,
            "7.1",
        ),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nmore", "GET", "", "overlong", 0, None, "7.1"),
    ],
)
@pytest.mark.parametrize("n", [1, 7, 1 << 20])
@pytest.mark.covers("C6.21", "C6.22")
def test_whether_a_body_is_whole_is_judged_by_its_framing(
    data: bytes, method: str, ends: str, kind: str, received: int, expected: int | None, source: str, n: int
):
    found = fed(data, n, method=method, ends=ends).completeness()
    assert (found.kind, found.received, found.expected) == (kind, received, expected)
    assert found.source == f"RFC 9112 section {source}"
    assert found.sentence


def test_chunks_count_beside_a_length_and_the_fault_is_told():
    machine = HttpMachine("GET")
    happened = machine.receive(
        OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    )
    assert isinstance(happened[0], Answered)
    assert "both" in happened[0].head.faults[0].what
    assert happened[1] == Data(b"hello")


def test_places_of_faults_count_over_the_whole_answer():
    machine = HttpMachine("GET")
    machine.receive(CONTINUE + OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n")
    assert machine.fault is not None
    place = len(CONTINUE + OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
    assert f"octet {place} of" in machine.fault.what


def test_endless_informational_answers_end():
    machine = HttpMachine("GET")
    for _ in range(MAX_INFORMATIONAL):
        machine.receive(CONTINUE)
    with pytest.raises(PeerMisbehaved, match="1xx"):
        machine.receive(CONTINUE)
    assert machine.state == "failed"


@pytest.mark.parametrize("n", [1, 1 << 20])
@pytest.mark.parametrize(("data", "what"), [(b"", "without an answer"), (OK + b"X-Hal", "within its head")])
def test_an_end_before_the_body_is_a_fault(data: bytes, what: str, n: int):
    with pytest.raises(PeerMisbehaved, match=what):
        fed(data, n)


def test_what_comes_behind_is_counted_and_bounded():
    machine = fed(OK + b"Content-Length: 0\r\n\r\n")
    for _ in range(10):
        machine.receive(b"y" * MAX_EXTRA)
    assert (machine.extra_octets, len(machine.extra)) == (10 * MAX_EXTRA, MAX_EXTRA)


def test_a_body_by_length_is_handed_on_uncopied():
    machine = HttpMachine("GET")
    machine.receive(OK + b"Content-Length: 1000000\r\n\r\n")
    piece = b"z" * 1000
    happened = machine.receive(piece)
    assert isinstance(happened[0], Data)
    assert happened[0].data is piece


def test_every_state_is_reached_and_every_line_of_the_table_used():
    states = {state for state, _ in TABLE} | set(TABLE.values())
    assert states == {"head", "length", "chunks", "close", "done", "failed"}
    used: set[tuple[str, str]] = set()

    class Watched(HttpMachine):
        def _become(self, happening: str) -> None:
            used.add((self.state, happening))
            super()._become(happening)

    for data in (
        CONTINUE + OK + b"Content-Length: 1\r\n\r\nx",
        OK + b"Content-Length: 1\r\n\r\n",
        OK + b"\r\n",
        b"HTTP/1.1 204 No\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n",
        OK + b"bad\r\n\r\n",
        OK,
    ):
        machine = Watched("GET")
        try:
            machine.receive(data)
            if not machine.is_over:
                machine.ended()
        except PeerMisbehaved:
            assert machine.state == "failed"
    assert used == set(TABLE)


PIECES = st.sampled_from(
    [
        OK,
        CONTINUE,
        b"Content-Length: 3\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"\r\n",
        b"abc",
        b"3\r\nabc\r\n",
        b"0\r\n",
    ]
)


@given(st.lists(PIECES, max_size=8), st.sampled_from(["GET", "HEAD"]), st.integers(1, 20))
def test_any_answer_is_judged_the_same_in_every_cut(pieces: list[bytes], method: str, n: int):
    data = b"".join(pieces)

    def judged(n: int) -> object:
        try:
            machine = fed(data, n, method=method)
        except PeerMisbehaved as wrong:
            return wrong.what.partition(" (")[0] if "status line" in wrong.what else wrong.what
        return machine.completeness(), machine.chunks, machine.extra

    assert judged(n) == judged(1 << 20)
