"""What becomes of a draft that anybody may have written."""

import pytest

from workbench.panels.drafts import MAX_LINE, line_of


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("host:80", "host:80"),
        ("a\nb\tc\x1b[1m\u202e", "abc[1m"),
        ("x" * (MAX_LINE + 5), "x" * MAX_LINE),
        (None, ""),
        (7, ""),
        (["a"], ""),
    ],
)
def test_a_line_holds_what_can_be_shown_of_a_text(value: object, line: str):
    assert line_of(value) == line


def test_a_field_may_hold_more_or_less():
    assert line_of("abcdef", 3) == "abc"
