"""Scripts that repeat a session: they run without the workbench, and hold no password."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.houses import serving
from workbench.errors import LocalMisuse
from workbench.jobs.offload import in_thread
from workbench.lab.authority import lab_authority
from workbench.lab.services.ftp.tree import ALL_OCTETS
from workbench.protocols.ftp.code import Deed, Recipe, curl, lftp, python


@pytest.mark.parametrize("protected", [False, True])
@pytest.mark.parametrize("switches", [{}, {"mlsd": False}])
async def test_the_python_script_does_the_same(protected: bool, switches: dict[str, object], tmp_path: Path):
    async with serving("ftp", **switches) as served:
        deeds = (Deed("list", b"/old"), Deed("get", b"/binary.dat", str(tmp_path / "b")))
        recipe = Recipe(
            "127.0.0.1",
            served.port,
            "anonymous",
            deeds,
            protected,
            "localhost" if protected else "",
            lab_authority().certificate.decode() if protected else "",
        )
        done = await in_thread(
            subprocess.run, [sys.executable, "-c", python(recipe)], capture_output=True, text=True, timeout=60
        )
    assert done.returncode == 0, done.stderr
    assert "1985.txt" in done.stdout
    assert (tmp_path / "b").read_bytes() == ALL_OCTETS


DEEDS = (
    Deed("list", b"/a b"),
    Deed("get", b"/x", "out'x"),
    Deed("put", b"/y", 'up"y'),
    Deed("rename", b"/y", "/z"),
    Deed("delete", b"/z"),
    Deed("mkdir", b"/d"),
    Deed("rmdir", b"/d"),
)


def test_every_deed_is_written_in_each_language():
    recipe = Recipe("::1", 2121, "anna", DEEDS, True, "ftp.test", "-----BEGIN CERTIFICATE-----\n")
    text = python(recipe)
    compile(text, "copied", "exec")
    for call in ("mlsd", "retrbinary", "storbinary", "rename", "delete", "mkd", "rmd", "getpass.getpass"):
        assert call in text
    text = curl(recipe)
    for part in (
        "--ssl-reqd",
        "ftp://[::1]:2121//a%20b/",
        "--upload-file",
        "RNFR /y",
        "DELE /z",
        "MKD /d",
        "RMD /d",
    ):
        assert part in text
    text = lftp(recipe)
    for part in ("ssl-force yes", 'cls -l "/a b"', 'put "up\\"y"', 'mv "/y" "/z"', 'rmdir "/d"', "-p 2121"):
        assert part in text


def test_nothing_done_is_nothing_to_copy():
    for write in (python, curl, lftp):
        with pytest.raises(LocalMisuse, match="nothing was done"):
            write(Recipe("h", 21, "anonymous", ()))
