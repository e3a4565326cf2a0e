"""Scripts that repeat a submission: they run without the workbench, and hold no password."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.houses import serving
from workbench.jobs.offload import in_thread
from workbench.lab.authority import lab_authority
from workbench.lab.services.mail.house import house
from workbench.protocols.sasl.values import Protected
from workbench.protocols.smtp.code import Recipe, curl, python, swaks
from workbench.protocols.smtp.values import Envelope


@pytest.mark.parametrize("secured", ["plain", "starttls", "tls"])
async def test_the_python_script_does_the_same(secured: Protected, tmp_path: Path):
    (tmp_path / "letter.eml").write_bytes(f"Subject: copied {secured}\n\n.dot\n".encode())
    async with serving("smtp", tls="implicit" if secured == "tls" else "offered") as served:
        recipe = Recipe(
            "127.0.0.1",
            served.port,
            Envelope("ben@lab.test", ("anna@lab.test", "nobody@lab.test")),
            secured,
            certificates=lab_authority().certificate.decode(),
        )
        done = await in_thread(
            subprocess.run,
            [sys.executable, "-c", python(recipe)],
            capture_output=True,
            text=True,
            timeout=60,
            cwd=tmp_path,
        )
    assert done.returncode == 0, done.stderr
    assert "nobody@lab.test 550" in done.stdout
    raw = house().accounts["anna"].inbox.letters[-1].raw
    assert raw.endswith(f"Subject: copied {secured}\r\n\r\n.dot\r\n".encode())


def test_every_language_has_what_was_done_and_no_password():
    envelope = Envelope("ä@b.test", ("x@y.test", "o'z@y.test"))
    recipe = Recipe("::1", 2525, envelope, "starttls", "anna", "-----BEGIN CERTIFICATE-----\n")
    text = python(recipe)
    compile(text, "copied", "exec")
    for part in ("starttls(context=context)", "getpass.getpass", "SMTPUTF8", "cadata=", '"o\'z@y.test"'):
        assert part in text
    for part in ("--tls-verify", "--auth-user anna", "--port 2525", "--tls-ca-path"):
        assert part in swaks(recipe)
    for part in ("--ssl-reqd", "--mail-rcpt x@y.test", "smtp://[::1]:2525", "--cacert", "--user anna"):
        assert part in curl(recipe)
    plain = recipe._replace(secured="tls", user="", certificates="")
    assert "SMTP_SSL" in python(plain)
    assert "--tls-on-connect" in swaks(plain)
    assert "smtps://" in curl(plain)
