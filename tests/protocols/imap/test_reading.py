"""Responses to folders and letters, whatever the order."""

import itertools

import pytest

from workbench.protocols.imap.reading import iso_date, opened, read_folder, read_summary, updated
from workbench.protocols.imap.values import Data, Folder, Mailbox, Status, Summary, Value

PAIRS: list[tuple[Value, Value]] = [
    (b"UID", b"5"),
    (b"FLAGS", (b"\\Seen", b"$Junk")),
    (b"RFC822.SIZE", b"100"),
    (b"INTERNALDATE", b"17-Jul-1996 02:44:25 -0700"),
    (b"BODY[HEADER.FIELDS (FROM)]", b"From: a\r\n\r\n"),
]
SUMMARY = Summary(3, 5, ("\\Seen", "$Junk"), 100, "1996-07-17T02:44:25-07:00", b"From: a\r\n\r\n")


@pytest.mark.covers("C12.31")
def test_a_summary_is_read_in_every_order_and_between_strangers():
    for order in itertools.permutations(PAIRS):
        flat = tuple(itertools.chain.from_iterable((*order[:2], (b"X-MODSEQ", (b"1",)), *order[2:])))
        assert read_summary(Data("FETCH", 3, (flat,))) == SUMMARY


@pytest.mark.parametrize(
    "values",
    [(), (b"x",), ((b"FLAGS", (b"\\Seen",)),), ((b"UID", b"x", b"RFC822.SIZE", b"1"),), ((b"UID", b"5"),)],
)
def test_what_is_no_summary_is_none(values: tuple[Value, ...]):
    assert read_summary(Data("FETCH", 3, values)) is None


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        (b" 1-Feb-2026 01:02:03 +0000", "2026-02-01T01:02:03+00:00"),
        (b"01-feb-2026 01:02:03 +0530", "2026-02-01T01:02:03+05:30"),
        (b"31-Feb-2026 01:02:03 +0000", ""),
        (b"25-Dez-2004 00:00:00 +0000", ""),
        (b"yesterday", ""),
        (b"", ""),
    ],
)
def test_dates_of_arrival(text: bytes, iso: str):
    assert iso_date(text) == iso


def test_an_opened_folder_and_what_changes_it_unasked():
    told = [
        Data("EXISTS", 3, ()),
        Data("RECENT", 1, ()),
        Data("FLAGS", None, ((b"\\Seen",),)),
        Status("", "OK", "", "UIDVALIDITY", (b"7",)),
        Status("", "OK", "", "UIDNEXT", (b"9",)),
        Status("", "OK", "", "UNSEEN", (b"2",)),
        Status("", "OK", "", "PERMANENTFLAGS", ((),)),
        Status("A1", "OK", "", "READ-ONLY"),
        Data("SEARCH", None, ()),
    ]
    mailbox = opened("x", told)
    assert mailbox == Mailbox("x", 3, 7, 9, 1, 2, ("\\Seen",), (), True)
    assert updated(mailbox, Data("EXPUNGE", 2, ())).exists == 2
    assert updated(mailbox, Data("EXPUNGE", 9, ())).exists == 3
    assert updated(mailbox, Status("", "OK", "", "READ-WRITE")).read_only is False


def test_folders_by_their_own_delimiter():
    folder = read_folder(Data("LIST", None, ((b"\\NoSelect", b"\\XFoo"), b".", b"a.b")))
    assert folder == Folder("a.b", b"a.b", ".", ("\\NoSelect", "\\XFoo"))
    assert not folder.can_open
    assert read_folder(Data("LIST", None, ((), None, b"x"))) == Folder("x", b"x", "")
    assert read_folder(Data("LIST", None, (b"x",))) is None
