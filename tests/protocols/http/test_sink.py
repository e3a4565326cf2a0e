"""Where a body goes: kept in memory up to a limit, or in a file that has its name only when it is whole."""

import hashlib
import os
from pathlib import Path

import pytest

from workbench.errors import LocalFault, LocalMisuse
from workbench.protocols.http.sink import File, Memory


def test_memory_keeps_the_first_octets_and_counts_all():
    sink = Memory(5)
    sink.begin()
    for piece in (b"abc", b"defg", b"h"):
        sink.write(piece)
    sink.complete()
    sink.close()
    assert (sink.octets, sink.data, sink.file) == (8, b"abcde", "")
    assert sink.sha256 == hashlib.sha256(b"abcdefgh").hexdigest()


def test_a_file_has_its_name_only_when_it_is_whole(tmp_path: Path):
    place = tmp_path / "f"
    place.write_bytes(b"old")
    sink = File(str(place))
    sink.begin()
    sink.write(b"new")
    assert (place.read_bytes(), sink.file) == (b"old", f"{place}.partial")
    sink.complete()
    sink.close()
    assert (place.read_bytes(), sink.file) == (b"new", str(place))
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["f"]


def test_what_arrived_of_a_file_stays_and_nothing_leaves_no_trace(tmp_path: Path):
    sink = File(str(tmp_path / "f"))
    sink.begin()
    sink.write(b"ha")
    sink.close()
    sink.close()
    assert (tmp_path / "f.partial").read_bytes() == b"ha"
    empty = File(str(tmp_path / "g"))
    empty.begin()
    empty.close()
    assert empty.file == ""
    assert not (tmp_path / "g.partial").exists()


def test_names_that_are_no_plain_files_are_refused(tmp_path: Path):
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "x.partial").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("", "a\0b", str(tmp_path), *(str(tmp_path / each) for each in ("link", "x", "pipe"))):
        with pytest.raises(LocalMisuse):
            File(name)


def test_a_folder_that_is_not_there_is_this_machines_fault(tmp_path: Path):
    sink = File(str(tmp_path / "no" / "f"))
    with pytest.raises(LocalFault) as caught:
        sink.begin()
    assert caught.value.errno_name == "ENOENT"


def test_a_full_disk_is_told(tmp_path: Path):
    sink = File(str(tmp_path / "f"))
    sink.begin()
    os.close(sink._fd)
    sink._fd = os.open("/dev/full", os.O_WRONLY)
    with pytest.raises(LocalFault) as caught:
        sink.write(b"x")
    assert caught.value.errno_name == "ENOSPC"
    sink.close()
