"""Files of many letters, and files of one: found, cut out, saved without overwriting."""

import mailbox
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalFault, LocalMisuse
from workbench.formats.mime import files, mbox
from workbench.formats.mime.mbox import HeldOctets, indexing, letter_at, looks_like_mbox
from workbench.formats.mime.values import through

FROM = b"From anna@lab.test Tue Dec  9 15:29:18 2003\n"
THREE = (
    FROM + b"Subject: one\n\nbody\n\n" + FROM + b"Subject: two\n\n>From here on\n>>From there\nFrom unquoted\n\n"
    + FROM + b"Subject: three\n\nlast\n"
)  # fmt: skip


def read(data: bytes) -> list[bytes]:
    source = HeldOctets(data)
    return [letter_at(source, slot) for slot in through(indexing(source)).slots]


@pytest.mark.covers("C9.39")
def test_three_letters_are_found_and_their_quoting_is_undone():
    assert looks_like_mbox(THREE)
    assert read(THREE) == [
        b"Subject: one\n\nbody\n",
        b"Subject: two\n\nFrom here on\n>From there\nFrom unquoted\n",
        b"Subject: three\n\nlast\n",
    ]
    assert through(indexing(HeldOctets(THREE))).unquoted == 1


@pytest.mark.parametrize("block", [60, 64, 100, 1000])
def test_the_same_letters_however_the_file_is_read(block, monkeypatch):
    whole = read(THREE * 5)
    monkeypatch.setattr(mbox, "BLOCK", block)
    assert read(THREE * 5) == whole


def test_line_ends_of_both_kinds_are_read():
    data = THREE.replace(b"\n", b"\r\n")
    assert len(read(data)) == 3
    assert read(data)[0] == b"Subject: one\r\n\r\nbody\r\n"


def test_a_file_without_letters_has_none():
    assert read(b"") == []
    assert read(b"no mbox\n\n") == []
    assert not looks_like_mbox(b"From: anna@lab.test\n")


def test_the_letters_are_those_of_the_standard_library(tmp_path: Path):
    path = tmp_path / "box"
    data = b"".join(FROM + b"Subject: %d\n\n%s\n" % (n, b"text\n" * (n % 5)) for n in range(200))
    path.write_bytes(data)
    box = mailbox.mbox(path)
    theirs = [box.get_bytes(key) for key in box.keys()]  # noqa: SIM118 - a mailbox is iterated by its letters
    box.close()
    assert read(data) == theirs


@given(
    st.lists(
        st.sampled_from([FROM, b"\n", b"text\n", b"From x\n", b"\r\n", b">From y\n", b"From "]), max_size=20
    )
)
def test_any_lines_are_an_mbox_whose_letters_are_in_order(pieces):
    data = b"".join(pieces)
    slots = through(indexing(HeldOctets(data))).slots
    at = 0
    for slot in slots:
        assert at <= slot.start < slot.letter <= slot.stop <= len(data)
        at = slot.stop


# ---- files


def test_a_file_is_read_in_ranges(tmp_path: Path):
    path = tmp_path / "letter.eml"
    path.write_bytes(b"0123456789")
    source = files.FileOctets(str(path))
    assert (source.size, source.read(2, 5), source.read(8, 100)) == (10, b"234", b"89")
    source.close()
    source.close()
    assert files.read_letter(str(path)) == b"0123456789"


@pytest.mark.parametrize("name", ["nothing.eml", "", "a\0b"])
def test_a_file_that_can_not_be_read_says_why(tmp_path: Path, name):
    with pytest.raises((LocalFault, LocalMisuse)) as failed:
        files.FileOctets(str(tmp_path / name) if name != "a\0b" else name)
    assert failed.value.what


def test_nothing_is_overwritten(tmp_path: Path):
    path = tmp_path / "a.txt"
    assert files.save_new(str(path), [b"one", b"two"]) == 6
    with pytest.raises(LocalMisuse, match="nothing is overwritten"):
        files.save_new(str(path), [b"other"])
    assert path.read_bytes() == b"onetwo"
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LocalMisuse):
        files.save_new(str(link), [b"through"])
    assert not (tmp_path / "elsewhere").exists()


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path):
    first, _ = files.save_in(str(tmp_path), "a.txt", [b"1"])
    second, size = files.save_in(str(tmp_path), "a.txt", [b"22"])
    assert (os.path.basename(first), os.path.basename(second), size) == ("a.txt", "a (2).txt", 2)


def test_a_file_that_can_not_be_written_whole_leaves_nothing(tmp_path: Path):
    def pieces():
        yield b"one"
        raise OSError(28, "No space left on device")

    with pytest.raises(LocalFault, match="No space left"):
        files.save_new(str(tmp_path / "a"), pieces())
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(LocalFault):
        files.save_new(str(tmp_path / "no folder" / "a"), [b""])
