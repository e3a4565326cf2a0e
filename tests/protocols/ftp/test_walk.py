"""Whole folders: what comes, what is left out and why, and that nothing lands outside."""

from pathlib import Path

import pytest

from tests.lab.houses import serving
from tests.protocols.ftp.servers import ScriptedFtp, client_at, scripted
from workbench.errors import LocalMisuse, Refused
from workbench.lab.services.ftp.session import HOSTILE
from workbench.lab.services.ftp.tree import FILES
from workbench.protocols.ftp.walk import Fetched, Skipped, download_tree


async def fetched(port: int, path: bytes, folder: Path) -> tuple[list[Fetched], list[Skipped]]:
    came: list[Fetched] = []
    left: list[Skipped] = []
    async with client_at(port) as client:
        await download_tree(client, path, str(folder), on_fetched=came.append, on_skipped=left.append)
    return came, left


@pytest.mark.parametrize("mlsd", [True, False])
async def test_a_tree_comes_whole_and_links_are_not_followed(mlsd: bool, tmp_path: Path):
    async with serving("ftp", mlsd=mlsd) as served:
        came, left = await fetched(served.port, b"/old", tmp_path / "out")
    files = {
        str(path.relative_to(tmp_path / "out")): path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    assert files == {name[4:]: data for name, data in FILES.items() if name.startswith("old/")}
    assert {one.path for one in came} == {f"/{name}".encode() for name in FILES if name.startswith("old/")}
    assert [(one.path, one.failed) for one in left] == [(b"/old/loop", False)]


@pytest.mark.parametrize("mlsd", [True, False])
async def test_hostile_names_are_told_and_nothing_lands_outside(mlsd: bool, tmp_path: Path):
    inside = tmp_path / "deep" / "out"
    inside.parent.mkdir()
    async with serving("ftp", names="hostile", mlsd=mlsd) as served:
        _came, left = await fetched(served.port, b"/old/notes", inside)
    assert {one.path.removeprefix(b"/old/notes/") for one in left} == {name.encode() for name in HOSTILE}
    assert {path.name for path in tmp_path.rglob("*")} == {"deep", "out", "1998.txt", "2007.txt"}


async def test_a_folder_that_is_a_link_here_is_not_written_through(tmp_path: Path):
    (tmp_path / "out").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out" / "notes").symlink_to(tmp_path / "elsewhere")
    async with serving("ftp") as served:
        _came, left = await fetched(served.port, b"/old", tmp_path / "out")
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert (b"/old/notes", True) in [(one.path, one.failed) for one in left]


async def test_what_fails_is_told_and_the_rest_goes_on(tmp_path: Path):
    async with serving("ftp", cut_data_after=45, cut_reply="226", mlsd=False) as served:
        with pytest.raises(Refused):
            await fetched(served.port, b"/none", tmp_path / "none")
    (tmp_path / "file").write_text("in the way")
    async with serving("ftp") as served:
        with pytest.raises(LocalMisuse, match="no folder"):
            await fetched(served.port, b"/old", tmp_path / "file")
    server = ScriptedFtp(
        {"RETR": "550 no"},
        data=b"-rw-r--r-- 1 a b 1 Jan  2  2019 x\r\ncrw-r--r-- 1 a b 1, 3 Jan  2  2019 dev\r\n?\r\n",
    )
    async with scripted(server):
        _came, left = await fetched(server.port, b"/", tmp_path / "some")
    assert [(one.path, one.failed) for one in left] == [(b"/x", True), (b"/dev", False), (b"/", False)]
