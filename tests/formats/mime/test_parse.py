"""Octets to a letter's tree: ranges, nesting, and every way in which boundaries and headers can be wrong.

Also what it stands on: workbench.formats.mime.fields, workbench.formats.mime.scan.
"""

import email
import email.policy
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.mime.letters import NESTED, bodies, codes, covered, lines, tree
from workbench.formats.mime import boundaries, opened
from workbench.formats.mime.defects import KINDS
from workbench.formats.mime.parse import MAX_PARTS, headers_of, parse, parsing
from workbench.formats.mime.values import MAX_DEFECTS


@pytest.mark.covers("C9.20", "C9.34")
def test_a_nested_letter_is_a_tree_whose_parts_know_their_octets():
    letter = parse(NESTED)
    assert tree(letter) == "mixed[alternative[plain,html],rfc822[plain],octet-stream]"
    assert [part.section for part in letter.parts] == ["", "1", "1.1", "1.2", "2", "2.1", "3"]
    assert bodies(letter) == [b"Gr=C3=BC=C3=9Fe", b"<b>hello</b>", b"the inner letter", b"AAAAAAAAAAAAAAAA"]
    assert codes(letter) == []
    assert letter.line_ending == "crlf"
    start, stop = letter.preamble(letter.root)
    assert NESTED[start:stop] == b"preamble"
    start, stop = letter.epilogue(letter.root)
    assert NESTED[start:stop] == b"epilogue\r\n"
    within = letter.parts[4]
    assert within.is_message
    assert not within.is_multipart
    assert [header.name for header in within.headers] == ["Content-Type"]
    assert [header.name for header in letter.parts[5].headers] == ["Subject"]


def test_every_octet_belongs_to_exactly_one_thing():
    letter = parse(NESTED)
    ranges = covered(letter)
    assert ranges[0][0] == 0
    assert ranges[-1][1] == len(NESTED)
    assert all(one[1] == other[0] for one, other in itertools.pairwise(ranges))


@pytest.mark.covers("C9.17")
def test_headers_stand_in_their_order_and_may_come_again():
    data = lines("Received: one", "Received: two", "\tfolded", "SUBJECT: x", "", "body")
    letter = parse(data)
    assert [header.name for header in letter.root.headers] == ["Received", "Received", "SUBJECT"]
    assert letter.raw(letter.root.headers[1]) == b" two\r\n\tfolded"
    found = letter.find(letter.root, "subject")
    assert found is not None
    assert data[found.start : found.value] == b"SUBJECT:"
    assert headers_of(data) == {"received": "one", "subject": "x"}


@pytest.mark.covers("C9.1")
def test_a_body_without_its_empty_line_begins_at_the_line_that_is_no_header():
    data = lines("From: a", "not a header", "", "body")
    letter = parse(data)
    assert codes(letter) == ["no-separator"]
    assert data[letter.root.body :] == b"not a header\r\n\r\nbody\r\n"
    assert letter.defects[0].start == letter.root.body


@pytest.mark.parametrize(
    ("head", "body", "code", "leaves"),
    [
        (
            "multipart/mixed; boundary=b",
            ["--b", "", "one", "--b", "", "two"],
            "no-end-boundary",
            [b"one", b"two\r\n"],
        ),
        ("multipart/mixed", ["--b", "", "one", "--b--"], "no-boundary", None),
        ("multipart/mixed; boundary=other", ["--b", "", "one", "--b--"], "no-start-boundary", None),
        (
            "multipart/mixed; boundary=b",
            ["--b", "", "one", "--b--", "--b", "", "late"],
            "after-the-end",
            [b"one"],
        ),
        (
            "multipart/mixed; boundary=b",
            ["--b", "Subject: x", "--b", "", "two", "--b--"],
            "cut-header",
            [b"", b"two"],
        ),
        (
            f"multipart/mixed; boundary={'b' * 71}",
            [f"--{'b' * 71}", "", "one", f"--{'b' * 71}--"],
            "long-boundary",
            [b"one"],
        ),
    ],
)
@pytest.mark.covers("C9.23")
def test_a_boundary_that_is_wrong_is_named_and_what_there_is_is_read(head, body, code, leaves):
    letter = parse(lines(f"Content-Type: {head}", "", *body))
    assert codes(letter) == [code]
    if leaves is None:
        assert len(letter.parts) == 1
    else:
        assert bodies(letter) == leaves


