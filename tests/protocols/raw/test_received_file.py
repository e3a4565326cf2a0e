"""The file of what is received: a partial one until all is there, and never half of one under the name asked for."""

import errno
import os
from pathlib import Path

import pytest

from workbench.errors import LinkLost, LocalFault, LocalMisuse, PeerMisbehaved
from workbench.protocols.raw.received_file import ReceivedFile, cut_off
from workbench.wire.ends import PEER_FINISHED, PEER_RESET, End

AS_ROOT = os.geteuid() == 0


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_it_takes_its_name_when_it_is_whole_and_replaces_an_older_one(tmp_path: Path):
    path = tmp_path / "out"
    path.write_bytes(b"older and longer")
    file = ReceivedFile(str(path))
    file.write(b"new")
    assert path.read_bytes() == b"older and longer"
    assert names(tmp_path) == ["out", "out.partial"]
    file.complete()
    file.close()
    assert (path.read_bytes(), names(tmp_path)) == (b"new", ["out"])
    assert (file.where, file.as_dict()) == (str(path), {"file": str(path), "complete": True})


def test_what_was_cut_stays_as_the_partial_file_and_is_named(tmp_path: Path):
    path = tmp_path / "out"
    file = ReceivedFile(str(path))
    file.write(b"half")
    file.close()
    file.close()
    assert names(tmp_path) == ["out.partial"]
    assert file.where == f"{path}.partial"
    assert file.as_dict() == {"file": f"{path}.partial", "complete": False}
    again = ReceivedFile(str(path))
    again.write(b"x")
    again.complete()
    assert (path.read_bytes(), names(tmp_path)) == (b"x", ["out"])


def test_nothing_at_all_leaves_no_file_unless_it_was_all(tmp_path: Path):
    file = ReceivedFile(str(tmp_path / "out"))
    file.close()
    assert (names(tmp_path), file.where) == ([], None)
    file = ReceivedFile(str(tmp_path / "out"))
    file.complete()
    assert (tmp_path / "out").read_bytes() == b""


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "no name"), ("a\0b", "no name"), ("-", "standard output"), ("sub/", "is a folder")],
)
def test_what_is_no_name_of_a_file_is_a_mistake(name: str, words: str, tmp_path: Path):
    with pytest.raises(LocalMisuse, match=words) as caught:
        ReceivedFile(name)
    assert (caught.value.text, caught.value.start, caught.value.end) == (name, 0, len(name))


def test_a_folder_and_a_device_are_not_replaced(tmp_path: Path):
    for path in (tmp_path, Path("/dev/null")):
        with pytest.raises(LocalMisuse, match=r"folder|no plain file"):
            ReceivedFile(str(path))
    assert names(tmp_path) == []
    assert not Path("/dev/null.partial").exists()


def test_a_pipe_or_a_link_under_the_partial_name_is_not_written_into(tmp_path: Path):
    os.mkfifo(tmp_path / "a.partial")
    with pytest.raises(LocalFault):
        ReceivedFile(str(tmp_path / "a"))
    (tmp_path / "b.partial").symlink_to(tmp_path / "precious")
    with pytest.raises(LocalFault) as caught:
        ReceivedFile(str(tmp_path / "b"))
    assert caught.value.errno_name == "ELOOP"
    assert not (tmp_path / "precious").exists()


def test_a_folder_that_is_not_there_is_this_machines_matter(tmp_path: Path):
    with pytest.raises(LocalFault) as caught:
        ReceivedFile(str(tmp_path / "none" / "out"))
    assert (caught.value.errno_name, caught.value.stage) == ("ENOENT", "receive")


@pytest.mark.skipif(AS_ROOT, reason="root may write everywhere")
def test_an_older_file_that_is_not_ours_is_not_replaced(tmp_path: Path):
    path = tmp_path / "out"
    path.write_bytes(b"x")
    path.chmod(0o400)
    with pytest.raises(LocalFault) as caught:
        ReceivedFile(str(path))
    assert caught.value.errno_name == "EACCES"


def test_two_do_not_receive_into_one_file(tmp_path: Path):
    path = str(tmp_path / "out")
    first = ReceivedFile(path)
    first.write(b"first")
    with pytest.raises(LocalFault, match="another program"):
        ReceivedFile(path)
    first.complete()
    assert (tmp_path / "out").read_bytes() == b"first"


def test_behind_a_link_the_file_is_replaced_and_the_link_stays(tmp_path: Path):
    (tmp_path / "real").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real" / "file")
    file = ReceivedFile(str(link))
    file.write(b"x")
    assert file.partial == str(tmp_path / "real" / "file.partial")
    file.complete()
    assert link.is_symlink()
    assert (tmp_path / "real" / "file").read_bytes() == b"x"


def test_a_full_disk_is_a_fault_that_names_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = ReceivedFile(str(tmp_path / "out"))
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


def test_only_an_end_of_the_peers_own_says_that_this_was_all():
    assert cut_off(PEER_FINISHED) is None
    assert cut_off(End("close_notify", "peer", "")) is None
    reset = cut_off(PEER_RESET)
    assert isinstance(reset, LinkLost)
    assert (reset.errno_name, reset.exit_code) == ("ECONNRESET", 3)
    truncated = cut_off(End("truncated", "peer", "it ended without close_notify"))
    assert isinstance(truncated, PeerMisbehaved)
    assert (truncated.exit_code, truncated.stage) == (4, "receive")
    assert isinstance(cut_off(End("lost", "peer", "the connection was lost")), LinkLost)
