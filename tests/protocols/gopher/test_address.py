"""Addresses of Gopher items, taken apart and put together (RFC 4266)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.formats.target import parse_target
from workbench.protocols.gopher.address import parts_of, read_address, written
from workbench.protocols.gopher.values import Request


@pytest.mark.parametrize(
    ("text", "type_", "selector", "search"),
    [
        ("gopher://host", "1", "", None),
        ("gopher://host/", "1", "", None),
        ("gopher://host/1", "1", "", None),
        ("gopher://host/0/readme", "0", "/readme", None),
        ("gopher://host/7/search%09two%20words", "7", "/search", "two words"),
        ("gopher://host/9/%FF", "9", "/\udcff", None),
        ("lab:gopher/0/readme", "0", "/readme", None),
        ("host:7070", "1", "", None),
    ],
)
def test_an_address_says_type_selector_and_search(text: str, type_: str, selector: str, search: str | None):
    request = read_address(text)
    assert (request.type, request.selector, request.search) == (type_, selector, search)


def test_the_port_is_seventy_unless_it_is_said():
    assert read_address("gopher://host/").target.port == 70
    assert read_address("gopher://[::1]:7070/").target.port == 7070


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("http://host/", 0),
        ("gopher://host/0/%zz", 16),
        ("gopher://host/0/a%0D%0Ab", 13),
        ("gopher://host/7/s%09a%09%2B", 13),
        ("gopher://host?x", 13),
        ("gopher://host:99999/", 14),
    ],
)
def test_a_mistake_has_its_place(text: str, at: int):
    with pytest.raises(LocalMisuse) as refused:
        read_address(text)
    assert refused.value.start == at


SELECTOR = st.text(st.characters(exclude_characters="\r\n\t\0", exclude_categories=("Cs",)), max_size=30)


@given(st.sampled_from("0179gI"), SELECTOR, st.none() | SELECTOR)
def test_what_is_written_reads_back(type_: str, selector: str, search: str | None):
    request = Request(parse_target("127.0.0.1:7070"), selector, search, type_)
    again = read_address(written(request))
    assert (again.type, again.selector, again.search) == (type_, selector, search)
    assert (again.target.host, again.target.port) == ("127.0.0.1", 7070)


def test_the_parts_stand_in_their_order():
    assert parts_of("gopher://h:71/7/s%09w") == (
        ("scheme", "gopher"),
        ("host", "h"),
        ("port", "71"),
        ("type", "7"),
        ("selector", "/s"),
        ("search", "w"),
    )
    assert parts_of("lab:gopher")[-1] == ("selector", "")
