"""How people write a plan's parts, and where their mistakes are.

Where each language lives stands in workbench.protocols.discovery.values.
"""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.protocols.discovery.values import GAP_S, HOMES, LANGUAGES, Txt
from workbench.protocols.discovery.written import read_target, read_times, read_txt


def test_nothing_is_where_the_language_lives():
    for language in LANGUAGES:
        target = read_target("", language)
        assert (target.host, target.port) == HOMES[language]


def test_groups_and_names_of_the_lab():
    assert read_target("239.1.2.3:99", "group")[:3] == ("tcp", "239.1.2.3", 99)
    assert read_target("[ff11::1:7]:99", "group").host == "ff11::1:7"
    assert read_target("lab:mdns", "mdns").is_lab


@pytest.mark.parametrize("text", ["127.0.0.1:99", "239.1.2.3", "http://239.1.2.3:99", "[::1]:99", "name:99"])
def test_what_is_no_group_has_its_place(text: str):
    with pytest.raises(LocalMisuse) as wrong:
        read_target(text, "group")
    assert wrong.value.caret()


def test_times_are_seconds_that_lie_apart():
    assert read_times("0, 1,3.5") == (0.0, 1.0, 3.5)
    for text, marked in (
        ("0, x", " x"),
        ("0,0.1", "0.1"),
        ("1,0", "0"),
        ("", ""),
        ("0,,1", ""),
        ("-1", "-1"),
    ):
        with pytest.raises(LocalMisuse) as wrong:
            read_times(text)
        assert wrong.value.text[wrong.value.start : wrong.value.end] == marked
    with pytest.raises(LocalMisuse, match="at most 60"):
        read_times(",".join(str(number) for number in range(61)))


@given(st.text(alphabet="0123456789., x", max_size=30))
def test_any_text_is_times_or_a_mistake(text: str):
    try:
        times = read_times(text)
    except LocalMisuse:
        return
    assert all(later - earlier >= GAP_S for earlier, later in itertools.pairwise(times))


def test_what_else_is_told_is_a_name_and_a_value():
    assert read_txt("path=/a=b") == Txt("path", "/a=b")
    for text in ("path", "=x", "ü=x", "a\tb=c"):
        with pytest.raises(LocalMisuse):
            read_txt(text)
