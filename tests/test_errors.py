"""Failures: what a status line, JSON, the exit code and the caret say."""

import json

import pytest

from workbench.errors import (
    MAX_SHOWN_OCTETS,
    LinkLost,
    LocalFault,
    LocalMisuse,
    PeerMisbehaved,
    Refused,
    TooSlow,
    Untrusted,
    WorkbenchError,
)

CODES = [
    (Refused, 1),
    (Untrusted, 1),
    (LocalMisuse, 2),
    (LinkLost, 3),
    (TooSlow, 3),
    (PeerMisbehaved, 4),
    (LocalFault, 5),
    (WorkbenchError, 70),
]


@pytest.mark.parametrize(("kind", "code"), CODES)
def test_each_kind_has_its_exit_code_and_its_name(kind: type[WorkbenchError], code: int) -> None:
    error = kind("it went wrong")
    assert error.exit_code == code
    assert error.kind == kind.__name__
    assert str(error) == error.what == "it went wrong"
    assert isinstance(error, WorkbenchError)


def test_who_catches_the_builtin_errors_catches_ours() -> None:
    assert issubclass(LinkLost, ConnectionError)
    assert issubclass(TooSlow, TimeoutError)
    assert str(LinkLost("gone", errno_name="ECONNRESET")) == "gone"
    assert str(TooSlow("too late")) == "too late"


def test_json_always_has_four_words_and_the_others_where_they_say_something() -> None:
    assert WorkbenchError("x").as_dict() == {
        "kind": "WorkbenchError",
        "stage": "",
        "what": "x",
        "committed": "no",
    }
    full = PeerMisbehaved(
        "the reply is broken",
        stage="greeting",
        errno_name="EPROTO",
        reply="220-x",
        data=b"\xff\0",
        committed="maybe",
        advice="try again",
        source="RFC 5321 section 4.2",
        transcript_index=0,
    )
    assert full.as_dict() == {
        "kind": "PeerMisbehaved",
        "stage": "greeting",
        "what": "the reply is broken",
        "committed": "maybe",
        "errno": "EPROTO",
        "reply": "220-x",
        "data_hex": "ff00",
        "try": "try again",
        "source": "RFC 5321 section 4.2",
        "transcript_index": 0,
    }
    assert json.loads(json.dumps(full.as_dict())) == full.as_dict()


def test_of_wrong_octets_only_the_beginning_is_kept() -> None:
    kept = PeerMisbehaved("x", data=memoryview(bytes(10_000))).data
    assert kept == bytes(MAX_SHOWN_OCTETS)
    assert type(kept) is bytes


@pytest.mark.parametrize(
    ("text", "start", "end", "picture"),
    [
        ("host:x", 5, 6, "host:x\n     ^"),
        ("host", 4, 4, "host\n    ^"),
        ("", 0, 0, "\n^"),
        ("abc", 0, 3, "abc\n^^^"),
        ("one\ntwo\nthree", 5, 6, "two\n ^"),
        ("one\ntwo", 0, 7, "one\n^^^"),
        ("one\ntwo", 3, 4, "one\n   ^"),
        ("a\tb\x1b[0m", 2, 3, "a?b?[0m\n  ^"),
        ("a\u202eb", 2, 3, "a?b\n  ^"),
    ],
)
def test_the_caret_stands_under_the_mistake(text: str, start: int, end: int, picture: str) -> None:
    assert LocalMisuse("x", text=text, start=start, end=end).caret() == picture


def test_a_misuse_without_a_place_has_no_picture() -> None:
    error = LocalMisuse("not now")
    assert error.caret() == ""
    assert "at" not in error.as_dict()
    assert error.stage == "input"


def test_a_place_without_an_end_is_where_something_is_missing() -> None:
    error = LocalMisuse("x", text="ab", start=1)
    assert (error.start, error.end) == (1, 1)
    assert error.as_dict()["at"] == {"start": 1, "end": 1}
    assert error.as_dict()["input"] == "ab"
