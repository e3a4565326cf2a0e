"""Files of ours: a download that goes on where an earlier one ended, and what is sent."""

import hashlib
import os
from pathlib import Path

import pytest

from workbench.errors import LocalFault, LocalMisuse
from workbench.protocols.ftp.partial import TAIL, Download, StalePartial, Upload


async def test_a_download_asks_for_the_last_octets_again_and_compares_them(tmp_path: Path):
    left = b"x" * 10 + b"y" * TAIL
    (tmp_path / "f.partial").write_bytes(left)
    file = Download(str(tmp_path / "f"), resume=True)
    assert (file.start, file.asks_from) == (len(left), 10)
    await file.begin()
    file.write(b"y" * 100)
    file.write(b"y" * (TAIL - 100) + b" and more")
    file.complete()
    assert (tmp_path / "f").read_bytes() == left + b" and more"
    assert file.sha256 == hashlib.sha256(left + b" and more").hexdigest()


async def test_what_ends_otherwise_or_before_or_changed_is_no_beginning_of_it(tmp_path: Path):
    (tmp_path / "f.partial").write_bytes(b"beginning")
    for piece in (b"begun", b"begin"):
        file = Download(str(tmp_path / "f"), resume=True)
        await file.begin()
        with pytest.raises(StalePartial):
            _all_of_it(file, piece)
        file.close()
    file = Download(str(tmp_path / "f"), resume=True)
    (tmp_path / "f.partial").write_bytes(b"beginning and end")
    with pytest.raises(StalePartial, match="was changed by another"):
        await file.begin()
    file.close()
    assert (tmp_path / "f.partial").read_bytes() == b"beginning and end"


def _all_of_it(file: Download, data: bytes) -> None:
    file.write(data)
    file.complete()


async def test_who_does_not_go_on_begins_anew(tmp_path: Path):
    (tmp_path / "f.partial").write_bytes(b"older")
    file = Download(str(tmp_path / "f"))
    assert (file.start, file.asks_from) == (0, 0)
    await file.begin()
    file.write(b"new")
    file.complete()
    assert (tmp_path / "f").read_bytes() == b"new"


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
