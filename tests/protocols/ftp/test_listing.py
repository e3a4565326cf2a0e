"""Listings: facts, Unix, DOS, and what is none of them; in every cut, and without end."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.errors import PeerMisbehaved
from workbench.protocols.ftp.listing import MAX_LINE, ListingReader, read_facts, read_line
from workbench.protocols.ftp.listing_dos import read_dos
from workbench.protocols.ftp.listing_unix import is_total, read_unix
from workbench.protocols.ftp.values import Entry

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def unix(line: bytes) -> Entry:
    entry = read_unix(line, NOW)
    assert entry is not None, line
    return entry


@pytest.mark.parametrize(
    ("line", "name", "kind", "size", "modified"),
    [
        (
            b"-rw-r--r--   1 ftp      ftp          5000 Feb 28 09:15 a.txt",
            b"a.txt",
            "file",
            5000,
            "2026-02-28T09:15",
        ),
        (b"drwxr-xr-x+  2 a b 4096 Jan  2  2019 sub", b"sub", "folder", 4096, "2019-01-02"),
        (b"-rw-r--r-- 1 a b 1 Dec 24 18:00 last year", b"last year", "file", 1, "2025-12-24T18:00"),
        (b"-rw-r--r-- 1 a b 1 Feb 29 10:00 leap", b"leap", "file", 1, "2024-02-29T10:00"),
        (b"-rw-r--r-- 1 a b 1 2026-01-02 03:04 iso", b"iso", "file", 1, "2026-01-02T03:04"),
        (b"-rw-r--r-- 1 a b 1 Mar  2 11:00 ahead", b"ahead", "file", 1, "2026-03-02T11:00"),
        (b"-rw-r--r-- 1 owner 77 Jan  2  2019 no group", b"no group", "file", 77, "2019-01-02"),
        (b"crw-rw-rw- 1 root root 1, 3 Jan  2  2019 null", b"null", "other", None, "2019-01-02"),
    ],
)
def test_lines_of_unix(line: bytes, name: bytes, kind: str, size: int | None, modified: str):
    entry = unix(line)
    assert (entry.name, entry.kind, entry.size, entry.modified, entry.raw) == (
        name,
        kind,
        size,
        modified,
        line,
    )
    assert entry.style == "unix"


def test_names_keep_their_blanks_and_arrows():
    assert unix(b"-rw-r--r-- 1 a b 1 Jan  2  2019  lead").name == b" lead"
    assert unix(b"-rw-r--r-- 1 a b 1 Jan  2  2019 trail ").name == b"trail "
    link = unix(b"lrwxrwxrwx 1 a b 3 Jan  2  2019 dlink -> sub")
    assert (link.kind, link.name, link.target) == ("link", b"dlink", b"sub")
    assert unix(b"-rw-r--r-- 1 a b 1 Jan  2  2019 x -> y").name == b"x -> y"


def test_lines_of_dos():
    entry = read_dos(b"02-23-05  09:24PM                 5,120 readme.txt")
    assert entry is not None
    assert (entry.name, entry.kind, entry.size, entry.modified) == (
        b"readme.txt",
        "file",
        5120,
        "2005-02-23T21:24",
    )
    folder = read_dos(b"2026-01-02  03:04    <DIR>          Program Files")
    assert folder is not None
    assert (folder.name, folder.kind, folder.size) == (b"Program Files", "folder", None)
    link = read_dos(b"01-02-2026  12:04AM    <JUNCTION>     here [C:\\there]")
    assert link is not None
    assert (link.kind, link.name, link.target, link.modified) == (
        "link",
        b"here",
        b"C:\\there",
        "2026-01-02T00:04",
    )
    assert read_dos(b"13-40-26 09:00 1 x") is None
    assert read_dos(b"02-23-05  13:24PM 1 x") is None


def test_facts():
    entry = read_facts(b"Type=file;Size=25730;Modify=19940728095854;Perm=;UNIX.mode=0644;  two blanks ")
    assert entry is not None
    assert (entry.name, entry.kind, entry.size) == (b" two blanks ", "file", 25730)
    assert (entry.modified, entry.rights) == ("1994-07-28T09:58:54Z", "0644")
    assert dict(entry.facts)["perm"] == ""
    link = read_facts(b"type=OS.unix=slink:/there; l")
    assert link is not None
    assert (link.kind, link.target) == ("link", b"/there")
    assert read_facts(b"type=OS.unix=chr-13/29; tty").kind == "other"  # type: ignore[union-attr]
    assert read_facts(b" name alone").kind == "unknown"  # type: ignore[union-attr]
    for line in (b"", b"size=3;", b"size=3 x", b"nonsense; x", b"-rw-r--r-- 1 a b 1 Jan 2 2019 x"):
        assert read_facts(line) is None


LISTING = (
    b"total 22\r\ndrwxr-xr-x 2 a b 4096 Jan  2  2019 .\r\n-rw-r--r-- 1 a b 1 Jan  2  2019 x\r\n"
    b"who knows\r\n\r\nlrwxrwxrwx 1 a b 3 Jan  2  2019 l -> x"
)


@pytest.mark.parametrize("n", [1, 2, 5, 1000])
def test_a_listing_is_the_same_however_it_is_cut(n: int):
    reader = ListingReader("LIST", NOW)
    entries = [entry for piece in chop(LISTING, n) for entry in reader.feed(piece)] + reader.feed(b"")
    assert [entry.name for entry in entries] == [b"x", b"l"]
    assert reader.unread == [b"who knows"]


def test_the_folder_itself_is_no_entry_of_it():
    reader = ListingReader("MLSD", NOW)
    data = b"type=cdir; /a\r\ntype=pdir; ..\r\ntype=dir; b\r\n"
    assert [entry.name for entry in reader.feed(data)] == [b"b"]


def test_a_line_without_end_is_refused():
    reader = ListingReader("LIST", NOW)
    assert reader.feed(b"x" * MAX_LINE) == []
    with pytest.raises(PeerMisbehaved, match="a line of the listing"):
        reader.feed(b"x")


def test_total_is_told_from_a_name():
    assert is_total(b"total 22")
    assert is_total(b"Total 0 ")
    assert not is_total(b"totally")


@given(st.binary(max_size=200))
def test_any_line_is_an_entry_or_unread(line: bytes):
    for entry in (read_line(line, NOW), read_facts(line)):
        assert entry is None or entry.name
    reader = ListingReader("LIST", NOW)
    told = [*reader.feed(line), *reader.feed(b"")]
    assert all(entry.raw in line for entry in told)
