"""Passwords that stand in statements: found, masked, and nothing else. The errors that quote statements too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.protocols.sql.failures import Rejected, word_at
from workbench.protocols.sql.masks import masked, secret_ranges


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ALTER ROLE a PASSWORD 'geheim'", "ALTER ROLE a PASSWORD '******'"),
        ("create user a with password'it''s' login", "create user a with password'*****' login"),
        (r"ALTER ROLE a PASSWORD E'x\'y'", "ALTER ROLE a PASSWORD E'****'"),
        ("ALTER ROLE a PASSWORD $$geheim$$", "ALTER ROLE a PASSWORD $$******$$"),
        ("SET PASSWORD = 'x'", "SET PASSWORD = '*'"),
        ("ALTER ROLE Grüße PASSWORD 'ä'", "ALTER ROLE Grüße PASSWORD '*'"),
        ("ALTER ROLE a PASSWORD 'left open", "ALTER ROLE a PASSWORD '*********"),
        (
            "SELECT 'password', password FROM x WHERE y = 'z'",
            "SELECT 'password', password FROM x WHERE y = 'z'",
        ),
    ],
)
def test_a_password_is_masked_at_the_same_length(text: str, shown: str):
    assert masked(text) == shown
    assert len(masked(text)) == len(text)


@given(st.binary(max_size=80))
def test_ranges_lie_within_any_octets(data: bytes):
    assert all(0 <= start < stop <= len(data) for start, stop in secret_ranges(b"PASSWORD '" + data)[1:0])
    for start, stop in secret_ranges(data):
        assert 0 <= start < stop <= len(data)


def test_a_refusal_points_into_the_statement_and_shows_no_password():
    text = "SELECT 1;\nALTER ROLE x PASSWORD 'geheim' oops"
    start = text.index("oops")
    failure = Rejected("no", text=text, start=start, end=word_at(text, start), code="42601")
    assert failure.caret() == "ALTER ROLE x PASSWORD '******' oops\n" + " " * 31 + "^^^^"
    shown = failure.as_dict()
    assert shown["at"] == {"start": start, "end": start + 4}
    assert "geheim" not in str(shown)
    assert failure.kind == "Refused"
    assert failure.exit_code == 1


def test_a_long_line_is_cut_around_the_place():
    text = "x" * 500 + " oops " + "y" * 500
    failure = Rejected("no", text=text, start=501, end=505)
    line, caret = failure.caret().split("\n")
    assert len(line) <= 110
    assert line[len(caret) - 4 : len(caret)] == "oops"
    assert Rejected("no").caret() == ""
