"""Scripts that repeat a session: they run without the workbench, and hold no password."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.houses import serving
from workbench.errors import LocalMisuse
from workbench.jobs.offload import in_thread
from workbench.lab.authority import lab_authority
from workbench.lab.services.mail.house import house
from workbench.lab.services.mail.letters import samples
from workbench.protocols.imap.code import Deed, Recipe, curl, python
from workbench.protocols.sasl.values import Protected

TYPED = "import getpass, sys; getpass.getpass = lambda _: sys.stdin.readline().strip()\n"
"""Before a script: the password is typed by a pipe, since there is no terminal."""


@pytest.mark.parametrize("secured", ["plain", "starttls", "tls"])
async def test_the_python_script_does_the_same(secured: Protected, tmp_path: Path):
    async with serving("imap", tls="implicit" if secured == "tls" else "offered") as served:
        deeds = (
            Deed("folders"),
            Deed("list", "INBOX", 1, 2),
            Deed("letter", "INBOX", uid=2),
            Deed("list", "Entwürfe"),
        )
        certificates = lab_authority().certificate.decode()
        recipe = Recipe("127.0.0.1", served.port, "anna", deeds[:3], secured, certificates)
        done = await in_thread(
            subprocess.run,
            [sys.executable, "-c", TYPED + python(recipe)],
            input=house().accounts["anna"].password + "\n",
            capture_output=True,
            text=True,
            timeout=60,
            cwd=tmp_path,
        )
    assert done.returncode == 0, done.stderr
    assert "Entw&APw-rfe" in done.stdout
    assert "The ferry leaves at nine" in done.stdout
    assert (tmp_path / "letter-2.eml").read_bytes() == samples()[1].raw


def test_every_deed_is_written_in_each_language():
    deeds = (Deed("folders"), Deed("list", 'Entwürfe "x"', 1, 20), Deed("letter", "INBOX", uid=7))
    recipe = Recipe("::1", 1143, "anna", deeds, "starttls", "-----BEGIN CERTIFICATE-----\n")
    text = python(recipe)
    compile(text, "copied", "exec")
    for part in (
        "imap.list()",
        "Entw&APw-rfe",
        "readonly=True",
        "BODY.PEEK[]",
        "getpass.getpass",
        "starttls(context)",
    ):
        assert part in text
    text = curl(recipe)
    for part in ("imap://[::1]:1143/", "--ssl-reqd", "FETCH 1:20", "INBOX;UID=7", "--user anna"):
        assert part in text
    assert "IMAP4_SSL" in python(recipe._replace(secured="tls", certificates=""))


def test_nothing_read_is_nothing_to_copy():
    for write in (python, curl):
        with pytest.raises(LocalMisuse, match="nothing was read"):
            write(Recipe("h", 143, "anna", ()))
