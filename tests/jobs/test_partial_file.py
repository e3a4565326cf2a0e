"""A file that has its name only when it is whole, and what can't be such a file."""

import errno
import fcntl
import hashlib
import os
from pathlib import Path

import pytest

from workbench.errors import LocalFault, LocalMisuse
from workbench.jobs.partial_file import PartialFile, check_folder

AS_ROOT = os.geteuid() == 0


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def opened(path: Path, **how: object) -> PartialFile:
    file = PartialFile(str(path), **how)  # type: ignore[arg-type]  # as the keywords of its constructor
    file.open()
    return file


def test_it_takes_its_name_when_it_is_whole_and_replaces_an_older_one(tmp_path: Path):
    path = tmp_path / "out"
    path.write_bytes(b"older and longer")
    file = opened(path)
    file.write(b"ne")
    file.write(b"w")
    assert path.read_bytes() == b"older and longer"
    assert (names(tmp_path), file.where) == (["out", "out.partial"], f"{path}.partial")
    file.complete()
    file.close()
    assert (path.read_bytes(), names(tmp_path)) == (b"new", ["out"])
    assert (file.where, file.sha256) == (str(path), hashlib.sha256(b"new").hexdigest())


def test_what_was_cut_stays_and_the_next_begins_anew(tmp_path: Path):
    path = tmp_path / "out"
    file = opened(path)
    file.write(b"half")
    file.close()
    file.close()
    assert (names(tmp_path), file.where) == (["out.partial"], f"{path}.partial")
    again = opened(path)
    again.write(b"x")
    again.complete()
    assert (path.read_bytes(), names(tmp_path)) == (b"x", ["out"])


def test_nothing_at_all_leaves_no_file_unless_it_was_all(tmp_path: Path):
    file = opened(tmp_path / "out")
    file.close()
    assert (names(tmp_path), file.where) == ([], None)
    opened(tmp_path / "out").complete()
    assert (tmp_path / "out").read_bytes() == b""


async def test_what_an_earlier_run_left_is_gone_on_with(tmp_path: Path):
    path = tmp_path / "out"
    Path(f"{path}.partial").write_bytes(b"first ")
    file = PartialFile(str(path))
    assert file.left == 6
    await file.take_up()
    assert (file.octets, file.read_back(4)) == (6, b"t ")
    file.write(b"second")
    file.complete()
    assert path.read_bytes() == b"first second"
    assert (file.octets, file.sha256) == (12, hashlib.sha256(b"first second").hexdigest())


async def test_what_was_taken_up_can_still_be_thrown_away(tmp_path: Path):
    path = tmp_path / "out"
    Path(f"{path}.partial").write_bytes(b"of another file")
    file = PartialFile(str(path))
    await file.take_up()
    file.empty()
    file.write(b"mine")
    file.complete()
    assert (path.read_bytes(), file.sha256) == (b"mine", hashlib.sha256(b"mine").hexdigest())


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "no name"), ("a\0b", "no name"), ("sub/", "is a folder"), ("/dev/null", "no plain file")],
)
def test_what_is_no_name_of_a_file_is_a_mistake(name: str, words: str):
    with pytest.raises(LocalMisuse, match=words) as caught:
        PartialFile(name, stage="receive")
    assert (caught.value.text, caught.value.start, caught.value.end) == (name, 0, len(name))
    assert caught.value.stage == "receive"


@pytest.mark.parametrize("suffix", ["", ".partial"])
@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_only_plain_files_are_written(kind: str, suffix: str, tmp_path: Path):
    place = tmp_path / f"f{suffix}"
    if kind == "folder":
        place.mkdir()
    elif kind == "link":
        place.symlink_to(tmp_path / "elsewhere")
    else:
        os.mkfifo(place)
    before = names(tmp_path)
    with pytest.raises(LocalMisuse):
        PartialFile(str(tmp_path / "f"))
    assert names(tmp_path) == before