def test_an_outer_boundary_ends_what_is_open_within():
    data = lines(
        "Content-Type: multipart/mixed; boundary=o",
        "",
        "--o",
        "Content-Type: multipart/mixed; boundary=i",
        "",
        "--i",
        "",
        "inner",
        "--o",
        "",
        "outer",
        "--o--",
    )
    letter = parse(data)
    assert tree(letter) == "mixed[mixed[plain],plain]"
    assert bodies(letter) == [b"inner", b"outer"]
    assert codes(letter) == ["no-end-boundary"]


def test_a_boundary_counts_exactly():
    data = lines(
        "Content-Type: multipart/mixed; boundary=a", "", "--a", "", "--ab", "--a b", "-- a", "x--a", "--a--"
    )
    assert bodies(parse(data)) == [b"--ab\r\n--a b\r\n-- a\r\nx--a"]


def test_a_boundary_that_two_multiparts_share_counts_for_the_outer_one():
    data = lines(
        "Content-Type: multipart/mixed; boundary=s",
        "",
        "--s",
        "Content-Type: multipart/mixed; boundary=s",
        "",
        "--s",
        "",
        "text",
        "--s--",
    )
    letter = parse(data)
    assert tree(letter) == "mixed[mixed,plain]"
    assert "same-boundary" in codes(letter)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b" first: x\r\nA: b\r\n\r\n", "stray-continuation"),
        (b": x\r\n\r\n", "empty-name"),
        (b"Subject : x\r\n\r\n", "space-before-colon"),
        (b"From a@b.test Tue Dec  9 15:29:18 2003\nA: b\n\n", "mbox-line"),
        (b"Subject: a\r\nSubject: b\r\n\r\n", "repeated-field"),
        (b"Content-Type: nonsense\r\n\r\n", "media-type"),
        (b"A: b\r\n\r\nx\0y", "nul"),
        (b"A: b\r\n\r\nx\ry\r\n", "bare-cr"),
        (b"A: b\r\n\r\nx\ny\r\n", "mixed-line-ends"),
        (b"A: b\r\n\r\n" + b"x" * 999, "long-line"),
        (
            b"Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: base64\r\n\r\n--b\r\n\r\n--b--",
            "encoded-multipart",
        ),
        (b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD", "encoded-message"),
    ],
)
def test_each_defect_is_named_with_its_place_and_what_was_done(data, code):
    letter = parse(data)
    assert codes(letter) == [code]
    defect = letter.defects[0]
    assert 0 <= defect.start <= defect.stop <= len(data)
    assert defect.what
    assert defect.done


def test_a_line_of_998_octets_is_no_defect():
    assert codes(parse(b"A: b\r\n\r\n" + b"x" * 998 + b"\r\n")) == []


def test_a_digest_holds_letters_without_saying_so():
    data = lines(
        "Content-Type: multipart/digest; boundary=d", "", "--d", "", "Subject: one", "", "text", "--d--"
    )
    assert tree(parse(data)) == "digest[rfc822[plain]]"


@pytest.mark.covers("C9.32")
def test_nesting_without_end_is_bounded():
    depth = 2 * opened.MAX_DEPTH
    data = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(depth))
    letter = parse(data + b"\nthe end")
    assert max(part.depth for part in letter.parts) == opened.MAX_DEPTH
    assert "too-deep" in codes(letter)
    assert letter.defect_count > len(letter.defects) == MAX_DEFECTS
    letters = parse(b"Content-Type: message/rfc822\n\n" * depth)
    assert "too-deep" in codes(letters)


def test_parts_without_end_are_bounded():
    data = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * (MAX_PARTS + 5)
    letter = parse(data)
    assert len(letter.parts) == MAX_PARTS
    assert "too-many-parts" in codes(letter)
    assert letter.parts[-1].stop == len(data)


@pytest.mark.parametrize("size", [3, 7, 64])
def test_the_same_tree_however_the_search_is_sliced(size, monkeypatch):
    whole = parse(NESTED * 3)
    monkeypatch.setattr(boundaries, "SLICE", size + 20)
    assert parse(NESTED * 3) == whole


