"""What a download asks for next, and what an answer means for what is there: octets of two files never meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocols.http.test_ranges import LATER as MADE
from tests.protocols.http.test_ranges import NOON, head
from workbench.errors import LocalMisuse
from workbench.protocols.http.explain import FACTS
from workbench.protocols.http.ranges import Mark
from workbench.protocols.http.resume import LATER, Does, Held, Plan, Policy, asking, judge, plan
from workbench.protocols.http.values import Request

MARK = Mark('"a"', NOON, MADE, 100)
HELD = Held(40, MARK)
REST = plan(HELD, goes_on=True)
GOOD = ("Content-Range: bytes 40-99/100", "Content-Length: 60", 'ETag: "a"')


def test_the_rest_is_asked_for_where_another_file_would_be_noticed():
    assert Plan(40, '"a"') == REST
    sent = asking(Request("http://h/", headers=(("X", "1"),)), REST)
    assert sent.headers == (
        ("X", "1"),
        ("Accept-Encoding", "identity"),
        ("Range", "bytes=40-"),
        ("If-Range", '"a"'),
    )
    typed = (("accept-encoding", "gzip"),)
    assert asking(Request("http://h/", headers=typed), Plan()).headers == typed


@pytest.mark.parametrize(
    ("held", "goes_on", "why"),
    [
        (HELD, False, ""),
        (Held(0, MARK), True, ""),
        (Held(why_not="no note"), True, "no note"),
        (Held(40, Mark('W/"a"')), True, "weak"),
        (Held(40, Mark("", NOON, NOON)), True, "within that second"),
    ],
)
def test_all_of_it_is_asked_for_where_nobody_would_notice(held: Held, goes_on: bool, why: str):
    found = plan(held, goes_on=goes_on)
    assert (found.start, found.condition) == (0, "")
    assert why in found.why


@pytest.mark.parametrize(
    "request_", [Request("http://h/", "POST"), Request("http://h/", headers=(("RANGE", "bytes=1-"),))]
)
def test_what_can_be_no_download_is_a_mistake(request_: Request):
    with pytest.raises(LocalMisuse):
        asking(request_, REST)


def test_a_part_that_fits_goes_behind_what_is_there():
    found = judge(REST, HELD, head(*GOOD, status=206))
    assert (found.does, found.start, found.stop, found.total, found.failure) == ("append", 40, 100, 100, None)
    short = judge(REST, HELD, head("Content-Range: bytes 40-49/100", status=206))
    assert (short.does, short.stop, short.total) == ("append", 50, 100)
    unknown = judge(REST, HELD, head("Content-Range: bytes 40-99/*", status=206))
    assert (unknown.does, unknown.total) == ("append", 100)
    dated = Held(40, Mark("", NOON, MADE, 100))
    part = head("Content-Range: bytes 40-99/100", f"Last-Modified: {NOON}", status=206)
    assert judge(plan(dated, goes_on=True), dated, part).does == "append"


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        (("Content-Length: 60",), "without Content-Range"),
        (("Content-Range: bytes 40-99/100", "Content-Range: bytes 0-59/100"), "several Content-Range"),
        (("Content-Range: bytes 39-99/100",), "from 39 on came"),
        (("Content-Range: bytes 0-59/100",), "from 0 on came"),
        (("Content-Range: bytes 40-99/100", "Content-Length: 61"), "60 octets and Content-Length 61"),
        (("Content-Range: bytes 40-99/100", 'ETag: "b"'), 'another ETag: "b"'),
        (("Content-Range: bytes 40-100/101",), "had 100 octets, and has 101 now"),
        (("Content-Range: bytes 40-100/*",), "of a file of 100"),
        (("Content-Range: bytes 40-99/100", "Content-Encoding: gzip"), "in gzip"),
        (("Content-Range: bytes */100",), "no octets"),
        (("Content-Range: nonsense",), "can't be read"),
        (("Content-Type: multipart/byteranges; boundary=x",), "several came"),
    ],
)
def test_a_part_that_does_not_fit_is_refused_and_named(lines: tuple[str, ...], what: str):
    found = judge(REST, HELD, head(*lines, status=206))
    assert found.does == "refuse"
    assert found.failure is not None
    assert what in found.failure.what
    assert found.failure.source.startswith("RFC 9110 section 1")


def test_another_date_is_another_file_too():
    held = Held(40, Mark("", NOON, MADE, 100))
    found = judge(plan(held, goes_on=True), held, head(*GOOD[:2], f"Last-Modified: {MADE}", status=206))
    assert found.does == "refuse"
    assert NOON in found.why


def test_a_part_that_nobody_asked_for_is_refused():
    assert judge(Plan(), Held(), head("Content-Range: bytes 0-9/10", status=206)).does == "refuse"


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (('ETag: "b"',), 'its ETag was "a" and is "b"'),
        (('ETag: "a"',), "gives no ranges"),
        ((), "gives no ranges"),
    ],
)
def test_200_begins_again_whatever_it_says(lines: tuple[str, ...], why: str):
    found = judge(REST, HELD, head(*lines, "Content-Length: 70"))
    assert (found.does, found.start, found.stop, found.total) == ("anew", 0, 70, 70)
    assert why in found.why


def test_416_with_our_length_means_that_nothing_is_missing():
    held = Held(100, MARK)
    asked = plan(held, goes_on=True)
    assert judge(asked, held, head("Content-Range: bytes */100", status=416)).does == "whole"
    for lines in (("Content-Range: bytes */90",), (), ("Content-Range: nonsense",)):
        assert judge(asked, held, head(*lines, status=416)).does == "fresh"
    assert judge(Plan(), Held(), head("Content-Range: bytes */100", status=416)).does == "no"
    # A file that is shorter now than what the note says is no whole one, even where we have as many octets.
    assert judge(REST, HELD, head("Content-Range: bytes */40", status=416)).does == "fresh"


def test_every_other_status_leaves_what_is_there_alone():
    assert {
        status for status in range(200, 600) if judge(REST, HELD, head(status=status)).does == "later"
    } == LATER
    rest = set(range(200, 600)) - LATER - {200, 206, 416}
    assert {judge(REST, HELD, head(status=status)).does for status in rest} == {"no"}


@given(
    st.sampled_from([200, 206, 416]),
    st.integers(0, 120),
    st.integers(0, 120),
    st.one_of(st.none(), st.integers(0, 120)),
    st.sampled_from(['"a"', '"b"', ""]),
)
def test_octets_of_two_files_never_meet(status: int, first: int, last: int, total: int | None, etag: str):
    """Whatever is answered: only the part from octet 40 on, of 100, of the same tag, goes behind the 40 here."""
    lines = [f"Content-Range: bytes {first}-{last}/{'*' if total is None else total}"]
    found = judge(REST, HELD, head(*lines, *((f"ETag: {etag}",) if etag else ()), status=status))
    if found.does == "append":
        assert (status, first, found.stop) == (206, 40, last + 1)
        assert 40 <= last < 100
        assert total in (None, 100)
        assert etag != '"b"'
    elif found.does == "anew":
        assert status == 200


def test_waits_double_and_are_bounded():
    policy = Policy("resume", 9, first_wait_s=1.0, most_wait_s=10.0)
    assert [policy.wait_s(n) for n in range(6)] == [1.0, 2.0, 4.0, 8.0, 10.0, 10.0]
    assert policy.wait_s(10**6) == 10.0


def test_every_decision_has_its_sentence():
    for does in Does.__args__:  # type: ignore[attr-defined]  # a Literal's
        assert FACTS["http.part"]({"does": does, "why": "x", "start": 0, "stop": None}).text
