"""Files of ours: partial until they are whole, never through a link, a device or a pipe."""

import hashlib
import os
from pathlib import Path

import pytest

from workbench.errors import LocalFault, LocalMisuse
from workbench.protocols.ftp.partial import Download, Upload


async def test_a_download_has_its_name_when_it_is_whole(tmp_path: Path):
    (tmp_path / "f").write_text("older")
    file = Download(str(tmp_path / "f"))
    assert list(tmp_path.iterdir()) == [tmp_path / "f"]
    await file.open()
    file.write(b"new")
    assert ((tmp_path / "f").read_text(), (tmp_path / "f.partial").read_bytes()) == ("older", b"new")
    assert file.where == str(tmp_path / "f.partial")
    file.complete()
    assert ((tmp_path / "f").read_bytes(), file.sha256) == (b"new", hashlib.sha256(b"new").hexdigest())
    assert not (tmp_path / "f.partial").exists()


async def test_nothing_received_leaves_nothing(tmp_path: Path):
    file = Download(str(tmp_path / "f"))
    await file.open()
    file.close()
    file.close()
    assert list(tmp_path.iterdir()) == []
    assert file.where is None


@pytest.mark.parametrize("suffix", ["", ".partial"])
@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
async def test_only_plain_files_are_written(kind: str, suffix: str, tmp_path: Path):
    place = tmp_path / f"f{suffix}"
    if kind == "folder":
        place.mkdir()
    elif kind == "link":
        place.symlink_to(tmp_path / "elsewhere")
    else:
        os.mkfifo(place)
    with pytest.raises((LocalMisuse, LocalFault)):
        await Download(str(tmp_path / "f")).open()
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("name", ["", "a\0b", "/dev/null"])
def test_what_is_no_name_of_a_file_is_refused(name: str):
    with pytest.raises(LocalMisuse):
        Download(name)


async def test_a_folder_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(LocalFault) as caught:
        await Download(str(tmp_path / "no" / "f")).open()
    assert (caught.value.errno_name, caught.value.stage) == ("ENOENT", "save")


async def test_an_upload_reads_a_plain_file_from_where_it_is_told(tmp_path: Path):
    (tmp_path / "f").write_bytes(b"abcdef")
    file = Upload(str(tmp_path / "f"))
    await file.skip(2)
    assert (file.size, file.read(), file.read()) == (6, b"cdef", b"")
    assert file.sha256 == hashlib.sha256(b"abcdef").hexdigest()
    file.close()
    file.close()
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "."):
        with pytest.raises(LocalMisuse):
            Upload(str(tmp_path / name))
    for name in ("none", "a\0b"):
        with pytest.raises(LocalFault):
            Upload(str(tmp_path / name))


def test_a_file_to_upload_that_is_missing_is_told_with_its_errno(tmp_path: Path):
    with pytest.raises(LocalFault) as caught:
        Upload(str(tmp_path / "none"))
    assert caught.value.errno_name == "ENOENT"
