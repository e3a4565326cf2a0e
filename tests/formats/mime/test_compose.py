"""Letters that we build: read back by ourselves and by the standard library, and what they refuse."""

import email
import email.policy
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.mime.letters import tree
from workbench.errors import LocalMisuse
from workbench.formats.mime.compose import Attachment, Draft, Stamp, build, media_type_for, new_stamp
from workbench.formats.mime.contents import content_of, examining, header_text
from workbench.formats.mime.encode import check_name, encoded_words, text_body
from workbench.formats.mime.parse import parse
from workbench.formats.mime.values import through

STAMP = Stamp(datetime(2026, 11, 23, 3, 0, tzinfo=UTC), "token")
PLAIN = Draft(sender="Anna Lind <anna@lab.test>", to="ben@lab.test", subject="hello", text="one\ntwo\n")
PNG = b"\x89PNG\r\n\x1a\nrest"


def subject_of(data: bytes) -> str:
    letter = parse(data)
    header = letter.find(letter.root, "subject")
    return header_text(letter, header) if header else ""


@pytest.mark.covers("C9.12")
def test_the_smallest_letter_has_what_a_letter_needs():
    built = build(PLAIN, STAMP)
    assert built.data == (
        b"From: Anna Lind <anna@lab.test>\r\n"
        b"To: ben@lab.test\r\n"
        b"Subject: hello\r\n"
        b"Date: Mon, 23 Nov 2026 03:00:00 +0000\r\n"
        b"Message-ID: <1795402800.token@lab.test>\r\n"
        b"MIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=us-ascii\r\n"
        b"Content-Transfer-Encoding: 7bit\r\n"
        b"\r\n"
        b"one\r\ntwo\r\n"
    )
    assert (built.sender, built.recipients, built.lacks) == ("anna@lab.test", ("ben@lab.test",), ())
    assert build(Draft(), STAMP).lacks == ("there is no sender", "there is no recipient")


@pytest.mark.covers("C9.6")
def test_bcc_stands_on_the_envelope_alone():
    built = build(PLAIN._replace(cc="c@lab.test", bcc="Secret <hidden@lab.test>, ben@lab.test"), STAMP)
    assert built.recipients == ("ben@lab.test", "c@lab.test", "hidden@lab.test")
    assert b"hidden" not in built.data
    assert b"bcc" not in built.data.lower()


@pytest.mark.covers("C9.31")
@pytest.mark.parametrize(
    ("changes", "shape"),
    [
        ({}, "plain"),
        ({"text": "", "html": "<p>x"}, "html"),
        ({"html": "<p>x"}, "alternative[plain,html]"),
        ({"attachments": (Attachment("a.bin", "application/x", b"1"),)}, "mixed[plain,x]"),
        ({"html": "<p>x", "attachments": (Attachment("a", "a/x", b"1"),)}, "mixed[alternative[plain,html],x]"),
        ({"html": "<img src=cid:p>", "attachments": (Attachment("p.png", "image/png", PNG, "p"),)},
         "alternative[plain,related[html,png]]"),
        ({"attachments": (Attachment("f.eml", "message/rfc822", b"Subject: x\n\ny\n"),)}, "mixed[plain,rfc822[plain]]"),
    ],
)  # fmt: skip
def test_parts_are_nested_as_readers_expect(changes, shape):
    data = build(PLAIN._replace(**changes), STAMP).data
    letter = parse(data)
    assert tree(letter) == shape
    assert through(examining(letter)).defects == ()
    assert shape_of(email.message_from_bytes(data, policy=email.policy.default)) == shape


def shape_of(message: email.message.Message) -> str:
    parts = message.get_payload()
    if isinstance(parts, list):
        return f"{message.get_content_subtype()}[{','.join(map(shape_of, parts))}]"
    return message.get_content_subtype()


def test_a_name_of_another_script_is_encoded_and_its_address_is_not():
    data = build(PLAIN._replace(sender="Michael Müller <mmueller@example.com>"), STAMP).data
    assert b"From: =?utf-8?q?Michael_M=C3=BCller?= <mmueller@example.com>\r\n" in data
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert message["from"].addresses[0].addr_spec == "mmueller@example.com"
    assert message["from"].addresses[0].display_name == "Michael Müller"


