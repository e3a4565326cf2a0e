"""The server's list, also as odd servers write it."""

import pytest

from workbench.protocols.smtp.extensions import read_extensions
from workbench.protocols.smtp.values import Reply


def listed(*lines: bytes):  # type: ignore[no-untyped-def]
    return read_extensions(Reply(250, (b"mail.test", *lines)))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"SIZE 1000", ("limit", 1000)),
        (b"size 1000", ("limit", 1000)),
        (b"SIZE", ("unstated", 0)),
        (b"SIZE 0", ("no limit", 0)),
        (b"SIZE banana", ("unreadable", 0)),
        (b"SIZE -1", ("unreadable", 0)),
        (b"SIZE " + b"9" * 30, ("unreadable", 0)),
        (b"8BITMIME", ("none", 0)),
    ],
)
def test_what_size_says(line: bytes, expected: tuple[str, int]):
    assert listed(line).size == expected


def test_mechanisms_in_both_spellings():
    found = listed(b"AUTH PLAIN login", b"AUTH=CRAM-MD5", b"", b"\xff", b"X-ODD a b")
    assert found.mechanisms == ("PLAIN", "LOGIN", "CRAM-MD5")
    assert found.offers("X-ODD")
    assert not found.offers("STARTTLS")