def test_a_large_letter_is_read_with_pauses():
    data = NESTED.replace(b"AAAAAAAAAAAAAAAA", b"A" * 76 + b"\r\n" * 2) + b"x" * 9_000_000
    assert sum(1 for _ in parsing(data)) > 3


# ---- any octets


WORDS = st.sampled_from(
    [
        b"\r\n",
        b"\n",
        b"\r",
        b"--b",
        b"--b--",
        b"--c",
        b"--c--",
        b"--",
        b"Content-Type: ",
        b"multipart/mixed; boundary=b",
        b"multipart/digest; boundary=c",
        b"message/rfc822",
        b"text/plain",
        b"Subject: x",
        b" folded",
        b":",
        b"\0",
        b"\xff",
        b"Content-Transfer-Encoding: base64",
        b"Content-Disposition: attachment; filename*0*=utf-8''a%20",
        b"\r\n\r\n",
        b"From x",
        b'"',
        b";",
        b"=?utf-8?q?a?=",
    ]
)
ANY = st.binary(max_size=200) | st.lists(WORDS | st.binary(max_size=4), max_size=60).map(b"".join)


@settings(max_examples=400)
@given(ANY)
def test_any_octets_are_a_letter_whose_ranges_cover_it(data):
    letter = parse(data)
    ranges = covered(letter)
    assert sum(stop - start for start, stop in ranges) == len(data)
    at = 0
    for start, stop in ranges:
        assert start == at
        at = stop
    assert at == len(data)
    for part in letter.parts:
        assert part.start <= part.body <= part.stop
        for header in part.headers:
            assert part.start <= header.start < header.value <= header.stop <= part.body
        for child in part.children:
            assert letter.parts[child].parent == part.place
            assert part.body <= letter.parts[child].start <= letter.parts[child].stop <= part.stop
    assert {defect.code for defect in letter.defects} <= set(KINDS)
    assert all(0 <= defect.start <= defect.stop <= len(data) for defect in letter.defects)


@settings(max_examples=200)
@given(ANY)
def test_a_leaf_read_alone_with_its_headers_is_the_same_leaf(data):
    letter = parse(data)
    for part in letter.parts:
        if part.is_leaf and part.is_declared and not part.is_multipart and not part.is_message and part.depth:
            alone = parse(data[part.start : part.stop])
            assert alone.root.media_type == part.media_type
            assert alone.body(alone.root) == letter.body(part)


# ---- the standard library's reader as the oracle


SIMPLE = st.text(st.sampled_from("abc -=\n"), max_size=30)


def leaf(text: str) -> bytes:
    return b"Content-Type: text/plain\n\n" + text.encode()


@st.composite
def letters(draw, depth: int = 0) -> bytes:
    """A well-formed letter or a cut one; boundaries are different at each level."""
    if depth >= 3 or draw(st.booleans()):
        return leaf(draw(SIMPLE))
    boundary = f"bound{depth}"
    parts = draw(st.lists(letters(depth + 1), min_size=1, max_size=3))
    ends = draw(st.sampled_from([True, True, True, False]))
    inside = b"".join(b"\n--" + boundary.encode() + b"\n" + part for part in parts)
    end = b"\n--" + boundary.encode() + b"--\nepilogue\n" if ends else b"\n"
    return f"Content-Type: multipart/mixed; boundary={boundary}\n\npreamble\n".encode() + inside + end


@settings(max_examples=200)
@given(letters())
def test_the_tree_and_the_bodies_are_those_of_the_standard_library(data):
    letter = parse(data)

    # Where an end boundary is missing the library takes a line end from the last part that is the part's own.
    cut = bool(letter.defects)

    def ours(part) -> object:
        if part.children:
            return [ours(letter.parts[child]) for child in part.children]
        body = letter.body(part).decode()
        return body.rstrip("\n") if cut else body

    def theirs(message: email.message.Message) -> object:
        if message.is_multipart():
            return [theirs(part) for part in message.get_payload()]
        return message.get_payload().rstrip("\n") if cut else message.get_payload()

    assert ours(letter.root) == theirs(email.message_from_bytes(data, policy=email.policy.compat32))
