"""Where this program's folders are, and that nobody else can look into the private one."""

import os
import stat
from pathlib import Path

import pytest

from workbench.errors import LocalFault
from workbench.settings import Places, places, private_folder


def test_one_variable_moves_all_of_them(tmp_path: Path) -> None:
    assert places({"WORKBENCH_HOME": str(tmp_path), "XDG_CONFIG_HOME": "/elsewhere"}) == Places(
        config=tmp_path / "config",
        state=tmp_path / "state",
        data=tmp_path / "data",
        cache=tmp_path / "cache",
        runtime=tmp_path / "runtime",
    )
    assert not list(tmp_path.iterdir())


def test_a_relative_home_is_taken_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert places({"WORKBENCH_HOME": "x/../here"}).config == tmp_path / "here" / "config"


def test_the_environment_is_read_by_itself(own_home: Path) -> None:
    assert places().state == own_home / "state"


def test_linux_has_its_folders_where_the_specification_says() -> None:
    assert places({"HOME": "/home/me", "XDG_RUNTIME_DIR": "/run/user/7"}) == Places(
        config=Path("/home/me/.config/network-workbench"),
        state=Path("/home/me/.local/state/network-workbench"),
        data=Path("/home/me/.local/share/network-workbench"),
        cache=Path("/home/me/.cache/network-workbench"),
        runtime=Path("/run/user/7/network-workbench"),
    )
    moved = places(
        {"HOME": "/home/me", "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "relative", "XDG_RUNTIME_DIR": "/r"}
    )
    assert moved.config == Path("/c/network-workbench")
    assert moved.state == Path("/home/me/.local/state/network-workbench")


def test_without_a_session_the_runtime_folder_is_short_and_names_the_user(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os.path, "isdir", lambda path: False)
    for environ in (
        {"HOME": "/h"},
        {"HOME": "/h", "XDG_RUNTIME_DIR": "relative"},
        {"HOME": "/h", "TMPDIR": "x"},
    ):
        assert places(environ).runtime == Path(f"/tmp/network-workbench-{os.getuid()}")
    assert places({"HOME": "/h", "TMPDIR": "/t"}).runtime == Path(f"/t/network-workbench-{os.getuid()}")
    monkeypatch.setattr(os.path, "isdir", lambda path: path == f"/run/user/{os.getuid()}")
    assert places({"HOME": "/h"}).runtime == Path(f"/run/user/{os.getuid()}/network-workbench")


def test_a_user_without_a_home_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    with pytest.raises(LocalFault, match="no home folder") as caught:
        places({})
    assert "WORKBENCH_HOME" in caught.value.advice


def test_other_systems_have_folders_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    found = places({})
    assert all("network-workbench" in str(folder) for folder in found)
    assert all(folder.is_absolute() for folder in found)


def mode_of(path: Path) -> int:
    """The permission bits of a file or folder."""
    return stat.S_IMODE(path.stat().st_mode)


def test_a_private_folder_is_made_for_this_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert private_folder(folder) == folder
    assert mode_of(folder) == 0o700
    (folder / "x").touch()
    assert private_folder(folder) == folder
    assert (folder / "x").exists()


def test_a_private_folder_that_is_open_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    folder.chmod(0o755)
    private_folder(folder)
    assert mode_of(folder) == 0o700


def test_a_private_folder_is_no_link_and_no_file(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    for name, said in (("link", "symbolic link"), ("dangling", "symbolic link"), ("file", "is no folder")):
        with pytest.raises(LocalFault, match=said) as caught:
            private_folder(tmp_path / name)
        assert "WORKBENCH_HOME" in caught.value.advice
    with pytest.raises(LocalFault, match="cannot be made") as caught:
        private_folder(tmp_path / "file" / "below")
    assert caught.value.errno_name in ("ENOTDIR", "EEXIST")


def test_a_private_folder_is_nobody_elses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 4242)
    folder = tmp_path / "foreign"
    folder.mkdir()
    if folder.stat().st_uid == 4242:
        pytest.skip("this machine's user is the one we chose as somebody else")
    with pytest.raises(LocalFault, match="belongs to another user") as caught:
        private_folder(folder)
    assert caught.value.errno_name == "EPERM"
