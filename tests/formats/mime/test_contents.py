"""What is in a part: transfer encodings, contents, dates, addresses, names of files."""

import base64
import hashlib
import quopri
from email.utils import getaddresses, parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.mime.letters import NESTED, lines
from workbench.errors import LocalMisuse
from workbench.formats.mime import transfer
from workbench.formats.mime.addresses import read_addresses, typed_addresses, why_no_address
from workbench.formats.mime.contents import content_of, examining, header_text, sniffed, text_of
from workbench.formats.mime.dates import read_date, write_date
from workbench.formats.mime.defects import KINDS, Found
from workbench.formats.mime.names import MAX_NAME, numbered, safe_name
from workbench.formats.mime.parse import parse
from workbench.formats.mime.values import through

# ---- transfer encodings


def decode(data: bytes, encoding: str) -> tuple[bytes, list[str]]:
    found = Found()
    out = b"".join(transfer.decoded(data, encoding, found.report))
    return out, [defect.code for defect in found.defects]


@pytest.mark.parametrize(
    ("data", "encoding", "out", "codes"),
    [
        (b"QUJD", "base64", b"ABC", []),
        (b"QUJD\r\nQUI=\r\n", "base64", b"ABCAB", []),
        (b"QU!JD", "base64", b"ABC", ["base64-characters"]),
        (b"QUJ", "base64", b"AB", ["base64-padding"]),
        (b"QUJDQ", "base64", b"ABC", ["base64-padding"]),
        (b"QUJD=", "base64", b"ABC", ["base64-padding"]),
        (b"QUI=\r\nQUJD", "base64", b"AB", ["base64-behind-end"]),
        (b"", "base64", b"", []),
        (b"Gr=C3=BC=\r\n=C3=9Fe", "quoted-printable", "Grüße".encode(), []),
        (b"a=ZZb", "quoted-printable", b"a=ZZb", ["quoted-printable"]),
        (b"as it is\0", "8bit", b"as it is\0", []),
        (b"as it is", "x-rot13", b"as it is", ["transfer-encoding"]),
        (b"begin 644 a.txt\n#86)C\n`\nend\n", "x-uuencode", b"abc", []),
        (b"begin 644 a.txt\n#86)C\n", "uuencode", b"abc", ["uuencode"]),
        (b"no begin", "uuencode", b"no begin", ["uuencode"]),
    ],
)
@pytest.mark.covers("C9.21")
def test_a_transfer_encoding_is_undone_and_its_faults_are_named(data, encoding, out, codes):
    assert decode(data, encoding) == (out, codes)


@given(st.binary(max_size=300), st.integers(4, 50))
def test_base64_and_quoted_printable_are_what_the_standard_library_makes_of_them(data, size):
    before = transfer.SLICE
    transfer.SLICE = size
    try:
        assert decode(base64.encodebytes(data), "base64") == (data, [])
        quoted = quopri.encodestring(data)
        assert decode(quoted, "quoted-printable")[0] == quopri.decodestring(quoted)
    finally:
        transfer.SLICE = before


@given(st.binary(max_size=120), st.sampled_from(sorted(transfer.KNOWN)))
def test_any_octets_are_decoded_somehow(data, encoding):
    _, codes = decode(data, encoding)
    assert set(codes) <= set(KINDS)


# ---- contents


def test_each_leaf_is_measured_and_hashed():
    letter = parse(NESTED)
    examined = through(examining(letter))
    zeros = examined.contents[6]
    assert (zeros.size, zeros.sha256) == (12, hashlib.sha256(bytes(12)).hexdigest())
    assert content_of(letter, letter.parts[6]) == bytes(12)
    assert text_of(letter, letter.parts[2]).text == "Grüße"
    assert sorted(examined.contents) == [2, 3, 5, 6]
    assert examined.defect_count == 0


def test_defects_of_headers_and_contents_stand_with_those_of_the_tree():
    data = lines(
        "From: no address here",
        "Date: Tue, 32 Dec 2003 15:29:18 -0600",
        "Subject: =?utf-8?q?caf=C3?=",
        b"X-Raw: \xff",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        b"gr\xfcn",
        "begin 644 old.txt",
    )
    examined = through(examining(parse(data)))
    found = {defect.code for defect in examined.defects}
    assert found == {"address", "date", "encoded-word", "header-charset", "wrong-charset", "uuencoded-block"}
    assert [defect.start for defect in examined.defects] == sorted(
        defect.start for defect in examined.defects
    )
    raw = next(defect for defect in examined.defects if defect.code == "header-charset")
    assert data[raw.start : raw.stop] == b"\xff"
    letter = examined.letter
    assert header_text(letter, letter.root.headers[3]) == "\ufffd"