@pytest.mark.parametrize(("kind", "symbol"), [("link", "ELOOP"), ("pipe", "")])
def test_what_somebody_puts_there_later_is_not_written_into_either(kind: str, symbol: str, tmp_path: Path):
    file = PartialFile(str(tmp_path / "f"))
    if kind == "link":
        (tmp_path / "f.partial").symlink_to(tmp_path / "precious")
    else:
        os.mkfifo(tmp_path / "f.partial")
    with pytest.raises((LocalFault, LocalMisuse)) as caught:
        file.open()
    assert getattr(caught.value, "errno_name", "") == symbol
    assert not (tmp_path / "precious").exists()
    file.close()
    assert "f.partial" in names(tmp_path)


def test_behind_a_link_the_file_is_replaced_and_the_link_stays_where_that_is_wanted(tmp_path: Path):
    (tmp_path / "real").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real" / "file")
    file = opened(link, is_through_link=True)
    file.write(b"x")
    assert file.partial == str(tmp_path / "real" / "file.partial")
    file.complete()
    assert link.is_symlink()
    assert (tmp_path / "real" / "file").read_bytes() == b"x"


def test_a_folder_that_is_not_there_is_this_machines_matter(tmp_path: Path):
    with pytest.raises(LocalFault) as caught:
        opened(tmp_path / "none" / "out")
    assert (caught.value.errno_name, caught.value.stage) == ("ENOENT", "save")


@pytest.mark.skipif(AS_ROOT, reason="root may write everywhere")
def test_an_older_file_that_is_not_ours_is_not_replaced(tmp_path: Path):
    path = tmp_path / "out"
    path.write_bytes(b"x")
    path.chmod(0o400)
    with pytest.raises(LocalFault) as caught:
        opened(path)
    assert caught.value.errno_name == "EACCES"


def test_two_do_not_write_into_one_file(tmp_path: Path):
    path = tmp_path / "out"
    first = opened(path)
    first.write(b"first")
    second = PartialFile(str(path))
    with pytest.raises(LocalFault, match="another program") as caught:
        second.open()
    assert caught.value.errno_name == "EBUSY"
    second.close()
    first.complete()
    assert path.read_bytes() == b"first"


def test_who_opens_it_while_another_gives_it_its_name_empties_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "out"
    first = opened(path)
    first.write(b"first")
    lock = fcntl.flock

    def completed_first(descriptor: int, how: int) -> None:
        first.complete()
        lock(descriptor, how)

    second = PartialFile(str(path))
    with monkeypatch.context() as patched:
        patched.setattr(fcntl, "flock", completed_first)
        with pytest.raises(LocalFault, match="another program"):
            second.open()
    second.close()
    assert (path.read_bytes(), names(tmp_path)) == (b"first", ["out"])


def test_the_next_ones_partial_file_is_left_alone(tmp_path: Path):
    path = tmp_path / "out"
    first = opened(path)
    first.complete()
    second = opened(path)
    first.close()
    assert names(tmp_path) == ["out", "out.partial"]
    second.close()


def test_a_full_disk_is_a_fault_that_names_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = opened(tmp_path / "out")
    file.write(b"some")
    write = os.write

    def full(descriptor: int, data: bytes) -> int:
        if descriptor > 2 and bytes(data) == b"more":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, data)

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(LocalFault) as caught:
            file.write(b"more")
    file.close()
    assert (caught.value.errno_name, caught.value.exit_code) == ("ENOSPC", 5)
    assert "out.partial" in caught.value.advice
    assert (tmp_path / "out.partial").read_bytes() == b"some"


def test_a_folder_is_looked_at_before_anybody_is_asked(tmp_path: Path):
    (tmp_path / "file").write_text("")
    check_folder(str(tmp_path / "new"))
    for name, symbol in (("no/new", "ENOENT"), ("file/new", "ENOTDIR")):
        with pytest.raises(LocalFault) as caught:
            check_folder(str(tmp_path / name))
        assert (caught.value.errno_name, caught.value.committed) == (symbol, "no")
