"""The door of a Lab: who may open it, who may come in, and what is never touched."""

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.errors import LocalFault
from workbench.lab.sharing import MAX_PATH, Share, join, open_share

NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser can give files away")


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(tmp_path / "runtime")


@pytest.fixture
def share(folder: str) -> Iterator[Share]:
    share = open_share(folder)
    yield share
    share.close()


def make_folder(folder: str, mode: int = 0o700) -> Path:
    os.mkdir(folder)
    os.chmod(folder, mode)
    return Path(folder)


def leave_stale_socket(folder: str) -> str:
    """What a Lab that was killed leaves: a socket file that nobody listens on."""
    path = os.path.join(folder, "lab.sock")
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(path)
    return path


def test_the_folder_and_the_socket_are_for_the_owner_alone(share: Share, folder: str):
    assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
    assert stat.S_IMODE(os.stat(share.path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.join(folder, "lab.lock")).st_mode) == 0o600
    assert sorted(os.listdir(folder)) == ["lab.lock", "lab.sock"]


def test_joining_leads_to_the_lab(share: Share, folder: str):
    sock = join(folder)
    assert sock is not None
    server, _ = share.listener.accept()
    server.sendall(b"hello")
    server.close()
    sock.setblocking(True)
    assert sock.recv(10) == b"hello"
    sock.close()


def test_nothing_is_joined_where_there_is_no_folder_or_no_socket(folder: str):
    assert join(folder) is None
    make_folder(folder)
    assert join(folder) is None


def test_closing_takes_the_socket_away_and_lets_the_next_one_open(share: Share, folder: str):
    share.close()
    share.close()
    assert os.listdir(folder) == ["lab.lock"]
    open_share(folder).close()


def test_a_second_lab_leaves_the_first_ones_door_alone(share: Share, folder: str):
    with pytest.raises(LocalFault, match="another Lab of yours is open already"):
        open_share(folder)
    sock = join(folder)
    assert sock is not None
    sock.close()


def test_what_a_dead_lab_left_is_not_joined_and_is_replaced(folder: str):
    make_folder(folder)
    leave_stale_socket(folder)
    assert join(folder) is None
    share = open_share(folder)
    sock = join(folder)
    assert sock is not None
    sock.close()
    share.close()


def test_a_socket_that_is_no_longer_ours_is_left_when_we_go(share: Share, folder: str):
    os.unlink(share.path)
    other = leave_stale_socket(folder)
    share.close()
    assert os.path.exists(other)


@pytest.mark.parametrize("name", ["lab.sock", "lab.lock"])
def test_a_symbolic_link_is_neither_followed_nor_replaced(folder: str, tmp_path: Path, name: str):
    make_folder(folder)
    precious = tmp_path / "precious"
    precious.write_text("keep me")
    os.symlink(precious, os.path.join(folder, name))
    with pytest.raises(LocalFault, match=r"symbolic link|can't be opened"):
        open_share(folder)
    assert precious.read_text() == "keep me"
    assert os.path.islink(os.path.join(folder, name))


def test_a_symbolic_link_in_place_of_the_socket_is_not_joined(folder: str, share: Share, tmp_path: Path):
    other = make_folder(str(tmp_path / "other"))
    os.symlink(share.path, other / "lab.sock")
    with pytest.raises(LocalFault, match="symbolic link"):
        join(str(other))


def test_a_folder_that_is_a_symbolic_link_is_refused(folder: str, tmp_path: Path):
    make_folder(str(tmp_path / "real"))
    os.symlink(tmp_path / "real", folder)
    with pytest.raises(LocalFault, match="symbolic link"):
        open_share(folder)


def test_a_file_in_place_of_the_socket_is_kept(folder: str):
    path = make_folder(folder) / "lab.sock"
    path.write_text("a letter")
    with pytest.raises(LocalFault, match="is no socket"):
        open_share(folder)
    with pytest.raises(LocalFault, match="is no socket"):
        join(folder)
    assert path.read_text() == "a letter"


@pytest.mark.parametrize("mode", [0o701, 0o710, 0o755, 0o777])
def test_a_folder_of_ours_that_others_may_enter_is_closed(folder: str, mode: int):
    make_folder(folder, mode)
    open_share(folder).close()
    assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700


def test_a_socket_in_a_folder_that_others_may_enter_is_not_joined(share: Share, folder: str):
    os.chmod(folder, 0o755)
    with pytest.raises(LocalFault, match="0700 is needed"):
        join(folder)


@as_root
@pytest.mark.parametrize("which", ["", "lab.sock", "lab.lock"])
def test_what_belongs_to_somebody_else_is_refused(folder: str, which: str):
    path = make_folder(folder)
    if which == "lab.sock":
        leave_stale_socket(folder)
    elif which:
        (path / which).touch()
    os.chown(path / which, NOBODY, NOBODY)
    with pytest.raises(LocalFault, match="belongs to somebody else"):
        open_share(folder)
    if which != "lab.lock":
        (path / "lab.sock").exists() or leave_stale_socket(folder)
        with pytest.raises(LocalFault, match="belongs to somebody else"):
            join(folder)


def test_a_path_too_long_for_a_socket_is_refused_in_words(tmp_path: Path):
    folder = str(tmp_path / ("x" * MAX_PATH))
    with pytest.raises(LocalFault, match=f"octets, {MAX_PATH} fit") as caught:
        open_share(folder)
    assert caught.value.errno_name == "ENAMETOOLONG"
    assert not os.path.exists(folder)


def test_a_path_just_short_enough_works(tmp_path: Path):
    room = MAX_PATH - len(os.fsencode(tmp_path)) - len("//lab.sock")
    if room < 1:
        pytest.skip("the folder for temporary files is too deep for this")
    folder = str(tmp_path / ("x" * room))
    share = open_share(folder)
    assert len(share.path) == MAX_PATH
    sock = join(folder)
    assert sock is not None
    sock.close()
    share.close()