def test_octets_that_look_like_another_type_are_told():
    assert sniffed(b"\x89PNG\r\n\x1a\n...", "image/jpeg") == "image/png"
    assert sniffed(b"\x89PNG\r\n\x1a\n...", "image/png") == ""
    assert (
        sniffed(b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
        == ""
    )
    assert sniffed(b"MZ...", "application/pdf") == "application/x-msdownload"
    assert sniffed(b"hello", "image/png") == ""


# ---- dates


@pytest.mark.parametrize(
    ("text", "epoch", "finding"),
    [
        ("Tue, 09 Dec 2003 15:29:18 -0600", 1071005358, ""),
        ("9 Dec 2003 15:29:18 -0600", 1071005358, ""),
        ("Tue, 09 Dec 2003 15:29:18 -0600 (CST)", 1071005358, ""),
        ("Mon, 09 Dec 2003 15:29:18 -0600", 1071005358, "that day was a Tuesday"),
        ("Tue, 09 Dec 03 15:29:18 CST", 1071005358, "2 digits"),
        ("Tue, 09 Dec 2003 21:29:18 -0000", 1071005358, "zone is not known"),
        ("Tue, 09 Dec 2003 21:29:18", 1071005358, "zone is missing"),
        ("Tue, 09 Dec 2003 21:29:18 MEZ", 1071005358, "means different things"),
        ("Tue, 32 Dec 2003 15:29:18 -0600", None, "no such day"),
        ("Tue, 09 Dec 2003 25:29:18 -0600", None, "no such day or no such time"),
        ("Tue, 09 Foo 2003 15:29:18 -0600", None, "no month"),
        ("yesterday", None, "no date"),
        ("", None, "no date"),
    ],
)
@pytest.mark.covers("C9.18")
def test_a_date_is_read_strictly_enough_to_see_what_is_wrong(text, epoch, finding):
    moment = read_date(text)
    assert moment.epoch == epoch
    assert finding in "; ".join(moment.findings)
    assert bool(finding) == bool(moment.findings)


@given(st.datetimes(timezones=st.timezones()))
@pytest.mark.covers("C9.14")
def test_what_is_written_is_read_back_by_us_and_by_the_standard_library(when):
    text = write_date(when)
    assert read_date(text).findings == () or text.endswith("-0000")
    ours = read_date(text).when
    # A year before 100 has no form that the library reads.
    if when.year >= 1000 and ours is not None:
        assert ours == parsedate_to_datetime(text).replace(tzinfo=ours.tzinfo)


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(text):
    moment = read_date(text)
    assert (moment.epoch is None) == (moment.when is None)


# ---- addresses


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a@b.test", [("", "a@b.test")]),
        ("Anna Lind <a@b.test>, b@c.test", [("Anna Lind", "a@b.test"), ("", "b@c.test")]),
        ('"Lind, Anna" <a@b.test>', [("Lind, Anna", "a@b.test")]),
        ("=?utf-8?q?M=C3=BCller?= <m@b.test>", [("Müller", "m@b.test")]),
        ("a@b.test (Anna)", [("Anna", "a@b.test")]),
        ("<@relay.test:a@b.test>", [("", "a@b.test")]),
        ("club: a@b.test, b@c.test;", [("", "a@b.test"), ("", "b@c.test")]),
        ("undisclosed-recipients:;", []),
        ("", []),
    ],
)
def test_addresses_are_read(text, found):
    addresses = read_addresses(text)
    assert [(each.name, each.address) for each in addresses] == found
    assert all(not each.fault for each in addresses)


def test_members_know_their_group():
    assert {each.group for each in read_addresses("the club: a@b.test, b@c.test;")} == {"the club"}


@pytest.mark.covers("C9.30")
def test_an_address_inside_an_encoded_word_is_named():
    (found,) = read_addresses("=?utf-8?q?Michael_=3Cm=40example=2Ecom=3E?=")
    assert found.address == ""
    assert "inside an encoded word" in found.fault


@given(st.lists(st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.test", fullmatch=True), max_size=5))
def test_lists_are_what_the_standard_library_reads(addresses):
    text = ", ".join(f"Some Body <{each}>" for each in addresses)
    assert [(each.name, each.address) for each in read_addresses(text)] == getaddresses(
        [text] if text else []
    )


@given(st.text(max_size=60) | st.text(st.sampled_from('a@<>"(),:;\\ .'), max_size=30))
def test_any_text_is_a_list_of_addresses(text):
    assert all(isinstance(each.address, str) for each in read_addresses(text))


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("a@b.test\r\nBcc: c@d.test", 8),
        ("a@b.test, c@d\n.test", 13),
        ("a@b.test\0", 8),
        ("no address", 10),
        ("a@b.test, broken@", 17),
        ("a b@c.test <", 1),
    ],
)
def test_what_a_person_types_is_refused_with_its_place(text, start):
    with pytest.raises(LocalMisuse) as refused:
        typed_addresses(text)
    assert refused.value.start == start


def test_an_address_of_another_script_is_one():
    assert why_no_address("jürgen@bücher.test") == ""
    assert why_no_address("a@[127.0.0.1]") == ""
    assert "no host name" in why_no_address("a@b_c.test")
    assert "more than 64" in why_no_address("a" * 65 + "@b.test")


# ---- names


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("report.pdf", "report.pdf"),
        ("Größe.pdf", "Größe.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/etc/shadow", "shadow"),
        ("..", "part-3.pdf"),
        ("", "part-3.pdf"),
        (".bashrc", "bashrc"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("a\r\nb\0c.txt", "abc.txt"),
        ("con.txt", "_con.txt"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("trailing. . .", "trailing"),
    ],
)
@pytest.mark.covers("C9.35")
def test_a_name_from_a_letter_is_a_name_within_a_folder(told, name):
    safe = safe_name(told, "application/pdf", 3)
    assert safe.name == name
    assert bool(safe.changes) == (told != name and told != "")


@given(st.text(max_size=400))
def test_any_name_is_safe_afterwards(told):
    name = safe_name(told, "text/plain", 1).name
    assert name
    assert not set(name) & set('/\\\0\r\n<>:"|?*')
    assert name not in (".", "..")
    assert not name.startswith(".")
    assert len(name.encode()) <= MAX_NAME
    assert safe_name(name, "text/plain", 1).name == name


def test_a_name_that_is_taken_gets_a_number_before_its_ending():
    assert numbered("a.tar.gz", 2) == "a.tar (2).gz"
    assert numbered("README", 3) == "README (3)"
