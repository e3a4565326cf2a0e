"""Content-Range, validators and Retry-After: read with bounds, and never more sure than the rules allow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import PeerMisbehaved
from workbench.protocols.http.head import parse
from workbench.protocols.http.ranges import (
    ContentRange,
    Mark,
    mark_of,
    range_field,
    read_content_range,
    read_date,
    read_retry_after,
)
from workbench.protocols.http.values import Head

NOON = "Sun, 01 Mar 2026 12:00:00 GMT"
LATER = "Sun, 01 Mar 2026 12:00:01 GMT"


def head(*lines: str, status: int = 200) -> Head:
    return parse("\r\n".join((f"HTTP/1.1 {status} X", *lines, "", "")).encode("latin-1"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bytes 0-9/10", (0, 9, 10)),
        ("bytes 5-9/*", (5, 9, None)),
        ("BYTES  5-9/10", (5, 9, 10)),
        ("bytes */10", (None, None, 10)),
        ("bytes 1048576-3145727/3145728", (1048576, 3145727, 3145728)),
    ],
)
def test_a_content_range_is_read(text: str, found: tuple[int | None, ...]):
    assert read_content_range(text) == found


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "can't be read"),
        ("bytes", "can't be read"),
        ("bytes 0-9", "can't be read"),
        ("bytes=0-9/10", "can't be read"),
        ("lines 0-9/10", "can't be read"),
        ("bytes 0-9/10, bytes 20-29/30", "can't be read"),
        ("bytes -1-9/10", "can't be read"),
        ("bytes 0-9/\u0661\u0660", "can't be read"),
        ("bytes 0-9/" + "9" * 19, "can't be read"),
        ("bytes 0-9/10" + " " * 500, "can't be read"),
        ("bytes */*", "can't be read"),
        ("bytes 9-5/10", "ends before it begins"),
        ("bytes 5-10/10", "beyond the end"),
    ],
)
def test_what_is_none_or_can_t_be_is_refused(text: str, what: str):
    with pytest.raises(PeerMisbehaved, match=what) as refused:
        read_content_range(text)
    assert len(refused.value.what) < 300


@given(st.integers(0, 10**18 - 2), st.integers(0, 10**9), st.one_of(st.none(), st.integers(1, 10**6)))
def test_what_is_said_is_what_is_read(first: int, length: int, beyond: int | None):
    last = min(first + length, 10**18 - 2)
    total = None if beyond is None else min(last + beyond, 10**18 - 1)
    text = f"bytes {first}-{last}/{'*' if total is None else total}"
    assert read_content_range(text) == ContentRange(first, last, total)


@given(st.one_of(st.text(max_size=300), st.from_regex(r"bytes [0-9*-]{0,30}/[0-9*]{0,30}")))
def test_any_text_is_a_range_or_refused(text: str):
    try:
        found = read_content_range(text)
    except PeerMisbehaved:
        return
    if found.first is not None:
        assert found.last is not None
        assert 0 <= found.first <= found.last
        assert found.total is None or found.last < found.total


def test_the_rest_is_asked_for_from_the_octet_that_is_missing():
    assert range_field(1048576) == "bytes=1048576-"


def test_a_file_is_known_by_a_strong_tag_before_a_date():
    found = mark_of(head('ETag: "a"', f"Last-Modified: {NOON}", f"Date: {LATER}", "Content-Length: 7"))
    assert found == Mark('"a"', NOON, LATER, 7)
    assert (found.condition, found.why_no_condition) == ('"a"', "")


@pytest.mark.parametrize(
    ("lines", "condition", "why"),
    [
        ((f"Last-Modified: {NOON}", f"Date: {LATER}"), NOON, ""),
        ((f"Last-Modified: {NOON}", f"Date: {NOON}"), "", "within that second"),
        ((f"Last-Modified: {NOON}",), "", "within that second"),
        (("Last-Modified: yesterday", f"Date: {LATER}"), "", "within that second"),
        (('ETag: W/"a"', f"Last-Modified: {NOON}", f"Date: {LATER}"), "", "weak"),
        ((), "", "neither ETag nor Last-Modified"),
        (("ETag: no-quotes",), "", "neither"),
        (('ETag: "' + "a" * 2000 + '"',), "", "neither"),
    ],
)
def test_what_is_not_sure_is_no_condition(lines: tuple[str, ...], condition: str, why: str):
    """RFC 9110 section 13.1.5: no weak tag, and no date beside a tag or within the second of the answer."""
    found = mark_of(head(*lines))
    assert found.condition == condition
    assert why in found.why_no_condition
    assert bool(found.why_no_condition) == (not condition)


def test_of_a_part_the_whole_files_length_counts():
    found = mark_of(
        head("Content-Range: bytes 5-9/10", "Content-Length: 5", "Content-Encoding: GZIP", status=206)
    )
    assert (found.total, found.coding) == (10, "gzip")
    assert mark_of(head("Content-Length: 5", status=404)).total is None


@pytest.mark.parametrize(
    ("text", "wait_s"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("9999999999", 9999999999.0),
        (NOON, 10.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("Sunday, 01-Mar-26 12:00:00 GMT", 10.0),
        ("Sun Mar  1 12:00:00 2026", 10.0),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("99999999999", None),
        ("soon", None),
        ("\u0661", None),
    ],
)
def test_how_long_to_wait(text: str, wait_s: float | None):
    now = read_date(NOON)
    assert now is not None
    assert read_retry_after(text, now - 10.0) == wait_s


@given(st.text(max_size=60))
def test_any_text_is_a_wait_or_none(text: str):
    found = read_retry_after(text, 0.0)
    assert found is None or found >= 0
