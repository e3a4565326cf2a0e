"""The program's own files, from a checkout and from an installed wheel."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench import assets
from workbench.errors import LocalFault


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installed package without resources yet; the folder in which `resources` is looked for."""
    folder = tmp_path / "site-packages" / "workbench"
    folder.mkdir(parents=True)
    monkeypatch.setattr(assets, "_PACKAGE", folder)
    assets._root.cache_clear()
    yield folder
    assets._root.cache_clear()


def fill(folder: Path) -> Path:
    """Put some resources into a folder."""
    for name in ("help/b.md", "help/a.md", "help/a.txt", "help/.hidden.md", "help/more/c.md", "top.txt"):
        place = folder / "resources" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"é {name}", encoding="utf-8")
    return folder / "resources"


def test_a_wheel_has_its_resources_inside(package: Path) -> None:
    fill(package)
    assert assets.read_text("help/a.md") == "é help/a.md"
    assert assets.read_bytes("top.txt") == "é top.txt".encode()


def test_a_checkout_has_them_beside_the_package(package: Path) -> None:
    fill(package.parent)
    assert assets.read_text("help/b.md") == "é help/b.md"


def test_files_are_listed_by_name(package: Path) -> None:
    fill(package)
    assert assets.names("help") == ["help/a.md", "help/a.txt", "help/b.md"]
    assert assets.names("help/", ".md") == ["help/a.md", "help/b.md"]
    assert assets.names("help/more") == ["help/more/c.md"]
    assert assets.names("") == ["top.txt"]
    assert assets.names("nothing") == []
    assert assets.names("top.txt") == []
    assert all(assets.read_text(name) for name in assets.names("help"))


def test_a_path_is_lent(package: Path) -> None:
    fill(package)
    with assets.path("help/a.md") as place:
        assert place.read_text(encoding="utf-8") == "é help/a.md"
    with assets.path("help") as place:
        assert place.is_dir()
    with pytest.raises(LocalFault, match=r"help/none\.md cannot be read"), assets.path("help/none.md"):
        pass


@pytest.mark.parametrize("name", ["../secret", "help/../../x", "/etc/passwd", "help\\a.md", "a\0b"])
def test_no_name_leads_out_of_the_folder(package: Path, name: str) -> None:
    fill(package)
    for read in (assets.read_bytes, assets.read_text, assets.names):
        with pytest.raises(LocalFault, match="no name of a file"):
            read(name)


def test_a_missing_file_is_this_machines_fault(package: Path) -> None:
    fill(package)
    with pytest.raises(LocalFault) as caught:
        assets.read_text("help/none.md")
    assert caught.value.errno_name == "ENOENT"
    assert "install" in caught.value.advice
    with pytest.raises(LocalFault) as caught:
        assets.read_bytes("help")
    assert caught.value.errno_name == "EISDIR"


def test_a_file_that_is_no_text_is_said_to_be_none(package: Path) -> None:
    (fill(package) / "bad.txt").write_bytes(b"\xff")
    assert assets.read_bytes("bad.txt") == b"\xff"
    with pytest.raises(LocalFault, match=r"bad\.txt is no text"):
        assets.read_text("bad.txt")


def test_an_installation_without_resources_says_so_until_they_are_there(package: Path) -> None:
    with pytest.raises(LocalFault, match="resources of this program is missing") as caught:
        assets.read_text("top.txt")
    assert str(package) in caught.value.what
    assert fill(package).is_dir()
    assert assets.read_text("top.txt") == "é top.txt"
    shutil.rmtree(package)


def test_our_own_resources_are_found() -> None:
    assert assets.names("experiments", ".toml")
    assert all(name.startswith("icons/") for name in assets.names("icons", ".svg"))
