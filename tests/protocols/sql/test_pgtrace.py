"""libpq's trace: messages out of octets cut anywhere, and nothing secret left in them. The tap itself: tests/real."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.protocols.sql.pgtrace import MAX_SHOWN, Message, TraceReader, error_fields

TRACE = (
    b'F\t59\tStartupMessage\t 3 0 "user" "admin"\n'
    b'B\t23\tAuthenticationSASL\t "SCRAM-SHA-256" ""\n'
    b"F\t54\tSASLInitialResponse\t \"SCRAM-SHA-256\" 32 'n,,n=,r=cOnfVSDn'\n"
    b"B\t12\tBackendKeyData\t 14681 '@\\xaf\\x06Y'\n"
    b"F\t4\tSync\n"
    b'F\t42\tParse\t "" "select 1,\n B\t2\n nix" 0\n'
    b'B\t107\tErrorResponse\t S "ERROR" V "ERROR" C "42703" M "column "nix" does not exist" P "8" \\x00\n'
    b"B\t5\tReadyForQuery\t I\n"
)
NAMES = [
    "StartupMessage",
    "AuthenticationSASL",
    "SASLInitialResponse",
    "BackendKeyData",
    "Sync",
    "Parse",
    "ErrorResponse",
    "ReadyForQuery",
]


def read(data: bytes, size: int) -> list[Message]:
    reader = TraceReader()
    found = [message for piece in chop(data, size) for message in reader.feed(piece)]
    return [*found, *reader.end()]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100, 10_000])
def test_the_same_messages_however_the_octets_are_cut(size: int):
    found = read(TRACE, size)
    assert [message.name for message in found] == NAMES
    assert [message.octets for message in found] == [59, 23, 54, 12, 4, 42, 107, 5]
    assert [message.is_ours for message in found] == [True, False, True, False, True, True, False, False]
    assert b"nix" in found[5].fields


def test_passwords_and_keys_are_masked_and_nothing_else():
    secret = {
        message.name: [message.line()[a:b] for a, b in message.secrets()] for message in read(TRACE, 1000)
    }
    assert secret["SASLInitialResponse"] == [b"\"SCRAM-SHA-256\" 32 'n,,n=,r=cOnfVSDn'"]
    assert secret["BackendKeyData"] == [b"'@\\xaf\\x06Y'"]
    assert secret["Parse"] == secret["StartupMessage"] == []
    (plain,) = read(b'F\t10\tPasswordMessage\t "geheim"\n', 1000)
    assert plain.secrets() == [(plain.line().index(b'"'), len(plain.line()) - 1)]


def test_the_fields_of_an_error():
    fields = error_fields(read(TRACE, 1000)[6])
    assert (fields["C"], fields["M"], fields["P"]) == ("42703", 'column "nix" does not exist', "8")


def test_a_long_message_is_cut_and_says_so():
    (long,) = read(b'F\t9\tParse\t "' + b"x" * 100_000 + b'"\n', 1000)
    assert len(long.line()) < MAX_SHOWN + 100
    assert b"octets of the trace more" in long.line()


@given(st.binary(max_size=200), st.integers(1, 50))
def test_any_octets_are_read_to_their_end(data: bytes, size: int):
    for message in read(data, size):
        message.secrets()
        error_fields(message)
