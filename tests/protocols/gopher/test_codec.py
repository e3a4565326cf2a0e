"""Gopher's octets: the line that asks, menus cut anywhere, texts with dots, and what is wrong in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.formats.target import parse_target
from workbench.protocols.gopher.codec import (
    MAX_ITEMS,
    MAX_LINE,
    MenuReader,
    encode,
    encode_item,
    encode_text,
    ends_with_dot,
    kind_of,
    read_item,
    undotted,
)
from workbench.protocols.gopher.values import Item, Request

PLACE = parse_target("127.0.0.1:70")
MENU = b"1Stars\t/stars\thost\t70\r\niwords\t\terror.host\t1\n0Vega\t/v\thost\t7070\r\n.\r\n"
ITEMS = (
    Item("1", "Stars", "/stars", "host", 70),
    Item("i", "words", "", "error.host", 1),
    Item("0", "Vega", "/v", "host", 7070),
)


@pytest.mark.parametrize(
    ("fields", "wire"),
    [
        ({}, b"\r\n"),
        ({"selector": "/a b"}, b"/a b\r\n"),
        ({"selector": "/a", "terminator": "lf"}, b"/a\n"),
        ({"selector": "/a", "terminator": "nul"}, b"/a\0"),
        ({"selector": "/a", "terminator": "none"}, b"/a"),
        ({"selector": "/s", "search": "two words"}, b"/s\ttwo words\r\n"),
        ({"selector": "/\udcff\u00e4"}, b"/\xff\xc3\xa4\r\n"),
    ],
)
def test_one_line_asks(fields: dict, wire: bytes):
    assert encode(Request(PLACE, **fields)) == wire


@pytest.mark.parametrize(
    ("selector", "at"), [("/a\r\nb", 2), ("a\tb", 1), ("\0", 0), ("ab\n", 2), ("\ud800", 0)]
)
def test_what_would_end_the_line_is_refused_with_its_place(selector: str, at: int):
    with pytest.raises(LocalMisuse) as refused:
        encode(Request(PLACE, selector))
    assert refused.value.start == at


def test_a_selector_has_a_bound():
    with pytest.raises(LocalMisuse, match="4,096"):
        encode(Request(PLACE, "x" * 5000))


@pytest.mark.parametrize("n", [1, 2, 3, 7, 100])
def test_same_items_however_the_octets_are_cut(n: int):
    reader = MenuReader()
    assert tuple(item for piece in chop(MENU, n) for item in reader.feed(piece)) == ITEMS
    assert reader.is_complete
    assert reader.finish() == ()


def test_a_menu_without_its_dot_keeps_its_last_line():
    reader = MenuReader()
    assert len(reader.feed(MENU[:-5])) == 2
    assert reader.finish() == ITEMS[2:]
    assert not reader.is_complete
    reader = MenuReader()
    reader.feed(MENU[:-2])
    assert reader.finish() == ()
    assert reader.is_complete


def test_what_comes_behind_the_dot_is_counted_and_not_read():
    reader = MenuReader()
    assert reader.feed(MENU + b"1more\t\th\t70\r\nx") == ITEMS
    assert reader.behind == len(b"1more\t\th\t70\r\nx")
    assert reader.feed(b"yz") == ()
    assert reader.behind == len(b"1more\t\th\t70\r\nx") + 2


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b"", "empty"),
        (b"no tab", "a selector is missing"),
        (b"1x\t/x", "a host is missing"),
        (b"1x\t/x\th", "a port is missing"),
        (b"1x\t/x\th\t", "a port is missing"),
        (b"1x\t/x\th\tseventy", "'seventy' is no port"),
        (b"1x\t/x\th\t70000", "'70000' is no port"),
        ("1x\t/x\th\t٧".encode(), "is no port"),
        (b"1x\t/x\th\t70\t+", ""),
    ],
)
def test_a_line_that_is_no_item_says_why(line: bytes, fault: str):
    item = read_item(line)
    assert fault in item.fault
    assert bool(item.fault) == bool(fault)
    assert item.can_be_opened == (not fault)


def test_lines_and_menus_have_bounds():
    with pytest.raises(PeerMisbehaved, match="longer"):
        MenuReader().feed(b"1" + b"x" * (MAX_LINE + 1))
    with pytest.raises(PeerMisbehaved, match="longer"):
        MenuReader().feed(b"1" + b"x" * (MAX_LINE + 1) + b"\n")
    reader = MenuReader()
    line = b"i\t\t\t1\r\n"
    assert len(reader.feed(line * MAX_ITEMS)) == MAX_ITEMS
    with pytest.raises(PeerMisbehaved, match="items"):
        reader.feed(line)


WORD = st.text(st.characters(exclude_characters="\r\n\t\0", exclude_categories=("Cs",)), max_size=20)


@given(WORD, WORD, WORD, st.integers(0, 65535))
def test_an_item_comes_back_as_it_was_written(text: str, selector: str, host: str, port: int):
    item = Item("1", text, selector, host, port)
    assert read_item(encode_item(item).removesuffix(b"\r\n")) == item


@given(st.binary(max_size=400), st.integers(1, 50))
def test_any_octets_are_items_or_misbehaviour_and_cutting_changes_nothing(data: bytes, n: int):
    whole, cut = MenuReader(), MenuReader()
    once = (*whole.feed(data), *whole.finish())
    pieces = [item for piece in chop(data, n) for item in cut.feed(piece)]
    assert (*pieces, *cut.finish()) == once
    assert cut.is_complete == whole.is_complete


@given(
    st.text(
        st.characters(exclude_categories=("Cs",), exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
    )
)
def test_a_text_comes_back_with_its_dots(text: str):
    sent = encode_text(text)
    assert ends_with_dot(sent)
    assert undotted(sent).decode().splitlines() == text.splitlines()


@pytest.mark.parametrize(
    ("body", "type_", "kind"),
    [
        (MENU, "", "menu"),
        (b"only words\r\n.\r\n", "", "text"),
        (b"\0\1\2", "", "binary"),
        (MENU, "0", "text"),
        (MENU, "9", "binary"),
        (b"x", "1", "menu"),
        (b"3no\t\th\t1\r\n.\r\n", "9", "menu"),
        (b"", "", "text"),
    ],
)
def test_an_answer_is_read_by_its_type_or_by_its_looks(body: bytes, type_: str, kind: str):
    assert kind_of(body, type_) == kind
