"""HOST[:PORT] within a longer text: places are those of the whole text. `test_target` has the mistakes one by
one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.attempt import attempt, check_place
from workbench.errors import LocalMisuse
from workbench.formats.authority import Asked, read_authority
from workbench.formats.ports import SCHEME_PORTS


def asked(text: str, *, default_port: int | None = None, listening: bool = False) -> Asked:
    """The text with the usual table of ports."""
    return Asked(text, default_port, listening, SCHEME_PORTS)


@pytest.mark.parametrize(
    ("text", "scheme", "found"),
    [
        ("h:1", "", ("h", 1)),
        ("[::1]:1", "", ("::1", 1)),
        ("h", "http", ("h", 80)),
        ("h:81", "http", ("h", 81)),
        ("[fe80::1%25lo]", "http", ("fe80::1%lo", 80)),
        ("[fe80::1%25lo]:1", "", ("fe80::1%25lo", 1)),
    ],
)
def test_host_and_port_are_read_wherever_they_stand(text: str, scheme: str, found: tuple[str, int]) -> None:
    assert read_authority(asked(text), 0, len(text), scheme) == found
    assert read_authority(asked(f"]:9/{text}:8[x"), 4, 4 + len(text), scheme) == found


@pytest.mark.parametrize(
    "text", ["h", "h:", "h:0", "h:x", "[::1", "[::g]:1", "a:b:c", "::1:2", "", ":1", "*:1", "1.2:3", "-h:1"]
)
def test_a_mistake_keeps_its_place_in_a_longer_text(text: str) -> None:
    alone = attempt(read_authority, asked(text), 0, len(text))
    assert isinstance(alone, LocalMisuse)
    check_place(alone, 0, len(text))
    within = attempt(read_authority, asked(f"x://{text}/]:1"), 4, 4 + len(text))
    assert isinstance(within, LocalMisuse)
    check_place(within, 4, 4 + len(text))
    assert alone.start is not None
    assert within.start == alone.start + 4
    assert within.what == alone.what


@given(st.text("h1.:[]%-*é ", max_size=12), st.booleans())
def test_nothing_outside_is_looked_at(text: str, listening: bool) -> None:
    alone = attempt(read_authority, asked(text, default_port=9, listening=listening), 0, len(text))
    within = attempt(
        read_authority, asked(f"::{text}::]", default_port=9, listening=listening), 2, 2 + len(text)
    )
    if isinstance(alone, LocalMisuse):
        assert isinstance(within, LocalMisuse)
        assert within.what == alone.what
    else:
        assert within == alone
