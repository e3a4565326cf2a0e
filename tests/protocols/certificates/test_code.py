"""Copied scripts run without the workbench and come to the same result; openssl's stand in tests/real."""

import asyncio
import subprocess
import sys

import pytest

from tests.protocols.certificates.authorities import BETWEEN, ROOT, SERVER, Holder
from tests.protocols.certificates.servers import showing
from tests.protocols.certificates.test_judge import EXPIRED, OTHER
from workbench.protocols.certificates.code import (
    MAX_EMBEDDED,
    Recipe,
    openssl,
    openssl_of_file,
    python,
    python_of_file,
)
from workbench.protocols.certificates.trust import pem
from workbench.wire.tls.values import Trust


def run(script: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, timeout=60)


def recipe(where: str, name: str = "localhost") -> Recipe:
    host, _, port = where.rpartition(":")
    return Recipe(host, int(port), name, ROOT.store().trust)


@pytest.mark.parametrize(
    ("holder", "name", "code", "words"),
    [
        (SERVER, "localhost", 0, "accepted"),
        (SERVER, "", 0, "accepted"),
        (EXPIRED, "localhost", 1, "refused: certificate has expired"),
        (OTHER, "localhost", 1, "refused: Hostname mismatch"),
    ],
)
async def test_a_copied_look_says_the_same(holder: Holder, name: str, code: int, words: str):
    async with showing(holder.identity(BETWEEN)) as where:
        script = python(recipe(where, name))
        done = await asyncio.to_thread(run, script)
    assert done.returncode == code, done
    assert words in done.stdout
    assert pem(holder.der).decode() in done.stdout
    assert "workbench" not in script


def test_a_store_that_is_too_large_is_named_and_not_carried():
    many = Trust(False, pem(ROOT.der) * (MAX_EMBEDDED // len(pem(ROOT.der)) + 1))
    large = Recipe("h.test", 443, "h.test", many, "/etc/my store.pem")
    assert "cafile='/etc/my store.pem'" in python(large)
    assert "-CAfile '/etc/my store.pem'" in openssl(large)
    system = Recipe("h.test", 443, "h.test", Trust(True))
    assert "create_default_context()" in python(system)
    assert "-CAfile" not in openssl(system)


def test_a_copied_file_is_printed():
    done = run(python_of_file(pem(SERVER.der) + pem(ROOT.der)))
    assert done.returncode == 0, done
    assert "subject: CN=server" in done.stdout
    assert "subject: CN=root" in done.stdout
    assert openssl_of_file(pem(SERVER.der) + pem(ROOT.der)).count("openssl x509") == 2


def test_a_name_is_nothing_that_a_shell_would_run():
    assert "'a; rm -rf b'" in openssl(Recipe("h", 1, "a; rm -rf b", Trust(True)))