@pytest.mark.covers("C9.24")
def test_an_attachment_arrives_as_it_was_sent():
    octets = bytes(range(256)) * 40
    built = build(
        PLAIN._replace(attachments=(Attachment("/a/folder/Größe.pdf", "application/pdf", octets),)), STAMP
    )
    letter = parse(built.data)
    part = letter.parts[2]
    assert (part.filename, part.disposition, content_of(letter, part)) == ("Größe.pdf", "attachment", octets)
    theirs = next(email.message_from_bytes(built.data, policy=email.policy.default).iter_attachments())
    assert (theirs.get_filename(), theirs.get_content()) == ("Größe.pdf", octets)
    assert media_type_for("test.txt.gz") == "application/octet-stream"
    assert media_type_for("a.jpg") == "image/jpeg"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("plain\n", "7bit"),
        ("Grüße an alle\n", "quoted-printable"),
        ("привет всем " * 20, "base64"),
        ("a" * 1200, "quoted-printable"),
        ("From here\n", "quoted-printable"),
        ("", "7bit"),
    ],
)
def test_a_text_travels_as_plainly_as_it_can(text, encoding):
    body = text_body(text)
    assert body.encoding == encoding
    assert body.data.isascii()
    assert max(map(len, body.data.split(b"\r\n"))) <= 998
    assert b"\r\nFrom " not in b"\r\n" + body.data


@pytest.mark.parametrize(
    ("changes", "field", "start"),
    [
        ({"subject": "x\r\nBcc: thief@lab.test"}, "Subject", 1),
        ({"subject": "a\0b"}, "Subject", 1),
        ({"to": "ben@lab.test\nBcc: thief@lab.test"}, "To", 12),
        ({"sender": "Anna\r\n <anna@lab.test>"}, "From", 4),
        ({"sender": "anna@lab.test, ben@lab.test"}, "From", 13),
        ({"to": "jürgen@lab.test"}, "To", 0),
        ({"to": "nobody"}, "To", 6),
    ],
)
def test_what_would_be_another_header_is_refused_with_its_place(changes, field, start):
    with pytest.raises(LocalMisuse) as refused:
        build(PLAIN._replace(**changes), STAMP)
    assert (refused.value.stage, refused.value.start) == (field, start)
    assert refused.value.caret()


@pytest.mark.parametrize(
    "extra", [("X Y", "z"), ("", "z"), ("Subject", "z"), ("X-Y", "a\nb"), ("Content-Type", "a/b")]
)
def test_a_header_that_is_none_or_ours_is_refused(extra):
    with pytest.raises(LocalMisuse):
        build(PLAIN._replace(extra=(extra,)), STAMP)
    check_name("X-Fine")


@pytest.mark.covers("C9.15")
def test_identifiers_are_of_their_own_and_name_no_machine():
    stamps = [new_stamp(STAMP.when) for _ in range(1000)]
    ids = {build(PLAIN, stamp).message_id for stamp in stamps}
    assert len(ids) == 1000
    assert all(each.endswith("@lab.test>") for each in ids)


def test_a_boundary_that_stands_in_a_part_is_not_taken():
    inside = f"--=_{STAMP.token}_0\n"
    letter = parse(build(PLAIN._replace(text=inside, html="<p>x"), STAMP).data)
    assert tree(letter) == "alternative[plain,html]"
    assert letter.root.boundary == b"=_token_0_1"


def test_a_long_file_name_is_cut_into_pieces_that_are_read_back():
    name = "ü" * 60 + ".txt"
    data = build(PLAIN._replace(attachments=(Attachment(name, "text/plain", b""),)), STAMP).data
    assert b"filename*1*=" in data
    assert parse(data).parts[2].filename == name
    theirs = next(email.message_from_bytes(data, policy=email.policy.default).iter_attachments())
    assert theirs.get_filename() == name
    assert max(map(len, data.split(b"\r\n"))) <= 78


SUBJECTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=120)


@settings(max_examples=150)
@given(SUBJECTS, st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=80))
def test_whatever_is_written_is_read_back(subject, text):
    data = build(PLAIN._replace(subject=subject, text=text), STAMP).data
    assert data.isascii()
    # Of white space between words only what stands within an encoded word is sure to arrive.
    assert subject_of(data).split() == subject.split()
    letter = parse(data)
    assert letter.defects == ()
    body = content_of(letter, letter.root).decode()
    assert body.splitlines() == text.splitlines()
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert message["subject"] is None or message["subject"].split() == subject.split()


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=100))
def test_no_encoded_word_is_too_long(text):
    assert max(map(len, encoded_words(text))) <= 75
